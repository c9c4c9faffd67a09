//! Making grants and listing them: what a grant may be, repetitions, grants by grants, pages.

use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client, OTHER_ACCOUNT, base64};

fn user(name: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:user/{name}")
}

/// Users that grants name.
async fn make_users(cloud: &TestCloud, names: &[&str]) {
    for name in names {
        cloud.user(ACCOUNT, name).await;
    }
}

async fn listed(kms: &Client<'_>, input: Json) -> Vec<Json> {
    kms.ok("ListGrants", input).await["Grants"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_grant_is_listed_as_it_was_made() {
    let cloud = TestCloud::new(220);
    make_users(&cloud, &["admin", "alice", "bob"]).await;
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_key().await;
    let constraints = json!({"EncryptionContextSubset": {"Department": "IT"}});
    let made = kms.ok("CreateGrant", json!({
        "KeyId": key_id, "GranteePrincipal": user("alice"), "RetiringPrincipal": user("admin"), "Name": "it/1",
        "Operations": ["Encrypt", "Decrypt"], "Constraints": constraints,
    }))
    .await;
    let grant_id = made["GrantId"].as_str().unwrap();
    assert!(grant_id.len() == 64 && grant_id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{grant_id}");
    let expected = json!({
        "KeyId": kms.arn(&key_id), "GrantId": grant_id, "Name": "it/1", "CreationDate": 1_767_225_600,
        "GranteePrincipal": user("alice"), "RetiringPrincipal": user("admin"),
        "IssuingAccount": format!("arn:aws:iam::{ACCOUNT}:root"),
        "Operations": ["Decrypt", "Encrypt"], "Constraints": constraints,
    });
    let (of_key, of_grantee) =
        (json!({"KeyId": key_id}), json!({"KeyId": key_id, "GranteePrincipal": user("alice")}));
    for input in [&of_key, &of_grantee, &json!({"KeyId": key_id, "GrantId": grant_id})] {
        assert_eq!(listed(&kms, input.clone()).await, std::slice::from_ref(&expected), "{input}");
    }
    for input in [
        json!({"KeyId": key_id, "GranteePrincipal": user("bob")}),
        json!({"KeyId": key_id, "GrantId": grant_id, "GranteePrincipal": user("bob")}),
        json!({"KeyId": key_id, "GrantId": "0".repeat(64)}),
    ] {
        assert_eq!(listed(&kms, input.clone()).await, [] as [Json; 0], "{input}");
    }
    let retirable = kms.ok("ListRetirableGrants", json!({"RetiringPrincipal": user("admin")})).await;
    assert_eq!(retirable, json!({"Grants": [expected], "Truncated": false}));
    kms.refused("ListGrants", json!({"KeyId": key_id, "GrantId": "g"}), "InvalidGrantIdException").await;
}

#[tokio::test]
async fn a_repeated_request_with_a_name_makes_no_second_grant() {
    let cloud = TestCloud::new(221);
    make_users(&cloud, &["alice", "bob"]).await;
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_key().await;
    let request = json!({
        "KeyId": key_id, "GranteePrincipal": user("alice"), "Operations": ["Encrypt", "Decrypt"], "Name": "n",
        "Constraints": {"EncryptionContextEquals": {"a": "1"}},
    });
    let first = kms.ok("CreateGrant", request.clone()).await;
    let mut same = request.clone();
    same["KeyId"] = json!(kms.arn(&key_id));
    same["Operations"] = json!(["Decrypt", "Encrypt", "Decrypt"]);
    for again in [&request, &same] {
        let again = kms.ok("CreateGrant", again.clone()).await;
        assert_eq!(again["GrantId"], first["GrantId"]);
        assert_ne!(again["GrantToken"], first["GrantToken"]);
    }
    let mut ids = vec![first["GrantId"].clone()];
    for (member, value) in [
        ("Name", json!("m")),
        ("GranteePrincipal", json!(user("bob"))),
        ("RetiringPrincipal", json!(user("bob"))),
        ("Operations", json!(["Decrypt"])),
        ("Constraints", json!({"EncryptionContextSubset": {"a": "1"}})),
        ("Constraints", json!({"EncryptionContextEquals": {"a": "2"}})),
        // Without a name every request makes a grant.
        ("Name", Json::Null),
        ("Name", Json::Null),
    ] {
        let mut request = request.clone();
        request[member] = value;
        let made = kms.ok("CreateGrant", request).await["GrantId"].clone();
        assert!(!ids.contains(&made));
        ids.push(made);
    }
    assert_eq!(listed(&kms, json!({"KeyId": key_id})).await.len(), ids.len());
    // A grant that is gone is made anew.
    kms.ok("RevokeGrant", json!({"KeyId": key_id, "GrantId": first["GrantId"]})).await;
    assert!(!ids.contains(&kms.ok("CreateGrant", request).await["GrantId"]));
}

#[tokio::test]
async fn what_no_grant_can_be_is_refused() {
    let cloud = TestCloud::new(222);
    make_users(&cloud, &["alice"]).await;
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_key().await;
    let hmac = json!({"KeyUsage": "GENERATE_VERIFY_MAC", "KeySpec": "HMAC_256"});
    let hmac = kms.ok("CreateKey", hmac).await["KeyMetadata"]["KeyId"].clone();
    let base = json!({"KeyId": key_id, "GranteePrincipal": user("alice"), "Operations": ["Decrypt"]});
    let source = json!({"SourceArn": format!("arn:aws:lambda:us-east-1:{ACCOUNT}:function:f")});
    for (changes, code, message) in [
        (json!({"Operations": []}), "ValidationException", "at 'operations'"),
        (
            json!({"Operations": ["CreateGrant"]}),
            "ValidationException",
            "Grants must not contain only the CreateGrant operation.",
        ),
        (json!({"Operations": ["ListGrants"]}), "ValidationException", "at 'operations'"),
        (json!({"Operations": ["Sign"]}), "ValidationException", "Sign"),
        (json!({"Operations": ["Decrypt", "GetPublicKey"]}), "ValidationException", "GetPublicKey"),
        (json!({"KeyId": hmac}), "ValidationException", "Decrypt"),
        (
            json!({"KeyId": hmac, "Operations": ["VerifyMac"], "Constraints": {"EncryptionContextSubset": {"a": "1"}}}),
            "ValidationException",
            "HMAC_256",
        ),
        (
            json!({"Constraints": {"EncryptionContextSubset": {"a": "1"}, "EncryptionContextEquals": {"a": "1"}}}),
            "ValidationException",
            "but not both",
        ),
        (
            json!({"Constraints": {"EncryptionContextEquals": {"a": "x".repeat(385)}}}),
            "LimitExceededException",
            "384",
        ),
        (
            json!({"GranteePrincipal": "sns.amazonaws.com"}),
            "InvalidArnException",
            "ARN does not refer to a valid principal: sns.amazonaws.com",
        ),
        (
            json!({"RetiringPrincipal": "arn:aws-cn:iam::111122223333:root"}),
            "InvalidArnException",
            "ARN does not refer to a valid principal: arn:aws-cn:iam::111122223333:root",
        ),
        (json!({"GranteePrincipal": "not a principal"}), "ValidationException", "at 'granteePrincipal'"),
        (json!({"GranteePrincipal": null}), "ValidationException", "GranteePrincipal"),
        (json!({"GranteeServicePrincipal": "sns.amazonaws.com"}), "ValidationException", "but not both"),
        (
            json!({"GranteePrincipal": null, "GranteeServicePrincipal": "sns.amazonaws.com"}),
            "ValidationException",
            "SourceArn",
        ),
        (
            json!({"GranteePrincipal": null, "GranteeServicePrincipal": "sns.amazonaws.com", "Constraints": source}),
            "ValidationException",
            "RetiringPrincipal",
        ),
        (json!({"GrantTokens": ["x"]}), "InvalidGrantTokenException", ""),
        (json!({"KeyId": "alias/x"}), "InvalidArnException", "Key Aliases"),
    ] {
        let mut input = base.clone();
        input.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        let told = kms.refused("CreateGrant", input, code).await;
        assert!(told.contains(message), "{changes}: {told}");
    }
    assert_eq!(listed(&kms, json!({"KeyId": key_id})).await, [] as [Json; 0]);
}

#[tokio::test]
async fn a_grant_to_a_service_is_shown_as_one() {
    let cloud = TestCloud::new(223);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_key().await;
    kms.ok(
        "CreateGrant",
        json!({
            "KeyId": key_id, "GranteeServicePrincipal": "sns.amazonaws.com", "Operations": ["Decrypt"],
            "RetiringServicePrincipal": "sns.amazonaws.com",
            "Constraints": {"SourceArn": format!("arn:aws:sns:us-east-1:{ACCOUNT}:topic")},
        }),
    )
    .await;
    let filter = json!({"KeyId": key_id, "GranteeServicePrincipal": "sns.amazonaws.com"});
    let grant = listed(&kms, filter).await.remove(0);
    assert_eq!(grant["GranteeServicePrincipal"], json!("sns.amazonaws.com"));
    assert_eq!(grant["RetiringServicePrincipal"], json!("sns.amazonaws.com"));
    assert!(grant.get("GranteePrincipal").is_none() && grant.get("RetiringPrincipal").is_none(), "{grant}");
    let services = json!({"RetiringServicePrincipal": "sns.amazonaws.com"});
    kms.refused("ListRetirableGrants", services, "ValidationException").await;
}

#[tokio::test]
async fn by_a_grant_no_wider_one_can_be_made() {
    let cloud = TestCloud::new(224);
    let (root, alice) = (cloud.root(ACCOUNT), cloud.user(ACCOUNT, "alice").await);
    let bob = cloud.user(OTHER_ACCOUNT, "bob").await;
    let (kms, alices) = (Client::new(&cloud, &root), Client::new(&cloud, &alice));
    let key = kms.arn(&kms.new_key().await);
    let child = |operations: Json, constraints: Json| {
        let mut input = json!({"KeyId": key, "GranteePrincipal": bob.arn(), "Operations": operations});
        if !constraints.is_null() {
            input["Constraints"] = constraints;
        }
        input
    };
    let (equals, subset) = ("EncryptionContextEquals", "EncryptionContextSubset");
    let parent = json!({
        "KeyId": key, "GranteePrincipal": alice.arn(), "Operations": ["Decrypt", "CreateGrant", "DescribeKey"],
        "Constraints": {subset: {"App": "1"}},
    });
    let parent = kms.ok("CreateGrant", parent).await;
    for (operations, constraints, allowed) in [
        (json!(["Decrypt"]), json!({subset: {"App": "1"}}), true),
        (json!(["Decrypt", "CreateGrant"]), json!({subset: {"app": "1", "b": "2"}}), true),
        (json!(["DescribeKey"]), json!({equals: {"App": "1", "b": "2"}}), true),
        (json!(["Decrypt"]), Json::Null, false),
        (json!(["DescribeKey"]), Json::Null, false),
        (json!(["Decrypt"]), json!({subset: {"App": "2"}}), false),
        (json!(["Decrypt"]), json!({subset: {"b": "2"}}), false),
        (json!(["Decrypt"]), json!({equals: {}}), false),
        (json!(["Decrypt", "Encrypt"]), json!({subset: {"App": "1"}}), false),
        (json!(["Decrypt", "RetireGrant"]), json!({subset: {"App": "1"}}), false),
    ] {
        let input = child(operations.clone(), constraints.clone());
        let answer = alices.call("CreateGrant", input).await;
        assert_eq!(answer.is_ok(), allowed, "{operations} {constraints}: {answer:?}");
    }
    // The grants that were made stay when the one they were made by goes.
    kms.ok("RevokeGrant", json!({"KeyId": key, "GrantId": parent["GrantId"]})).await;
    let input = child(json!(["Decrypt"]), json!({subset: {"App": "1"}}));
    alices.refused("CreateGrant", input, "AccessDeniedException").await;
    let context = json!({"App": "1", "b": "2"});
    let blob = kms.encrypt(&key, "x", context.clone()).await;
    let decrypt = json!({"CiphertextBlob": blob, "KeyId": key, "EncryptionContext": context});
    Client::new(&cloud, &bob).ok("Decrypt", decrypt).await;
    assert_eq!(listed(&kms, json!({"KeyId": key})).await.len(), 3);
}

#[tokio::test]
async fn conditions_on_what_is_granted_decide() {
    let cloud = TestCloud::new(225);
    make_users(&cloud, &["bob", "eve"]).await;
    let (root, alice) = (cloud.root(ACCOUNT), cloud.user(ACCOUNT, "alice").await);
    let (kms, alices) = (Client::new(&cloud, &root), Client::new(&cloud, &alice));
    let source = format!("arn:aws:lambda:us-east-1:{ACCOUNT}:function:f");
    let service = json!({
        "GranteePrincipal": null, "GranteeServicePrincipal": "sns.amazonaws.com",
        "RetiringServicePrincipal": "sqs.amazonaws.com", "Constraints": {"SourceArn": source},
    });
    let context = json!({"Constraints": {"EncryptionContextSubset": {"App": "1"}}});
    for (condition, changes, allowed) in [
        (
            json!({"ForAllValues:StringEquals": {"kms:GrantOperations": ["Decrypt", "Encrypt"]}}),
            json!({}),
            true,
        ),
        (json!({"ForAllValues:StringEquals": {"kms:GrantOperations": ["Encrypt"]}}), json!({}), false),
        (
            json!({"StringEquals": {"kms:GrantConstraintType": "EncryptionContextSubset"}}),
            context.clone(),
            true,
        ),
        (
            json!({"StringEquals": {"kms:GrantConstraintType": "EncryptionContextEquals"}}),
            context.clone(),
            false,
        ),
        (json!({"StringEquals": {"kms:GrantConstraintType": "EncryptionContextSubset"}}), json!({}), false),
        (json!({"StringEquals": {"kms:GranteePrincipal": user("bob")}}), json!({}), true),
        (json!({"StringEquals": {"kms:GranteePrincipal": user("eve")}}), json!({}), false),
        (
            json!({"StringEquals": {"kms:RetiringPrincipal": user("eve")}}),
            json!({"RetiringPrincipal": user("eve")}),
            true,
        ),
        (json!({"StringEquals": {"kms:RetiringPrincipal": user("eve")}}), json!({}), false),
        (json!({"StringEquals": {"kms:EncryptionContext:App": "1"}}), context.clone(), true),
        (json!({"StringEquals": {"kms:EncryptionContext:App": "2"}}), context.clone(), false),
        (json!({"ForAnyValue:StringEquals": {"kms:EncryptionContextKeys": "App"}}), context, true),
        (
            json!({"StringEquals": {"kms:GranteeServicePrincipal": "sns.amazonaws.com"}}),
            service.clone(),
            true,
        ),
        (
            json!({"StringEquals": {"kms:RetiringServicePrincipal": "sns.amazonaws.com"}}),
            service.clone(),
            false,
        ),
        (json!({"ArnEquals": {"kms:GrantConstraintSourceArn": source}}), service.clone(), true),
        (json!({"ArnEquals": {"kms:GrantConstraintSourceArn": source}}), json!({}), false),
        (json!({"Bool": {"kms:GrantIsForAWSResource": "true"}}), json!({}), false),
        (json!({"Bool": {"kms:GrantIsForAWSResource": "false"}}), json!({}), true),
    ] {
        let policy = json!({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": root.arn()}, "Action": "kms:*", "Resource": "*"},
            {
                "Effect": "Allow", "Principal": {"AWS": alice.arn()}, "Action": "kms:CreateGrant", "Resource": "*",
                "Condition": condition,
            },
        ]});
        let key_id = kms.new_key_with_policy(&policy).await;
        let mut input = json!({"KeyId": key_id, "GranteePrincipal": user("bob"), "Operations": ["Decrypt"]});
        input.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        let answer = alices.call("CreateGrant", input).await;
        assert_eq!(answer.is_ok(), allowed, "{condition} {changes}: {answer:?}");
    }
}

#[tokio::test]
async fn grants_are_listed_in_pages() {
    let cloud = TestCloud::new(226);
    make_users(&cloud, &["alice", "bob"]).await;
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_key().await;
    let mut made = Vec::new();
    for number in 0..120 {
        let grantee = user(if number % 4 == 0 { "alice" } else { "bob" });
        let input = json!({
            "KeyId": key_id, "GranteePrincipal": grantee, "RetiringPrincipal": root.arn(), "Operations": ["Decrypt"],
        });
        made.push(kms.ok("CreateGrant", input).await["GrantId"].as_str().unwrap().to_owned());
    }
    made.sort();
    let of_alice = json!({"KeyId": key_id, "GranteePrincipal": user("alice")});
    for (operation, input, limit, expected) in [
        ("ListGrants", json!({"KeyId": key_id}), None, vec![50, 50, 20]),
        ("ListGrants", json!({"KeyId": key_id}), Some(100), vec![100, 20]),
        ("ListGrants", json!({"KeyId": key_id}), Some(1000), vec![100, 20]),
        ("ListGrants", of_alice, Some(25), vec![25, 5]),
        ("ListRetirableGrants", json!({"RetiringPrincipal": root.arn()}), Some(60), vec![60, 60]),
    ] {
        let (mut found, mut sizes, mut input) = (Vec::new(), Vec::new(), input);
        if let Some(limit) = limit {
            input["Limit"] = json!(limit);
        }
        loop {
            let page = kms.ok(operation, input.clone()).await;
            let grants = page["Grants"].as_array().unwrap();
            sizes.push(grants.len());
            found.extend(grants.iter().map(|grant| grant["GrantId"].as_str().unwrap().to_owned()));
            match page.get("NextMarker") {
                Some(marker) => input["Marker"] = marker.clone(),
                None => break,
            }
        }
        assert_eq!(sizes, expected, "{operation} {input}");
        found.sort();
        found.dedup();
        assert_eq!(found.len(), expected.iter().sum::<usize>());
        assert!(found.iter().all(|grant_id| made.binary_search(grant_id).is_ok()));
    }
    let wrong = json!({"KeyId": key_id, "Marker": "x"});
    kms.refused("ListGrants", wrong, "InvalidMarkerException").await;
}

#[tokio::test]
async fn a_dry_run_makes_and_ends_nothing() {
    let cloud = TestCloud::new(227);
    let (root, alice) = (cloud.root(ACCOUNT), cloud.user(ACCOUNT, "alice").await);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_key().await;
    let create = json!({"KeyId": key_id, "GranteePrincipal": alice.arn(), "Operations": ["Encrypt"]});
    let dry = |input: &Json| {
        let mut input = input.clone();
        input["DryRun"] = json!(true);
        input
    };
    kms.refused("CreateGrant", dry(&create), "DryRunOperationException").await;
    assert_eq!(listed(&kms, json!({"KeyId": key_id})).await.len(), 0);
    let made = kms.ok("CreateGrant", create.clone()).await;
    let by_id = json!({"KeyId": key_id, "GrantId": made["GrantId"]});
    let by_token = json!({"GrantToken": made["GrantToken"]});
    for (operation, input) in [("RevokeGrant", &by_id), ("RetireGrant", &by_id), ("RetireGrant", &by_token)] {
        kms.refused(operation, dry(input), "DryRunOperationException").await;
        Client::new(&cloud, &alice).refused(operation, dry(input), "AccessDeniedException").await;
    }
    let encrypt = json!({"KeyId": key_id, "Plaintext": base64("x")});
    Client::new(&cloud, &alice).refused("Encrypt", dry(&encrypt), "DryRunOperationException").await;
    assert_eq!(listed(&kms, json!({"KeyId": key_id})).await.len(), 1);
}

#[tokio::test]
async fn a_key_has_no_more_grants_than_the_quota() {
    let cloud = TestCloud::builder(228).quota("kms.grants-per-key", "3").build();
    make_users(&cloud, &["a"]).await;
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let (key_id, other) = (kms.new_key().await, kms.new_key().await);
    let create = |key_id: &str, name: &str| json!({"KeyId": key_id, "GranteePrincipal": user("a"), "Operations": ["Decrypt"], "Name": name});
    let first = kms.ok("CreateGrant", create(&key_id, "0")).await;
    for name in ["1", "2", "2"] {
        kms.ok("CreateGrant", create(&key_id, name)).await;
    }
    let mut more = create(&key_id, "3");
    let message = kms.refused("CreateGrant", more.clone(), "LimitExceededException").await;
    assert_eq!(message, "Grants per key quota for this account in this region is 3, current usage is 3.");
    more["DryRun"] = json!(true);
    kms.refused("CreateGrant", more, "LimitExceededException").await;
    kms.ok("CreateGrant", create(&other, "3")).await;
    // A repetition needs no room, and one that goes makes some.
    kms.ok("CreateGrant", create(&key_id, "2")).await;
    kms.ok("RevokeGrant", json!({"KeyId": key_id, "GrantId": first["GrantId"]})).await;
    kms.ok("CreateGrant", create(&key_id, "3")).await;
    kms.refused("CreateGrant", create(&key_id, "4"), "LimitExceededException").await;
}
