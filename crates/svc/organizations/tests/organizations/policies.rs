//! Policies as such: made, changed, attached, listed, and refused.

use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{
    MANAGEMENT, OTHER, RCP, SCP, attach, content, detach, enable, join, new_policy, ok, organization, policy,
    refused, root_id, text, texts, unit,
};

const IMMUTABLE: &str = "InvalidInputException (IMMUTABLE_POLICY): You specified a policy that is managed by AWS and can't be modified.";
const MALFORMED: &str = "MalformedPolicyDocumentException: The provided policy document does not meet the requirements of the specified policy type.";
const UNKNOWN: &str = "p-00000000";

fn deny() -> Json {
    json!({"Effect": "Deny", "Action": "kms:ListKeys", "Resource": "*"})
}

#[tokio::test]
async fn policies_are_made_described_changed_and_deleted() {
    let cloud = TestCloud::new(80);
    let management = organization(&cloud).await;
    let id = policy(&cloud, &management, SCP, "first", deny()).await;
    let told = ok(&cloud, &management, "DescribePolicy", json!({"PolicyId": id})).await;
    let summary = &told["Policy"]["PolicySummary"];
    let arn = text(&summary["Arn"]);
    assert!(arn.starts_with(&format!("arn:aws:organizations::{MANAGEMENT}:policy/o-")), "{arn}");
    assert!(arn.ends_with(&format!("/service_control_policy/{id}")), "{arn}");
    assert_eq!((&summary["AwsManaged"], &summary["Type"]), (&json!(false), &json!(SCP)));
    assert_eq!(told["Policy"]["Content"], json!(content(deny())));
    policy(&cloud, &management, SCP, "second", deny()).await;
    for (operation, asked) in [
        ("CreatePolicy", new_policy(SCP, "first", &content(deny()))),
        ("UpdatePolicy", json!({"PolicyId": id, "Name": "second"})),
        ("CreatePolicy", new_policy(SCP, "FullAWSAccess", &content(deny()))),
    ] {
        let told = refused(&cloud, &management, operation, asked).await;
        assert_eq!(told, "DuplicatePolicyException: A policy with the same name already exists.");
    }
    let asked = json!({"PolicyId": id, "Name": "third", "Description": "the third"});
    let changed = ok(&cloud, &management, "UpdatePolicy", asked).await;
    assert_eq!(changed["Policy"]["PolicySummary"]["Name"], "third");
    assert_eq!(changed["Policy"]["Content"], told["Policy"]["Content"]);
    let same = ok(&cloud, &management, "UpdatePolicy", json!({"PolicyId": id})).await;
    assert_eq!(same, changed);
    ok(&cloud, &management, "DeletePolicy", json!({"PolicyId": id})).await;
    for operation in ["DescribePolicy", "DeletePolicy", "UpdatePolicy", "ListTargetsForPolicy"] {
        let told = refused(&cloud, &management, operation, json!({"PolicyId": id})).await;
        assert_eq!(
            told,
            "PolicyNotFoundException: We can't find a policy with the PolicyId that you specified."
        );
    }
}

#[tokio::test]
async fn what_is_no_policy_of_its_type_is_refused() {
    let cloud = TestCloud::new(81);
    let management = organization(&cloud).await;
    let with_principal =
        json!({"Effect": "Deny", "Principal": "*", "Action": "kms:ListKeys", "Resource": "*"});
    let allow = json!({"Effect": "Allow", "Principal": "*", "Action": "kms:ListKeys", "Resource": "*"});
    let everything = json!({"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"});
    for (policy_type, content) in [
        (SCP, "no policy".to_owned()),
        (SCP, content(with_principal)),
        (RCP, content(deny())),
        (RCP, content(allow)),
        (RCP, content(everything)),
    ] {
        let told =
            refused(&cloud, &management, "CreatePolicy", new_policy(policy_type, "new", &content)).await;
        assert_eq!(told, MALFORMED, "{content}");
    }
    let id = policy(&cloud, &management, SCP, "policy", deny()).await;
    let asked = json!({"PolicyId": id, "Content": "{}"});
    assert_eq!(refused(&cloud, &management, "UpdatePolicy", asked).await, MALFORMED);
    let long = content(json!({"Effect": "Deny", "Action": "a".repeat(5200), "Resource": "*"}));
    let told = refused(&cloud, &management, "CreatePolicy", new_policy(SCP, "long", &long)).await;
    assert!(told.starts_with("ConstraintViolationException (POLICY_CONTENT_LIMIT_EXCEEDED)"), "{told}");
    for operation in ["UpdatePolicy", "DeletePolicy"] {
        let asked = json!({"PolicyId": "p-FullAWSAccess"});
        assert_eq!(refused(&cloud, &management, operation, asked).await, IMMUTABLE);
    }
}

#[tokio::test]
async fn types_count_only_when_enabled_and_exist_only_with_all_features() {
    let cloud = TestCloud::new(82);
    let management = organization(&cloud).await;
    let root_id = root_id(&cloud, &management).await;
    let of_type = |policy_type: &str| json!({"RootId": root_id, "PolicyType": policy_type});
    let id = policy(&cloud, &management, SCP, "policy", deny()).await;
    let not_enabled =
        "PolicyTypeNotEnabledException: This operation can be performed only for enabled policy types.";
    let asked = json!({"PolicyId": id, "TargetId": root_id});
    assert_eq!(refused(&cloud, &management, "AttachPolicy", asked).await, not_enabled);
    for policy_type in [SCP, "TAG_POLICY"] {
        let told = refused(&cloud, &management, "DisablePolicyType", of_type(policy_type)).await;
        assert_eq!(told, not_enabled);
    }
    let enabled = ok(&cloud, &management, "EnablePolicyType", of_type(SCP)).await;
    assert_eq!(enabled["Root"]["PolicyTypes"], json!([{"Type": SCP, "Status": "ENABLED"}]));
    let told = refused(&cloud, &management, "EnablePolicyType", of_type(SCP)).await;
    assert_eq!(told, "PolicyTypeAlreadyEnabledException: The specified policy type is already enabled.");
    let told = json!({"RootId": "r-zzzz", "PolicyType": SCP});
    let told = refused(&cloud, &management, "EnablePolicyType", told).await;
    assert_eq!(told, "RootNotFoundException: You specified a root that doesn't exist.");
    let unavailable = "PolicyTypeNotAvailableForOrganizationException: You can't use the specified policy type with the feature set currently enabled for this organization.";
    assert_eq!(refused(&cloud, &management, "EnablePolicyType", of_type("TAG_POLICY")).await, unavailable);
    let none = ok(&cloud, &management, "ListPolicies", json!({"Filter": "TAG_POLICY"})).await;
    assert_eq!(none["Policies"], json!([]));
    let told = refused(&cloud, &management, "ListPolicies", json!({"Filter": "NO_POLICY"})).await;
    assert!(told.starts_with("InvalidInputException (INVALID_ENUM"), "{told}");
    let billing = cloud.root(OTHER);
    ok(&cloud, &billing, "CreateOrganization", json!({"FeatureSet": "CONSOLIDATED_BILLING"})).await;
    let asked = new_policy(SCP, "policy", &content(deny()));
    assert_eq!(refused(&cloud, &billing, "CreatePolicy", asked).await, unavailable);
}

#[tokio::test]
async fn policies_are_attached_once_and_deleted_only_when_attached_to_nothing() {
    let cloud = TestCloud::new(83);
    let management = organization(&cloud).await;
    let root_id = root_id(&cloud, &management).await;
    enable(&cloud, &management, &root_id, SCP).await;
    let id = policy(&cloud, &management, SCP, "policy", deny()).await;
    let unit_id = unit(&cloud, &management, &root_id, "unit").await;
    let asked = |policy: &str, target: &str| json!({"PolicyId": policy, "TargetId": target});
    let told = refused(&cloud, &management, "DetachPolicy", asked(&id, &unit_id)).await;
    assert_eq!(
        told,
        "PolicyNotAttachedException: The policy isn't attached to the specified target in the specified root."
    );
    attach(&cloud, &management, &id, &unit_id).await;
    let told = refused(&cloud, &management, "AttachPolicy", asked(&id, &unit_id)).await;
    assert_eq!(
        told,
        "DuplicatePolicyAttachmentException: The selected policy is already attached to the specified target."
    );
    for operation in ["AttachPolicy", "DetachPolicy"] {
        let told = refused(&cloud, &management, operation, asked(UNKNOWN, &unit_id)).await;
        assert!(told.starts_with("PolicyNotFoundException: "), "{told}");
        for target in ["r-zzzz", "ou-zzzz-abcdefgh", "999999999999"] {
            let told = refused(&cloud, &management, operation, asked(&id, target)).await;
            assert_eq!(told, "TargetNotFoundException: You specified a target that doesn't exist.");
        }
    }
    let told = refused(&cloud, &management, "DeletePolicy", json!({"PolicyId": id})).await;
    assert!(told.starts_with("PolicyInUseException: The policy is attached to one or more"), "{told}");
    // Who goes takes what is attached along.
    ok(&cloud, &management, "DeleteOrganizationalUnit", json!({"OrganizationalUnitId": unit_id})).await;
    join(&cloud, &management, OTHER).await;
    attach(&cloud, &management, &id, OTHER).await;
    ok(&cloud, &management, "RemoveAccountFromOrganization", json!({"AccountId": OTHER})).await;
    ok(&cloud, &management, "DeletePolicy", json!({"PolicyId": id})).await;
}

#[tokio::test]
async fn as_many_policies_are_attached_and_made_as_their_quotas_say() {
    let cloud = TestCloud::builder(84).quota("organizations.policies", "5").build();
    let management = organization(&cloud).await;
    let root_id = root_id(&cloud, &management).await;
    enable(&cloud, &management, &root_id, SCP).await;
    let mut ids = Vec::new();
    for number in 0..5 {
        ids.push(policy(&cloud, &management, SCP, &format!("policy {number}"), deny()).await);
    }
    let told = refused(&cloud, &management, "CreatePolicy", new_policy(SCP, "more", &content(deny()))).await;
    assert!(told.starts_with("ConstraintViolationException (POLICY_NUMBER_LIMIT_EXCEEDED)"), "{told}");
    for id in &ids[..4] {
        attach(&cloud, &management, id, &root_id).await;
    }
    let asked = json!({"PolicyId": ids[4], "TargetId": root_id});
    let told = refused(&cloud, &management, "AttachPolicy", asked).await;
    assert!(
        told.starts_with("ConstraintViolationException (MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED)"),
        "{told}"
    );
    detach(&cloud, &management, "p-FullAWSAccess", &root_id).await;
    attach(&cloud, &management, &ids[4], &root_id).await;
}

#[tokio::test]
async fn policies_and_their_targets_are_listed_in_pages() {
    let cloud = TestCloud::new(85);
    let management = organization(&cloud).await;
    let root_id = root_id(&cloud, &management).await;
    enable(&cloud, &management, &root_id, SCP).await;
    join(&cloud, &management, OTHER).await;
    let mut ids = vec!["p-FullAWSAccess".to_owned()];
    for name in ["first", "second"] {
        ids.push(policy(&cloud, &management, SCP, name, deny()).await);
        attach(&cloud, &management, ids.last().unwrap(), OTHER).await;
    }
    ids.sort();
    let mut targets = vec![root_id, MANAGEMENT.to_owned(), OTHER.to_owned()];
    targets.sort();
    for (operation, asked, list, member, expected) in [
        ("ListPolicies", json!({"Filter": SCP}), "Policies", "Id", &ids),
        ("ListPoliciesForTarget", json!({"Filter": SCP, "TargetId": OTHER}), "Policies", "Id", &ids),
        ("ListTargetsForPolicy", json!({"PolicyId": "p-FullAWSAccess"}), "Targets", "TargetId", &targets),
    ] {
        let mut asked = asked;
        asked["MaxResults"] = json!(2);
        let mut found = Vec::new();
        loop {
            let page = ok(&cloud, &management, operation, asked.clone()).await;
            found.extend(texts(&page[list], member));
            if page["NextToken"].is_null() {
                break;
            }
            asked["NextToken"] = page["NextToken"].clone();
        }
        assert_eq!(&found, expected, "{operation}");
        asked["NextToken"] = json!("no token");
        let told = refused(&cloud, &management, operation, asked).await;
        assert!(told.starts_with("InvalidInputException (INVALID_NEXT_TOKEN)"), "{told}");
    }
    let asked = json!({"Filter": SCP, "TargetId": "999999999999"});
    let told = refused(&cloud, &management, "ListPoliciesForTarget", asked).await;
    assert_eq!(told, "TargetNotFoundException: You specified a target that doesn't exist.");
    let none =
        ok(&cloud, &management, "ListPoliciesForTarget", json!({"Filter": RCP, "TargetId": OTHER})).await;
    assert_eq!(none["Policies"], json!([]));
}
