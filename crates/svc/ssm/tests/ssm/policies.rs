//! Parameter policies: what they must be.

use serde_json::{Value as Json, json};

use crate::client::Client;

const EXPIRATION: &str =
    r#"{"Type":"Expiration","Version":"1.0","Attributes":{"Timestamp":"2030-12-02T21:34:33.000Z"}}"#;
const NOTIFICATION: &str =
    r#"{"Type":"ExpirationNotification","Version":"1.0","Attributes":{"Before":"15","Unit":"Days"}}"#;
const NO_CHANGE: &str =
    r#"{"Type":"NoChangeNotification","Version":"1.0","Attributes":{"After":"20","Unit":"Days"}}"#;

fn put(policies: &str) -> Json {
    json!({
        "Name": "x", "Value": "1", "Type": "String", "Tier": "Advanced", "Overwrite": true, "Policies": policies})
}

async fn policies(client: &Client) -> Json {
    client.ok("DescribeParameters", json!({})).await["Parameters"][0]["Policies"].take()
}

async fn told(client: &Client) -> Vec<(String, String, String)> {
    let member = |policy: &Json, name: &str| policy[name].as_str().unwrap().to_owned();
    let of = |it: &Json| (member(it, "PolicyType"), member(it, "PolicyText"), member(it, "PolicyStatus"));
    policies(client).await.as_array().unwrap().iter().map(of).collect()
}

#[tokio::test]
async fn policies_are_told_as_compact_json() {
    let client = Client::new(600);
    let spread = r#"[
        {"Attributes": {"Timestamp": "2030-12-02T21:34:33.000Z"}, "Version": "1.0", "Type": "Expiration"},
        {"Type": "ExpirationNotification", "Version": "1.0", "Attributes": {"Unit": "Days", "Before": "15"}},
        {"Type": "NoChangeNotification", "Version": "1.0", "Attributes": {"Unit": "Days", "After": "20"}}]"#;
    client.ok("PutParameter", put(spread)).await;
    let expected = [
        ("Expiration", EXPIRATION),
        ("ExpirationNotification", NOTIFICATION),
        ("NoChangeNotification", NO_CHANGE),
    ];
    let expected = expected.map(|(kind, text)| (kind.to_owned(), text.to_owned(), "Pending".to_owned()));
    assert_eq!(told(&client).await, expected);
    let history = client.ok("GetParameterHistory", json!({"Name": "x"})).await;
    let first = json!({"PolicyText": EXPIRATION, "PolicyType": "Expiration"});
    assert_eq!(history["Parameters"][0]["Policies"][0], first);
}

#[tokio::test]
async fn policies_stay_until_others_take_their_place() {
    let client = Client::new(601);
    client.ok("PutParameter", put(&format!("[{EXPIRATION},{NOTIFICATION}]"))).await;
    client.ok("PutParameter", json!({"Name": "x", "Value": "2", "Overwrite": true})).await;
    assert_eq!(told(&client).await.len(), 2);
    client.ok("PutParameter", put(&format!("[{NO_CHANGE}]"))).await;
    assert_eq!(told(&client).await[0].0, "NoChangeNotification");
    for none in ["[]", "[{}]", " [ { } ] "] {
        client.ok("PutParameter", put(&format!("[{NO_CHANGE}]"))).await;
        client.ok("PutParameter", put(none)).await;
        assert_eq!(policies(&client).await, json!([]), "{none}");
    }
    assert_eq!(client.cloud.cloud().next_due().await.unwrap(), None, "tasks went with their policies");
    client.ok("PutParameter", put(&format!("[{EXPIRATION},{EXPIRATION}]"))).await;
    client.ok("DeleteParameter", json!({"Name": "x"})).await;
    assert_eq!(client.cloud.cloud().next_due().await.unwrap(), None, "tasks went with their parameter");
}

#[tokio::test]
async fn policies_that_are_not_right_are_refused() {
    let client = Client::new(602);
    let of = |kind: &str, attributes: &str| {
        format!(r#"[{{"Type":"{kind}","Version":"1.0","Attributes":{attributes}}}]"#)
    };
    let wait = |after: &str, unit: &str| {
        of("NoChangeNotification", &format!(r#"{{"After":{after},"Unit":{unit}}}"#))
    };
    let other = EXPIRATION.replace("2030", "2031");
    let eleven = [NO_CHANGE; 11].join(",");
    let (attribute, days) = ("InvalidPolicyAttributeException", r#""Days""#);
    let bounded = "Attribute After must be a positive integer smaller than 8760000 .";
    let said = [
        ("not-json".to_owned(), "ValidationException", "Invalid policies input: not-json."),
        ("{}".to_owned(), "ValidationException", "Invalid policies input: {}."),
        ("[1]".to_owned(), "ValidationException", "Invalid policies input: [1]."),
        (
            format!("[{eleven}]"),
            "PoliciesLimitExceededException",
            "Number of policies attached to a parameter cannot exceed 10",
        ),
        (of("BadType", "{}"), "InvalidPolicyTypeException", "Policy type BadType is not supported."),
        (of("expiration", "{}"), "InvalidPolicyTypeException", "Policy type expiration is not supported."),
        (r#"[{},{}]"#.to_owned(), "InvalidPolicyTypeException", "Policy type null is not supported."),
        (format!("[{}]", EXPIRATION.replace("1.0", "2.0")), attribute, "Unsupported policy version."),
        (
            r#"[{"Type":"Expiration","Version":"1.0"}]"#.to_owned(),
            attribute,
            "Mandatory policy attribute Attributes is missing.",
        ),
        (of("Expiration", "{}"), attribute, "A valid Expiration policy must have an attribute of Timestamp."),
        (of("Expiration", r#"{"Timestamp":"soon"}"#), attribute, "Invalid timestamp format"),
        (of("Expiration", r#"{"Timestamp":1}"#), attribute, "Invalid timestamp format"),
        (of("NoChangeNotification", "{}"), attribute, "Mandatory policy attribute After is missing."),
        (of("ExpirationNotification", "{}"), attribute, "Mandatory policy attribute Before is missing."),
        (
            of("NoChangeNotification", r#"{"After":"1"}"#),
            attribute,
            "Mandatory policy attribute Unit is missing.",
        ),
        (wait(r#""0""#, days), attribute, "Attribute After must be a positive integer."),
        (wait("-3", days), attribute, "Attribute After must be a positive integer."),
        (wait(r#""0.5""#, days), attribute, bounded),
        (wait("8760000", days), attribute, bounded),
        (wait("1", r#""Weeks""#), attribute, "Supported time units: DAYS HOURS"),
        (
            format!("[{EXPIRATION},{other}]"),
            "IncompatiblePolicyException",
            "There can be only one expiration policy",
        ),
        (
            format!("[{NOTIFICATION}]"),
            "IncompatiblePolicyException",
            "Expiration notification policies are missing expiration policy",
        ),
    ];
    for (policies, code, message) in said {
        let refused = client.refused("PutParameter", put(&policies)).await;
        assert_eq!(refused, (code.to_owned(), message.to_owned()), "{policies}");
    }
    assert_eq!(client.refused("GetParameter", json!({"Name": "x"})).await.0, "ParameterNotFound");
    client.ok("PutParameter", put(&wait("1", r#""hOURS""#))).await;
}

#[tokio::test]
async fn policies_are_of_the_advanced_tier() {
    let client = Client::new(603);
    let of = |tier: &str| {
        json!({
            "Name": "x", "Value": "1", "Type": "String", "Tier": tier, "Policies": format!("[{EXPIRATION}]")})
    };
    let (code, message) = client.refused("PutParameter", of("Standard")).await;
    assert_eq!(code, "ValidationException");
    assert!(
        message.starts_with("You can't assign parameter policies to a standard-parameter tier."),
        "{message}"
    );
    assert_eq!(client.ok("PutParameter", of("Intelligent-Tiering")).await["Tier"], "Advanced");
}
