//! Which operations AWS offers on keys of another account, and that a key policy cannot make more of them.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html>

use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client, OTHER_ACCOUNT};
use crate::samples::{Sample, table};

/// A policy that lets both accounts do everything.
fn policy() -> String {
    let statements = [ACCOUNT, OTHER_ACCOUNT].map(|account| {
        let root = format!("arn:aws:iam::{account}:root");
        json!({"Effect": "Allow", "Principal": {"AWS": root}, "Action": "kms:*", "Resource": "*"})
    });
    json!({"Version": "2012-10-17", "Statement": statements}).to_string()
}

/// Lets the other account do everything, as far as the key's account can.
async fn share(kms: &Client<'_>, stranger: &Client<'_>, sample: &Sample) -> Json {
    kms.ok("PutKeyPolicy", json!({"KeyId": sample.key_id, "Policy": policy()})).await;
    if sample.operation != "RetireGrant" {
        return json!({});
    }
    // A key policy has no say in it, but the grant.
    let grant = json!({
        "KeyId": sample.key_id, "GranteePrincipal": kms.caller.arn(), "Operations": ["DescribeKey"],
        "RetiringPrincipal": stranger.caller.arn(),
    });
    let made = kms.ok("CreateGrant", grant).await;
    json!({"GrantId": made["GrantId"]})
}

#[tokio::test]
async fn another_account_can_do_what_aws_offers_it_and_no_more() {
    let cloud = TestCloud::new(620);
    let (root, other) = (cloud.root(ACCOUNT), cloud.root(OTHER_ACCOUNT));
    let (kms, stranger) = (Client::new(&cloud, &root), Client::new(&cloud, &other));
    let operations = table!("operations.json")["operations"].clone();
    let (mut offered, mut kept) = (0, 0);
    for entry in alcazar_svc_kms::SERVICE.operations {
        let operation = entry.model.name;
        let facts = &operations[operation];
        let resource = facts["resources"][0].as_str().unwrap();
        // An alias is always looked for in the caller's own account.
        if resource == "*" || ["DeleteAlias", "UpdateAlias"].contains(&operation) {
            continue;
        }
        let sample = Sample::new(&kms, operation, &json!({})).await;
        let arn = kms.arn(&sample.key_id);
        let mut input = sample.input(&arn);
        let denial = stranger.refused(operation, input.clone(), "AccessDeniedException").await;
        let action = facts["actions"][0].as_str().unwrap();
        let said = format!(
            "User: {} is not authorized to perform: {action} on resource: {arn} because no resource-based policy \
             allows the {action} action",
            other.arn()
        );
        assert_eq!(denial, said, "{operation}");

        let grant = share(&kms, &stranger, &sample).await;
        input.as_object_mut().unwrap().extend(grant.as_object().unwrap().clone());
        // The ciphertext says whose key the bare id is of.
        if operation != "Decrypt" {
            stranger.refused(operation, sample.input(&sample.key_id), "NotFoundException").await;
        }
        if facts["cross_account"] == false {
            let denial = stranger.refused(operation, input, "AccessDeniedException").await;
            assert_eq!(denial, said, "{operation}");
            kept += 1;
            continue;
        }
        offered += 1;
        if facts["aliases"] == true {
            stranger.refused(operation, sample.input(&sample.alias), "NotFoundException").await;
            let alias_arn = arn.replace("key/", "alias/");
            stranger.ok(operation, sample.input(&alias_arn)).await;
        }
        stranger.ok(operation, input).await;
    }
    assert_eq!((offered, kept), (21, 22));
}

#[tokio::test]
async fn an_account_finds_its_own_aliases_alone() {
    let cloud = TestCloud::new(621);
    let (root, other) = (cloud.root(ACCOUNT), cloud.root(OTHER_ACCOUNT));
    let (kms, stranger) = (Client::new(&cloud, &root), Client::new(&cloud, &other));
    for operation in ["DeleteAlias", "UpdateAlias"] {
        let entry = alcazar_svc_kms::SERVICE.operation(operation).unwrap();
        let sample = Sample::new(&kms, entry.model.name, &json!({})).await;
        share(&kms, &stranger, &sample).await;
        let input = sample.input(&kms.arn(&sample.key_id));
        stranger.refused(operation, input, "NotFoundException").await;
        let aliases = json!({"KeyId": kms.arn(&sample.key_id)});
        stranger.refused("ListAliases", aliases, "AccessDeniedException").await;
    }
}
