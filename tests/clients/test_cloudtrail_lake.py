"""CloudTrail Lake: event data stores, and queries over them as in AWS's samples.

Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-lake.html
"""

import json

import pytest

from harness.errors import refused
from harness.eventually import eventually
from harness.policies import allow


@pytest.fixture
def trail(home):
    """A CloudTrail client of this test's root user."""
    return home.root.client("cloudtrail")


@pytest.fixture
def store(trail) -> str:
    """The id of a fresh event data store."""
    made = trail.create_event_data_store(Name="store", TerminationProtectionEnabled=False)
    return made["EventDataStoreArn"].rpartition("/")[2]


def rows(trail, statement: str) -> list[dict]:
    """What a query finds, one dictionary a row."""
    query = trail.start_query(QueryStatement=statement)["QueryId"]

    def ended() -> dict | None:
        answer = trail.get_query_results(QueryId=query)
        return answer if answer["QueryStatus"] not in ("QUEUED", "RUNNING") else None

    answer = eventually(ended, "the query's end")
    assert answer["QueryStatus"] == "FINISHED", answer
    found = answer["QueryResultRows"]
    while "NextToken" in answer:
        answer = trail.get_query_results(QueryId=query, NextToken=answer["NextToken"])
        found += answer["QueryResultRows"]
    return [{name: value for cell in row for name, value in cell.items()} for row in found]


def queried(trail, statement: str, number: int) -> list[dict]:
    """The same, once there are so many rows: events come into a store by themselves."""
    return eventually(lambda: found if len(found := rows(trail, statement)) >= number else [], statement)


def test_the_samples_of_aws_s_guide(home, trail, store):
    """https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-limitations.html"""
    jill = home.user("jill", allow("kms:*"))
    kms = jill.client("kms")
    key = kms.create_key()["KeyMetadata"]
    for _ in range(3):
        kms.describe_key(KeyId=key["KeyId"])
    kms.disable_key(KeyId=key["KeyId"])
    with refused("DisabledException"):
        kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x")
    with refused("AccessDeniedException"):
        home.user("jack").client("kms").list_keys()

    (disabled,) = queried(
        trail, f"SELECT eventID, eventName, userIdentity.arn AS who, element_at(requestParameters, 'keyId') AS key "
        f"FROM {store} WHERE eventName = 'DisableKey'", 1,
    )
    assert (disabled["eventName"], disabled["who"], disabled["key"]) == ("DisableKey", jill.arn, key["KeyId"])
    counted = queried(
        trail, f"SELECT eventSource, eventName, COUNT(*) AS apiCount FROM {store} "
        f"WHERE userIdentity.arn = '{jill.arn}' GROUP BY eventSource, eventName ORDER BY apiCount DESC", 4,
    )
    assert counted[0] == {"eventSource": "kms.amazonaws.com", "eventName": "DescribeKey", "apiCount": "3"}
    errors = queried(
        trail, f"SELECT errorCode, COUNT(*) AS n FROM {store} WHERE errorCode IS NOT NULL "
        "AND eventTime > '2020-01-01 00:00:00' GROUP BY errorCode ORDER BY errorCode", 2,
    )
    assert {row["errorCode"] for row in errors} >= {"DisabledException"}
    assert any(row["errorCode"].startswith("AccessDenied") for row in errors)
    writers = rows(
        trail, f"SELECT DISTINCT userIdentity.accountId FROM {store} "
        "WHERE readOnly = false AND eventName LIKE '%Key%' LIMIT 10",
    )
    assert [list(row.values()) for row in writers] == [[home.id]]
    both = rows(
        trail, f"SELECT a.eventName, b.eventName AS other FROM {store} a JOIN {store} b ON a.eventID = b.eventID "
        "WHERE a.eventName IN ('DisableKey', 'CreateKey') ORDER BY a.eventTime",
    )
    assert {(row["eventName"], row["other"]) for row in both} == {("CreateKey",) * 2, ("DisableKey",) * 2}


def test_a_store_lives_as_in_aws_s_guide(trail):
    made = trail.create_event_data_store(
        Name="store", RetentionPeriod=90, MultiRegionEnabled=False, TagsList=[{"Key": "a", "Value": "1"}],
    )
    arn = made["EventDataStoreArn"]
    assert (made["RetentionPeriod"], made["TerminationProtectionEnabled"]) == (90, True)
    with refused("EventDataStoreTerminationProtectedException"):
        trail.delete_event_data_store(EventDataStore=arn)
    trail.update_event_data_store(EventDataStore=arn, TerminationProtectionEnabled=False, Name="renamed")
    assert trail.get_event_data_store(EventDataStore=arn)["Name"] == "renamed"
    trail.stop_event_data_store_ingestion(EventDataStore=arn)
    assert trail.get_event_data_store(EventDataStore=arn)["Status"].startswith("STOP")
    trail.start_event_data_store_ingestion(EventDataStore=arn)
    assert [one["EventDataStoreArn"] for one in trail.list_event_data_stores()["EventDataStores"]] == [arn]
    trail.delete_event_data_store(EventDataStore=arn)
    assert trail.get_event_data_store(EventDataStore=arn)["Status"] == "PENDING_DELETION"
    trail.restore_event_data_store(EventDataStore=arn)
    assert trail.get_event_data_store(EventDataStore=arn)["Status"] == "ENABLED"


def test_queries_that_are_none_are_refused(home, other, trail, store):
    for statement in (
        f"DELETE FROM {store}", f"SELECT FROM {store}", f"SELECT * FROM {store}; SELECT 1",
        "SELECT * FROM sqlite_master",
        f"INSERT INTO {store} VALUES (1)", f"WITH x AS (DELETE FROM {store}) SELECT 1", "PRAGMA database_list",
        f"SELECT load_extension('x') FROM {store}", f"SELECT nothing_of_the_kind FROM {store}",
    ):
        with refused("InvalidQueryStatementException", "EventDataStoreNotFoundException", "InvalidParameterException",
                     "ValidationException", "EventDataStoreARNInvalidException", "InactiveEventDataStoreException"):
            trail.start_query(QueryStatement=statement)
    with refused("QueryIdNotFoundException"):
        trail.get_query_results(QueryId="00000000-0000-0000-0000-000000000000")
    with refused(
        "EventDataStoreNotFoundException", "EventDataStoreARNInvalidException", "InvalidQueryStatementException"
    ):
        other.root.client("cloudtrail").start_query(QueryStatement=f"SELECT eventID FROM {store}")
    with refused("AccessDeniedException"):
        home.user("nobody").client("cloudtrail").start_query(QueryStatement=f"SELECT eventID FROM {store}")


def test_queries_are_described_listed_and_come_in_pages(home, trail, store):
    for _ in range(12):
        home.root.client("kms").list_keys()
    statement = f"SELECT eventID FROM {store} WHERE eventName = 'ListKeys'"
    queried(trail, statement, 12)
    query = trail.start_query(QueryStatement=statement)["QueryId"]
    eventually(lambda: trail.describe_query(QueryId=query)["QueryStatus"] == "FINISHED", "the query's end")
    described = trail.describe_query(QueryId=query)
    assert described["QueryString"] == statement
    statistics = described["QueryStatistics"]
    assert statistics["EventsMatched"] == 12 <= statistics["EventsScanned"]
    first = trail.get_query_results(QueryId=query, MaxQueryResults=5)
    assert len(first["QueryResultRows"]) == 5
    assert first["QueryStatistics"]["TotalResultsCount"] == 12
    second = trail.get_query_results(QueryId=query, MaxQueryResults=1000, NextToken=first["NextToken"])
    assert len(second["QueryResultRows"]) == 7 and "NextToken" not in second
    listed = trail.list_queries(EventDataStore=store)["Queries"]
    assert query in [one["QueryId"] for one in listed]
    with refused("InactiveQueryException"):
        trail.cancel_query(QueryId=query)


def test_the_cli_s_walk_through(aws):
    """https://docs.aws.amazon.com/awscloudtrail/latest/userguide/lake-queries-cli.html"""
    made = aws("cloudtrail", "create-event-data-store", "--name", "my-store", "--no-termination-protection-enabled")
    store = made["EventDataStoreArn"].rpartition("/")[2]
    aws("kms", "create-key")

    def found() -> list:
        query = aws(
            "cloudtrail", "start-query", "--query-statement",
            f"SELECT eventName FROM {store} WHERE eventName = 'CreateKey' LIMIT 10",
        )["QueryId"]
        eventually(
            lambda: aws("cloudtrail", "describe-query", "--query-id", query)["QueryStatus"] == "FINISHED",
            "the query's end",
        )
        return aws("cloudtrail", "get-query-results", "--query-id", query)["QueryResultRows"]

    assert eventually(found, "the event in the store") == [[{"eventName": "CreateKey"}]]
    stores = aws("cloudtrail", "list-event-data-stores")["EventDataStores"]
    assert [json.dumps(one["Name"]) for one in stores] == ['"my-store"']
