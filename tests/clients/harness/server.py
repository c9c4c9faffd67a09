"""The server as a process of its own, started, stopped and killed as an operator or a power cut would do it."""

import configparser
import http.client
import json
import os
import signal
import socket
import ssl
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import boto3
from botocore.config import Config

REPOSITORY = Path(__file__).resolve().parents[3]
REGION = "us-east-1"

# Far above what a start or a stop takes, so that a slow machine never fails a test that is not about time.
START_SECONDS_MAX = 30
STOP_SECONDS_MAX = 30
COMMAND_SECONDS_MAX = 120

_SESSION = boto3.Session()


def binary() -> Path:
    """The binary under test: `ALCAZAR_BIN`, or the debug build."""
    path = Path(os.environ.get("ALCAZAR_BIN", REPOSITORY / "target" / "debug" / "alcazar")).absolute()
    assert path.is_file(), f"{path} does not exist: build it, or name it in ALCAZAR_BIN"
    return path


def environment(**extra: str) -> dict[str, str]:
    """This process's environment without anything that configures a client or the server."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "ALCAZAR_"))}
    return kept | extra


def free_port() -> int:
    """A port on loopback that nothing listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run(*arguments: str | Path, stdin: str = "", **extra: str) -> subprocess.CompletedProcess[str]:
    """Runs a command of the binary to its end."""
    return subprocess.run(
        [binary(), *map(str, arguments)],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=COMMAND_SECONDS_MAX,
        env=environment(**extra),
        check=False,
    )


@dataclass(frozen=True)
class Credentials:
    """An access key with its secret."""

    access_key: str
    secret: str


@dataclass(frozen=True)
class Profile:
    """The AWS profile file that the first start leaves in the data directory."""

    path: Path
    name: str
    credentials: Credentials

    @staticmethod
    def find(data_dir: Path) -> "Profile":
        """The one profile file in `data_dir`, with its first profile."""
        found = [path for path in sorted(data_dir.rglob("*")) if path.is_file() and _is_profile(path)]
        assert len(found) == 1, f"expected one AWS profile file in {data_dir}, found {found}"
        parser = configparser.ConfigParser(default_section="no section is special")
        parser.read(found[0])
        name = parser.sections()[0]
        return Profile(
            found[0],
            name.removeprefix("profile "),
            Credentials(parser[name]["aws_access_key_id"], parser[name]["aws_secret_access_key"]),
        )


def _is_profile(path: Path) -> bool:
    with path.open("rb") as file:
        return b"aws_access_key_id" in file.read(64 * 1024)


class Server:
    """One server process on a port of its own."""

    def __init__(self, *arguments: str | Path, data_dir: Path | None = None, dev: bool = False,
                 scheme: str = "http", ca: Path | None = None, **extra: str) -> None:
        self.data_dir = data_dir
        self.dev = dev
        self.scheme = scheme
        self.ca = ca
        self.port = 0
        self.log = tempfile.TemporaryFile()
        self._arguments = list(map(str, arguments))
        self._environment = environment(**extra)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Server":
        return self.start()

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self.stop()
        self.log.close()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"{self.scheme}://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The process's id."""
        assert self._process is not None, "the server does not run"
        return self._process.pid

    def logged(self) -> bytes:
        """All that it has printed, on both of its streams."""
        return os.pread(self.log.fileno(), os.fstat(self.log.fileno()).st_size, 0)

    def spawn(self) -> None:
        """Starts the process without waiting for it to answer."""
        assert self._process is None, "the server runs already"
        self.port = free_port()
        command = [str(binary()), "serve", "--listen", f"127.0.0.1:{self.port}", *self._arguments]
        command += ["--dev"] if self.dev else []
        command += ["--data-dir", str(self.data_dir)] if self.data_dir else []
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, env=self._environment
        )

    def start(self) -> "Server":
        """Starts the process and waits until it answers."""
        self.spawn()
        self.wait_until_healthy()
        return self

    def wait_until_healthy(self) -> None:
        """Returns as soon as the first request has been served."""
        assert self._process is not None, "the server does not run"
        deadline = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                status, self._process = self._process.returncode, None
                raise AssertionError(f"the server ended with {status}:\n{self.logged().decode(errors='replace')}")
            try:
                if self.get("/_alcazar/health")[0] == 200:
                    return
            except OSError:
                time.sleep(0.002)
        raise AssertionError(f"the server did not answer:\n{self.logged().decode(errors='replace')}")

    def stop(self) -> int:
        """Asks it to end, and returns its exit status."""
        return self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Ends it as a power cut would: nothing of it runs any more."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> int:
        process, self._process = self._process, None
        assert process is not None, "the server does not run"
        process.send_signal(how)
        try:
            return process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError(f"the server did not stop:\n{self.logged().decode(errors='replace')}") from None

    def connect(self) -> http.client.HTTPConnection:
        """A new connection to it."""
        if self.scheme == "https":
            trust = ssl.create_default_context(cafile=self.ca)
            return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=60, context=trust)
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def get(self, path: str) -> tuple[int, bytes]:
        """The status and body of an unsigned GET."""
        return self._unsigned("GET", path, None)

    def post(self, path: str, value: object) -> tuple[int, bytes]:
        """The status and body of an unsigned POST of `value` as JSON."""
        return self._unsigned("POST", path, json.dumps(value).encode())

    def _unsigned(self, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
        connection = self.connect()
        try:
            headers = {"Content-Type": "application/json"} if body is not None else {}
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def advance_clock(self, seconds: int) -> None:
        """Moves the server's clock on; what fell due has happened when this returns."""
        status, body = self.post("/_alcazar/clock", {"advance_seconds": seconds})
        assert status == 200, body

    def client(self, service: str, access_key: str, secret: str = "test", region: str = REGION,
               token: str | None = None, **settings: object):
        """A boto3 client that tries once, so that a test sees each answer."""
        config = Config(
            retries={"total_max_attempts": 1}, connect_timeout=10, read_timeout=60, **settings
        )
        return _SESSION.client(
            service,
            region_name=region,
            endpoint_url=self.url,
            aws_access_key_id=access_key,
            aws_secret_access_key=secret,
            aws_session_token=token,
            verify=str(self.ca) if self.ca else None,
            config=config,
        )

    def administrator(self, service: str, region: str = REGION, **settings: object):
        """A boto3 client with the credentials that the first start made."""
        assert self.data_dir is not None, "only a server with a data directory has an administrator's profile"
        credentials = Profile.find(self.data_dir).credentials
        return self.client(service, credentials.access_key, credentials.secret, region, **settings)
