"""Parameter Store: reading beside the bare server, putting beside the store's own group commit, and what pages cost with
a million parameters."""

from measured import cpu, latencies, median_ratio, progress, rate
from servers import Bare, resident_mb

# So that no parameter is refused, and the quota is checked nevertheless.
QUOTA = "ssm.standard-parameters=100000000"
FEW = 10_000
PER_PATH = 1000
COMMIT_RATIO_MIN = 0.5
# Cost of a page with a hundred times as many parameters over that with few, all of which are in memory.
GROWTH_MAX = 1.5
# The sealed contents, in bytes, of the records that PutParameter writes: the parameter and its entries in the lists of
# names and of its tier; or the parameter and the version that it had before.
NEW_RECORDS = (330, 62, 62)
OVERWRITE_RECORDS = (330, 250)
# The bytes of the audit record of a call.
AUDIT_BYTES = 900

READS = {"get-parameter": ("GetParameter", "GetParameter"),
         "get-secure-parameter": ("GetSecureParameter", "GetParameter of a secure string, decrypted")}
PAGES = {
    "get-parameter": "GetParameter",
    "get-parameters-by-path": "GetParametersByPath, a page of 10",
    "describe-by-path": "DescribeParameters by Path, a page of 50",
    "describe-by-name": "DescribeParameters by Name BeginsWith, 10 found",
    "describe-by-type": "DescribeParameters by Type, a page",
    "describe-by-tag": "DescribeParameters by tag, 10 found",
}


def measure(bench):
    with bench.alcazar("few-parameters", quotas=(QUOTA,)) as few:
        bench.tool.prepare_parameters(few, FEW, FEW // PER_PATH)
        reads(bench, few)
        puts(bench, few)
        many_parameters(bench, few)


def load(bench, operation, server):
    return bench.tool.load(operation, server, server.fixture, server.credentials, bench.plan)


def reads(bench, server):
    for operation, (answer, what) in READS.items():
        with Bare(bench.tool_binary, server.fixture / f"{answer}.http", bench.directory / "bare.log",
                  bench.pinning) as bare:
            pairs = [(load(bench, operation, server),
                      bench.tool.load(operation, bare, server.fixture, server.credentials, bench.plan))
                     for _ in range(bench.plan.rounds)]
        ours, bares = zip(*pairs, strict=True)
        ratio = median_ratio(ours, bares, "requests_per_second")
        bench.line(f"{what}, against the bare server: rate; server CPU a request", f"{rate(ours)}; {cpu(ours)}",
                   f"{rate(bares)}; {cpu(bares)}", f"{ratio:.0%}")
        bench.line("… latency p50 / p99", latencies(ours), latencies(bares), "")


def puts(bench, server):
    for operation, what, records in (("put-parameter", "PutParameter of new ones", NEW_RECORDS),
                                     ("overwrite-parameter", "PutParameter over others", OVERWRITE_RECORDS)):
        ours, commits = [], []
        for number in range(bench.plan.rounds):
            ours.append(load(bench, operation, server))
            commits.append(bench.tool.commit(bench.directory / f"{operation}-{number}", bench.plan, records, AUDIT_BYTES))
        ratio = median_ratio(ours, commits, "requests_per_second", "commits_per_second")
        bench.line(f"{what} with {bench.plan.connections} clients, against the store's own commits: rate; server CPU a "
                   "request", f"{rate(ours)}; {cpu(ours)}", rate(commits, "commits_per_second"), f"{ratio:.0%}",
                   f"≥ {COMMIT_RATIO_MIN:.0%}", ratio >= COMMIT_RATIO_MIN)
        bench.line("… latency p50 / p99", latencies(ours), latencies(commits), "")


def many_parameters(bench, few):
    count = bench.plan.many_keys
    with bench.alcazar("many-parameters", quotas=(QUOTA,)) as many:
        progress(f"making {count} parameters")
        made = bench.tool.prepare_parameters(many, count, max(1, count // PER_PATH))
        bench.line(f"making {count:,} parameters in {max(1, count // PER_PATH):,} paths", rate([made], "made_per_second"),
                   "", f"{made['seconds']:.0f} s; {resident_mb(many.pid):.0f} MB after it")
    with bench.alcazar("many-parameters", quotas=(QUOTA,)) as many:
        bench.line(f"start to first answer, {count:,} parameters", f"{many.start_ms:.0f} ms", "", "")
        for operation, what in PAGES.items():
            pairs = [(load(bench, operation, many), load(bench, operation, few)) for _ in range(bench.plan.rounds)]
            ours, others = zip(*pairs, strict=True)
            ratio = median_ratio(ours, others, "server_cpu_us_per_request")
            bench.line(f"{what}, with {count:,} parameters against {FEW:,}: rate; server CPU a request",
                       f"{rate(ours)}; {cpu(ours)}", f"{rate(others)}; {cpu(others)}", f"CPU × {ratio:.2f}",
                       f"≤ × {GROWTH_MAX}" if operation != "get-parameter" else "",
                       ratio <= GROWTH_MAX if operation != "get-parameter" else None)
        bench.line("memory after that", f"{resident_mb(many.pid):.0f} MB", f"{resident_mb(few.pid):.0f} MB", "")
