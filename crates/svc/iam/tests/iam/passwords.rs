//! Login profiles and the account's password policy.

use alcazar_testkit::TestCloud;
use serde_json::json;

use crate::client::{ACCOUNT, Client};

const STRONG: &str = "Passw0rd!";

#[tokio::test]
async fn a_user_gets_a_password_once() {
    let cloud = TestCloud::new(120);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    iam.ok("CreateUser", json!({"UserName": "bob"})).await;
    let user = json!({"UserName": "bob"});
    let none = iam.refused("GetLoginProfile", user.clone()).await;
    assert_eq!(none, "NoSuchEntity: Login Profile for User bob cannot be found.");
    let input = json!({"UserName": "bob", "Password": STRONG, "PasswordResetRequired": true});
    let made = iam.ok("CreateLoginProfile", input.clone()).await;
    let shown =
        json!({"UserName": "bob", "CreateDate": cloud.now().as_secs(), "PasswordResetRequired": true});
    assert_eq!(made["LoginProfile"], shown);
    assert_eq!(iam.ok("GetLoginProfile", user.clone()).await["LoginProfile"], shown);
    let twice = iam.refused("CreateLoginProfile", input).await;
    assert_eq!(twice, "EntityAlreadyExists: Login Profile for user bob already exists.");
    iam.ok("UpdateLoginProfile", json!({"UserName": "bob", "PasswordResetRequired": false})).await;
    iam.ok("DeleteLoginProfile", user.clone()).await;
    assert_eq!(iam.refused("DeleteLoginProfile", user).await, none);
}

#[tokio::test]
async fn a_user_changes_its_own_password_if_it_knows_the_old_one() {
    let cloud = TestCloud::new(121);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    let bob = cloud.user(ACCOUNT, "bob").await;
    let own = Client::new(&cloud, &bob);
    iam.ok("CreateLoginProfile", json!({"UserName": "bob", "Password": STRONG})).await;
    let change = |old: &str, new: &str| json!({"OldPassword": old, "NewPassword": new});
    let denied = own.refused("ChangePassword", change(STRONG, "N3wPassword")).await;
    assert!(denied.starts_with("AccessDenied: "), "{denied}");
    iam.ok("UpdateAccountPasswordPolicy", json!({"AllowUsersToChangePassword": true})).await;
    let wrong = own.refused("ChangePassword", change("another", "N3wPassword")).await;
    assert_eq!(wrong, "AccessDenied: The old password was incorrect.");
    own.ok("ChangePassword", change(STRONG, "N3wPassword")).await;
    own.ok("ChangePassword", change("N3wPassword", STRONG)).await;
    own.ok("GetAccountPasswordPolicy", json!({})).await;
    let root_s = iam.refused("ChangePassword", change(STRONG, "N3wPassword")).await;
    assert_eq!(root_s, "InvalidUserType: Only IAM Users can change their own password");
    let deny = r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"iam:ChangePassword","Resource":"*"}}"#;
    cloud.put_user_policy(&root, "bob", deny).await;
    let denied = own.refused("ChangePassword", change(STRONG, "N3wPassword")).await;
    assert!(denied.contains("explicit deny"), "{denied}");
}

#[tokio::test]
async fn a_password_must_conform_to_the_accounts_policy() {
    let cloud = TestCloud::new(122);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    iam.ok("CreateUser", json!({"UserName": "bob"})).await;
    let create = |password: &str| json!({"UserName": "bob", "Password": password});
    let short = iam.refused("CreateLoginProfile", create("Ab1!")).await;
    assert_eq!(short, "PasswordPolicyViolation: Password should have a minimum length of 8");
    let simple = iam.refused("CreateLoginProfile", create("aaaaaaaaaa")).await;
    assert_eq!(simple, "PasswordPolicyViolation: Password does not conform to the account password policy.");
    iam.ok("UpdateAccountPasswordPolicy", json!({"RequireSymbols": true, "PasswordReusePrevention": 2}))
        .await;
    let lacks = iam.refused("CreateLoginProfile", create("aaaaaaaaaa")).await;
    assert_eq!(lacks, "PasswordPolicyViolation: Password should have at least one symbol");
    iam.ok("CreateLoginProfile", create("first!")).await;
    iam.ok("UpdateLoginProfile", create("second!")).await;
    for used in ["first!", "second!"] {
        let reused = iam.refused("UpdateLoginProfile", create(used)).await;
        assert!(reused.starts_with("PasswordPolicyViolation: Policy constraint violation"), "{reused}");
    }
    iam.ok("UpdateLoginProfile", create("third!")).await;
    iam.ok("UpdateLoginProfile", create("first!")).await;
}

#[tokio::test]
async fn a_password_policy_has_its_defaults_again_for_what_is_left_out() {
    let cloud = TestCloud::new(123);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    let none = iam.refused("GetAccountPasswordPolicy", json!({})).await;
    assert_eq!(none, "NoSuchEntity: The Password Policy with domain name 111122223333 cannot be found.");
    let none = iam.refused("DeleteAccountPasswordPolicy", json!({})).await;
    assert_eq!(none, "NoSuchEntity: The account policy with name PasswordPolicy cannot be found.");
    let input = json!({"MinimumPasswordLength": 10, "MaxPasswordAge": 90, "HardExpiry": true});
    iam.ok("UpdateAccountPasswordPolicy", input).await;
    let policy = iam.ok("GetAccountPasswordPolicy", json!({})).await["PasswordPolicy"].clone();
    assert_eq!((&policy["ExpirePasswords"], &policy["MaxPasswordAge"]), (&json!(true), &json!(90)));
    iam.ok("UpdateAccountPasswordPolicy", json!({})).await;
    let policy = iam.ok("GetAccountPasswordPolicy", json!({})).await["PasswordPolicy"].clone();
    assert_eq!(
        policy,
        json!({
            "MinimumPasswordLength": 6, "RequireSymbols": false, "RequireNumbers": false,
            "RequireUppercaseCharacters": false, "RequireLowercaseCharacters": false,
            "AllowUsersToChangePassword": false, "ExpirePasswords": false,
        })
    );
    iam.ok("DeleteAccountPasswordPolicy", json!({})).await;
}

#[tokio::test]
async fn no_password_is_kept_or_told() {
    let cloud = TestCloud::new(124);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    iam.ok("CreateUser", json!({"UserName": "bob"})).await;
    iam.ok("CreateLoginProfile", json!({"UserName": "bob", "Password": STRONG})).await;
    let events = format!("{:?}", cloud.events());
    assert!(events.contains("CreateLoginProfile") && !events.contains(STRONG));
}
