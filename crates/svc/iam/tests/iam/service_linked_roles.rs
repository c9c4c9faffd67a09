//! Service-linked roles.

use alcazar_testkit::TestCloud;
use serde_json::json;

use crate::client::{ACCOUNT, Client, OTHER_ACCOUNT, POLICY};

#[tokio::test]
async fn a_service_has_its_role_which_aws_alone_changes() {
    let cloud = TestCloud::new(240);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    let input = json!({"AWSServiceName": "organizations.amazonaws.com"});
    let made = iam.ok("CreateServiceLinkedRole", input.clone()).await["Role"].clone();
    let name = "AWSServiceRoleForOrganizations";
    assert_eq!(
        made["Arn"],
        json!(format!("arn:aws:iam::{ACCOUNT}:role/aws-service-role/organizations.amazonaws.com/{name}"))
    );
    let again = iam.refused("CreateServiceLinkedRole", input).await;
    assert_eq!(
        again,
        format!(
            "InvalidInput: Service role name {name} has been taken in this account, please try a different suffix."
        )
    );
    let attached = iam.ok("ListAttachedRolePolicies", json!({"RoleName": name})).await;
    assert_eq!(attached["AttachedPolicies"][0]["PolicyName"], json!("AWSOrganizationsServiceTrustPolicy"));
    let trust = json!({"RoleName": name, "PolicyDocument": POLICY});
    let arn = "arn:aws:iam::aws:policy/AdministratorAccess";
    for (operation, input) in [
        ("DeleteRole", json!({"RoleName": name})),
        ("UpdateAssumeRolePolicy", trust),
        ("UpdateRole", json!({"RoleName": name, "MaxSessionDuration": 7200})),
        ("AttachRolePolicy", json!({"RoleName": name, "PolicyArn": arn})),
        ("PutRolePolicy", json!({"RoleName": name, "PolicyName": "x", "PolicyDocument": POLICY})),
        ("PutRolePermissionsBoundary", json!({"RoleName": name, "PermissionsBoundary": arn})),
    ] {
        let refused = iam.refused(operation, input).await;
        assert_eq!(
            refused,
            format!(
                "UnmodifiableEntity: Cannot perform the operation on the protected role '{name}' - this role is only modifiable by AWS"
            )
        );
    }
    iam.ok("UpdateRoleDescription", json!({"RoleName": name, "Description": "mine"})).await;
    iam.ok("TagRole", json!({"RoleName": name, "Tags": [{"Key": "a", "Value": "b"}]})).await;
}

#[tokio::test]
async fn some_services_have_several_roles_told_apart_by_suffixes() {
    let cloud = TestCloud::new(241);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    let named = |service: &str, suffix: &str| json!({"AWSServiceName": service, "CustomSuffix": suffix});
    let made = iam.ok("CreateServiceLinkedRole", named("autoscaling.amazonaws.com", "one")).await;
    assert_eq!(made["Role"]["RoleName"], json!("AWSServiceRoleForAutoScaling_one"));
    iam.ok("CreateServiceLinkedRole", named("autoscaling.amazonaws.com", "two")).await;
    let refused = iam.refused("CreateServiceLinkedRole", named("rds.amazonaws.com", "one")).await;
    assert_eq!(refused, "InvalidInput: Custom suffix is not allowed for rds.amazonaws.com");
    let refused = iam.refused("CreateServiceLinkedRole", json!({"AWSServiceName": "x.amazonaws.com"})).await;
    assert_eq!(refused, "InvalidInput: Cannot find Service Linked Role template for x.amazonaws.com");
}

#[tokio::test]
async fn a_deletion_is_known_by_its_task() {
    let cloud = TestCloud::new(242);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    iam.ok("CreateServiceLinkedRole", json!({"AWSServiceName": "shield.amazonaws.com"})).await;
    let name = json!({"RoleName": "AWSServiceRoleForAWSShield"});
    let task = iam.ok("DeleteServiceLinkedRole", name.clone()).await["DeletionTaskId"].clone();
    let prefix = "task/aws-service-role/shield.amazonaws.com/AWSServiceRoleForAWSShield/";
    assert!(task.as_str().unwrap().starts_with(prefix), "{task}");
    let status = json!({"DeletionTaskId": task});
    let told = iam.ok("GetServiceLinkedRoleDeletionStatus", status.clone()).await;
    assert_eq!(told, json!({"Status": "SUCCEEDED"}));
    let other = cloud.root(OTHER_ACCOUNT);
    let refused = Client::new(&cloud, &other).refused("GetServiceLinkedRoleDeletionStatus", status).await;
    assert!(refused.starts_with("NoSuchEntity: "), "{refused}");
    let refused = iam.refused("DeleteServiceLinkedRole", name).await;
    assert_eq!(refused, "NoSuchEntity: The role with name AWSServiceRoleForAWSShield cannot be found.");
    iam.ok("CreateServiceLinkedRole", json!({"AWSServiceName": "shield.amazonaws.com"})).await;
}

#[tokio::test]
async fn who_may_make_the_role_of_one_service_may_not_make_that_of_another() {
    let cloud = TestCloud::new(243);
    let condition = json!({"StringEquals": {"iam:AWSServiceName": "rds.amazonaws.com"}});
    let statement = json!({"Effect": "Allow", "Action": "iam:CreateServiceLinkedRole", "Resource": "*", "Condition": condition});
    let policy = json!({"Version": "2012-10-17", "Statement": statement}).to_string();
    let user = cloud.user_with_policy(ACCOUNT, "alice", &policy).await;
    let iam = Client::new(&cloud, &user);
    iam.ok("CreateServiceLinkedRole", json!({"AWSServiceName": "rds.amazonaws.com"})).await;
    let refused =
        iam.refused("CreateServiceLinkedRole", json!({"AWSServiceName": "ecs.amazonaws.com"})).await;
    assert!(refused.starts_with("AccessDenied: "), "{refused}");
}
