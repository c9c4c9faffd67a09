//! Codes of MFA devices, for sessions that policies ask them of.

use std::time::Duration;

use alcazar_api_iam::operation::{
    CreateVirtualMFADevice, CreateVirtualMFADeviceRequest, EnableMFADevice, EnableMFADeviceRequest,
};
use alcazar_api_sts::operation::{AssumeRoleRequest, GetSessionToken, GetSessionTokenRequest};
use alcazar_crypto::SeededEntropy;
use alcazar_identity::mfa_device::MfaDevice;
use alcazar_testkit::{TestCaller, TestCloud};
use serde_json::json;

use crate::scene::{ACCOUNT, ALL, assume, list_users, may_list_users, request, role, told, trust, trust_if};

/// A device of a user's, as the user holds it in the hand.
struct Device {
    serial_number: String,
    shown: MfaDevice,
}

impl Device {
    async fn of(cloud: &TestCloud, user: &str) -> Self {
        let root = cloud.root(ACCOUNT);
        let request = CreateVirtualMFADeviceRequest {
            virtual_mfa_device_name: user.to_owned(),
            ..CreateVirtualMFADeviceRequest::default()
        };
        let made = cloud.call::<CreateVirtualMFADevice>(&root, request).await.unwrap().virtual_mfa_device;
        let (name, entropy) = (user.to_owned(), SeededEntropy::new(1));
        let mut shown = MfaDevice::new(root.account(), "/".to_owned(), name, cloud.now(), &entropy).unwrap();
        shown.seed = data_encoding::BASE32.decode(made.base32_string_seed.unwrap().expose()).unwrap().into();
        let request = EnableMFADeviceRequest {
            user_name: user.to_owned(),
            serial_number: made.serial_number.clone(),
            authentication_code1: shown.code(cloud.now()),
            authentication_code2: shown.code(cloud.now() + Duration::from_secs(30)),
        };
        cloud.call::<EnableMFADevice>(&root, request).await.unwrap();
        cloud.advance(Duration::from_secs(120)).await;
        Self { serial_number: made.serial_number, shown }
    }

    fn code(&self, cloud: &TestCloud) -> String {
        self.shown.code(cloud.now())
    }
}

fn with_code(device: &Device, code: &str) -> GetSessionTokenRequest {
    GetSessionTokenRequest {
        serial_number: Some(device.serial_number.clone()),
        token_code: Some(code.to_owned()),
        ..GetSessionTokenRequest::default()
    }
}

async fn own(cloud: &TestCloud, user: &TestCaller, request: GetSessionTokenRequest) -> TestCaller {
    cloud.session(cloud.call::<GetSessionToken>(user, request).await.unwrap().credentials.unwrap())
}

#[tokio::test]
async fn a_role_can_ask_for_a_code_and_each_counts_once() {
    let cloud = TestCloud::new(90);
    let user = cloud.user(ACCOUNT, "ann").await;
    let device = Device::of(&cloud, "ann").await;
    let condition = json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}});
    let arn = role(&cloud, ACCOUNT, "r", &trust_if(user.arn(), &["sts:AssumeRole"], &condition)).await;
    let with = |serial_number: Option<&str>, code: Option<&str>| AssumeRoleRequest {
        serial_number: serial_number.map(str::to_owned),
        token_code: code.map(str::to_owned),
        ..request(&arn)
    };
    let (serial, code) = (device.serial_number.as_str(), device.code(&cloud));
    let wrong = if code == "000000" { "000001" } else { "000000" };
    assert!(told(assume(&cloud, &user, with(None, None)).await).1.contains("sts:AssumeRole on resource"));
    for (serial, code, text) in [
        (Some(serial), None, "must provide both MFA serial number and one time pass code. "),
        (Some(serial), Some(wrong), "with invalid MFA one time pass code. "),
        (
            Some("GAHT12345678"),
            Some(&code),
            "unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.",
        ),
    ] {
        let (name, told) = told(assume(&cloud, &user, with(serial, code)).await);
        assert_eq!(name, "AccessDenied");
        assert!(told.starts_with("MultiFactorAuthentication failed") && told.ends_with(text), "{told}");
    }
    let answer = assume(&cloud, &user, with(Some(serial), Some(&code))).await.unwrap();
    let session = cloud.session(answer.credentials.unwrap());
    assert!(session.caller.session.as_ref().unwrap().mfa_authenticated.is_some());
    assert!(assume(&cloud, &user, with(Some(serial), Some(&code))).await.is_err());
}

#[tokio::test]
async fn a_users_session_with_a_code_may_call_iam_and_tells_policies() {
    let cloud = TestCloud::new(91);
    let user = cloud.user_with_policy(ACCOUNT, "ann", ALL).await;
    let device = Device::of(&cloud, "ann").await;
    let condition = json!({"NumericLessThan": {"aws:MultiFactorAuthAge": "300"}});
    let arn = role(&cloud, ACCOUNT, "r", &trust_if(user.arn(), &["sts:AssumeRole"], &condition)).await;
    let without = own(&cloud, &user, GetSessionTokenRequest::default()).await;
    assert_eq!(told(list_users(&cloud, &without).await).0, "InvalidClientTokenId");
    assert!(assume(&cloud, &without, request(&arn)).await.is_err());
    let with = own(&cloud, &user, with_code(&device, &device.code(&cloud))).await;
    assert!(may_list_users(&cloud, &with).await);
    assert!(assume(&cloud, &with, request(&arn)).await.is_ok());
    cloud.advance(Duration::from_secs(300)).await;
    assert!(assume(&cloud, &with, request(&arn)).await.is_err());
}

#[tokio::test]
async fn a_code_of_somebody_elses_device_is_none() {
    let cloud = TestCloud::new(92);
    let user = cloud.user(ACCOUNT, "ann").await;
    cloud.user(ACCOUNT, "bob").await;
    let device = Device::of(&cloud, "bob").await;
    let asked = with_code(&device, &device.code(&cloud));
    assert_eq!(told(cloud.call::<GetSessionToken>(&user, asked).await).0, "AccessDenied");
    let arn = role(&cloud, ACCOUNT, "r", &trust(user.arn(), &["sts:AssumeRole"])).await;
    assert!(assume(&cloud, &user, request(&arn)).await.is_ok());
}
