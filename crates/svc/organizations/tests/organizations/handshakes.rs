//! Invitations, and what becomes of them.

use std::time::Duration;

use alcazar_testkit::TestCloud;
use serde_json::json;

use crate::client::{MANAGEMENT, OTHER, account, invite, join, ok, organization, refused, text, texts};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

const ENDED: &str = "InvalidHandshakeTransitionException: You can't perform the operation on the handshake in its current state.";
const UNKNOWN: &str = "HandshakeNotFoundException: You specified a handshake that doesn't exist.";
const NO_PARTY: &str = "AccessDeniedException: You don't have permissions to access this resource.";

#[tokio::test]
async fn an_account_joins_by_accepting() {
    let cloud = TestCloud::new(30);
    let management = organization(&cloud).await;
    let asked = json!({
        "Target": {"Id": OTHER, "Type": "ACCOUNT"}, "Notes": "come in",
        "Tags": [{"Key": "Team", "Value": "red"}],
    });
    let asked = ok(&cloud, &management, "InviteAccountToOrganization", asked).await["Handshake"].clone();
    let (id, organization_id) = (text(&asked["Id"]), text(&asked["Parties"][0]["Id"]));
    assert_eq!(
        asked["Arn"],
        format!("arn:aws:organizations::{MANAGEMENT}:handshake/{organization_id}/invite/{id}")
    );
    assert_eq!((&asked["State"], &asked["Action"]), (&json!("OPEN"), &json!("INVITE")));
    assert_eq!(asked["Parties"][1], json!({"Id": OTHER, "Type": "ACCOUNT"}));
    assert_eq!(texts(&asked["Resources"], "Type"), ["ORGANIZATION", "ACCOUNT", "NOTES"]);
    let about = texts(&asked["Resources"][0]["Resources"], "Type");
    assert_eq!(about, ["MASTER_EMAIL", "MASTER_NAME", "ORGANIZATION_FEATURE_SET"]);
    let seconds =
        asked["ExpirationTimestamp"].as_f64().unwrap() - asked["RequestedTimestamp"].as_f64().unwrap();
    assert!((seconds - 15.0 * 86400.0).abs() < 1.0, "{seconds}");
    let invited = cloud.root(OTHER);
    let listed = ok(&cloud, &invited, "ListHandshakesForAccount", json!({})).await;
    assert_eq!(texts(&listed["Handshakes"], "Id"), [id.as_str()]);
    let accepted = ok(&cloud, &invited, "AcceptHandshake", json!({"HandshakeId": id})).await;
    assert_eq!(accepted["Handshake"]["State"], "ACCEPTED");
    let joined = ok(&cloud, &management, "DescribeAccount", json!({"AccountId": OTHER})).await;
    assert_eq!(joined["Account"]["JoinedMethod"], "INVITED");
    let told = ok(&cloud, &invited, "DescribeOrganization", json!({})).await;
    assert_eq!(told["Organization"]["Id"], organization_id);
    let again = refused(&cloud, &invited, "AcceptHandshake", json!({"HandshakeId": id})).await;
    assert_eq!(
        again,
        "HandshakeAlreadyInStateException: The specified handshake is already in the requested state."
    );
    assert_eq!(refused(&cloud, &management, "CancelHandshake", json!({"HandshakeId": id})).await, ENDED);
    let target = json!({"Target": {"Id": OTHER, "Type": "ACCOUNT"}});
    let told = refused(&cloud, &management, "InviteAccountToOrganization", target).await;
    assert!(told.starts_with("HandshakeConstraintViolationException (ALREADY_IN_AN_ORGANIZATION)"), "{told}");
}

#[tokio::test]
async fn only_its_parties_know_of_a_handshake_and_each_answers_for_itself() {
    let cloud = TestCloud::new(31);
    let management = organization(&cloud).await;
    let (invited, stranger) = (cloud.root(OTHER), cloud.root("777788889999"));
    let id = invite(&cloud, &management, OTHER).await;
    let named = || json!({"HandshakeId": id});
    for operation in ["AcceptHandshake", "DeclineHandshake", "CancelHandshake", "DescribeHandshake"] {
        assert_eq!(refused(&cloud, &stranger, operation, named()).await, UNKNOWN, "{operation}");
    }
    for operation in ["AcceptHandshake", "DeclineHandshake"] {
        assert_eq!(refused(&cloud, &management, operation, named()).await, NO_PARTY, "{operation}");
    }
    assert_eq!(refused(&cloud, &invited, "CancelHandshake", named()).await, NO_PARTY);
    let declined = ok(&cloud, &invited, "DeclineHandshake", named()).await;
    assert_eq!(declined["Handshake"]["State"], "DECLINED");
    assert_eq!(refused(&cloud, &invited, "AcceptHandshake", named()).await, ENDED);
    let id = invite(&cloud, &management, OTHER).await;
    let canceled = ok(&cloud, &management, "CancelHandshake", json!({"HandshakeId": id})).await;
    assert_eq!(canceled["Handshake"]["State"], "CANCELED");
    let unknown = json!({"HandshakeId": "h-abcdefgh"});
    assert_eq!(refused(&cloud, &management, "DescribeHandshake", unknown).await, UNKNOWN);
}

#[tokio::test]
async fn an_invitation_expires_after_fifteen_days_and_is_forgotten_thirty_later() {
    let cloud = TestCloud::new(32);
    let management = organization(&cloud).await;
    let id = invite(&cloud, &management, OTHER).await;
    let named = || json!({"HandshakeId": id});
    cloud.advance(DAY * 14).await;
    assert_eq!(ok(&cloud, &management, "DescribeHandshake", named()).await["Handshake"]["State"], "OPEN");
    cloud.advance(DAY * 2).await;
    assert_eq!(ok(&cloud, &management, "DescribeHandshake", named()).await["Handshake"]["State"], "EXPIRED");
    assert_eq!(refused(&cloud, &cloud.root(OTHER), "AcceptHandshake", named()).await, ENDED);
    invite(&cloud, &management, OTHER).await;
    cloud.advance(DAY * 30).await;
    assert_eq!(refused(&cloud, &management, "DescribeHandshake", named()).await, UNKNOWN);
    let listed = ok(&cloud, &management, "ListHandshakesForOrganization", json!({})).await;
    assert_eq!(texts(&listed["Handshakes"], "State"), ["EXPIRED"]);
}

#[tokio::test]
async fn an_account_is_invited_by_its_address_too_but_once_at_a_time() {
    let cloud = TestCloud::new(33);
    let management = organization(&cloud).await;
    let by_email = || json!({"Target": {"Id": format!("{OTHER}@Account.internal"), "Type": "EMAIL"}});
    let asked = ok(&cloud, &management, "InviteAccountToOrganization", by_email()).await;
    let id = text(&asked["Handshake"]["Id"]);
    let told = refused(&cloud, &management, "InviteAccountToOrganization", by_email()).await;
    assert_eq!(
        told,
        "DuplicateHandshakeException: A handshake with the same action and target already exists."
    );
    let invited = cloud.root(OTHER);
    let listed = ok(&cloud, &invited, "ListHandshakesForAccount", json!({})).await;
    assert_eq!(texts(&listed["Handshakes"], "Id"), [id.as_str()]);
    ok(&cloud, &invited, "AcceptHandshake", json!({"HandshakeId": id})).await;
    ok(&cloud, &management, "DescribeAccount", json!({"AccountId": OTHER})).await;
    for (target, reason) in [
        (json!({"Id": "o-abcdefghij", "Type": "ORGANIZATION"}), "INVALID_PARTY_TYPE_TARGET"),
        (json!({"Id": "nobody", "Type": "EMAIL"}), "INVALID_EMAIL_ADDRESS_TARGET"),
        (json!({"Id": "12", "Type": "ACCOUNT"}), "INVALID_PATTERN_TARGET_ID"),
    ] {
        let told =
            refused(&cloud, &management, "InviteAccountToOrganization", json!({"Target": target})).await;
        assert!(told.starts_with(&format!("InvalidInputException ({reason})")), "{told}");
    }
}

#[tokio::test]
async fn a_member_of_another_organization_goes_over_if_it_may_leave() {
    let cloud = TestCloud::new(34);
    let management = organization(&cloud).await;
    let other = cloud.root("777788889999");
    ok(&cloud, &other, "CreateOrganization", json!({})).await;
    let member = join(&cloud, &other, OTHER).await;
    let id = invite(&cloud, &management, OTHER).await;
    let policy = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["organizations:AcceptHandshake","iam:CreateServiceLinkedRole"],"Resource":"*"}}"#;
    let user = cloud.user_with_policy(OTHER, "user", policy).await;
    let told = refused(&cloud, &user, "AcceptHandshake", json!({"HandshakeId": id})).await;
    assert!(told.contains("not authorized to perform: organizations:LeaveOrganization"), "{told}");
    ok(&cloud, &member, "AcceptHandshake", json!({"HandshakeId": id})).await;
    ok(&cloud, &management, "DescribeAccount", json!({"AccountId": OTHER})).await;
    let told = refused(&cloud, &other, "DescribeAccount", json!({"AccountId": OTHER})).await;
    assert_eq!(told, "AccountNotFoundException: You specified an account that doesn't exist.");
    let id = invite(&cloud, &management, "777788889999").await;
    let told = refused(&cloud, &other, "AcceptHandshake", json!({"HandshakeId": id})).await;
    assert!(told.starts_with("MasterCannotLeaveOrganizationException"), "{told}");
}

#[tokio::test]
async fn invitations_are_limited_by_the_day_and_by_the_room_for_accounts() {
    let cloud = TestCloud::builder(35)
        .quota("organizations.invitations-per-day", "2")
        .quota("organizations.accounts", "4")
        .build();
    let management = organization(&cloud).await;
    account(&cloud, &management, "made").await;
    let target = |number: u32| json!({"Target": {"Id": format!("{:012}", 500 + number), "Type": "ACCOUNT"}});
    for number in 0..2 {
        ok(&cloud, &management, "InviteAccountToOrganization", target(number)).await;
    }
    let told = refused(&cloud, &management, "InviteAccountToOrganization", target(2)).await;
    assert!(
        told.starts_with("HandshakeConstraintViolationException (HANDSHAKE_RATE_LIMIT_EXCEEDED)"),
        "{told}"
    );
    cloud.advance(DAY).await;
    let told = refused(&cloud, &management, "InviteAccountToOrganization", target(2)).await;
    assert!(
        told.starts_with("HandshakeConstraintViolationException (ACCOUNT_NUMBER_LIMIT_EXCEEDED)"),
        "{told}"
    );
    cloud.advance(DAY * 15).await;
    ok(&cloud, &management, "InviteAccountToOrganization", target(2)).await;
}

#[tokio::test]
async fn a_filter_has_one_condition() {
    let cloud = TestCloud::new(36);
    let management = organization(&cloud).await;
    let id = invite(&cloud, &management, OTHER).await;
    let listed = json!({"Filter": {"ActionType": "INVITE"}});
    let listed = ok(&cloud, &management, "ListHandshakesForOrganization", listed).await;
    assert_eq!(texts(&listed["Handshakes"], "Id"), [id.as_str()]);
    for filter in [json!({"ActionType": "APPROVE_ALL_FEATURES"}), json!({"ParentHandshakeId": id})] {
        let listed =
            ok(&cloud, &management, "ListHandshakesForOrganization", json!({"Filter": filter})).await;
        assert_eq!(listed["Handshakes"], json!([]));
    }
    let both = json!({"Filter": {"ActionType": "INVITE", "ParentHandshakeId": id}});
    let told = refused(&cloud, &management, "ListHandshakesForOrganization", both).await;
    assert!(told.starts_with("InvalidInputException (MAX_LIMIT_EXCEEDED_FILTER)"), "{told}");
}
