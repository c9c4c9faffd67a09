use serde_json::json;

use super::*;

const STORE: &str = "5e2676f8-9fce-46ef-8142-3e36a94e6691";

/// The sample queries that AWS publishes; `EDS` stands for a store.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-lake-examples.html>
/// and <https://github.com/aws-samples/cloud-trail-lake-query-samples> (MIT-0).
const SAMPLES: &str = include_str!("samples.sql");

fn events() -> Vec<Json> {
    let event = |id: u32, name: &str, user: &str, code: Option<&str>, key: &str| {
        json!({
            "eventVersion": "1.11", "eventID": format!("event-{id}"), "eventName": name,
            "eventSource": if name.ends_with("Trail") { "cloudtrail.amazonaws.com" } else { "kms.amazonaws.com" },
            "eventTime": format!("2023-01-{:02}T10:{:02}:00Z", 1 + id / 10, id % 60),
            "awsRegion": if id.is_multiple_of(2) { "us-east-1" } else { "eu-west-1" },
            "readOnly": id.is_multiple_of(3), "errorCode": code, "sourceIPAddress": "192.0.2.76",
            "userIdentity": {"type": "AssumedRole", "principalId": format!("AROA:{user}"), "accountId": "111122223333",
                "arn": format!("arn:aws:sts::111122223333:assumed-role/r/{user}"),
                "sessionContext": {"sessionIssuer": {"arn": "arn:aws:iam::111122223333:role/r", "userName": "r"},
                    "attributes": {"creationDate": "2023-01-01T09:00:00Z", "mfaAuthenticated": "false"}}},
            "requestParameters": {"keyId": key, "nested": {"a": [1, {"b": "c"}]}},
            "resources": [{"ARN": "arn:aws:kms:us-east-1:111122223333:key/k", "accountId": "111122223333"}],
            "tlsDetails": {"tlsVersion": "TLSv1.3"}, "recipientAccountId": "111122223333", "managementEvent": true,
        })
    };
    (0..30)
        .map(|id| {
            let name = ["Encrypt", "Decrypt", "CreateTrail"][id as usize % 3];
            event(
                id,
                name,
                ["Alice", "Bob"][id as usize % 2],
                id.is_multiple_of(5).then_some("AccessDenied"),
                &format!("k{id}"),
            )
        })
        .collect()
}

fn query(sql: &str) -> Result<Outcome, StatementError> {
    let statement = Statement::parse(&sql.replace("EDS", STORE))?;
    check(&statement)?;
    let now = Timestamp::parse_iso8601("2023-01-05T00:00:00Z").unwrap();
    let mut run = Run::begin(&statement, now, Arc::default())?;
    let events: Vec<_> = events().into_iter().map(|event| (event, vec![STORE.to_owned()])).collect();
    run.take(&events[..10])?;
    run.take(&events[10..])?;
    run.finish()
}

fn rows(sql: &str) -> Vec<Vec<String>> {
    let outcome = query(sql).unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    outcome.rows.into_iter().map(|row| row.into_iter().map(|(_, value)| value).collect()).collect()
}

fn one(expression: &str) -> String {
    rows(&format!("SELECT {expression} FROM EDS WHERE eventID = 'event-7'")).concat().concat()
}

#[test]
fn aws_own_sample_queries_run() {
    let samples: Vec<&str> =
        SAMPLES.split(";;\n").map(str::trim).filter(|sample| !sample.is_empty()).collect();
    assert!(samples.len() >= 40, "{}", samples.len());
    for sample in samples {
        let sample = sample.replace("EDS1", STORE).replace("EDS2", STORE).replace("EDS3", STORE);
        query(&sample).unwrap_or_else(|error| panic!("{sample}: {error:?}"));
    }
}

#[test]
fn results_are_named_and_shown_as_aws_does() {
    let outcome = query(
        "SELECT userIdentity.principalid, eventName, COUNT(*), readOnly, eventTime AS at FROM EDS \
         WHERE eventID IN ('event-3', 'event-4') GROUP BY userIdentity.principalid, eventName, readOnly, eventTime \
         ORDER BY eventTime",
    )
    .unwrap();
    let row = |values: [&str; 5]| -> Row {
        let names = ["principalid", "eventName", "_col2", "readOnly", "at"];
        names.into_iter().zip(values).map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    };
    assert_eq!(
        outcome.rows,
        [
            row(["AROA:Bob", "Encrypt", "1", "true", "2023-01-01 10:03:00.000"]),
            row(["AROA:Alice", "Decrypt", "1", "false", "2023-01-01 10:04:00.000"]),
        ]
    );
    assert_eq!((outcome.events_scanned, outcome.events_matched), (30, 2));
}

#[test]
fn times_compare_as_times_and_bound_what_is_gone_through() {
    for (condition, count) in [
        ("eventTime > '2023-01-01 10:09:00'", 20),
        ("eventTime >= '2023-01-01 10:09:00'", 21),
        ("'2023-01-02' > eventTime", 10),
        ("eventTime BETWEEN '2023-01-01 10:01:00' AND '2023-01-01 10:03:00'", 3),
        ("eventTime = TIMESTAMP '2023-01-01 10:02:00'", 1),
        ("eventTime IN ('2023-01-01T10:02:00Z')", 1),
        ("eventTime > date_add('day', -3, now())", 20),
        ("eventTime > now() - interval '3' day", 20),
        ("date(eventTime) = DATE '2023-01-01'", 10),
    ] {
        assert_eq!(rows(&format!("SELECT eventID FROM EDS WHERE {condition}")).len(), count, "{condition}");
    }
    let outcome =
        query("SELECT eventID FROM EDS WHERE eventTime >= '2023-01-03' AND eventName = 'Encrypt'").unwrap();
    assert_eq!((outcome.events_scanned, outcome.events_matched), (30, 3));
}

#[test]
fn functions_and_fields_give_what_trinos_give() {
    for (expression, value) in [
        ("element_at(requestParameters, 'keyId')", "k7"),
        ("element_at(requestParameters, 'nothing')", "null"),
        ("requestParameters['keyId']", "k7"),
        ("element_at(resources, 1).arn", "arn:aws:kms:us-east-1:111122223333:key/k"),
        ("resources[1].accountId", "111122223333"),
        ("cardinality(resources)", "1"),
        ("json_extract_scalar(eventjson, '$.requestParameters.nested.a[1].b')", "c"),
        ("userIdentity.sessioncontext.sessionissuer.username", "r"),
        ("userIdentity.sessionContext.attributes.creationDate", "2023-01-01 09:00:00.000"),
        ("CAST(REPLACE(tlsDetails.tlsVersion, 'TLSv', '') AS DOUBLE) + 1", "2.3"),
        ("split_part(userIdentity.principalid, ':', 2)", "Bob"),
        ("regexp_extract(userIdentity.arn, 'role/(.*)/', 1)", "r"),
        ("regexp_like(eventName, '^Dec')", "1"),
        ("regexp_replace(eventName, 'crypt')", "De"),
        ("year(eventTime) * 100 + month(eventTime)", "202301"),
        ("extract(hour FROM eventTime)", "10"),
        ("day_of_week(eventTime)", "7"),
        ("week(eventTime)", "52"),
        ("date_trunc('hour', eventTime)", "2023-01-01 10:00:00.000"),
        ("date_diff('minute', date_trunc('day', eventTime), eventTime)", "607"),
        ("date_add('month', 1, '2023-01-31')", "2023-02-28 00:00:00.000"),
        ("greatest(1, 2)", "2"),
        ("if(readOnly, 'read', 'write')", "write"),
        ("upper(awsRegion) || '!'", "EU-WEST-1!"),
        ("eventName = 'Decrypt'", "true"),
        ("tlsDetails", "{tlsversion=TLSv1.3, ciphersuite=null, clientprovidedhostheader=null}"),
        ("requestParameters", "{keyId=k7, nested={a=[1, {b=c}]}}"),
        ("errorCode", "null"),
    ] {
        assert_eq!(one(expression), value, "{expression}");
    }
}

#[test]
fn letters_count_in_comparisons_and_null_comes_last() {
    assert!(rows("SELECT eventID FROM EDS WHERE eventName LIKE 'encrypt'").is_empty());
    assert_eq!(rows("SELECT eventID FROM EDS WHERE eventName ILIKE 'encrypt'").len(), 10);
    for direction in ["ASC", "DESC"] {
        let sql = format!("SELECT DISTINCT errorCode FROM EDS ORDER BY errorCode {direction}");
        assert_eq!(rows(&sql).concat(), ["AccessDenied", "null"]);
    }
}

#[test]
fn what_is_no_query_is_refused() {
    for sql in [
        "",
        "DELETE FROM EDS",
        "SELECT 1; SELECT 2",
        "INSERT INTO EDS VALUES (1)",
        "SELECT * FROM sqlite_master",
        "SELECT * FROM pragma_table_info('x')",
        "SELECT nothing FROM EDS",
        "SELECT \"nothing\" FROM EDS",
        "SELECT load_extension('x') FROM EDS",
        "SELECT randomblob(1000000000) FROM EDS",
        "SELECT eventName FROM",
        "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT n FROM t",
        "ATTACH DATABASE 'x' AS y",
        "PRAGMA temp_store_directory = '/tmp'",
        "VALUES (1)",
        "SELECT * FROM EDS FOR UPDATE",
    ] {
        assert!(query(sql).is_err(), "{sql}");
    }
    assert!(query(&format!("SELECT {}1{} FROM EDS", "(".repeat(500), ")".repeat(500))).is_err());
}

#[test]
fn a_query_that_goes_on_for_ever_or_is_cancelled_ends() {
    let statement = Statement::parse(&format!(
        "SELECT count(*) FROM {STORE} a CROSS JOIN {STORE} b CROSS JOIN {STORE} c CROSS JOIN {STORE} d CROSS JOIN {STORE} e"
    ))
    .unwrap();
    let cancelled = Arc::new(AtomicBool::new(false));
    let mut run = Run::begin(&statement, Timestamp::from_millis(0), cancelled.clone()).unwrap();
    let events: Vec<_> = events().into_iter().map(|event| (event, vec![STORE.to_owned()])).collect();
    run.take(&events).unwrap();
    cancelled.store(true, Ordering::Relaxed);
    assert!(run.finish().is_err());
}

mod any_input {
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        #[test]
        fn no_text_brings_it_down(text in "(SELECT|FROM|WHERE|eventTime|'|\"|\\(|\\)|,|\\*|\\.|\\[|\\]|[a-z0-9 <>=-]{0,9}){0,30}") {
            let _ = super::query(&text);
        }
    }
}
