"""Says which AWS error a call must be refused with."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from botocore.exceptions import ClientError


class Refusal:
    """The error that a call was refused with, filled in when the block has ended."""

    code: str = ""
    message: str = ""
    status: int = 0


@contextmanager
def refused(*codes: str, message: str | None = None, matching: str | None = None) -> Iterator[Refusal]:
    """The block must end in a client error of one of `codes`, with `message` or one `matching` a pattern."""
    refusal = Refusal()
    with pytest.raises(ClientError) as caught:
        yield refusal
    error = caught.value.response["Error"]
    refusal.code = error["Code"]
    refusal.message = error.get("Message", "")
    refusal.status = caught.value.response["ResponseMetadata"]["HTTPStatusCode"]
    assert refusal.code in codes, error
    assert 400 <= refusal.status < 500, error
    if message is not None:
        assert refusal.message == message
    if matching is not None:
        assert re.search(matching, refusal.message), refusal.message
