#!/usr/bin/env python3
"""Measures alcazar against a bare hyper server that answers the same bytes, and prints one table.

Rounds alternate between the two, so that whatever else the machine does falls on both; what is printed are medians
of the rounds, and for ratios the median of each round's ratio. See bench/RESULTS.md for how to read it.
"""

import argparse
import contextlib
import dataclasses
import datetime
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import audit
import grants
import identity
import machine
import many_keys
import parameters
import queues
import signing
from measured import median, progress
from servers import ROOT, Alcazar, Bare, BenchFailure, Pinning, Tool, build, resident_mb

# The targets.
RATIO_MIN = 0.5
CPU_US_MAX = 20
RESIDENT_MB_MAX = 30
START_MS_MAX = 100
# Cost at the largest number of keys over that at the smallest: within this it counts as flat.
FLATNESS_MAX = 1.25
COMMIT_RATIO_MIN = 0.5

# What is compared with the bare server, and whether its figures have targets.
OPERATIONS = {"encrypt": True, "decrypt": True, "generate-data-key": True, "describe-key": False}
ANSWERS = {
    "encrypt": "Encrypt", "decrypt": "Decrypt", "generate-data-key": "GenerateDataKey", "describe-key": "DescribeKey",
}
AT_REST_SECONDS = 2
KEYS = 10


@dataclasses.dataclass(frozen=True)
class Plan:
    """How much is measured."""

    rounds: int
    measure_ms: int
    warm_up_ms: int
    key_counts: tuple
    sign_rounds: int
    grants: int
    many_keys: int
    connections: int
    threads: int

    @staticmethod
    def of(arguments):
        quick = arguments.quick
        rounds = arguments.rounds or (3 if quick else 5)
        return Plan(
            rounds=rounds,
            measure_ms=arguments.measure_ms or (1000 if quick else 3000),
            warm_up_ms=300 if quick else 500,
            key_counts=(10, 1_000, 10_000) if quick else (10, 1_000, 100_000),
            sign_rounds=min(rounds, 1 if quick else 3),
            grants=arguments.grants or (5_000 if quick else 50_000),
            many_keys=arguments.many_keys or (20_000 if quick else 1_000_000),
            connections=arguments.connections,
            threads=arguments.threads,
        )


class Bench:
    """One run: its tools, its plan, the directory that everything is kept in, and the lines of its table."""

    def __init__(self, arguments, alcazar, tool, directory):
        self.plan = Plan.of(arguments)
        self.dev = arguments.dev
        self.pinning = Pinning(arguments.pin)
        self.alcazar_binary = alcazar
        self.tool_binary = tool
        self.tool = Tool(tool, self.pinning)
        self.directory = pathlib.Path(directory)
        self.lines = []
        self.missed = []

    def alcazar(self, name, quotas=()):
        return Alcazar(self.alcazar_binary, self.directory / name, self.pinning, self.dev, quotas)

    def line(self, what, alcazar, against, result, target="", met=None):
        mark = "" if met is None else ("met" if met else "**missed**")
        self.lines.append((what, alcazar, against, result, target, mark))
        if met is False:
            self.missed.append(what)
        progress(f"{what}: {alcazar} | {against} | {result} {mark}")

    def start_and_rest(self):
        """The time to the first answer, and memory at rest, empty and with ten keys."""
        with self.alcazar("rest") as server:
            self.line("start to first answer, new directory", f"{server.start_ms:.0f} ms", "", "",
                      f"≤ {START_MS_MAX} ms", server.start_ms <= START_MS_MAX)
            time.sleep(AT_REST_SECONDS)
            self.resident_line("memory at rest, empty", server)
            self.tool.prepare(server, KEYS)
        with self.alcazar("rest") as server:
            self.line("start to first answer, again", f"{server.start_ms:.0f} ms", "", "",
                      f"≤ {START_MS_MAX} ms", server.start_ms <= START_MS_MAX)
            time.sleep(AT_REST_SECONDS)
            self.resident_line(f"memory at rest, {KEYS} keys", server)

    def resident_line(self, what, server):
        mb = resident_mb(server.pid)
        self.line(what, f"{mb:.1f} MB", "", "", f"< {RESIDENT_MB_MAX} MB", mb < RESIDENT_MB_MAX)

    def compare_with_bare(self):
        """Each operation's rate and CPU time, beside the bare server's."""
        with self.alcazar("compare") as server:
            self.tool.prepare(server, KEYS)
            for operation, has_target in OPERATIONS.items():
                answer = server.fixture / f"{ANSWERS[operation]}.http"
                with Bare(self.tool_binary, answer, self.directory / "bare.log", self.pinning) as bare:
                    pairs = [
                        tuple(self.tool.load(operation, each, server.fixture, server.credentials, self.plan)
                              for each in (server, bare))
                        for _ in range(self.plan.rounds)
                    ]
                self.comparison_lines(operation, pairs, has_target)
            self.line("memory after this load", f"{resident_mb(server.pid):.1f} MB", "", "")

    def comparison_lines(self, operation, pairs, has_target):
        name = ANSWERS[operation]
        ours, bares = ([pair[side] for pair in pairs] for side in (0, 1))
        ratio = statistics.median(our["requests_per_second"] / bare["requests_per_second"] for our, bare in pairs)
        self.line(f"{name}, requests/s", f"{median(ours, 'requests_per_second'):,.0f}",
                  f"{median(bares, 'requests_per_second'):,.0f}", f"{ratio:.0%}",
                  f"≥ {RATIO_MIN:.0%}" if has_target else "", ratio >= RATIO_MIN if has_target else None)
        cpu, bare_cpu = (median(side, "server_cpu_us_per_request") for side in (ours, bares))
        self.line(f"{name}, server CPU a request", f"{cpu:.1f} µs", f"{bare_cpu:.1f} µs", f"+{cpu - bare_cpu:.1f} µs",
                  f"≤ {CPU_US_MAX} µs" if has_target else "", cpu <= CPU_US_MAX if has_target else None)
        self.line(f"{name}, latency p50 / p99", *(
            f"{median(side, 'latency_p50_us') / 1000:.2f} / {median(side, 'latency_p99_us') / 1000:.2f} ms"
            for side in (ours, bares)), "")

    def flatness(self):
        """Encrypt's CPU time with few keys and with many, each count on a server of its own, rounds alternating."""
        with contextlib.ExitStack() as stack:
            servers = []
            for count in self.plan.key_counts:
                progress(f"making {count} keys")
                server = stack.enter_context(self.alcazar(f"keys-{count}"))
                made = self.tool.prepare(server, count)
                servers.append((count, server, made["made_per_second"]))
            costs = {count: [] for count in self.plan.key_counts}
            for _ in range(self.plan.rounds):
                for count, server, _ in servers:
                    costs[count].append(
                        self.tool.load("encrypt", server, server.fixture, server.credentials, self.plan))
            least = self.plan.key_counts[0]
            for count, server, made_a_second in servers:
                ratio = statistics.median(
                    many["server_cpu_us_per_request"] / few["server_cpu_us_per_request"]
                    for many, few in zip(costs[count], costs[least]))
                has_target = count != least
                self.line(f"Encrypt over {count:,} keys, server CPU a request",
                          f"{median(costs[count], 'server_cpu_us_per_request'):.1f} µs", "",
                          f"× {ratio:.2f} of {least} keys; {resident_mb(server.pid):.0f} MB; "
                          f"made at {made_a_second:,.0f}/s",
                          f"≤ × {FLATNESS_MAX}" if has_target else "", ratio <= FLATNESS_MAX if has_target else None)

    def group_commit(self):
        """CreateKey, beside the store's group commit of transactions like CreateKey's."""
        with self.alcazar("create") as server:
            self.tool.prepare(server, KEYS)
            pairs = []
            for number in range(self.plan.rounds):
                created = self.tool.load("create-key", server, server.fixture, server.credentials, self.plan)
                committed = self.tool.commit(self.directory / f"commit-{number}", self.plan)
                pairs.append((created, committed))
        created, committed = ([pair[side] for pair in pairs] for side in (0, 1))
        ratio = statistics.median(a["requests_per_second"] / b["commits_per_second"] for a, b in pairs)
        self.line(f"CreateKey with {self.plan.connections} clients, beside the store's own commits",
                  f"{median(created, 'requests_per_second'):,.0f}/s",
                  f"{median(committed, 'commits_per_second'):,.0f}/s", f"{ratio:.0%}",
                  f"≥ {COMMIT_RATIO_MIN:.0%}", ratio >= COMMIT_RATIO_MIN)
        self.line("CreateKey, server CPU a request", f"{median(created, 'server_cpu_us_per_request'):.1f} µs", "", "")


def revision():
    result = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True)
    return result.stdout.strip() or "unknown"


def markdown(bench, facts, seconds):
    plan = bench.plan
    header = ("measured", "alcazar", "against", "result", "target", "")
    rows = [header, tuple("---" for _ in header), *bench.lines]
    table = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    date = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
    return (
        f"# Benchmark of {revision()}, {date}\n\n"
        f"{facts}.\n\n"
        f"{plan.connections} connections on {plan.threads} threads, {plan.rounds} alternating rounds of "
        f"{plan.measure_ms / 1000:g} s each "
        f"({plan.sign_rounds} of half of that for signatures) after {plan.warm_up_ms / 1000:g} s of warm-up; medians. "
        f"`against` is the bare server, unless the line says otherwise; `raw` is the primitive of the same library in a "
        f"loop on as many threads as there are CPUs, and `behind bare` the same primitive in the bare server. "
        f"The whole run took {seconds:.0f} s.\n\n"
        f"{table}\n"
    )


PARTS = {
    "rest": Bench.start_and_rest,
    "bare": Bench.compare_with_bare,
    "keys": Bench.flatness,
    "commit": Bench.group_commit,
    "sign": signing.measure,
    "grants": grants.measure,
    "identity": identity.measure,
    "million": many_keys.measure,
    "audit": audit.measure,
    "audited": audit.measure_cost,
    "queues": queues.measure,
    "parameters": parameters.measure,
}


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"what to measure: {', '.join(PARTS)}; all by default")
    parser.add_argument("--quick", action="store_true", default=os.environ.get("BENCH_QUICK", "") not in ("", "0"),
                        help="fewer and shorter rounds, fewer keys and grants (also BENCH_QUICK=1)")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--measure-ms", type=int)
    parser.add_argument("--grants", type=int, help="grants on the one key of the part `grants`")
    parser.add_argument("--many-keys", type=int, help="keys of the part `million`, and parameters of the part `parameters`")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--threads", type=int, default=min(len(os.sched_getaffinity(0)), 8))
    parser.add_argument("--pin", action="store_true", help="servers on one half of the CPUs, the load on the other")
    parser.add_argument("--dev", action="store_true", help="start the server with --dev")
    parser.add_argument("--check", action="store_true", help="fail if a target is missed")
    parser.add_argument("--no-build", nargs=2, metavar=("ALCAZAR", "ALCAZAR_BENCH"), type=pathlib.Path,
                        help="measure these binaries")
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / "bench" / "results" / "latest.md")
    arguments = parser.parse_args()
    if unknown := set(arguments.parts) - set(PARTS):
        parser.error(f"unknown part: {', '.join(sorted(unknown))}")
    return arguments


def main():
    arguments = parse_arguments()
    alcazar, tool = arguments.no_build or build()
    (ROOT / "target").mkdir(exist_ok=True)
    started = time.monotonic()
    # Beside the build, because /tmp is often memory, where a commit costs nothing.
    with tempfile.TemporaryDirectory(prefix="bench-", dir=ROOT / "target") as directory:
        facts = machine.facts(directory)
        bench = Bench(arguments, alcazar, tool, directory)
        for part in arguments.parts or PARTS:
            PARTS[part](bench)
    text = markdown(bench, facts, time.monotonic() - started)
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    arguments.output.write_text(text)
    print(text)
    return 1 if arguments.check and bench.missed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BenchFailure as failure:
        sys.exit(f"bench: {failure}")
    except subprocess.CalledProcessError as failure:
        sys.exit(f"bench: {failure}")
