"""SQS with many clients on one queue, beside the store's own group commit."""

import aws
from measured import cpu, latencies, median_ratio, rate

VERSION = "2012-11-05"
COMMIT_RATIO_MIN = 0.5
# The sealed contents, in bytes, of the two records that SendMessage writes for a body of 256 bytes: the message, and the
# place where it stands.
SEND_MESSAGE_RECORDS = (420, 88)
# The bytes of the audit record of a call.
AUDIT_BYTES = 900


def measure(bench):
    tool, plan = bench.tool, bench.plan
    with bench.alcazar("queues") as server:
        sends, cycles, commits = [], [], []
        for number in range(plan.rounds):
            # Each round has a queue of its own, so that none has more to do than the one before.
            answer = aws.call(server, server.credentials, "sqs", "CreateQueue", {"QueueName": f"q{number}"}, VERSION)
            url = aws.element(answer, "QueueUrl")
            cycles.append(tool.queue(server, url, plan))
            sends.append(tool.queue(server, url, plan, "--send-alone"))
            commits.append(tool.commit(bench.directory / f"queues-{number}", plan, SEND_MESSAGE_RECORDS, AUDIT_BYTES))
    clients = f"with {plan.connections} clients on one queue, against the store's own commits"
    for what, runs in ((f"SendMessage {clients}", sends),
                       (f"SendMessage, ReceiveMessage and DeleteMessage in turn {clients}", cycles)):
        ratio = median_ratio(runs, commits, "requests_per_second", "commits_per_second")
        bench.line(f"{what}: rate; server CPU a request", f"{rate(runs)}; {cpu(runs)}",
                   rate(commits, "commits_per_second"), f"{ratio:.0%}", f"≥ {COMMIT_RATIO_MIN:.0%}",
                   ratio >= COMMIT_RATIO_MIN)
        bench.line("… latency p50 / p99", latencies(runs), latencies(commits), "")
