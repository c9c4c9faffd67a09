//! Every condition key on every operation that has it, and on no other.
//!
//! An operation is tried on a key whose policy allows it under conditions on all of the table's condition keys at once:
//! those that the operation has are to be of their values, and all others are to be missing. Then each value in turn is
//! another one, and the call is denied.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html>

use std::collections::BTreeSet;
use std::time::Duration;

use alcazar_shape::Protocol;
use alcazar_testkit::{TestCaller, TestCloud};
use aws_lc_rs::digest::{SHA256, digest};
use serde_json::{Map, Value as Json, json};

use crate::client::{ACCOUNT, Client, OTHER_ACCOUNT, base64};
use crate::recipients::{ENCLAVE, PCR0, recipient, trusting_cloud};
use crate::samples::{ABROAD, NOWHERE, Sample, is_on_imports, kind, table};
use crate::through;

/// Conditions that no policy can put here yet, since callers have no policies of their own.
const ONLY_IN_IDENTITY_POLICIES: [(&str, &str); 3] = [
    ("CreateKey", "there is no key yet; a unit test of the operation looks at what it asks"),
    ("GenerateRandom", "there is no key"),
    ("RetireGrant", "a key policy has no effect on it"),
];

/// A condition, with a value under which the call is allowed and one under which it is denied.
struct Condition {
    key: &'static str,
    operator: &'static str,
    right: Json,
    wrong: Json,
}

fn is(
    key: &'static str,
    operator: &'static str,
    right: impl Into<Json>,
    wrong: impl Into<Json>,
) -> Condition {
    Condition { key, operator, right: right.into(), wrong: wrong.into() }
}

fn equals(key: &'static str, right: &str, wrong: &str) -> Condition {
    is(key, "StringEquals", right, wrong)
}

/// A name for a key of the table that stands for many.
fn full_name(key: &str) -> String {
    match key {
        "kms:EncryptionContext:" | "aws:ResourceTag/" => format!("{key}Team"),
        "aws:RequestTag/" => format!("{key}Stage"),
        "kms:RecipientAttestation:PCR" | "kms:RecipientAttestation:NitroTPMPCR" => format!("{key}0"),
        _ => key.to_owned(),
    }
}

/// What every call on a key has.
fn of_key(operation: &str, sample: &Sample, via: bool) -> Vec<Condition> {
    let (spec, usage) = kind(operation);
    let (origin, other_origin) =
        if is_on_imports(operation) { ("EXTERNAL", "AWS_KMS") } else { ("AWS_KMS", "EXTERNAL") };
    let mut conditions = vec![
        equals("kms:CallerAccount", ACCOUNT, OTHER_ACCOUNT),
        equals("kms:KeySpec", spec, "RSA_4096"),
        equals("kms:CustomerMasterKeySpec", spec, "RSA_4096"),
        equals("kms:KeyUsage", usage, "NONE"),
        equals("kms:CustomerMasterKeyUsage", usage, "NONE"),
        equals("kms:KeyOrigin", origin, other_origin),
        is("kms:MultiRegion", "Bool", "true", "false"),
        equals("kms:MultiRegionKeyType", "PRIMARY", "REPLICA"),
        is("kms:ResourceAliases", "ForAnyValue:StringEquals", sample.alias.as_str(), "alias/other"),
        equals("aws:ResourceTag/", "red", "blue"),
    ];
    if via {
        conditions.push(equals("kms:ViaService", through::NAME, "s3.us-east-1.amazonaws.com"));
    }
    conditions
}

/// What the encryption context of a call says.
fn of_context() -> Vec<Condition> {
    vec![
        equals("kms:EncryptionContext:", "red", "Red"),
        is("kms:EncryptionContextKeys", "ForAllValues:StringEquals", json!(["Team", "Other"]), "Other"),
        is("kms:EncryptionContextKeys", "ForAnyValue:StringEquals", "Team", json!(["team", "Other"])),
    ]
}

/// What the attestation document says.
fn of_recipient() -> Vec<Condition> {
    vec![
        is("kms:RecipientAttestation:ImageSha384", "StringEqualsIgnoreCase", PCR0.to_uppercase(), "00"),
        is("kms:RecipientAttestation:PCR", "StringEqualsIgnoreCase", PCR0, "00"),
    ]
}

/// A way to call an operation: what the input has beside that of the sample, and the conditions that follow from it.
type Way = (Json, Vec<Condition>);

/// The ways to call an operation.
fn ways(operation: &str, caller: &TestCaller, via: bool) -> Vec<Way> {
    let for_resource = || is("kms:GrantIsForAWSResource", "Bool", via.to_string(), (!via).to_string());
    match operation {
        "CreateGrant" => grants(caller, &for_resource),
        "ListGrants" | "RevokeGrant" => vec![(json!({}), vec![for_resource()])],
        _ => {
            encryption(operation).or_else(|| cryptography(operation)).unwrap_or_else(|| management(operation))
        }
    }
}

fn encryption(operation: &str) -> Option<Vec<Way>> {
    let mut conditions = vec![equals("kms:EncryptionAlgorithm", "SYMMETRIC_DEFAULT", "RSAES_OAEP_SHA_256")];
    conditions.extend(of_context());
    let mut input = json!({"EncryptionContext": {"Team": "red"}});
    if ["Decrypt", "GenerateDataKey", "GenerateDataKeyPair"].contains(&operation) {
        input["Recipient"] = recipient(ENCLAVE);
        conditions.extend(of_recipient());
    }
    match operation {
        "Decrypt" | "Encrypt" | "GenerateDataKey" | "GenerateDataKeyWithoutPlaintext" => {}
        "GenerateDataKeyPair" | "GenerateDataKeyPairWithoutPlaintext" => {
            conditions.push(equals("kms:DataKeyPairSpec", "ECC_NIST_P256", "RSA_2048"));
        }
        "ReEncrypt" => {
            let context = json!({"Team": "red"});
            input = json!({"SourceEncryptionContext": context, "DestinationEncryptionContext": context});
            conditions.push(is("kms:ReEncryptOnSameKey", "Bool", "true", "false"));
        }
        _ => return None,
    }
    Some(vec![(input, conditions)])
}

fn cryptography(operation: &str) -> Option<Vec<Way>> {
    let mac = equals("kms:MacAlgorithm", "HMAC_SHA_256", "HMAC_SHA_512");
    let signed = |right: &str, wrong: &str| {
        let algorithm = equals("kms:SigningAlgorithm", "ECDSA_SHA_256", "ECDSA_SHA_384");
        vec![equals("kms:MessageType", right, wrong), algorithm]
    };
    match operation {
        "GenerateMac" | "VerifyMac" => Some(vec![(json!({}), vec![mac])]),
        "Sign" | "Verify" => {
            let of_digest = json!({"MessageType": "DIGEST", "Message": base64(digest(&SHA256, b"message"))});
            Some(vec![(json!({}), signed("RAW", "DIGEST")), (of_digest, signed("DIGEST", "RAW"))])
        }
        "DeriveSharedSecret" => {
            let mut conditions = of_recipient();
            conditions.push(equals("kms:KeyAgreementAlgorithm", "ECDH", "X"));
            Some(vec![(json!({"Recipient": recipient(ENCLAVE)}), conditions)])
        }
        _ => None,
    }
}

fn management(operation: &str) -> Vec<Way> {
    let days = |days: i32| is("kms:RotationPeriodInDays", "NumericEquals", days.to_string(), "180");
    let window =
        |days: i32| is("kms:ScheduleKeyDeletionPendingWindowInDays", "NumericEquals", days.to_string(), "8");
    let unused = || is("kms:TrailingDaysWithoutKeyUsage", "NumericLessThan", "1", "0");
    let conditions = match operation {
        "PutKeyPolicy" => {
            let bypass = is("kms:BypassPolicyLockoutSafetyCheck", "Bool", "true", "false");
            return vec![
                (json!({}), vec![]),
                (json!({"BypassPolicyLockoutSafetyCheck": true}), vec![bypass]),
            ];
        }
        "EnableKeyRotation" => {
            return vec![(json!({}), vec![days(365)]), (json!({"RotationPeriodInDays": 90}), vec![days(90)])];
        }
        "ScheduleKeyDeletion" => {
            return vec![
                (json!({"PendingWindowInDays": 7}), vec![window(7), unused()]),
                (json!({}), vec![window(30), unused()]),
            ];
        }
        "ImportKeyMaterial" => return imports(),
        "GetParametersForImport" => vec![
            equals("kms:WrappingAlgorithm", "RSAES_OAEP_SHA_256", "RSAES_OAEP_SHA_1"),
            equals("kms:WrappingKeySpec", "RSA_2048", "RSA_4096"),
        ],
        "ReplicateKey" => vec![equals("kms:ReplicaRegion", NOWHERE, ABROAD)],
        "UpdatePrimaryRegion" => vec![equals("kms:PrimaryRegion", ABROAD, NOWHERE)],
        "DisableKey" => vec![unused()],
        "TagResource" => vec![
            equals("aws:RequestTag/", "test", "live"),
            is("aws:TagKeys", "ForAllValues:StringEquals", json!(["Stage"]), json!(["Team"])),
        ],
        "UntagResource" => {
            vec![is("aws:TagKeys", "ForAnyValue:StringEquals", json!(["Stage"]), json!(["Team"]))]
        }
        _ => vec![],
    };
    vec![(json!({}), conditions)]
}

fn grants(caller: &TestCaller, for_resource: &dyn Fn() -> Condition) -> Vec<Way> {
    let key = "kms:GrantOperations";
    let operations = || is(key, "ForAllValues:StringEquals", json!(["DescribeKey", "Encrypt"]), "Encrypt");
    let kind = |right: &str| equals("kms:GrantConstraintType", right, "None");
    let source = "arn:aws:s3:us-east-1:111122223333:bucket";
    let to_principal = json!({
        "RetiringPrincipal": caller.arn(), "Constraints": {"EncryptionContextSubset": {"Team": "red"}},
    });
    let mut of_principal = vec![
        operations(),
        for_resource(),
        kind("EncryptionContextSubset"),
        equals("kms:GranteePrincipal", caller.arn(), "arn:aws:iam::444455556666:root"),
        equals("kms:RetiringPrincipal", caller.arn(), "arn:aws:iam::444455556666:root"),
    ];
    of_principal.extend(of_context());
    let to_service = json!({
        "GranteePrincipal": null, "GranteeServicePrincipal": "s3.amazonaws.com",
        "RetiringServicePrincipal": "rds.amazonaws.com", "Constraints": {"SourceArn": source},
    });
    let of_service = vec![
        operations(),
        for_resource(),
        kind("SourceArn"),
        equals("kms:GranteeServicePrincipal", "s3.amazonaws.com", "rds.amazonaws.com"),
        equals("kms:RetiringServicePrincipal", "rds.amazonaws.com", "s3.amazonaws.com"),
        is("kms:GrantConstraintSourceArn", "ArnEquals", source, "arn:aws:s3:us-east-1:111122223333:other"),
    ];
    vec![(to_principal, of_principal), (to_service, of_service)]
}

fn imports() -> Vec<Way> {
    // The test clouds begin with the year 2026.
    let tomorrow = 1_767_225_600 + 86_400;
    let expires = equals("kms:ExpirationModel", "KEY_MATERIAL_EXPIRES", "KEY_MATERIAL_DOES_NOT_EXPIRE");
    let lasts = equals("kms:ExpirationModel", "KEY_MATERIAL_DOES_NOT_EXPIRE", "KEY_MATERIAL_EXPIRES");
    let until = vec![
        expires,
        is("kms:ValidTo", "NumericLessThanEquals", format!("{tomorrow}.0"), format!("{}.0", tomorrow - 1)),
        is("kms:ValidTo", "DateLessThanEquals", "2026-01-02T00:00:00Z", "2026-01-01T23:59:59Z"),
    ];
    vec![(json!({"ExpirationModel": null, "ValidTo": tomorrow}), until), (json!({}), vec![lasts])]
}

/// A policy that lets a user do everything, and the account do so under the conditions, one of which is wrong if asked.
fn policy(admin: &TestCaller, conditions: &[Condition], missing: &[String], wrong: Option<usize>) -> Json {
    let mut blocks = Map::new();
    for (place, condition) in conditions.iter().enumerate() {
        let value = if wrong == Some(place) { &condition.wrong } else { &condition.right };
        blocks.entry(condition.operator).or_insert(json!({}))[full_name(condition.key)] = value.clone();
    }
    blocks.insert("Null".to_owned(), missing.iter().map(|key| (key.clone(), json!("true"))).collect());
    let root = format!("arn:aws:iam::{ACCOUNT}:root");
    json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": admin.arn()}, "Action": "kms:*", "Resource": "*"},
        {"Effect": "Allow", "Principal": {"AWS": root}, "Action": "kms:*", "Resource": "*", "Condition": blocks},
    ]})
}

/// The code that the call is refused with, if it is.
async fn refusal(kms: &Client<'_>, operation: &str, input: &Json, via: bool) -> Option<String> {
    if !via {
        return kms.call(operation, input.clone()).await.err().map(|error| error.code);
    }
    let model = through::SERVICE.operation(operation).unwrap().model;
    let answer = kms.cloud.send_signed(kms.caller, Protocol::AwsJson1_1, model, input).await;
    if answer.status() == 200 { None } else { answer.code() }
}

/// Whether an operation has a condition key, by the table.
fn has(table: &Json, facts: &Json, operation: &str) -> bool {
    let is_on_key = table["key_operations"].as_array().unwrap().contains(&json!(operation));
    let operations = facts["operations"].as_array().unwrap();
    operations.contains(&json!(operation)) || is_on_key && operations.contains(&json!("key operations"))
}

/// Tries an operation in every way, and gives back the condition keys that it was found to have.
async fn check(kms: &Client<'_>, admin: &Client<'_>, operation: &'static str, via: bool) -> BTreeSet<String> {
    let table = table!("condition_keys.json");
    let takes_aliases = table!("operations.json")["operations"][operation]["aliases"] == true;
    let mut found = BTreeSet::new();
    for (more, conditions) in ways(operation, kms.caller, via) {
        let sample = Sample::new(kms, operation, &json!({"MultiRegion": true})).await;
        if operation == "UpdatePrimaryRegion" {
            sample.replicate(kms).await;
        }
        let tags = json!({"KeyId": sample.key_id, "Tags": [{"TagKey": "Team", "TagValue": "red"}]});
        kms.ok("TagResource", tags).await;
        let mut conditions = conditions;
        conditions.extend(of_key(operation, &sample, via));
        if takes_aliases {
            conditions.push(equals("kms:RequestAlias", &sample.alias, "alias/other"));
        }
        let mut missing = Vec::new();
        for (key, facts) in table["keys"].as_object().unwrap() {
            if !conditions.iter().any(|condition| condition.key == key) {
                missing.push(full_name(key));
                continue;
            }
            assert!(has(&table, facts, operation), "the table has {key} not for {operation}");
            found.insert(key.clone());
        }
        let mut input = sample.input(if takes_aliases { &sample.alias } else { &sample.key_id });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        let last = conditions.len();
        for wrong in (0..=last).map(|place| (place < last).then_some(place)) {
            let policy = policy(admin.caller, &conditions, &missing, wrong).to_string();
            let put = json!({
                "KeyId": sample.key_id, "Policy": policy, "BypassPolicyLockoutSafetyCheck": true,
            });
            let putter = if wrong == Some(0) || last == 0 { kms } else { admin };
            putter.ok("PutKeyPolicy", put).await;
            let refusal = refusal(kms, operation, &input, via).await;
            let expected = match wrong {
                Some(_) => Some("AccessDeniedException"),
                // It cannot be cancelled, but that is not for the policy to say.
                None if operation == "CancelKeyDeletion" => Some("KMSInvalidStateException"),
                None => None,
            };
            let told = wrong.map(|place| (conditions[place].key, &conditions[place].wrong));
            let call = format!("{operation}, via a service: {via}, {told:?}\n{policy}\n{input}");
            assert_eq!(refusal.as_deref(), expected, "{call}");
        }
    }
    found
}

async fn check_each(seed: u64, part: impl Fn(usize) -> bool) {
    let cloud = trusting_cloud(seed, &[&through::SERVICE]).await;
    let (root, admin) = (cloud.root(ACCOUNT), cloud.user(ACCOUNT, "admin").await);
    let (kms, admin) = (Client::new(&cloud, &root), Client::new(&cloud, &admin));
    let table = table!("condition_keys.json");
    for (place, entry) in alcazar_svc_kms::SERVICE.operations.iter().enumerate() {
        let operation = entry.model.name;
        let is_on_key = table["key_operations"].as_array().unwrap().contains(&json!(operation));
        let elsewhere = ONLY_IN_IDENTITY_POLICIES.iter().any(|(name, _)| *name == operation);
        if !is_on_key || elsewhere || !part(place) {
            continue;
        }
        let mut found = check(&kms, &admin, operation, false).await;
        found.extend(check(&kms, &admin, operation, true).await);
        for (key, facts) in table["keys"].as_object().unwrap() {
            // An enclave's document has nothing of a NitroTPM; another test shows one that has.
            if has(&table, facts, operation) && key != "kms:RecipientAttestation:NitroTPMPCR" {
                assert!(found.contains(key), "{operation} was not tried with {key}");
            }
        }
    }
}

#[tokio::test]
async fn each_condition_key_decides_about_the_operations_that_have_it_first_quarter() {
    check_each(600, |place| place % 4 == 0).await;
}

#[tokio::test]
async fn each_condition_key_decides_about_the_operations_that_have_it_second_quarter() {
    check_each(601, |place| place % 4 == 1).await;
}

#[tokio::test]
async fn each_condition_key_decides_about_the_operations_that_have_it_third_quarter() {
    check_each(602, |place| place % 4 == 2).await;
}

#[tokio::test]
async fn each_condition_key_decides_about_the_operations_that_have_it_last_quarter() {
    check_each(603, |place| place % 4 == 3).await;
}

#[test]
fn the_table_has_every_operation_on_a_key() {
    let (keys, operations) = (table!("condition_keys.json"), table!("operations.json"));
    for (operation, facts) in operations["operations"].as_object().unwrap() {
        let resources = facts["resources"].as_array().unwrap();
        let is_on_key = resources.iter().any(|resource| resource.as_str().unwrap().starts_with("key"));
        let listed = keys["key_operations"].as_array().unwrap().contains(&json!(operation));
        assert_eq!(is_on_key, listed, "{operation}");
    }
}

#[tokio::test]
async fn keys_of_one_region_and_replicas_are_told_apart() {
    let cloud = TestCloud::new(604);
    let (root, user) = (cloud.root(ACCOUNT), cloud.user(ACCOUNT, "ann").await);
    let (there, user_there) = (root.at(ABROAD), user.at(ABROAD));
    let (kms, ann) = (Client::new(&cloud, &root), Client::new(&cloud, &user));
    let (abroad, ann_abroad) = (Client::new(&cloud, &there), Client::new(&cloud, &user_there));
    let sample = Sample::new(&kms, "ReplicateKey", &json!({})).await;
    sample.replicate(&kms).await;
    let (single, replica) = (json!(kms.new_key().await), json!(sample.key_id));
    for (key_id, owner, user, condition) in [
        (
            &single,
            &kms,
            &ann,
            json!({"Bool": {"kms:MultiRegion": "false"}, "Null": {"kms:MultiRegionKeyType": "true"}}),
        ),
        (&replica, &abroad, &ann_abroad, json!({"StringEquals": {"kms:MultiRegionKeyType": "REPLICA"}})),
    ] {
        let describe = json!({"KeyId": key_id});
        user.refused("DescribeKey", describe.clone(), "AccessDeniedException").await;
        let root = format!("arn:aws:iam::{ACCOUNT}:root");
        let policy = json!({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": root}, "Action": "kms:*", "Resource": "*"},
            {"Effect": "Allow", "Principal": {"AWS": user.caller.arn()}, "Action": "kms:*", "Resource": "*",
             "Condition": condition},
        ]});
        owner.ok("PutKeyPolicy", json!({"KeyId": key_id, "Policy": policy.to_string()})).await;
        user.ok("DescribeKey", describe).await;
    }
}

#[tokio::test]
async fn a_key_that_was_used_lately_can_be_kept_from_being_disabled() {
    const DAY: Duration = Duration::from_secs(86_400);
    let cloud = TestCloud::new(605);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let arn = format!("arn:aws:iam::{ACCOUNT}:root");
    // AWS's own example, with fewer days.
    let policy = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": arn}, "Action": "kms:*", "Resource": "*"},
        {"Effect": "Deny", "Principal": "*", "Action": ["kms:DisableKey", "kms:ScheduleKeyDeletion"], "Resource": "*",
         "Condition": {"NumericLessThanEquals": {"kms:TrailingDaysWithoutKeyUsage": "2"}}},
    ]});
    let (used, unused) = (kms.new_key_with_policy(&policy).await, kms.new_key_with_policy(&policy).await);
    for operation in ["DisableKey", "ScheduleKeyDeletion"] {
        kms.refused(operation, json!({"KeyId": unused}), "AccessDeniedException").await;
    }
    cloud.advance(DAY).await;
    kms.encrypt(&used, "x", json!({})).await;
    cloud.advance(3 * DAY - Duration::from_secs(1)).await;
    kms.refused("DisableKey", json!({"KeyId": used}), "AccessDeniedException").await;
    kms.ok("DisableKey", json!({"KeyId": unused})).await;
    cloud.advance(Duration::from_secs(1)).await;
    kms.ok("DisableKey", json!({"KeyId": used})).await;
    kms.ok("ScheduleKeyDeletion", json!({"KeyId": used})).await;
}

/// Makes a key that `root` may do everything with, and `principal` under a condition; gives back its ARN.
async fn conditional_key(kms: &Client<'_>, mut input: Json, principal: &str, condition: &Json) -> String {
    let root = format!("arn:aws:iam::{ACCOUNT}:root");
    let policy = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": root}, "Action": "kms:*", "Resource": "*"},
        {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "kms:*", "Resource": "*",
         "Condition": condition},
    ]});
    input["Policy"] = json!(policy.to_string());
    kms.ok("CreateKey", input).await["KeyMetadata"]["Arn"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_rsa_key_can_be_kept_to_one_of_its_algorithms() {
    let cloud = TestCloud::new(606);
    let (root, user) = (cloud.root(ACCOUNT), cloud.user(ACCOUNT, "ann").await);
    let (kms, ann) = (Client::new(&cloud, &root), Client::new(&cloud, &user));
    let input = json!({"KeySpec": "RSA_2048", "KeyUsage": "ENCRYPT_DECRYPT"});
    let condition = json!({"StringEquals": {"kms:EncryptionAlgorithm": "RSAES_OAEP_SHA_256"}});
    let arn = conditional_key(&kms, input, user.arn(), &condition).await;
    let encrypt =
        |algorithm| json!({"KeyId": arn, "Plaintext": base64("x"), "EncryptionAlgorithm": algorithm});
    ann.refused("Encrypt", encrypt("RSAES_OAEP_SHA_1"), "AccessDeniedException").await;
    let blob = ann.ok("Encrypt", encrypt("RSAES_OAEP_SHA_256")).await["CiphertextBlob"].clone();
    let decrypt = |algorithm| json!({"KeyId": arn, "CiphertextBlob": blob, "EncryptionAlgorithm": algorithm});
    ann.refused("Decrypt", decrypt("RSAES_OAEP_SHA_1"), "AccessDeniedException").await;
    ann.ok("Decrypt", decrypt("RSAES_OAEP_SHA_256")).await;
}

#[tokio::test]
async fn each_side_of_re_encrypt_is_asked_for_itself() {
    let cloud = TestCloud::new(607);
    let (root, user) = (cloud.root(ACCOUNT), cloud.user(ACCOUNT, "ann").await);
    let (kms, ann) = (Client::new(&cloud, &root), Client::new(&cloud, &user));
    let moved = |team: &str| json!({"Bool": {"kms:ReEncryptOnSameKey": "false"}, "StringEquals": {"kms:EncryptionContext:Team": team}});
    let from = conditional_key(&kms, json!({}), user.arn(), &moved("red")).await;
    let to = conditional_key(&kms, json!({}), user.arn(), &moved("blue")).await;
    let blob = kms.encrypt(&from, "x", json!({"Team": "red"})).await;
    let input = |destination: &str, team: &str| {
        json!({
            "CiphertextBlob": blob, "SourceEncryptionContext": {"Team": "red"},
            "DestinationKeyId": destination, "DestinationEncryptionContext": {"Team": team},
        })
    };
    ann.ok("ReEncrypt", input(&to, "blue")).await;
    for (destination, team) in [(&to, "red"), (&from, "red"), (&from, "blue")] {
        ann.refused("ReEncrypt", input(destination, team), "AccessDeniedException").await;
    }
}

#[tokio::test]
async fn an_alias_arn_is_asked_for_by_its_name_and_another_account_by_its_number() {
    let cloud = TestCloud::new(608);
    let (root, other) = (cloud.root(ACCOUNT), cloud.root(OTHER_ACCOUNT));
    let (kms, stranger) = (Client::new(&cloud, &root), Client::new(&cloud, &other));
    let condition =
        json!({"StringEquals": {"kms:RequestAlias": "alias/a", "kms:CallerAccount": OTHER_ACCOUNT}});
    let key = conditional_key(&kms, json!({}), "*", &condition).await;
    let [alias, other_alias] = ["alias/a", "alias/b"];
    for name in [alias, other_alias] {
        kms.ok("CreateAlias", json!({"AliasName": name, "TargetKeyId": key})).await;
    }
    let arn = |name: &str| format!("arn:aws:kms:us-east-1:{ACCOUNT}:{name}");
    stranger.ok("DescribeKey", json!({"KeyId": arn(alias)})).await;
    for name in [&key, &arn(other_alias)] {
        stranger.refused("DescribeKey", json!({"KeyId": name}), "AccessDeniedException").await;
    }
}
