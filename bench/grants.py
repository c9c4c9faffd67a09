"""CreateGrant, ListGrants and Decrypt by a grant, on a key with as many grants as AWS allows."""

from measured import cpu, latencies, median_ratio, progress, rate

# So that no grant is refused, and the quota is checked nevertheless.
QUOTA = "kms.grants-per-key=100000000"
# Keys that grants are spread over where there are to be few on each.
FEW_KEYS = 1000


def measure(bench):
    plan, tool = bench.plan, bench.tool
    with bench.alcazar("grants", quotas=(QUOTA,)) as server:
        few, policy, many = (server.directory / name for name in ("few", "policy", "many"))
        tool.prepare(server, FEW_KEYS, fixture=few)
        tool.prepare(server, 1, fixture=policy)
        progress(f"making {plan.grants} grants")
        made = tool.prepare_grants(server, many, plan.grants)
        bench.line(f"making {plan.grants:,} grants on one key", f"{made['made_per_second']:,.0f}/s", "", "")

        def load(operation, fixture):
            return tool.load(operation, server, fixture, server.credentials, plan)

        on_key = f"{plan.grants:,} grants on the key"
        pages = [load("list-grants", many) for _ in range(plan.rounds)]
        bench.line(f"ListGrants, a page of 100, {on_key}: rate; server CPU a request",
                   f"{rate(pages)}; {cpu(pages)}", "", "")
        bench.line("… latency p50 / p99", latencies(pages), "", "")

        rounds = [(load("decrypt", many), load("decrypt", policy)) for _ in range(plan.rounds)]
        compare(bench, f"Decrypt allowed by one of {on_key}, against by the key's policy", rounds)

        rounds = []
        for number in range(plan.rounds):
            new = server.directory / f"new-{number}"
            tool.prepare_grants(server, new, 0)
            rounds.append((load("create-grant", many), load("create-grant", few), load("create-grant", new)))
        compare(bench, f"CreateGrant, {on_key} at first, against one key with none at first",
                [(with_many, with_none) for with_many, _, with_none in rounds])
        compare(bench, f"CreateGrant, {on_key} at first, against {FEW_KEYS:,} keys with few each",
                [(with_many, with_few) for with_many, with_few, _ in rounds])


def compare(bench, what, rounds):
    """Two lines: rates and CPU time, and latencies."""
    ours, others = zip(*rounds, strict=True)
    ratio = median_ratio(ours, others, "requests_per_second")
    bench.line(f"{what}: rate; server CPU a request", f"{rate(ours)}; {cpu(ours)}", f"{rate(others)}; {cpu(others)}",
               f"{ratio:.0%}")
    bench.line("… latency p50 / p99", latencies(ours), latencies(others), "")
