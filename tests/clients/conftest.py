"""Servers and clients for the tests.

API tests share one server for each worker, and keep out of each other's way by an account each.
Tests that restart, kill or inspect a server, or move its clock, start their own.
"""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness.cli import Cli
from harness.identities import Account
from harness.raw import RawClient
from harness.server import REGION, Server


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A development server that keeps nothing. Its clock is never moved and it is never reset."""
    with Server(dev=True) as running:
        yield running


@pytest.fixture
def own_server() -> Iterator[Server]:
    """A development server for this test alone, which may move its clock."""
    with Server(dev=True) as running:
        yield running


@pytest.fixture
def durable_server(tmp_path: Path) -> Iterator[Server]:
    """A server as an operator runs it, with its data directory."""
    with Server(data_dir=tmp_path / "data") as running:
        yield running


@pytest.fixture
def aws(durable_server: Server, tmp_path: Path) -> Cli:
    """The AWS CLI as the administrator of a server of its own."""
    return Cli(durable_server, tmp_path)


@pytest.fixture(scope="session")
def new_account() -> Callable[[], str]:
    """Makes the id of an account that no other test uses. It is also its administrator's access key."""
    return lambda: f"{random.SystemRandom().randrange(1, 10**12):012d}"


@pytest.fixture
def account(new_account: Callable[[], str]) -> str:
    """This test's account."""
    return new_account()


@pytest.fixture
def home(server: Server, account: str) -> Account:
    """This test's account, in which its root user makes what an example needs."""
    return Account(server, account)


@pytest.fixture
def other(server: Server, new_account: Callable[[], str]) -> Account:
    """Another account that this test has to itself."""
    return Account(server, new_account())


@pytest.fixture
def kms(server: Server, account: str):
    """A KMS client of this test's account."""
    return server.client("kms", account)


@pytest.fixture(scope="module")
def shared_kms(server: Server, new_account: Callable[[], str]):
    """A KMS client of an account that the tests of one module share, for keys that take long to make."""
    return server.client("kms", new_account())


@pytest.fixture
def sts(server: Server, account: str):
    """An STS client of this test's account."""
    return server.client("sts", account)


@pytest.fixture
def key(kms) -> dict:
    """The metadata of a fresh symmetric key."""
    return kms.create_key()["KeyMetadata"]


@pytest.fixture
def raw(server: Server, account: str) -> Iterator[RawClient]:
    """A client of this test's account that sends whatever it is told, to KMS."""
    client = RawClient(server, account)
    yield client
    client.close()


@pytest.fixture
def raw_sts(server: Server, account: str) -> Iterator[RawClient]:
    """A client of this test's account that sends whatever it is told, to STS."""
    client = RawClient(server, account, service="sts")
    yield client
    client.close()


@pytest.fixture
def arn(account: str) -> Callable[[str], str]:
    """Makes the ARN of a KMS resource of this test's account."""
    return lambda resource: f"arn:aws:kms:{REGION}:{account}:{resource}"
