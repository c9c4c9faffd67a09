//! Who may assume a role, and how long.

use alcazar_api_iam::operation::{
    CreateRole, CreateRoleRequest, DeleteRolePolicy, DeleteRolePolicyRequest, PutUserPolicy,
    PutUserPolicyRequest,
};
use alcazar_api_sts::operation::{GetCallerIdentity, GetCallerIdentityRequest};
use alcazar_api_sts::types::ProvidedContext;
use alcazar_testkit::{TestCaller, TestCloud};
use serde_json::json;

use crate::scene::{
    ACCOUNT, ALL, OTHER, assume, may_list_users, mighty_role, request, role, told, trust, trust_if,
};

const ASSUME: &[&str] = &["sts:AssumeRole"];

fn denied(caller: &TestCaller, role_arn: &str) -> (&'static str, String) {
    let text = format!(
        "User: {} is not authorized to perform: sts:AssumeRole on resource: {role_arn}",
        caller.arn()
    );
    ("AccessDenied", text)
}

#[tokio::test]
async fn a_session_is_the_roles_and_does_what_the_role_may() {
    let cloud = TestCloud::new(1);
    let user = cloud.user(ACCOUNT, "ann").await;
    let arn = mighty_role(&cloud, ACCOUNT, "deploy", &trust(user.arn(), ASSUME)).await;
    let answer = assume(&cloud, &user, request(&arn)).await.unwrap();
    let shown = answer.assumed_role_user.unwrap();
    assert_eq!(shown.arn, format!("arn:aws:sts::{ACCOUNT}:assumed-role/deploy/s1"));
    assert!(shown.assumed_role_id.starts_with("AROA") && shown.assumed_role_id.ends_with(":s1"));
    assert_eq!(answer.packed_policy_size, None);
    let credentials = answer.credentials.unwrap();
    assert!(credentials.access_key_id.starts_with("ASIA"));
    assert_eq!(credentials.expiration.as_secs() - cloud.now().as_secs(), 3600);
    let session = cloud.session(credentials);
    let identity =
        cloud.call::<GetCallerIdentity>(&session, GetCallerIdentityRequest::default()).await.unwrap();
    assert_eq!(identity.arn.as_deref(), Some(shown.arn.as_str()));
    assert_eq!(identity.user_id, Some(shown.assumed_role_id));
    assert!(may_list_users(&cloud, &session).await && !may_list_users(&cloud, &user).await);
}

#[tokio::test]
async fn in_one_account_trust_in_the_user_suffices_and_trust_in_the_account_leaves_it_to_policies() {
    let cloud = TestCloud::new(2);
    let user = cloud.user(ACCOUNT, "ann").await;
    let named = role(&cloud, ACCOUNT, "named", &trust(user.arn(), ASSUME)).await;
    let delegated = role(&cloud, ACCOUNT, "delegated", &trust(ACCOUNT, ASSUME)).await;
    assert!(assume(&cloud, &user, request(&named)).await.is_ok());
    let (code, text) = told(assume(&cloud, &user, request(&delegated)).await);
    assert_eq!(code, "AccessDenied");
    assert!(text.ends_with("because no identity-based policy allows the sts:AssumeRole action"), "{text}");
    allow_user(&cloud, ACCOUNT, "ann", ALL).await;
    assert!(assume(&cloud, &user, request(&delegated)).await.is_ok());
}

async fn allow_user(cloud: &TestCloud, account: &str, name: &str, policy: &str) {
    let request = PutUserPolicyRequest {
        user_name: name.to_owned(),
        policy_name: "p".to_owned(),
        policy_document: policy.to_owned(),
    };
    cloud.call::<PutUserPolicy>(&cloud.root(account), request).await.unwrap();
}

#[tokio::test]
async fn across_accounts_both_sides_must_allow_it_and_nobody_learns_which_does_not() {
    let cloud = TestCloud::new(3);
    let with = cloud.user_with_policy(ACCOUNT, "with", ALL).await;
    let without = cloud.user(ACCOUNT, "without").await;
    let trusting = role(&cloud, OTHER, "trusting", &trust(ACCOUNT, ASSUME)).await;
    let closed = role(&cloud, OTHER, "closed", &trust(OTHER, ASSUME)).await;
    let unknown = format!("arn:aws:iam::{OTHER}:role/unknown");
    assert!(assume(&cloud, &with, request(&trusting)).await.is_ok());
    for (caller, arn) in [(&without, &trusting), (&with, &closed), (&with, &unknown), (&without, &unknown)] {
        assert_eq!(told(assume(&cloud, caller, request(arn)).await), denied(caller, arn));
    }
}

#[tokio::test]
async fn an_external_id_opens_only_where_it_is_the_one() {
    let cloud = TestCloud::new(4);
    let user = cloud.user_with_policy(ACCOUNT, "ann", ALL).await;
    let condition = json!({"StringEquals": {"sts:ExternalId": "tenant-42"}});
    let arn = role(&cloud, OTHER, "vendor", &trust_if(ACCOUNT, ASSUME, &condition)).await;
    for (external_id, opens) in [(None, false), (Some("tenant-43"), false), (Some("tenant-42"), true)] {
        let asked = alcazar_api_sts::operation::AssumeRoleRequest {
            external_id: external_id.map(str::to_owned),
            ..request(&arn)
        };
        let outcome = assume(&cloud, &user, asked).await;
        assert_eq!(outcome.is_ok(), opens, "{external_id:?}");
        if !opens {
            assert_eq!(told(outcome), denied(&user, &arn));
        }
    }
}

#[tokio::test]
async fn a_session_name_can_be_asked_for() {
    let cloud = TestCloud::new(5);
    let user = cloud.user_with_policy(ACCOUNT, "ann", ALL).await;
    let condition = json!({"StringLike": {"sts:RoleSessionName": "${aws:username}"}});
    let arn = role(&cloud, ACCOUNT, "named", &trust_if(ACCOUNT, ASSUME, &condition)).await;
    let as_name = |name: &str| {
        let mut asked = request(&arn);
        asked.role_session_name = name.to_owned();
        asked
    };
    assert!(assume(&cloud, &user, as_name("ann")).await.is_ok());
    assert_eq!(told(assume(&cloud, &user, as_name("bob")).await), denied(&user, &arn));
}

#[tokio::test]
async fn an_explicit_deny_is_told() {
    let cloud = TestCloud::new(6);
    let deny = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"sts:AssumeRole","Resource":"*"}]}"#;
    let user = cloud.user_with_policy(ACCOUNT, "ann", deny).await;
    let arn = role(&cloud, ACCOUNT, "named", &trust(user.arn(), ASSUME)).await;
    let unknown = format!("arn:aws:iam::{OTHER}:role/unknown");
    for arn in [&arn, &unknown] {
        let (_, text) = told(assume(&cloud, &user, request(arn)).await);
        assert!(text.ends_with("with an explicit deny in an identity-based policy"), "{text}");
    }
}

#[tokio::test]
async fn root_users_assume_no_role() {
    let cloud = TestCloud::new(7);
    let arn = role(&cloud, ACCOUNT, "any", &trust(ACCOUNT, ASSUME)).await;
    let refused = told(assume(&cloud, &cloud.root(ACCOUNT), request(&arn)).await);
    assert_eq!(refused, ("AccessDenied", "Roles may not be assumed by root accounts.".to_owned()));
}

#[tokio::test]
async fn a_role_trusts_itself_only_where_it_is_named() {
    let cloud = TestCloud::new(8);
    let user = cloud.user(ACCOUNT, "ann").await;
    let arn = mighty_role(&cloud, ACCOUNT, "self", &trust(user.arn(), ASSUME)).await;
    let session = cloud.assume_role(&user, &arn, "s1").await;
    assert_eq!(told(assume(&cloud, &session, request(&arn)).await), denied(&session, &arn));
}

#[tokio::test]
async fn sessions_last_as_long_as_the_role_allows_and_an_hour_in_a_chain() {
    let cloud = TestCloud::new(9);
    let user = cloud.user_with_policy(ACCOUNT, "ann", ALL).await;
    let long = CreateRoleRequest {
        role_name: "long".to_owned(),
        assume_role_policy_document: trust(ACCOUNT, ASSUME).to_string(),
        max_session_duration: Some(7200),
        ..CreateRoleRequest::default()
    };
    let long = cloud.call::<CreateRole>(&cloud.root(ACCOUNT), long).await.unwrap().role.arn;
    let first = mighty_role(&cloud, ACCOUNT, "first", &trust(ACCOUNT, ASSUME)).await;
    let for_seconds = |arn: &str, seconds| {
        let mut asked = request(arn);
        asked.duration_seconds = Some(seconds);
        asked
    };
    let answer = assume(&cloud, &user, for_seconds(&long, 7200)).await.unwrap();
    assert_eq!(answer.credentials.unwrap().expiration.as_secs() - cloud.now().as_secs(), 7200);
    let (code, text) = told(assume(&cloud, &user, for_seconds(&long, 7201)).await);
    assert_eq!(code, "ValidationError");
    assert_eq!(text, "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
    let session = cloud.assume_role(&user, &first, "s1").await;
    assert!(assume(&cloud, &session, for_seconds(&long, 3600)).await.is_ok());
    let (_, text) = told(assume(&cloud, &session, for_seconds(&long, 3601)).await);
    let chaining =
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.";
    assert_eq!(text, chaining);
    for (seconds, text) in [
        (
            899,
            "Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
        ),
        (
            43201,
            "Value '43201' at 'durationSeconds' failed to satisfy constraint: Member must have value less than or equal to 43200",
        ),
    ] {
        let told = told(assume(&cloud, &user, for_seconds(&long, seconds)).await);
        assert_eq!(told, ("ValidationError", format!("1 validation error detected: {text}")));
    }
}

#[tokio::test]
async fn what_is_no_arn_is_told_as_aws_tells_it() {
    let cloud = TestCloud::new(10);
    let user = cloud.user(ACCOUNT, "ann").await;
    for arn in [
        "nothing-valid-in-here",
        "arn::b:::something/test-role",
        "arn:a::::something/test-role",
        "arn:a:::something/test-role",
        "arn:a:a::aaaaaaaaaa:",
    ] {
        let refused = told(assume(&cloud, &user, request(arn)).await);
        assert_eq!(refused, ("ValidationError", format!("{arn} is invalid")));
    }
    let mut with_context = request(&format!("arn:aws:iam::{ACCOUNT}:role/r"));
    with_context.provided_contexts = Some(vec![ProvidedContext::default()].into());
    assert_eq!(told(assume(&cloud, &user, with_context).await).0, "InvalidParameterValue");
}

#[tokio::test]
async fn what_a_role_may_do_changes_under_its_sessions() {
    let cloud = TestCloud::new(11);
    let user = cloud.user(ACCOUNT, "ann").await;
    let arn = mighty_role(&cloud, ACCOUNT, "deploy", &trust(user.arn(), ASSUME)).await;
    let session = cloud.assume_role(&user, &arn, "s1").await;
    assert!(may_list_users(&cloud, &session).await);
    let gone = DeleteRolePolicyRequest { role_name: "deploy".to_owned(), policy_name: "policy".to_owned() };
    cloud.call::<DeleteRolePolicy>(&cloud.root(ACCOUNT), gone).await.unwrap();
    assert!(!may_list_users(&cloud, &session).await);
}

#[tokio::test]
async fn the_event_tells_the_credentials_but_never_the_secret() {
    let cloud = TestCloud::new(12);
    let user = cloud.user(ACCOUNT, "ann").await;
    let arn = role(&cloud, ACCOUNT, "deploy", &trust(user.arn(), ASSUME)).await;
    let answer = assume(&cloud, &user, request(&arn)).await.unwrap();
    let credentials = answer.credentials.unwrap();
    let event = cloud.last_event();
    assert!(event.read_only);
    assert_eq!(event.resources[0].arn, arn);
    let told = event.response_elements.unwrap();
    assert!(told.contains(&credentials.access_key_id) && told.contains("assumedRoleUser"), "{told}");
    assert!(!told.contains(credentials.secret_access_key.expose()));
}
