"""Archives keep events, and replays send them again.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-archive.html
"""

import json

from harness import queues, rules


def test_an_archive_s_events_are_replayed(own_server, account):
    """https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-archive.html"""
    events, sqs = own_server.client("events", account), own_server.client("sqs", account)
    rule = rules.put(events, "rule", {"source": ["test"]})
    url = rules.queue(sqs, events, "queue", "rule", rule)
    bus = "arn:aws:events:us-east-1:" + account + ":event-bus/default"
    events.create_archive(
        ArchiveName="archive", EventSourceArn=bus, EventPattern='{"detail": {"n": [{"numeric": [">", 1]}]}}'
    )
    began = events.describe_archive(ArchiveName="archive")["CreationTime"]
    events.put_events(Entries=[
        {"Source": "test", "DetailType": "t", "Detail": json.dumps({"n": n})} for n in range(4)
    ])
    assert sorted(one["detail"]["n"] for one in queues.bodies(sqs, url, 4)) == [0, 1, 2, 3]
    own_server.advance_clock(900)
    arn = events.describe_archive(ArchiveName="archive")["ArchiveArn"]
    events.start_replay(
        ReplayName="replay", EventSourceArn=arn, EventStartTime=began.timestamp() - 60,
        EventEndTime=began.timestamp() + 600, Destination={"Arn": bus},
    )
    own_server.advance_clock(900)
    replayed = queues.bodies(sqs, url, 2)
    assert sorted(one["detail"]["n"] for one in replayed) == [2, 3]
    assert {one["replay-name"] for one in replayed} == {"replay"}
    assert events.describe_replay(ReplayName="replay")["State"] == "COMPLETED"
    assert queues.is_empty(sqs, url)
