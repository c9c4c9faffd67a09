"""A start is quick and a stop is clean. The bound is generous: the benchmark does the measuring."""

import statistics
import time
from pathlib import Path

import pytest

from harness.server import Server

STARTS = 7
FIRST_REQUEST_SECONDS_MAX = 0.5


def first_request_seconds(server: Server) -> float:
    """How long a start takes until the first request has been served."""
    begin = time.perf_counter()
    server.start()
    return time.perf_counter() - begin


@pytest.mark.parametrize("kind", ["development", "durable"])
def test_the_first_request_is_served_at_once(tmp_path: Path, kind):
    server = Server(dev=True) if kind == "development" else Server(data_dir=tmp_path / "data")
    with server:
        if kind == "durable":
            kms = server.administrator("kms")
            for _ in range(50):
                kms.create_key()
        seconds = []
        for _ in range(STARTS):
            server.stop()
            seconds.append(first_request_seconds(server))
        assert statistics.median(seconds) < FIRST_REQUEST_SECONDS_MAX, seconds


def test_a_stop_finishes_the_requests_that_were_begun(tmp_path: Path):
    with Server(data_dir=tmp_path / "data") as server:
        connection = server.connect()
        connection.putrequest("GET", "/_alcazar/health")
        connection.endheaders()
        assert connection.getresponse().status == 200
        assert server.stop() == 0
        connection.close()
        server.start()
