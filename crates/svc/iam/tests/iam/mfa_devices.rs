//! Virtual MFA devices.

use std::time::Duration;

use alcazar_crypto::SeededEntropy;
use alcazar_identity::mfa_device::MfaDevice;
use alcazar_testkit::TestCloud;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use data_encoding::BASE32;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client, each};

/// A device as a phone has it.
pub(crate) struct Phone {
    pub(crate) serial_number: String,
    device: MfaDevice,
}

/// Makes a device.
pub(crate) async fn device(iam: &Client<'_>, name: &str) -> Phone {
    let made = iam.ok("CreateVirtualMFADevice", json!({"VirtualMFADeviceName": name})).await;
    let made = &made["VirtualMFADevice"];
    let seed = STANDARD.decode(made["Base32StringSeed"].as_str().unwrap()).unwrap();
    assert_eq!(seed.len(), 64);
    let image = STANDARD.decode(made["QRCodePNG"].as_str().unwrap()).unwrap();
    assert!(image.starts_with(b"\x89PNG"));
    let (account, entropy) = (ACCOUNT.parse().unwrap(), SeededEntropy::new(1));
    let mut device = MfaDevice::new(account, "/".into(), name.into(), iam.cloud.now(), &entropy).unwrap();
    device.seed = BASE32.decode(&seed).unwrap().into();
    Phone { serial_number: made["SerialNumber"].as_str().unwrap().to_owned(), device }
}

impl Phone {
    /// What shows that a user has the device: its last code and this one, by a clock that is so many seconds ahead.
    fn shown(&self, iam: &Client<'_>, user: &str, ahead: u64) -> Json {
        let now = iam.cloud.now() + Duration::from_secs(ahead);
        let codes = [self.device.code(now), self.device.code(now + Duration::from_secs(30))];
        json!({
            "UserName": user, "SerialNumber": self.serial_number,
            "AuthenticationCode1": codes[0], "AuthenticationCode2": codes[1],
        })
    }

    /// Makes it a user's, and gives back its serial number.
    pub(crate) async fn enable(&self, iam: &Client<'_>, user: &str) -> String {
        iam.ok("EnableMFADevice", self.shown(iam, user, 0)).await;
        self.serial_number.clone()
    }
}

#[tokio::test]
async fn a_device_belongs_to_the_user_who_shows_two_codes_of_it() {
    let cloud = TestCloud::new(80);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    for name in ["bob", "eve"] {
        iam.ok("CreateUser", json!({"UserName": name})).await;
    }
    let phone = device(&iam, "phone").await;
    assert_eq!(phone.serial_number, "arn:aws:iam::111122223333:mfa/phone");
    let mut wrong = phone.shown(&iam, "bob", 0);
    wrong["AuthenticationCode1"] = wrong["AuthenticationCode2"].clone();
    let refused = iam.refused("EnableMFADevice", wrong).await;
    assert_eq!(refused, "InvalidAuthenticationCode: Authentication code for device is not valid.");
    phone.enable(&iam, "bob").await;
    let used = iam.refused("EnableMFADevice", phone.shown(&iam, "eve", 60)).await;
    assert_eq!(used, "EntityAlreadyExists: MFA Device is already in use.");
    let serial = json!({"SerialNumber": phone.serial_number});
    let told = iam.ok("GetMFADevice", serial.clone()).await;
    assert_eq!((&told["UserName"], &told["EnableDate"]), (&json!("bob"), &json!(cloud.now().as_secs())));
    let in_use = iam.refused("DeleteVirtualMFADevice", serial.clone()).await;
    assert_eq!(in_use, "DeleteConflict: Cannot delete entity, MFA VirtualDevice in use. Must detach first.");
    let foreign = json!({"UserName": "eve", "SerialNumber": phone.serial_number});
    let foreign = iam.refused("DeactivateMFADevice", foreign).await;
    let missing =
        format!("NoSuchEntity: MFA Device with serial number {} does not exist.", phone.serial_number);
    assert_eq!(foreign, missing);
    iam.ok("DeactivateMFADevice", json!({"UserName": "bob", "SerialNumber": phone.serial_number})).await;
    assert_eq!(iam.ok("ListMFADevices", json!({"UserName": "bob"})).await["MFADevices"], json!([]));
    iam.ok("DeleteVirtualMFADevice", serial.clone()).await;
    assert_eq!(iam.refused("DeleteVirtualMFADevice", serial).await, missing);
}

#[tokio::test]
async fn codes_that_were_used_do_not_resynchronize_a_device() {
    let cloud = TestCloud::new(81);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    iam.ok("CreateUser", json!({"UserName": "bob"})).await;
    let phone = device(&iam, "phone").await;
    let used = phone.shown(&iam, "bob", 0);
    phone.enable(&iam, "bob").await;
    let again = iam.refused("ResyncMFADevice", used).await;
    assert_eq!(again, "InvalidAuthenticationCode: Authentication code for device is not valid.");
    iam.ok("ResyncMFADevice", phone.shown(&iam, "bob", 1800)).await;
}

#[tokio::test]
async fn devices_are_listed_by_whether_a_user_has_them() {
    let cloud = TestCloud::builder(82).quota("iam.mfa-devices-per-user", "1").build();
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    iam.ok("CreateUser", json!({"UserName": "bob"})).await;
    let (one, two) = (device(&iam, "one").await, device(&iam, "two").await);
    one.enable(&iam, "bob").await;
    let full = iam.refused("EnableMFADevice", two.shown(&iam, "bob", 0)).await;
    assert_eq!(full, "LimitExceeded: Cannot exceed quota for MFADevicesPerUser: 1");
    let twice = iam.refused("CreateVirtualMFADevice", json!({"VirtualMFADeviceName": "one"})).await;
    assert_eq!(twice, "EntityAlreadyExists: MFA device already exists.");
    for (status, expected) in
        [("Assigned", vec![&one]), ("Unassigned", vec![&two]), ("Any", vec![&one, &two])]
    {
        let input = json!({"AssignmentStatus": status});
        let listed = iam.pages("ListVirtualMFADevices", input, "VirtualMFADevices", 1).await;
        let expected: Vec<_> = expected.into_iter().map(|phone| phone.serial_number.clone()).collect();
        assert_eq!(each(&listed, "SerialNumber"), expected, "{status}");
        assert!(listed.iter().all(|device| device.get("Base32StringSeed").is_none()));
    }
}

#[tokio::test]
async fn tags_of_devices_may_differ_in_case_alone() {
    let cloud = TestCloud::new(83);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    let serial_number = device(&iam, "phone").await.serial_number;
    let tags = json!([{"Key": "a", "Value": "1"}, {"Key": "A", "Value": "2"}]);
    iam.ok("TagMFADevice", json!({"SerialNumber": serial_number, "Tags": tags})).await;
    let list = json!({"SerialNumber": serial_number});
    assert_eq!(each(&iam.pages("ListMFADeviceTags", list.clone(), "Tags", 1).await, "Key"), ["A", "a"]);
    iam.ok("UntagMFADevice", json!({"SerialNumber": serial_number, "TagKeys": ["A"]})).await;
    let left = iam.ok("ListMFADeviceTags", list).await["Tags"].clone();
    assert_eq!(each(left.as_array().unwrap(), "Key"), ["a"]);
}
