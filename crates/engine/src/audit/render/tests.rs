use alcazar_base::{AccountId, Timestamp};

use super::*;
use crate::audit::{Issuer, Resource, SessionContext, TlsDetails};

const CALLER: u64 = 111_122_223_333;
const OWNER: u64 = 444_455_556_666;

fn account(number: u64) -> AccountId {
    AccountId::from_number(number)
}

fn by(kind: &str, principal_id: &str, arn: &str) -> Identity {
    Identity {
        kind: kind.into(),
        principal_id: principal_id.into(),
        arn: arn.into(),
        account: account(CALLER),
        session: None,
        user_name: None,
    }
}

fn key_of(owner: u64) -> Resource {
    let arn = format!("arn:aws:kms:eu-west-1:{owner}:key/1234abcd-12ab-34cd-56ef-1234567890ab");
    Resource { arn, account: account(owner), kind: "AWS::KMS::Key".into() }
}

/// An Encrypt with a key of the account itself.
pub(in crate::audit) fn event() -> AuditEvent {
    AuditEvent {
        event_id: "a1b2c3d4-5678-40ab-8def-111111111111".into(),
        time: Timestamp::from_secs(1_440_938_160),
        event_source: "kms.amazonaws.com".into(),
        event_name: "Encrypt".into(),
        region: "eu-west-1".into(),
        identity: Some(by("Root", "111122223333", "arn:aws:iam::111122223333:root")),
        access_key_id: Some("AKIAIOSFODNN7EXAMPLE".into()),
        source_ip: "192.0.2.0".into(),
        user_agent: "test".into(),
        request_id: "r".into(),
        error_code: None,
        error_message: None,
        request_parameters: Some(r#"{"keyId":"k"}"#.into()),
        response_elements: None,
        resources: vec![key_of(CALLER)],
        read_only: true,
        tls: Some(TlsDetails { version: "TLSv1.3".into(), cipher_suite: "c".into(), host: "h".into() }),
        invoked_by: None,
        service_event: false,
        uses: None,
        service_event_details: None,
        data_event: false,
        additional_data: None,
        names: Vec::new(),
        hides_resources: false,
    }
}

fn identity_of(event: &AuditEvent, viewer: u64) -> Json {
    to_cloudtrail(event, account(viewer))["userIdentity"].clone()
}

#[test]
fn an_event_reads_as_a_cloudtrail_record() {
    let record = to_cloudtrail(&event(), account(CALLER));
    let expected = json!({
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "Root", "principalId": "111122223333", "arn": "arn:aws:iam::111122223333:root",
            "accountId": "111122223333", "accessKeyId": "AKIAIOSFODNN7EXAMPLE"},
        "eventTime": "2015-08-30T12:36:00Z",
        "eventSource": "kms.amazonaws.com",
        "eventName": "Encrypt",
        "awsRegion": "eu-west-1",
        "sourceIPAddress": "192.0.2.0",
        "userAgent": "test",
        "requestParameters": {"keyId": "k"},
        "responseElements": null,
        "requestID": "r",
        "eventID": "a1b2c3d4-5678-40ab-8def-111111111111",
        "readOnly": true,
        "resources": [{
            "accountId": "111122223333", "type": "AWS::KMS::Key",
            "ARN": "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"}],
        "eventType": "AwsApiCall",
        "managementEvent": true,
        "recipientAccountId": "111122223333",
        "eventCategory": "Management",
        "tlsDetails": {"tlsVersion": "TLSv1.3", "cipherSuite": "c", "clientProvidedHostHeader": "h"},
    });
    assert_eq!(record, expected);
    let bytes = event().to_bytes().unwrap();
    assert_eq!(AuditEvent::from_bytes(&bytes).unwrap(), event());
}

#[test]
fn an_event_from_before_there_were_data_events_is_none() {
    let mut bytes = event().to_bytes().unwrap().to_vec();
    // Each of the last fields is a single byte, and the array's length says that they are there.
    assert_eq!(bytes.split_off(bytes.len() - 4), [0xF4, 0xF6, 0x80, 0xF4]);
    assert_eq!(bytes[..2], [0x98, 25]);
    bytes.splice(..2, [0x95]);
    assert_eq!(AuditEvent::from_bytes(&bytes).unwrap(), event());
}

#[test]
fn each_account_sees_the_event_under_an_id_of_its_own_and_all_share_one() {
    let mut event = event();
    event.identity = Some(by("IAMUser", "AIDAEXAMPLE", "arn:aws:iam::111122223333:user/team/alice"));
    event.resources = vec![key_of(OWNER), key_of(CALLER)];
    let (caller, owner) = (to_cloudtrail(&event, account(CALLER)), to_cloudtrail(&event, account(OWNER)));
    assert_eq!(
        caller["userIdentity"],
        json!({
            "type": "IAMUser", "principalId": "AIDAEXAMPLE", "arn": "arn:aws:iam::111122223333:user/team/alice",
            "accountId": "111122223333", "accessKeyId": "AKIAIOSFODNN7EXAMPLE", "userName": "alice"})
    );
    assert_eq!(
        owner["userIdentity"],
        json!({"type": "AWSAccount", "principalId": "AIDAEXAMPLE", "accountId": "111122223333"})
    );
    assert_eq!(caller["eventID"], event.event_id.as_str());
    assert_eq!(caller["sharedEventID"], owner["sharedEventID"]);
    let ids = [&caller["eventID"], &owner["eventID"], &owner["sharedEventID"]];
    assert!(ids[0] != ids[1] && ids[1] != ids[2] && ids[0] != ids[2]);
    assert!(
        ids.iter().all(|id| id.as_str().unwrap().len() == 36 && id.as_str().unwrap().as_bytes()[14] == b'4')
    );
    assert_eq!(
        (&caller["recipientAccountId"], &owner["recipientAccountId"]),
        (&json!("111122223333"), &json!("444455556666"))
    );
    assert_eq!(owner["requestID"], caller["requestID"]);
    assert_eq!(to_cloudtrail(&super::tests::event(), account(CALLER)).get("sharedEventID"), None);
}

#[test]
fn every_kind_of_identity_is_shown_as_aws_shows_it() {
    let mut event = event();
    event.access_key_id = Some("ASIAEXAMPLE".into());
    event.identity = Some(Identity {
        session: Some(SessionContext {
            created: Timestamp::from_secs(0),
            mfa_authenticated: false,
            issuer: Some(Issuer {
                kind: "Role".into(),
                principal_id: "AROAEXAMPLE".into(),
                arn: "arn:aws:iam::111122223333:role/team/Worker".into(),
                user_name: Some("Worker".into()),
            }),
            source_identity: None,
            federated_provider: None,
            assumed_root: false,
        }),
        ..by("AssumedRole", "AROAEXAMPLE:s", "arn:aws:sts::111122223333:assumed-role/Worker/s")
    });
    let assumed = json!({
        "type": "AssumedRole", "principalId": "AROAEXAMPLE:s",
        "arn": "arn:aws:sts::111122223333:assumed-role/Worker/s", "accountId": "111122223333",
        "accessKeyId": "ASIAEXAMPLE",
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role", "principalId": "AROAEXAMPLE", "arn": "arn:aws:iam::111122223333:role/team/Worker",
                "accountId": "111122223333", "userName": "Worker"},
            "attributes": {"creationDate": "1970-01-01T00:00:00Z", "mfaAuthenticated": "false"}}});
    assert_eq!(identity_of(&event, CALLER), assumed);
    assert_eq!(event.username(), Some("s"));

    event.invoked_by = Some("secretsmanager.eu-west-1.amazonaws.com".into());
    event.source_ip.clone_from(event.invoked_by.as_ref().unwrap());
    let record = to_cloudtrail(&event, account(CALLER));
    assert_eq!(record["userIdentity"]["invokedBy"], "secretsmanager.amazonaws.com");
    assert_eq!(
        (&record["sourceIPAddress"], &record["userAgent"]),
        (&json!("secretsmanager.amazonaws.com"), &json!("test"))
    );

    event.identity =
        Some(Identity { account: AccountId::ZERO, ..by("AWSService", "events.amazonaws.com", "x") });
    event.invoked_by = Some("events.amazonaws.com".into());
    assert_eq!(
        identity_of(&event, CALLER),
        json!({"type": "AWSService", "invokedBy": "events.amazonaws.com"})
    );

    event.invoked_by = None;
    event.access_key_id = None;
    event.identity = Some(Identity { user_name: Some("u".into()), ..by("WebIdentityUser", "p:a:u", "p") });
    let federated =
        json!({"type": "WebIdentityUser", "principalId": "p:a:u", "userName": "u", "identityProvider": "p"});
    assert_eq!(identity_of(&event, CALLER), federated);

    event.identity = None;
    let anonymous = json!({"type": "AWSAccount", "principalId": "", "accountId": "ANONYMOUS_PRINCIPAL"});
    assert_eq!(identity_of(&event, CALLER), anonymous);
    event.resources.clear();
    assert_eq!(identity_of(&event, 0), json!({"type": "Unknown"}));
    event.access_key_id = Some("AKIACLAIMED".into());
    assert_eq!(identity_of(&event, 0), json!({"type": "Unknown", "accessKeyId": "AKIACLAIMED"}));
}

#[test]
fn what_a_service_does_by_itself_is_done_by_aws() {
    let mut event = event();
    (event.identity, event.access_key_id, event.service_event) = (None, None, true);
    event.service_event_details = Some(r#"{"keyId":"k"}"#.into());
    let record = to_cloudtrail(&event, account(CALLER));
    assert_eq!(record["userIdentity"], json!({"accountId": "111122223333", "invokedBy": "AWS Internal"}));
    assert_eq!(
        (&record["sourceIPAddress"], &record["userAgent"]),
        (&json!("AWS Internal"), &json!("AWS Internal"))
    );
    assert_eq!((&record["eventType"], record.get("requestID")), (&json!("AwsServiceEvent"), None));
    assert_eq!(record["serviceEventDetails"], json!({"keyId": "k"}));
}

#[test]
fn a_data_event_says_so() {
    let mut event = event();
    event.data_event = true;
    event.event_source = "events.amazonaws.com".into();
    let record = to_cloudtrail(&event, account(CALLER));
    assert_eq!((&record["managementEvent"], &record["eventCategory"]), (&json!(false), &json!("Data")));
    assert_eq!(record["apiVersion"], "2015-10-07");
}
