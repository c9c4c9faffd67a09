"""A million keys in one account: the start, memory, and what Encrypt and CreateKey cost then."""

import time

from measured import cpu, latencies, median_ratio, progress, rate
from servers import resident_mb

# So that no key is refused, and the quota is checked nevertheless.
QUOTA = "kms.keys=100000000"
FEW_KEYS = 10
AT_REST_SECONDS = 2
# How many keys are in use when memory is looked at: some, and more than the server keeps at hand (256 × 1,024
# records), which is as much as it ever holds.
TOUCHED = (10_000, 256_000, 300_000)


def measure(bench):
    count = bench.plan.many_keys
    with bench.alcazar("few-keys", quotas=(QUOTA,)) as few:
        bench.tool.prepare(few, FEW_KEYS)
        with bench.alcazar("many-keys", quotas=(QUOTA,)) as many:
            progress(f"making {count} keys")
            made = bench.tool.prepare(many, count)
            bench.line(f"making {count:,} keys in one account", f"{made['made_per_second']:,.0f}/s", "",
                       f"{made['seconds']:.0f} s; {resident_mb(many.pid):.0f} MB after it; "
                       f"data directory {directory_mb(many.data):,.0f} MB")
        with bench.alcazar("many-keys", quotas=(QUOTA,)) as many:
            start_and_memory(bench, many, count)
            compare(bench, many, few, count)


def start_and_memory(bench, server, count):
    bench.line(f"start to first answer, {count:,} keys", f"{server.start_ms:.0f} ms", "", "")
    time.sleep(AT_REST_SECONDS)
    bench.line(f"memory at rest, {count:,} keys", f"{resident_mb(server.pid):.1f} MB", "", "")
    first = bench.tool.touch(server, 1)
    bench.line("the first Encrypt after that start", f"{first['seconds'] * 1000:.0f} ms", "", "")
    for touched in TOUCHED:
        if touched <= count:
            run = bench.tool.touch(server, touched)
            bench.line(f"memory after Encrypt once under each of {touched:,} of them",
                       f"{resident_mb(server.pid):.1f} MB", "", f"at {run['keys_per_second']:,.0f}/s")


def compare(bench, many, few, count):
    """Encrypt under keys drawn at random, and CreateKey, each beside a server with few keys."""

    def load(operation, server, seed=None):
        return bench.tool.load(operation, server, server.fixture, server.credentials, bench.plan, seed)

    rounds = range(bench.plan.rounds)
    encrypted = [(load("encrypt", many, seed), load("encrypt", few)) for seed in rounds]
    line(bench, f"Encrypt under random ones of {count:,} keys, against {FEW_KEYS} keys", encrypted)
    bench.line("memory after that", f"{resident_mb(many.pid):.1f} MB", f"{resident_mb(few.pid):.1f} MB", "")
    created = [(load("create-key", many), load("create-key", few)) for _ in rounds]
    line(bench, f"CreateKey with {count:,} keys, against {FEW_KEYS} keys at first", created)


def line(bench, what, rounds):
    ours, others = zip(*rounds, strict=True)
    by_rate = median_ratio(ours, others, "requests_per_second")
    by_cpu = median_ratio(ours, others, "server_cpu_us_per_request")
    bench.line(f"{what}: rate; server CPU a request", f"{rate(ours)}; {cpu(ours)}", f"{rate(others)}; {cpu(others)}",
               f"{by_rate:.0%} of the rate; CPU × {by_cpu:.2f}")
    bench.line("… latency p50 / p99", latencies(ours), latencies(others), "")


def directory_mb(directory):
    return sum(path.stat().st_size for path in directory.rglob("*") if path.is_file()) / 1e6
