//! Groups and who is in them.

use alcazar_testkit::TestCloud;
use serde_json::json;

use crate::client::{ACCOUNT, Client, POLICY, each};

#[tokio::test]
async fn a_group_shows_its_users_in_pages() {
    let cloud = TestCloud::new(20);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    let made = iam.ok("CreateGroup", json!({"GroupName": "Team", "Path": "/a/"})).await["Group"].clone();
    assert_eq!(made["Arn"], json!("arn:aws:iam::111122223333:group/a/Team"));
    for name in ["c", "A", "b"] {
        iam.ok("CreateUser", json!({"UserName": name})).await;
        iam.ok("AddUserToGroup", json!({"GroupName": "team", "UserName": name})).await;
    }
    iam.ok("AddUserToGroup", json!({"GroupName": "team", "UserName": "a"})).await;
    let users = iam.pages("GetGroup", json!({"GroupName": "team"}), "Users", 2).await;
    assert_eq!(each(&users, "UserName"), ["A", "b", "c"]);
    let groups = iam.pages("ListGroupsForUser", json!({"UserName": "a"}), "Groups", 1).await;
    assert_eq!(each(&groups, "GroupName"), ["Team"]);
    let removal = json!({"GroupName": "team", "UserName": "a"});
    iam.ok("RemoveUserFromGroup", removal.clone()).await;
    iam.ok("RemoveUserFromGroup", removal).await;
    assert_eq!(iam.ok("ListGroupsForUser", json!({"UserName": "a"})).await["Groups"], json!([]));
}

#[tokio::test]
async fn a_group_is_renamed_with_its_policies_and_deleted_when_it_is_empty() {
    let cloud = TestCloud::new(21);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    for name in ["team", "other"] {
        iam.ok("CreateGroup", json!({"GroupName": name})).await;
    }
    let twice = iam.refused("CreateGroup", json!({"GroupName": "TEAM"})).await;
    assert_eq!(twice, "EntityAlreadyExists: Group with name team already exists.");
    let policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    iam.ok("AttachGroupPolicy", json!({"GroupName": "team", "PolicyArn": policy_arn})).await;
    iam.ok("PutGroupPolicy", json!({"GroupName": "team", "PolicyName": "p", "PolicyDocument": POLICY})).await;
    let user = cloud.user(ACCOUNT, "bob").await;
    iam.ok("AddUserToGroup", json!({"GroupName": "team", "UserName": "bob"})).await;
    let taken = iam.refused("UpdateGroup", json!({"GroupName": "team", "NewGroupName": "OTHER"})).await;
    assert_eq!(taken, "EntityAlreadyExists: Group with name other already exists.");
    iam.ok("UpdateGroup", json!({"GroupName": "team", "NewGroupName": "crew", "NewPath": "/x/"})).await;
    let entities = json!({"PolicyArn": policy_arn, "PathPrefix": "/x/"});
    let groups = iam.ok("ListEntitiesForPolicy", entities).await["PolicyGroups"].clone();
    assert_eq!(each(groups.as_array().unwrap(), "GroupName"), ["crew"]);
    let listed = iam.ok("ListGroups", json!({"PathPrefix": "/x"})).await["Groups"].clone();
    assert_eq!(each(listed.as_array().unwrap(), "GroupName"), ["crew"]);
    // What the group allows still counts for its users.
    assert!(cloud.ask(&user, "kms", "ListKeys", &json!({})).await.is_ok());

    let group = json!({"GroupName": "crew"});
    for (must, operation, member, value) in [
        ("remove users from group", "RemoveUserFromGroup", "UserName", "bob"),
        ("detach all policies", "DetachGroupPolicy", "PolicyArn", policy_arn),
        ("delete policies", "DeleteGroupPolicy", "PolicyName", "p"),
    ] {
        let conflict = iam.refused("DeleteGroup", group.clone()).await;
        assert_eq!(conflict, format!("DeleteConflict: Cannot delete entity, must {must} first."));
        iam.ok(operation, json!({"GroupName": "crew", member: value})).await;
    }
    iam.ok("DeleteGroup", group.clone()).await;
    let gone = iam.refused("GetGroup", group).await;
    assert_eq!(gone, "NoSuchEntity: The group with name crew cannot be found.");
    assert!(cloud.ask(&user, "kms", "ListKeys", &json!({})).await.is_err());
}

#[tokio::test]
async fn quotas_of_groups_hold() {
    let cloud = TestCloud::builder(22).quota("iam.groups", "2").quota("iam.groups-per-user", "1").build();
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    for name in ["a", "b"] {
        iam.ok("CreateGroup", json!({"GroupName": name})).await;
    }
    let full = iam.refused("CreateGroup", json!({"GroupName": "c"})).await;
    assert_eq!(full, "LimitExceeded: Cannot exceed quota for GroupsPerAccount: 2");
    iam.ok("DeleteGroup", json!({"GroupName": "b"})).await;
    iam.ok("CreateGroup", json!({"GroupName": "c"})).await;
    iam.ok("CreateUser", json!({"UserName": "bob"})).await;
    iam.ok("AddUserToGroup", json!({"GroupName": "a", "UserName": "bob"})).await;
    let full = iam.refused("AddUserToGroup", json!({"GroupName": "c", "UserName": "bob"})).await;
    assert_eq!(full, "LimitExceeded: Cannot exceed quota for GroupsPerUser: 1");
}

#[tokio::test]
async fn who_is_missing_is_told_the_user_first() {
    let cloud = TestCloud::new(23);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    for operation in ["AddUserToGroup", "RemoveUserFromGroup"] {
        let missing = iam.refused(operation, json!({"GroupName": "no", "UserName": "nobody"})).await;
        assert_eq!(missing, "NoSuchEntity: The user with name nobody cannot be found.");
    }
}
