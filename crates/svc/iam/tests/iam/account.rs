//! What is told of an account as a whole: its summary, all details, the credential report.

use std::time::Duration;

use alcazar_testkit::TestCloud;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client, POLICY, each};

/// A user in a group, a role, and policies on all of them.
async fn fill(client: &Client<'_>) -> String {
    let user = json!({"UserName": "alice", "Path": "/team/", "Tags": [{"Key": "a", "Value": "b"}]});
    client.ok("CreateUser", user).await;
    client.ok("CreateAccessKey", json!({"UserName": "alice"})).await;
    client.ok("CreateGroup", json!({"GroupName": "readers"})).await;
    client.ok("AddUserToGroup", json!({"GroupName": "readers", "UserName": "alice"})).await;
    let trust = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole"}}"#;
    client.ok("CreateRole", json!({"RoleName": "deploy", "AssumeRolePolicyDocument": trust})).await;
    let made = client.ok("CreatePolicy", json!({"PolicyName": "own", "PolicyDocument": POLICY})).await;
    let arn = made["Policy"]["Arn"].as_str().unwrap().to_owned();
    client.ok("CreatePolicyVersion", json!({"PolicyArn": arn, "PolicyDocument": POLICY})).await;
    client.ok("AttachUserPolicy", json!({"UserName": "alice", "PolicyArn": arn})).await;
    let aws = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    client.ok("AttachGroupPolicy", json!({"GroupName": "readers", "PolicyArn": aws})).await;
    let inline = json!({"RoleName": "deploy", "PolicyName": "p", "PolicyDocument": POLICY});
    client.ok("PutRolePolicy", inline).await;
    arn
}

#[tokio::test]
async fn the_summary_counts_what_there_is() {
    let cloud = TestCloud::new(710);
    let root = cloud.root(ACCOUNT);
    let client = Client::new(&cloud, &root);
    fill(&client).await;
    let summary = client.ok("GetAccountSummary", json!({})).await["SummaryMap"].clone();
    for (key, count) in [
        ("Users", 1),
        ("Groups", 1),
        ("Roles", 1),
        ("Policies", 1),
        ("PolicyVersionsInUse", 2),
        ("UsersQuota", 5000),
        ("RolePolicySizeQuota", 10_240),
        ("VersionsPerPolicyQuota", 5),
        ("MFADevices", 0),
        ("GlobalEndpointTokenVersion", 1),
    ] {
        assert_eq!(summary[key], json!(count), "{key}");
    }
    assert_eq!(summary.as_object().unwrap().len(), 34);
}

#[tokio::test]
async fn all_details_are_told_in_pages_over_all_kinds() {
    let cloud = TestCloud::new(711);
    let root = cloud.root(ACCOUNT);
    let client = Client::new(&cloud, &root);
    let own = fill(&client).await;
    let all = client.ok("GetAccountAuthorizationDetails", json!({})).await;
    let user = &all["UserDetailList"][0];
    assert_eq!((&user["GroupList"], &user["Path"]), (&json!(["readers"]), &json!("/team/")));
    assert_eq!(user["AttachedManagedPolicies"], json!([{"PolicyName": "own", "PolicyArn": own}]));
    assert_eq!(user["Tags"], json!([{"Key": "a", "Value": "b"}]));
    let role = &all["RoleDetailList"][0];
    assert!(role["RolePolicyList"][0]["PolicyDocument"].as_str().unwrap().starts_with("%7B%22Version%22"));
    assert!(role["AssumeRolePolicyDocument"].as_str().unwrap().starts_with("%7B"));
    let policies = all["Policies"].as_array().unwrap();
    assert_eq!(each(policies, "PolicyName"), ["own", "ReadOnlyAccess"]);
    assert_eq!(policies[0]["PolicyVersionList"].as_array().unwrap().len(), 2);
    assert_eq!((&policies[1]["AttachmentCount"], &policies[0]["AttachmentCount"]), (&json!(1), &json!(1)));
    // The same in pages of one.
    let (mut found, mut input) = (0, json!({"MaxItems": 1}));
    loop {
        let page = client.ok("GetAccountAuthorizationDetails", input.clone()).await;
        let lists = ["UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"];
        let items: usize = lists.iter().map(|list| page[list].as_array().map_or(0, Vec::len)).sum();
        assert_eq!(items, 1);
        found += 1;
        match page.get("Marker") {
            Some(marker) => input["Marker"] = marker.clone(),
            None => break,
        }
    }
    assert_eq!(found, 5);
    let filtered = client.ok("GetAccountAuthorizationDetails", json!({"Filter": ["Group"]})).await;
    assert_eq!(filtered["GroupDetailList"].as_array().unwrap().len(), 1);
    assert_eq!(filtered["UserDetailList"].as_array().map_or(0, Vec::len), 0);
}

/// The report as rows of cells.
async fn report(client: &Client<'_>) -> Vec<Vec<String>> {
    let answer = client.ok("GetCredentialReport", json!({})).await;
    assert_eq!(answer["ReportFormat"], "text/csv");
    let text = STANDARD.decode(answer["Content"].as_str().unwrap()).unwrap();
    let text = String::from_utf8(text).unwrap();
    text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

async fn generate(client: &Client<'_>) -> Json {
    client.ok("GenerateCredentialReport", json!({})).await["State"].clone()
}

#[tokio::test]
async fn a_report_is_made_is_good_for_four_hours_and_expires() {
    let cloud = TestCloud::new(712);
    let root = cloud.root(ACCOUNT);
    let client = Client::new(&cloud, &root);
    fill(&client).await;
    let refused = client.refused("GetCredentialReport", json!({})).await;
    assert!(refused.starts_with("ReportNotPresent: "), "{refused}");
    assert_eq!(generate(&client).await, "STARTED");
    assert_eq!(generate(&client).await, "INPROGRESS");
    let refused = client.refused("GetCredentialReport", json!({})).await;
    assert!(refused.starts_with("ReportInProgress: "), "{refused}");
    cloud.advance(Duration::from_secs(1)).await;
    assert_eq!(generate(&client).await, "COMPLETE");
    let rows = report(&client).await;
    assert_eq!((rows.len(), rows[0].len()), (3, 22));
    assert_eq!((rows[1][0].as_str(), rows[1][3].as_str()), ("<root_account>", "not_supported"));
    let told = |column: &str| {
        let place = rows[0].iter().position(|name| name == column).unwrap();
        rows[2][place].as_str()
    };
    assert_eq!((told("user"), told("arn")), ("alice", "arn:aws:iam::111122223333:user/team/alice"));
    assert!(told("user_creation_time").ends_with("+00:00"));
    assert_eq!((told("password_enabled"), told("mfa_active")), ("false", "false"));
    assert_eq!((told("access_key_1_active"), told("access_key_2_active")), ("true", "false"));
    assert_eq!((told("access_key_1_last_used_date"), told("cert_2_active")), ("N/A", "false"));
    // What has changed meanwhile is in the next one.
    client.ok("CreateUser", json!({"UserName": "bob"})).await;
    cloud.advance(Duration::from_secs(4 * 3600 - 2)).await;
    assert_eq!(generate(&client).await, "COMPLETE");
    assert_eq!(report(&client).await.len(), 3);
    cloud.advance(Duration::from_secs(2)).await;
    let refused = client.refused("GetCredentialReport", json!({})).await;
    assert!(refused.starts_with("ReportExpired: "), "{refused}");
    assert_eq!(generate(&client).await, "STARTED");
    cloud.advance(Duration::from_secs(1)).await;
    assert_eq!(report(&client).await.len(), 4);
}

#[tokio::test]
async fn policies_that_grant_access_to_services_are_told() {
    let cloud = TestCloud::new(713);
    let root = cloud.root(ACCOUNT);
    let client = Client::new(&cloud, &root);
    fill(&client).await;
    let arn = "arn:aws:iam::111122223333:user/team/alice";
    let input = json!({"Arn": arn, "ServiceNamespaces": ["kms", "ec2"]});
    let answer = client.ok("ListPoliciesGrantingServiceAccess", input).await;
    let entries = answer["PoliciesGrantingServiceAccess"].as_array().unwrap();
    assert_eq!(each(entries, "ServiceNamespace"), ["kms", "ec2"]);
    let policies = entries[0]["Policies"].as_array().unwrap();
    assert_eq!(each(policies, "PolicyName"), ["own", "ReadOnlyAccess"]);
    assert_eq!(policies[0]["PolicyType"], "MANAGED");
    assert_eq!(entries[1]["Policies"], json!([]));
    let role = "arn:aws:iam::111122223333:role/deploy";
    let input = json!({"Arn": role, "ServiceNamespaces": ["kms"]});
    let answer = client.ok("ListPoliciesGrantingServiceAccess", input).await;
    let policy = &answer["PoliciesGrantingServiceAccess"][0]["Policies"][0];
    assert_eq!(
        policy,
        &json!({"PolicyName": "p", "PolicyType": "INLINE", "EntityType": "ROLE", "EntityName": "deploy"})
    );
}
