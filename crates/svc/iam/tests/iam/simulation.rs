//! Simulated requests: what they answer, and that they agree with what happens.

use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client, OTHER_ACCOUNT, each};

fn policy(statements: &str) -> String {
    format!(r#"{{"Version":"2012-10-17","Statement":{statements}}}"#)
}

const ALLOW_KEYS: &str = r#"[{"Effect":"Allow","Action":"kms:*","Resource":"*"},
    {"Effect":"Deny","Action":"kms:Delete*","Resource":"*"}]"#;

/// The only result of a simulation.
fn only(answer: &Json) -> &Json {
    let results = answer["EvaluationResults"].as_array().unwrap();
    assert_eq!(results.len(), 1, "{answer}");
    &results[0]
}

fn ids(result: &Json) -> Vec<String> {
    each(result["MatchedStatements"].as_array().unwrap(), "SourcePolicyId")
}

#[tokio::test]
async fn policies_that_are_given_are_simulated_and_the_statements_told() {
    let cloud = TestCloud::new(700);
    let root = cloud.root(ACCOUNT);
    let client = Client::new(&cloud, &root);
    let simulate = |actions: Json| {
        let input = json!({"PolicyInputList": [policy(ALLOW_KEYS)], "ActionNames": actions});
        client.ok("SimulateCustomPolicy", input)
    };
    for (action, decision, statements) in [
        ("kms:Encrypt", "allowed", 1),
        ("kms:DeleteAlias", "explicitDeny", 1),
        ("s3:GetObject", "implicitDeny", 0),
    ] {
        let answer = simulate(json!([action])).await;
        let result = only(&answer);
        assert_eq!((&result["EvalActionName"], &result["EvalDecision"]), (&json!(action), &json!(decision)));
        assert_eq!((&result["EvalResourceName"], ids(result).len()), (&json!("*"), statements));
        assert_eq!(result.get("ResourceSpecificResults"), None);
    }
    let answer = simulate(json!(["kms:DeleteAlias"])).await;
    let matched = &only(&answer)["MatchedStatements"][0];
    assert_eq!(
        (&matched["SourcePolicyId"], &matched["SourcePolicyType"]),
        (&json!("PolicyInputList.1"), &json!("none"))
    );
    assert_eq!(matched["StartPosition"], json!({"Line": 2, "Column": 6}));
    assert_eq!(matched["EndPosition"]["Line"], 2);
    let all = client
        .pages(
            "SimulateCustomPolicy",
            json!({"PolicyInputList": [policy(ALLOW_KEYS)], "ActionNames": ["kms:Encrypt", "kms:Decrypt", "s3:Get"]}),
            "EvaluationResults",
            2,
        )
        .await;
    assert_eq!(each(&all, "EvalActionName"), ["kms:Encrypt", "kms:Decrypt", "s3:Get"]);
}

#[tokio::test]
async fn context_entries_of_every_type_decide_and_missing_ones_are_told() {
    let cloud = TestCloud::new(701);
    let root = cloud.root(ACCOUNT);
    let client = Client::new(&cloud, &root);
    for (condition, kind, good, bad) in [
        (r#""StringEquals":{"x:key":"a"}"#, "string", "a", "b"),
        (r#""ForAnyValue:StringEquals":{"x:key":"a"}"#, "stringList", "a", "b"),
        (r#""NumericLessThan":{"x:key":"10"}"#, "numeric", "9.5", "10"),
        (r#""Bool":{"x:key":"true"}"#, "boolean", "true", "false"),
        (r#""IpAddress":{"x:key":"10.0.0.0/8"}"#, "ip", "10.1.2.3", "11.1.2.3"),
        (
            r#""DateGreaterThan":{"x:key":"2026-01-01T00:00:00Z"}"#,
            "date",
            "2026-02-01T00:00:00Z",
            "2025-02-01T00:00:00Z",
        ),
        (r#""BinaryEquals":{"x:key":"AQID"}"#, "binary", "AQID", "AQIE"),
    ] {
        let text = policy(&format!(
            r#"{{"Effect":"Allow","Action":"x:Do","Resource":"*","Condition":{{{condition}}}}}"#
        ));
        for (value, decision) in
            [(Some(good), "allowed"), (Some(bad), "implicitDeny"), (None, "implicitDeny")]
        {
            let entry = |value: &str| json!([{"ContextKeyName": "x:key", "ContextKeyValues": [value], "ContextKeyType": kind}]);
            let entries = value.map_or_else(|| json!([]), entry);
            let input =
                json!({"PolicyInputList": [text], "ActionNames": ["x:Do"], "ContextEntries": entries});
            let answer = client.ok("SimulateCustomPolicy", input).await;
            let result = only(&answer);
            assert_eq!(result["EvalDecision"], decision, "{condition} {value:?}");
            let missing = if value.is_none() { json!(["x:key"]) } else { json!([]) };
            assert_eq!(result["MissingContextValues"], missing, "{condition}");
        }
    }
    let input = json!({"PolicyInputList": [policy(ALLOW_KEYS)], "ActionNames": ["x:Do"],
        "ContextEntries": [{"ContextKeyName": "x:key", "ContextKeyValues": ["x"], "ContextKeyType": "ip"}]});
    let refused = client.refused("SimulateCustomPolicy", input).await;
    assert_eq!(refused, "InvalidInput: Invalid value for context key x:key: x");
}

#[tokio::test]
async fn a_users_policies_and_its_groups_are_simulated_as_they_decide() {
    let cloud = TestCloud::new(702);
    let root = cloud.root(ACCOUNT);
    let client = Client::new(&cloud, &root);
    let user = cloud.user_with_policy(ACCOUNT, "alice", &policy(ALLOW_KEYS)).await;
    client.ok("CreateGroup", json!({"GroupName": "readers"})).await;
    client.ok("AddUserToGroup", json!({"GroupName": "readers", "UserName": "alice"})).await;
    let arn = "arn:aws:iam::aws:policy/IAMReadOnlyAccess";
    client.ok("AttachGroupPolicy", json!({"GroupName": "readers", "PolicyArn": arn})).await;
    let source = user.arn().to_owned();
    let simulate = |action: &'static str, more: Json| {
        let mut input = json!({"PolicySourceArn": source, "ActionNames": [action]});
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        client.ok("SimulatePrincipalPolicy", input)
    };
    let decision = |answer: &Json| only(answer)["EvalDecision"].as_str().unwrap().to_owned();
    let answer = simulate("iam:ListUsers", json!({})).await;
    assert_eq!(
        (decision(&answer).as_str(), ids(only(&answer))),
        ("allowed", vec!["IAMReadOnlyAccess".to_owned()])
    );
    assert_eq!(only(&answer)["MatchedStatements"][0]["SourcePolicyType"], "aws-managed");
    assert!(Client::new(&cloud, &user).ok("ListUsers", json!({})).await["Users"].is_array());
    let answer = simulate("kms:Encrypt", json!({})).await;
    assert_eq!(ids(only(&answer)), ["user_alice_policy"]);
    // Without what is excluded.
    let without = json!({"PolicyExclusionList": [{"PolicyArn": "arn:aws:iam::aws:policy/IAMRead*"}]});
    assert_eq!(decision(&simulate("iam:ListUsers", without).await), "implicitDeny");
    let without = json!({"PolicyExclusionList": [{"PolicyType": "inline"}]});
    assert_eq!(decision(&simulate("kms:Encrypt", without).await), "implicitDeny");
    // Within a boundary that is given, and then one that is set.
    let only_lists = policy(r#"{"Effect":"Allow","Action":"*:List*","Resource":"*"}"#);
    let boundary = json!({"PermissionsBoundaryPolicyInputList": [only_lists]});
    let answer = simulate("kms:Encrypt", boundary).await;
    assert_eq!(decision(&answer), "implicitDeny");
    let by_boundary = &only(&answer)["PermissionsBoundaryDecisionDetail"];
    assert_eq!(by_boundary, &json!({"AllowedByPermissionsBoundary": false}));
    let boundary = json!({"UserName": "alice", "PermissionsBoundary": arn});
    client.ok("PutUserPermissionsBoundary", boundary).await;
    assert_eq!(decision(&simulate("kms:Encrypt", json!({})).await), "implicitDeny");
    assert_eq!(decision(&simulate("iam:ListUsers", json!({})).await), "allowed");
}

#[tokio::test]
async fn resources_of_another_account_need_both_sides() {
    let cloud = TestCloud::new(703);
    let root = cloud.root(ACCOUNT);
    let client = Client::new(&cloud, &root);
    let caller = format!("arn:aws:iam::{ACCOUNT}:user/alice");
    let topic = format!("arn:aws:sns:us-east-1:{OTHER_ACCOUNT}:t");
    let own = format!("arn:aws:sns:us-east-1:{ACCOUNT}:t");
    let allow = policy(r#"{"Effect":"Allow","Action":"sns:*","Resource":"*"}"#);
    let of_topic = |principal: &str| {
        policy(&format!(
            r#"{{"Effect":"Allow","Principal":{{"AWS":"{principal}"}},"Action":"sns:Publish","Resource":"{topic}"}}"#
        ))
    };
    let simulate = |resource_policy: String| {
        let input = json!({"PolicyInputList": [allow], "ActionNames": ["sns:Publish"], "CallerArn": caller,
            "ResourceArns": [topic, own], "ResourcePolicy": resource_policy});
        client.ok("SimulateCustomPolicy", input)
    };
    let answer = simulate(of_topic(&caller)).await;
    let specific = only(&answer)["ResourceSpecificResults"].as_array().unwrap().clone();
    assert_eq!(each(&specific, "EvalResourceName"), [topic.as_str(), own.as_str()]);
    assert_eq!(each(&specific, "EvalResourceDecision"), ["allowed", "allowed"]);
    assert_eq!(
        specific[0]["EvalDecisionDetails"],
        json!({"IAM policy": "allowed", "Resource policy": "allowed"})
    );
    assert_eq!(ids(&specific[0]), ["PolicyInputList.1", "ResourcePolicy"]);
    assert_eq!(specific[1].get("EvalDecisionDetails"), None);
    let answer = simulate(of_topic("arn:aws:iam::999999999999:root")).await;
    assert_eq!(only(&answer)["EvalDecision"], "implicitDeny");
    let specific = &only(&answer)["ResourceSpecificResults"];
    assert_eq!(specific[0]["EvalResourceDecision"], "implicitDeny");
    assert_eq!(specific[1]["EvalResourceDecision"], "allowed");
    let input = json!({"PolicyInputList": [allow], "ActionNames": ["sns:Publish"], "ResourceArns": [topic],
        "ResourcePolicy": of_topic(&caller)});
    let refused = client.refused("SimulateCustomPolicy", input).await;
    assert_eq!(refused, "InvalidInput: Invalid caller - Caller cannot be null or empty.");
}

#[tokio::test]
async fn service_control_policies_limit_level_by_level() {
    let cloud = TestCloud::new(704);
    let root = cloud.root(ACCOUNT);
    let client = Client::new(&cloud, &root);
    let allow = policy(r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#);
    for (levels, allowed) in
        [(json!([[allow], [allow]]), true), (json!([[allow], [policy(ALLOW_KEYS)]]), false)]
    {
        let levels: Vec<Json> = levels
            .as_array()
            .unwrap()
            .iter()
            .map(|level| json!({"ServiceControlPolicyInputList": level}))
            .collect();
        let input = json!({"PolicyInputList": [allow], "ActionNames": ["s3:GetObject"],
            "OrderedOrganizationPolicyInputList": levels});
        let answer = client.ok("SimulateCustomPolicy", input).await;
        let result = only(&answer);
        assert_eq!(result["OrganizationsDecisionDetail"], json!({"AllowedByOrganizations": allowed}));
        assert_eq!(result["EvalDecision"], if allowed { "allowed" } else { "implicitDeny" });
    }
}

#[tokio::test]
async fn what_cannot_be_simulated_is_refused() {
    let cloud = TestCloud::new(705);
    let root = cloud.root(ACCOUNT);
    let client = Client::new(&cloud, &root);
    let allow = policy(ALLOW_KEYS);
    let custom = |more: Json| {
        let mut input = json!({"PolicyInputList": [allow], "ActionNames": ["kms:Encrypt"]});
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        client.refused("SimulateCustomPolicy", input)
    };
    for (more, said) in [
        (json!({"ActionNames": ["kms:*"]}), "InvalidInput: Invalid Action Name: kms:*"),
        (json!({"ActionNames": ["Encrypt"]}), "InvalidInput: Invalid Action Name: Encrypt"),
        (
            json!({"ResourceArns": ["bucket"]}),
            "InvalidInput: ResourceNames are not in a valid ARN format: bucket.",
        ),
        (json!({"ResourceOwner": "me"}), "InvalidInput: Invalid Resource Owner."),
        (json!({"ResourceHandlingOption": "EC2"}), "InvalidInput: Invalid ResourceHandlingOption: EC2"),
        (
            json!({"ResourceHandlingOption": "EC2-VPC-EBS"}),
            "InvalidInput: ResourceHandlingOption EC2-VPC-EBS requires a resource of type instance.",
        ),
        (
            json!({"CallerArn": "arn:aws:sts::111122223333:assumed-role/a/b"}),
            "InvalidInput: Invalid caller - Caller must be an IAM user, role or group in this context.",
        ),
        (json!({"Marker": "x"}), "ValidationError: Invalid Marker."),
    ] {
        assert_eq!(custom(more).await, said);
    }
    assert!(custom(json!({"PolicyInputList": ["{"]})).await.starts_with("InvalidInput: Invalid Policy: "));
    let principal = |arn: &str| {
        let input = json!({"PolicySourceArn": arn, "ActionNames": ["kms:Encrypt"]});
        client.refused("SimulatePrincipalPolicy", input)
    };
    assert_eq!(
        principal("arn:aws:sts::111122223333:assumed-role/a/b").await,
        "InvalidInput: Invalid Entity Arn: arn:aws:sts::111122223333:assumed-role/a/b does not clearly define entity \
         type and name."
    );
    assert_eq!(
        principal("arn:aws:iam::111122223333:role/gone").await,
        "NoSuchEntity: The role with name gone cannot be found."
    );
    let actions: Vec<String> = (0..200).map(|index| format!("kms:A{index}")).collect();
    let resources: Vec<String> = (0..200).map(|index| format!("arn:aws:s3:::b{index}")).collect();
    let said = custom(json!({"ActionNames": actions, "ResourceArns": resources, "MaxItems": 200})).await;
    assert!(said.contains("more than 10000 requests"), "{said}");
}

#[tokio::test]
async fn the_keys_that_policies_ask_for_are_listed() {
    let cloud = TestCloud::new(706);
    let root = cloud.root(ACCOUNT);
    let client = Client::new(&cloud, &root);
    let text = policy(
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::home/${aws:username}/*",
            "Condition":{"Bool":{"aws:SecureTransport":"true"}}}"#,
    );
    let input = json!({"PolicyInputList": [text, policy(ALLOW_KEYS)]});
    let answer = client.ok("GetContextKeysForCustomPolicy", input).await;
    assert_eq!(answer["ContextKeyNames"], json!(["aws:SecureTransport", "aws:username"]));
    let user = cloud.user_with_policy(ACCOUNT, "alice", &text).await;
    let more =
        policy(r#"{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Null":{"aws:userid":"true"}}}"#);
    let input = json!({"PolicySourceArn": user.arn(), "PolicyInputList": [more]});
    let answer = client.ok("GetContextKeysForPrincipalPolicy", input).await;
    assert_eq!(answer["ContextKeyNames"], json!(["aws:SecureTransport", "aws:userid", "aws:username"]));
    let refused = client.refused("GetContextKeysForCustomPolicy", json!({"PolicyInputList": ["x"]})).await;
    assert!(refused.starts_with("InvalidInput: "), "{refused}");
}
