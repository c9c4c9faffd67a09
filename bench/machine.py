"""What the numbers were taken on: processor, memory, kernel, and how long the disk takes to make bytes durable."""

import os
import pathlib
import platform
import statistics
import tempfile
import time

SYNCS = 200
SYNC_BYTES = 4096


def _field(path, name):
    for line in pathlib.Path(path).read_text().splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return "unknown"


def sync_us(directory):
    """The median time of an fdatasync after appending 4 KiB, in microseconds."""
    times = []
    with tempfile.TemporaryFile(dir=directory, buffering=0) as file:
        for _ in range(SYNCS):
            file.write(b"\0" * SYNC_BYTES)
            started = time.perf_counter()
            os.fdatasync(file.fileno())
            times.append((time.perf_counter() - started) * 1e6)
    return statistics.median(times)


def facts(directory):
    """The facts in one line of text."""
    memory_gib = int(_field("/proc/meminfo", "MemTotal").split()[0]) / (1 << 20)
    load = os.getloadavg()[0]
    return (
        f"{_field('/proc/cpuinfo', 'model name')}, {len(os.sched_getaffinity(0))} CPUs, {memory_gib:.0f} GiB, "
        f"Linux {platform.release()}, {platform.machine()}; load average before the run {load:.1f}; "
        f"fdatasync of 4 KiB {sync_us(directory):.0f} µs"
    )
