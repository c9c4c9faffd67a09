//! Samples of MFA devices.

use alcazar_testkit::{TestCaller, TestCloud};
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};

use super::tags;
use crate::sample;

/// How long a code is valid, in seconds.
const STEP: i64 = 30;

/// Two devices: one that a user has, and one that nobody has.
pub(super) struct Things {
    used: Device,
    unused: Device,
}

struct Device {
    serial_number: String,
    /// Codes of now, and of a moment later.
    codes: [[String; 2]; 2],
}

impl Device {
    async fn new(cloud: &TestCloud, root: &TestCaller, name: String) -> Self {
        let request = json!({"VirtualMFADeviceName": name, "Tags": tags()});
        let made = sample::make(cloud, root, "iam", "CreateVirtualMFADevice", request).await;
        let made = &made["VirtualMFADevice"];
        let seed = STANDARD.decode(super::text(&made["Base32StringSeed"])).unwrap();
        let now = cloud.now().as_secs() / STEP;
        let codes = [now, now + 2].map(|step| [step - 1, step].map(|step| code(&base32(&seed), step)));
        Self { serial_number: super::text(&made["SerialNumber"]), codes }
    }

    fn with_codes(&self, user: &str, later: bool) -> Json {
        let [first, second] = &self.codes[usize::from(later)];
        json!({
            "UserName": user, "SerialNumber": self.serial_number,
            "AuthenticationCode1": first, "AuthenticationCode2": second,
        })
    }
}

impl Things {
    /// New devices; a user has one.
    pub(super) async fn new(cloud: &TestCloud, root: &TestCaller, tag: &str) -> Self {
        let used = Device::new(cloud, root, format!("used-{tag}")).await;
        let input = used.with_codes(&format!("user-{tag}"), false);
        sample::make(cloud, root, "iam", "EnableMFADevice", input).await;
        Self { used, unused: Device::new(cloud, root, format!("unused-{tag}")).await }
    }
}

pub(super) fn sample(operation: &str, things: &super::Things) -> Option<Json> {
    let super::mfa::Things { used, unused } = &things.mfa;
    let user = things.name("user");
    let serial_number = &used.serial_number;
    Some(match operation {
        "CreateVirtualMFADevice" => {
            json!({"VirtualMFADeviceName": things.name("new-device"), "Path": "/team/", "Tags": tags()})
        }
        "DeleteVirtualMFADevice" => json!({"SerialNumber": unused.serial_number}),
        "EnableMFADevice" => unused.with_codes(&things.name("bare-user"), false),
        "ResyncMFADevice" => used.with_codes(&user, true),
        "DeactivateMFADevice" | "GetMFADevice" => json!({"UserName": user, "SerialNumber": serial_number}),
        "ListMFADevices" => json!({"UserName": user, "MaxItems": 10}),
        "ListMFADeviceTags" => json!({"SerialNumber": serial_number, "MaxItems": 10}),
        "TagMFADevice" => {
            json!({"SerialNumber": serial_number, "Tags": [{"Key": "Team", "Value": "blue"}]})
        }
        "UntagMFADevice" => json!({"SerialNumber": serial_number, "TagKeys": ["Team"]}),
        _ => return None,
    })
}

/// What a base32 text says.
fn base32(text: &[u8]) -> Vec<u8> {
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for letter in text.iter().filter(|letter| **letter != b'=') {
        let five = if letter.is_ascii_uppercase() { letter - b'A' } else { letter - b'2' + 26 };
        held = (held << 5 | u32::from(five)) & 0xfff;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 0xff).unwrap());
        }
    }
    bytes
}

/// The code of a time step (RFC 6238).
fn code(seed: &[u8], step: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, seed);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let digest = tag.as_ref();
    let at = usize::from(digest[19] & 0xf);
    let four = u32::from_be_bytes(digest[at..at + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", four % 1_000_000)
}

#[test]
fn codes_are_those_of_the_rfc() {
    assert_eq!(base32(b"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), b"12345678901234567890");
    assert_eq!(code(b"12345678901234567890", 59 / STEP), "287082");
}
