"""Waits for what comes by itself after a call has been answered."""

import time
from collections.abc import Callable
from typing import TypeVar

# Far above what a delivery takes, so that a slow machine never fails a test.
SECONDS_MAX = 45

Value = TypeVar("Value")


def eventually(look: Callable[[], Value], what: str = "it", seconds: float = SECONDS_MAX) -> Value:
    """The first thing that `look` finds which is not nothing."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < deadline, f"{what} did not come within {seconds} s"
        time.sleep(0.05)
