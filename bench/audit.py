"""The audit log with a million events: what one costs to write, and how long it takes to find some."""

import pathlib
import re
import subprocess

from measured import progress

EVENTS = 1_000_000
WRITE_US_MAX = 3
LOOKUP_MS_MAX = 200
AUDITED_MIN = 90

UNITS_US = {"ns": 0.001, "µs": 1, "ms": 1000, "s": 1_000_000}
ROOT = pathlib.Path(__file__).resolve().parent.parent


def microseconds(text):
    number, unit = re.fullmatch(r"([\d.]+)(ns|µs|ms|s)", text).groups()
    return float(number) * UNITS_US[unit]


def measure(bench):
    progress(f"writing {EVENTS:,} events")
    command = ["cargo", "run", "--quiet", "--release", "-p", "alcazar-store", "--example", "measure_audit", "--"]
    output = subprocess.run([*command, str(EVENTS)], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    median = re.search(r"CPU an event: median (\S+),", output).group(1)
    bench.line("an event, CPU to write it, median", median, "", "", f"≤ {WRITE_US_MAX} µs",
               microseconds(median) <= WRITE_US_MAX)
    after_restart = output.split("after a restart", 1)[1]
    lookups = re.findall(r"^  (.+): (\d+) found in (\S+), again in \S+$", after_restart, re.MULTILINE)
    for what, found, took in lookups:
        bench.line(f"{EVENTS:,} events, a page by {what}", took, "", f"{found} found", f"≤ {LOOKUP_MS_MAX} ms",
                   microseconds(took) <= LOOKUP_MS_MAX * 1000)


def measure_cost(bench):
    progress("Encrypt with the audit log and without")
    plan = bench.plan
    command = ["cargo", "run", "--quiet", "--release", "-p", "alcazar-testkit", "--example", "measure_audited", "--"]
    arguments = [str(plan.rounds), str(plan.measure_ms)]
    output = subprocess.run([*command, *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    median = float(re.search(r"median ([\d.]+) %", output).group(1))
    bench.line("Encrypt, audited against not", f"{median:.0f} %", "", "", f"≥ {AUDITED_MIN} %", median >= AUDITED_MIN)
