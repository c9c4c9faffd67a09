"""Small helpers of all groups of measurements: medians of runs, and how figures are written."""

import statistics
import sys


def median(runs, member):
    return statistics.median(run[member] for run in runs)


def median_ratio(runs, others, member, of=None):
    """The median of each round's ratio."""
    return statistics.median(run[member] / other[of or member] for run, other in zip(runs, others, strict=True))


def rate(runs, member="requests_per_second"):
    """A rate with as many digits as tell something."""
    value = median(runs, member)
    return f"{value:,.0f}/s" if value >= 100 else f"{value:.1f}/s"


def latencies(runs):
    return f"{median(runs, 'latency_p50_us') / 1000:.2f} / {median(runs, 'latency_p99_us') / 1000:.2f} ms"


def cpu(runs):
    return f"{median(runs, 'server_cpu_us_per_request'):.1f} µs"


def progress(text):
    print(f"  {text}", file=sys.stderr, flush=True)
