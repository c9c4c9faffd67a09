//! The end of grants: who may retire and revoke them, and what becomes of them with their key.

use std::time::Duration;

use alcazar_testkit::{TestCaller, TestCloud};
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client, OTHER_ACCOUNT};
use crate::deletion::{LEFT_OF_A_KEY, tables_with};

const THIRD_ACCOUNT: &str = "777788889999";

#[tokio::test]
async fn a_grant_is_retired_by_those_whom_it_names_and_by_the_accounts_it_is_of() {
    let cloud = TestCloud::new(240);
    let (root, owner) = (cloud.root(ACCOUNT), cloud.user(ACCOUNT, "owner").await);
    let (other_root, other) = (cloud.root(OTHER_ACCOUNT), cloud.user(OTHER_ACCOUNT, "other").await);
    let (third_root, third) = (cloud.root(THIRD_ACCOUNT), cloud.user(THIRD_ACCOUNT, "third").await);
    let kms = Client::new(&cloud, &root);
    // The key's policy lets another account make grants, and is not asked who may retire them.
    let policy = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": root.arn()}, "Action": "kms:*", "Resource": "*"},
        {"Effect": "Allow", "Principal": {"AWS": other_root.arn()}, "Action": "kms:CreateGrant", "Resource": "*"},
        {"Effect": "Allow", "Principal": {"AWS": owner.arn()}, "Action": "kms:RetireGrant", "Resource": "*"},
    ]});
    let key = kms.arn(&kms.new_key_with_policy(&policy).await);
    let all = [&root, &owner, &other_root, &other, &third_root, &third];
    let base = json!({"KeyId": key, "GranteePrincipal": third.arn(), "Operations": ["Decrypt"]});
    let cases: [(&TestCaller, Json, &[&TestCaller]); 8] = [
        (&root, json!({}), &[&root]),
        (&root, json!({"RetiringPrincipal": other.arn()}), &[&root, &other]),
        (&root, json!({"RetiringPrincipal": OTHER_ACCOUNT}), &[&root, &other_root]),
        (&root, json!({"RetiringPrincipal": owner.arn()}), &[&root, &owner]),
        (&root, json!({"Operations": ["Decrypt", "RetireGrant"]}), &[&root, &third]),
        (
            &root,
            json!({"GranteePrincipal": THIRD_ACCOUNT, "Operations": ["Decrypt", "RetireGrant"]}),
            &[&root, &third_root],
        ),
        (&other_root, json!({}), &[&root, &other_root]),
        (&other_root, json!({"RetiringPrincipal": third.arn()}), &[&root, &other_root, &third]),
    ];
    for (issuer, changes, allowed) in cases {
        let mut request = base.clone();
        request.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        for caller in all {
            let made = Client::new(&cloud, issuer).ok("CreateGrant", request.clone()).await;
            let may = allowed.iter().any(|other| other.arn() == caller.arn());
            let callers = Client::new(&cloud, caller);
            let by_id = json!({"KeyId": key, "GrantId": made["GrantId"]});
            let by_token = json!({"GrantToken": made["GrantToken"]});
            for input in [&by_id, &by_token] {
                let mut dry = input.clone();
                dry["DryRun"] = json!(true);
                let expected = if may { "DryRunOperationException" } else { "AccessDeniedException" };
                let answer = callers.call("RetireGrant", dry).await.unwrap_err();
                assert_eq!(answer.code, expected, "{} {changes}: {answer:?}", caller.arn());
            }
            if may {
                callers.ok("RetireGrant", by_token.clone()).await;
                kms.refused("RetireGrant", by_token, "NotFoundException").await;
                kms.refused("RetireGrant", by_id, "NotFoundException").await;
            }
        }
    }
}

#[tokio::test]
async fn a_grant_is_revoked_by_those_whom_policies_let_and_by_nobody_else() {
    let cloud = TestCloud::new(241);
    let (root, admin) = (cloud.root(ACCOUNT), cloud.user(ACCOUNT, "admin").await);
    let (alice, other_root) = (cloud.user(ACCOUNT, "alice").await, cloud.root(OTHER_ACCOUNT));
    let kms = Client::new(&cloud, &root);
    let policy = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": root.arn()}, "Action": "kms:*", "Resource": "*"},
        {
            "Effect": "Allow", "Principal": {"AWS": [admin.arn(), other_root.arn()]},
            "Action": ["kms:RevokeGrant", "kms:ListGrants"], "Resource": "*",
        },
    ]});
    let key = kms.arn(&kms.new_key_with_policy(&policy).await);
    for (caller, may) in [(&root, true), (&admin, true), (&other_root, true), (&alice, false)] {
        // Neither the grantee nor the retiring principal may revoke.
        let made = kms
            .ok(
                "CreateGrant",
                json!({
                    "KeyId": key, "GranteePrincipal": alice.arn(), "RetiringPrincipal": alice.arn(),
                    "Operations": ["Decrypt", "RetireGrant", "CreateGrant"],
                }),
            )
            .await;
        let (callers, input) =
            (Client::new(&cloud, caller), json!({"KeyId": key, "GrantId": made["GrantId"]}));
        if may {
            callers.ok("ListGrants", json!({"KeyId": key})).await;
            callers.ok("RevokeGrant", input.clone()).await;
            callers.refused("RevokeGrant", input, "NotFoundException").await;
        } else {
            callers.refused("ListGrants", json!({"KeyId": key}), "AccessDeniedException").await;
            callers.refused("RevokeGrant", input, "AccessDeniedException").await;
        }
    }
    let malformed = json!({"KeyId": key, "GrantId": "x"});
    kms.refused("RevokeGrant", malformed, "InvalidGrantIdException").await;
}

#[tokio::test]
async fn a_grant_to_retire_is_named_in_one_way() {
    let cloud = TestCloud::new(242);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_key().await;
    let create = json!({"KeyId": key_id, "GranteePrincipal": root.arn(), "Operations": ["Decrypt"]});
    let made = kms.ok("CreateGrant", create).await;
    let (grant_id, token) = (&made["GrantId"], &made["GrantToken"]);
    for (input, code) in [
        (json!({}), "ValidationException"),
        (json!({"KeyId": key_id}), "ValidationException"),
        (json!({"GrantId": grant_id}), "ValidationException"),
        (json!({"GrantToken": token, "GrantId": grant_id, "KeyId": key_id}), "ValidationException"),
        (json!({"GrantToken": "x"}), "InvalidGrantTokenException"),
        (json!({"KeyId": key_id, "GrantId": "x"}), "InvalidGrantIdException"),
        (json!({"KeyId": key_id, "GrantId": "0".repeat(64)}), "NotFoundException"),
        (json!({"KeyId": kms.new_key().await, "GrantId": grant_id}), "NotFoundException"),
    ] {
        kms.refused("RetireGrant", input, code).await;
    }
    kms.ok("RetireGrant", json!({"KeyId": kms.arn(&key_id), "GrantId": grant_id})).await;
}

#[tokio::test]
async fn retirable_grants_are_those_of_the_callers_account_on_any_key() {
    let cloud = TestCloud::new(243);
    let (root, other_root) = (cloud.root(ACCOUNT), cloud.root(OTHER_ACCOUNT));
    let user = cloud.user(ACCOUNT, "alice").await;
    let (kms, others) = (Client::new(&cloud, &root), Client::new(&cloud, &other_root));
    let mut made = Vec::new();
    for client in [&kms, &others] {
        let input = json!({
            "KeyId": client.new_key().await, "GranteePrincipal": other_root.arn(),
            "RetiringPrincipal": root.arn(), "Operations": ["Decrypt"],
        });
        made.push(client.ok("CreateGrant", input).await["GrantId"].as_str().unwrap().to_owned());
    }
    let list = json!({"RetiringPrincipal": root.arn()});
    let listed = kms.ok("ListRetirableGrants", list.clone()).await;
    let mut found: Vec<String> = listed["Grants"]
        .as_array()
        .unwrap()
        .iter()
        .map(|grant| grant["GrantId"].as_str().unwrap().to_owned())
        .collect();
    found.sort();
    made.sort();
    assert_eq!(found, made);
    others.refused("ListRetirableGrants", list.clone(), "AccessDeniedException").await;
    Client::new(&cloud, &user).refused("ListRetirableGrants", list.clone(), "AccessDeniedException").await;
    let elsewhere = root.at("eu-west-1");
    assert_eq!(Client::new(&cloud, &elsewhere).ok("ListRetirableGrants", list).await["Grants"], json!([]));
    kms.refused("ListRetirableGrants", json!({}), "ValidationException").await;
    kms.refused("ListRetirableGrants", json!({"RetiringPrincipal": "x"}), "InvalidArnException").await;
}

#[tokio::test]
async fn the_grants_of_a_key_go_with_it() {
    let cloud = TestCloud::new(244);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let (key_id, kept) = (kms.new_key().await, kms.new_key().await);
    for number in 0..7 {
        cloud.user(ACCOUNT, &format!("u{number}")).await;
    }
    for (key_id, count) in [(&key_id, 1050), (&kept, 1)] {
        for number in 0..count {
            kms.ok("CreateGrant", json!({
                "KeyId": key_id, "GranteePrincipal": format!("arn:aws:iam::{ACCOUNT}:user/u{}", number % 7),
                "RetiringPrincipal": root.arn(), "Operations": ["Decrypt"], "Name": format!("n{number}"),
            }))
            .await;
        }
    }
    kms.ok("ScheduleKeyDeletion", json!({"KeyId": key_id, "PendingWindowInDays": 7})).await;
    let create = json!({"KeyId": key_id, "GranteePrincipal": root.arn(), "Operations": ["Decrypt"]});
    kms.refused("CreateGrant", create, "KMSInvalidStateException").await;
    kms.ok("ListGrants", json!({"KeyId": key_id})).await;
    cloud.advance(Duration::from_secs(7 * 86_400)).await;
    kms.refused("ListGrants", json!({"KeyId": key_id}), "NotFoundException").await;
    let left = kms.ok("ListRetirableGrants", json!({"RetiringPrincipal": root.arn()})).await;
    assert_eq!(left["Grants"].as_array().unwrap().len(), 1);
    assert_eq!(tables_with(&cloud, &key_id).await, LEFT_OF_A_KEY);
}
