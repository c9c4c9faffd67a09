"""The processes that a benchmark run starts: alcazar, the bare server, and the tools that load them.

Everything that depends on alcazar's command line or data directory is in this file.
"""

import configparser
import contextlib
import http.client
import json
import os
import pathlib
import signal
import socket
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
START_SECONDS_MAX = 20
STOP_SECONDS_MAX = 20
PREPARE_SECONDS_MAX = 1800
REGION = "us-east-1"
# The sealed contents, in bytes, of the two records that CreateKey writes: the key with its wrapped material, and
# the key's entry in its account's list.
CREATE_KEY_RECORDS = (320, 96)


class BenchFailure(Exception):
    """A benchmark that gave no result, and why."""


def build():
    """Builds what is measured and what measures, in release mode. Returns the two binaries."""
    packages = ["alcazar-server", "alcazar-bench-load"]
    arguments = [word for package in packages for word in ("--package", package)]
    subprocess.run(["cargo", "build", "--release", "--locked", *arguments], cwd=ROOT, check=True)
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release"
    return target / "alcazar", target / "alcazar-bench"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def resident_mb(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise BenchFailure(f"process {pid} has no VmRSS")


class Pinning:
    """Servers on the first half of the CPUs and the load on the other; or, by default, wherever they run."""

    def __init__(self, pinned):
        cpus = sorted(os.sched_getaffinity(0))
        half = max(1, len(cpus) // 2)
        self.server = self._prefix(cpus[:half]) if pinned else []
        self.load = self._prefix(cpus[half:] or cpus) if pinned else []

    @staticmethod
    def _prefix(cpus):
        return ["taskset", "--cpu-list", ",".join(map(str, cpus))]


class Server:
    """A process that listens on a loopback port, from its start to its end."""

    def __init__(self, command, log, ready):
        self.port = free_port()
        self.log = log
        self.address = f"127.0.0.1:{self.port}"
        started = time.monotonic()
        with open(log, "wb") as output:
            self.process = subprocess.Popen(
                [word.replace("{address}", self.address) for word in command],
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            )
        while not ready(self.port):
            if self.process.poll() is not None or time.monotonic() - started > START_SECONDS_MAX:
                self.stop()
                raise BenchFailure(f"{command[0]} did not start: {self.log_tail()}")
            time.sleep(0.002)
        self.start_ms = (time.monotonic() - started) * 1000

    @property
    def pid(self):
        return self.process.pid

    def log_tail(self):
        return pathlib.Path(self.log).read_text(errors="replace")[-1500:]

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def accepts(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def healthy(port):
    """Whether alcazar answers its health check."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/_alcazar/health")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


class Alcazar(Server):
    """`alcazar serve` on a data directory of its own, with the credentials of its administrator."""

    def __init__(self, binary, directory, pinning, dev=False, quotas=()):
        self.directory = pathlib.Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        self.data = self.directory / "data"
        self.fixture = self.directory / "fixture"
        command = [*pinning.server, str(binary), "serve", "--listen", "{address}", "--data-dir", str(self.data)]
        command += [word for quota in quotas for word in ("--quota", quota)]
        super().__init__(command + ["--dev"] * dev, self.directory / "alcazar.log", healthy)
        try:
            self.credentials = ("000000000000", "test") if dev else self._credentials()
        except BaseException:
            self.stop()
            raise

    def _credentials(self):
        """The first profile of the AWS profile file that the first start wrote into the data directory."""
        for path in sorted(path for path in self.data.rglob("*") if path.name.startswith("credentials")):
            profiles = configparser.ConfigParser()
            with contextlib.suppress(configparser.Error, UnicodeDecodeError):
                profiles.read(path)
            for name in profiles.sections():
                profile = profiles[name]
                if "aws_access_key_id" in profile:
                    return profile["aws_access_key_id"], profile["aws_secret_access_key"]
        raise BenchFailure(f"no AWS profile file in {self.data}: {self.log_tail()}")


class Bare(Server):
    """The bare server, answering what alcazar answered, after some work if it is given any."""

    def __init__(self, tool, answer, log, pinning, work=None):
        command = [*pinning.server, str(tool), "bare", "--listen", "{address}", "--answer", str(answer)]
        command += ["--work", work] if work else []
        super().__init__(command, log, accepts)


class Tool:
    """`alcazar-bench`, whose every command prints one JSON object."""

    def __init__(self, binary, pinning):
        self.binary = binary
        self.pinning = pinning

    def run(self, arguments, credentials=("unused", "unused"), timeout=PREPARE_SECONDS_MAX):
        environment = dict(
            os.environ, AWS_ACCESS_KEY_ID=credentials[0], AWS_SECRET_ACCESS_KEY=credentials[1], AWS_REGION=REGION
        )
        environment.pop("AWS_SESSION_TOKEN", None)
        if len(credentials) > 2:
            environment["AWS_SESSION_TOKEN"] = credentials[2]
        command = [*self.pinning.load, str(self.binary), *map(str, arguments)]
        try:
            result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=timeout)
        except subprocess.TimeoutExpired as late:
            raise BenchFailure(f"{arguments[0]} took longer than {timeout} s") from late
        if result.returncode != 0:
            raise BenchFailure(f"{' '.join(map(str, arguments))}: {result.stderr.strip()[-1500:]}")
        return json.loads(result.stdout)

    def prepare(self, server, keys, fixture=None, algorithm=None, credentials=None):
        """Makes keys: symmetric ones, or of a spec and algorithm that sign; the administrator's unless said otherwise."""
        spec = ["--spec", algorithm[0], "--algorithm", algorithm[1]] if algorithm else []
        return self.run(
            ["prepare", "--server", server.address, "--fixture", fixture or server.fixture, "--keys", keys, *spec],
            credentials or server.credentials,
        )

    def prepare_grants(self, server, fixture, grants):
        """Makes a key, and grants on it."""
        return self.run(
            ["prepare", "--server", server.address, "--fixture", fixture, "--grants", grants], server.credentials
        )

    def prepare_parameters(self, server, parameters, paths):
        """Makes parameters in paths, and secure strings."""
        return self.run(
            ["prepare", "--server", server.address, "--fixture", server.fixture, "--parameters", parameters,
             "--paths", paths],
            server.credentials,
        )

    def touch(self, server, keys):
        """Encrypts once under each of the first keys."""
        return self.run(
            ["touch", "--server", server.address, "--fixture", server.fixture, "--keys", keys], server.credentials
        )

    def primitive(self, work, plan):
        """Signs or verifies in a loop on every CPU, without a server."""
        return self.run(
            ["primitive", work, "--threads", len(os.sched_getaffinity(0)),
             "--measure-ms", plan.measure_ms, "--warm-up-ms", plan.warm_up_ms],
            timeout=plan.measure_ms / 1000 + 60,
        )

    def load(self, operation, server, fixture, credentials, plan, seed=None):
        """Loads a server, with each key in its turn, or with keys drawn at random."""
        drawn = [] if seed is None else ["--seed", seed]
        return self.run(
            ["load", operation, "--server", server.address, "--fixture", fixture, "--pid", server.pid,
             "--connections", plan.connections, "--threads", plan.threads,
             "--measure-ms", plan.measure_ms, "--warm-up-ms", plan.warm_up_ms, *drawn],
            credentials,
            timeout=plan.measure_ms / 1000 + 60,
        )

    def queue(self, server, queue_url, plan, *options):
        """Sends to a queue, receives and deletes, or sends alone."""
        return self.run(
            ["queue", "--server", server.address, "--queue-url", queue_url, "--pid", server.pid,
             "--connections", plan.connections, "--measure-ms", plan.measure_ms, "--warm-up-ms", plan.warm_up_ms, *options],
            server.credentials,
            timeout=plan.measure_ms / 1000 + 60,
        )

    def commit(self, directory, plan, records=CREATE_KEY_RECORDS, audit=0):
        """Commits of the size of CreateKey's, or another, to a store of their own, with as many under way."""
        return self.run(
            ["commit", "--directory", directory, "--tasks", plan.connections,
             "--records", ",".join(map(str, records)), "--audit", audit,
             "--measure-ms", plan.measure_ms, "--warm-up-ms", plan.warm_up_ms],
            timeout=plan.measure_ms / 1000 + 60,
        )
