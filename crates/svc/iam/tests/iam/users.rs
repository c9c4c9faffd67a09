//! Users: what a new name takes along, and what keeps one from being deleted.

use alcazar_testkit::TestCloud;
use serde_json::json;

use crate::client::{ACCOUNT, Client, OTHER_ACCOUNT, POLICY, each};
use crate::mfa_devices::device;

#[tokio::test]
async fn a_renamed_user_keeps_all_that_is_its_own() {
    let cloud = TestCloud::new(1);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    let policy = json!({"PolicyName": "listing", "PolicyDocument": POLICY});
    let policy_arn = iam.ok("CreatePolicy", policy).await["Policy"]["Arn"].clone();
    let input = json!({"UserName": "bob", "PermissionsBoundary": policy_arn});
    let before = iam.ok("CreateUser", input).await["User"].clone();
    let key = iam.ok("CreateAccessKey", json!({"UserName": "bob"})).await["AccessKey"].clone();
    iam.ok("CreateGroup", json!({"GroupName": "team"})).await;
    iam.ok("AddUserToGroup", json!({"GroupName": "team", "UserName": "bob"})).await;
    iam.ok("AttachUserPolicy", json!({"UserName": "bob", "PolicyArn": policy_arn})).await;
    iam.ok("CreateLoginProfile", json!({"UserName": "bob", "Password": "Passw0rd!"})).await;
    let serial_number = device(&iam, "phone").await.enable(&iam, "bob").await;
    iam.ok("UpdateUser", json!({"UserName": "BOB", "NewUserName": "Robert", "NewPath": "/staff/"})).await;

    let missing = iam.refused("GetUser", json!({"UserName": "bob"})).await;
    assert_eq!(missing, "NoSuchEntity: The user with name bob cannot be found.");
    let after = iam.ok("GetUser", json!({"UserName": "robert"})).await["User"].clone();
    assert_eq!(after["UserId"], before["UserId"]);
    assert_eq!(after["Arn"], json!("arn:aws:iam::111122223333:user/staff/Robert"));
    assert_eq!(after["PermissionsBoundary"], before["PermissionsBoundary"]);
    let named = json!({"UserName": "Robert"});
    let keys = iam.ok("ListAccessKeys", named.clone()).await["AccessKeyMetadata"].clone();
    assert_eq!((&keys[0]["AccessKeyId"], &keys[0]["UserName"]), (&key["AccessKeyId"], &json!("Robert")));
    let used = iam.ok("GetAccessKeyLastUsed", json!({"AccessKeyId": key["AccessKeyId"]})).await;
    assert_eq!(used["UserName"], json!("Robert"));
    let members = iam.ok("GetGroup", json!({"GroupName": "team"})).await["Users"].clone();
    assert_eq!(each(members.as_array().unwrap(), "Arn"), [after["Arn"].as_str().unwrap()]);
    let profile = iam.ok("GetLoginProfile", named.clone()).await["LoginProfile"].clone();
    assert_eq!(profile["UserName"], json!("Robert"));
    let devices = iam.ok("ListMFADevices", named.clone()).await["MFADevices"].clone();
    assert_eq!(each(devices.as_array().unwrap(), "SerialNumber"), std::slice::from_ref(&serial_number));
    let assigned = json!({"AssignmentStatus": "Assigned"});
    let assigned = iam.ok("ListVirtualMFADevices", assigned).await["VirtualMFADevices"].clone();
    assert_eq!(assigned[0]["User"]["UserName"], json!("Robert"));
    let entities = json!({"PolicyArn": policy_arn});
    let users = iam.ok("ListEntitiesForPolicy", entities).await["PolicyUsers"].clone();
    assert!(each(users.as_array().unwrap(), "UserName").iter().all(|name| name == "Robert"), "{users}");
    iam.ok("DeactivateMFADevice", json!({"UserName": "Robert", "SerialNumber": serial_number})).await;
}

#[tokio::test]
async fn a_name_is_taken_whatever_its_case_but_not_by_oneself() {
    let cloud = TestCloud::new(2);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    for name in ["bob", "eve"] {
        iam.ok("CreateUser", json!({"UserName": name})).await;
    }
    let taken = iam.refused("UpdateUser", json!({"UserName": "bob", "NewUserName": "EVE"})).await;
    assert_eq!(taken, "EntityAlreadyExists: User with name eve already exists.");
    iam.ok("UpdateUser", json!({"UserName": "bob", "NewUserName": "Bob"})).await;
    let users = iam.pages("ListUsers", json!({}), "Users", 1).await;
    assert_eq!(each(&users, "UserName"), ["Bob", "eve"]);
    let path = iam.refused("UpdateUser", json!({"UserName": "bob", "NewPath": "/x"})).await;
    assert!(path.starts_with("ValidationError: "), "{path}");
}

#[tokio::test]
async fn a_user_is_deleted_when_it_has_nothing_left() {
    let cloud = TestCloud::new(3);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    let user = json!({"UserName": "bob"});
    iam.ok("CreateUser", user.clone()).await;
    iam.ok("CreateGroup", json!({"GroupName": "team"})).await;
    let member = json!({"GroupName": "team", "UserName": "bob"});
    iam.ok("AddUserToGroup", member.clone()).await;
    iam.ok("CreateLoginProfile", json!({"UserName": "bob", "Password": "Passw0rd!"})).await;
    let key = iam.ok("CreateAccessKey", user.clone()).await["AccessKey"]["AccessKeyId"].clone();
    let serial_number = device(&iam, "phone").await.enable(&iam, "bob").await;
    let attached = json!({"UserName": "bob", "PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"});
    iam.ok("AttachUserPolicy", attached.clone()).await;
    iam.ok("PutUserPolicy", json!({"UserName": "bob", "PolicyName": "p", "PolicyDocument": POLICY})).await;
    for (must, operation, input) in [
        ("remove users from group", "RemoveUserFromGroup", member),
        ("delete login profile", "DeleteLoginProfile", user.clone()),
        ("delete access keys", "DeleteAccessKey", json!({"UserName": "bob", "AccessKeyId": key})),
        (
            "delete MFA device",
            "DeactivateMFADevice",
            json!({"UserName": "bob", "SerialNumber": serial_number}),
        ),
        ("detach all policies", "DetachUserPolicy", attached),
        ("delete policies", "DeleteUserPolicy", json!({"UserName": "bob", "PolicyName": "p"})),
    ] {
        let conflict = iam.refused("DeleteUser", user.clone()).await;
        assert_eq!(conflict, format!("DeleteConflict: Cannot delete entity, must {must} first."));
        iam.ok(operation, input).await;
    }
    iam.ok("DeleteUser", user.clone()).await;
    let gone = iam.refused("DeleteUser", user.clone()).await;
    assert_eq!(gone, "NoSuchEntity: The user with name bob cannot be found.");
    iam.ok("DeleteVirtualMFADevice", json!({"SerialNumber": serial_number})).await;
    iam.ok("CreateUser", user).await;
}

#[tokio::test]
async fn tags_of_users_are_put_and_taken_off_whatever_the_case_of_their_keys() {
    let cloud = TestCloud::new(4);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    let tag = |key: &str, value: &str| json!({"Key": key, "Value": value});
    iam.ok("CreateUser", json!({"UserName": "bob", "Tags": [tag("b", "1"), tag("a", "1")]})).await;
    iam.ok("TagUser", json!({"UserName": "bob", "Tags": [tag("B", "2")]})).await;
    let tags = iam.pages("ListUserTags", json!({"UserName": "bob"}), "Tags", 1).await;
    assert_eq!(json!(tags), json!([tag("B", "2"), tag("a", "1")]));
    iam.ok("UntagUser", json!({"UserName": "bob", "TagKeys": ["b", "none"]})).await;
    assert_eq!(iam.ok("ListUserTags", json!({"UserName": "bob"})).await["Tags"], json!([tag("a", "1")]));
    let many: Vec<_> = (0..50).map(|number| tag(&number.to_string(), "")).collect();
    let full = iam.refused("TagUser", json!({"UserName": "bob", "Tags": many})).await;
    assert_eq!(full, "LimitExceeded: The number of tags has reached the maximum limit.");
}

#[tokio::test]
async fn a_rename_needs_permission_on_the_new_name_too() {
    let cloud = TestCloud::new(5);
    let policy = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:*","Resource":"arn:aws:iam::*:user/bob"}}"#;
    let bob = cloud.user_with_policy(ACCOUNT, "bob", policy).await;
    let iam = Client::new(&cloud, &bob);
    let denied = iam.refused("UpdateUser", json!({"UserName": "bob", "NewUserName": "admin"})).await;
    assert!(denied.contains("iam:UpdateUser on resource: arn:aws:iam::111122223333:user/admin"), "{denied}");
    let root = cloud.root(OTHER_ACCOUNT);
    let missing = Client::new(&cloud, &root).refused("GetUser", json!({"UserName": "bob"})).await;
    assert!(missing.starts_with("NoSuchEntity"), "{missing}");
}
