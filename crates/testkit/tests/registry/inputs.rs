//! No input gets more than an error of AWS's, and none that is broken gets by.

use alcazar_api_organizations::ErrorCode;
use alcazar_shape::Protocol;
use alcazar_shape::common_error::{SERIALIZATION, VALIDATION};
use alcazar_testkit::{TestCloud, WireRequest, WireResponse};

use crate::broken::{self, Refusal};
use crate::recorded::Recorded;
use crate::sample::{self, Things};

const ACCOUNT: &str = "111122223333";

#[tokio::test]
async fn every_constraint_of_every_input_is_kept() {
    let cloud = TestCloud::new(10);
    let root = cloud.root(ACCOUNT);
    let things = Things::new(&cloud, &root).await;
    let now = cloud.wall_time();
    let before = cloud.store().records().await;
    let mut recorded = Recorded::new(cloud);
    recorded.skip();
    let mut count = 0;
    for (operation, protocol) in sample::operations(&recorded.cloud) {
        for broken in broken::all(operation.input, &sample::of(operation, &things), protocol) {
            let what = format!("{} of {protocol:?}, where {}", operation.name, broken.what);
            let request = WireRequest::new(protocol, operation, &broken.input);
            let request = request.signed(&root, operation.service.signing_name, now);
            match &broken.refusal {
                Refusal::Serialization => {
                    recorded.refused(protocol, &request, &SERIALIZATION, &what).await;
                }
                Refusal::Validation(_) if operation.service.name == "organizations" => {
                    let told = ErrorCode::InvalidInputException.model();
                    let response = recorded.refused(protocol, &request, told, &what).await;
                    let body = String::from_utf8_lossy(&response.encoded.body).into_owned();
                    assert!(body.contains("Reason"), "{what}: {body}");
                }
                Refusal::Validation(message) => {
                    let response = recorded.refused(protocol, &request, &VALIDATION, &what).await;
                    let told = recorded.last_event().error_message.unwrap();
                    assert!(told.contains(message), "{what}: {told}");
                    assert!(told.contains("validation error"), "{what}: {told}");
                    assert!(tells(&response, message), "{what}: {:?}", response.encoded);
                }
            }
            count += 1;
        }
    }
    assert!(count > 1000, "only {count} inputs were broken");
    assert_eq!(recorded.cloud.store().records().await, before, "a refused call changed something");
}

/// Whether the answer holds the message, as far as its protocol leaves it readable.
fn tells(response: &WireResponse, message: &str) -> bool {
    let body = String::from_utf8_lossy(&response.encoded.body).into_owned();
    match response.protocol {
        Protocol::AwsJson1_0 | Protocol::AwsJson1_1 => {
            let json = response.json();
            let told = json.get("message").or(json.get("Message")).and_then(serde_json::Value::as_str);
            told.is_some_and(|told| told.contains(message))
        }
        Protocol::AwsQuery => body.contains("<Message>"),
        Protocol::RpcV2Cbor => body.contains(message),
    }
}

#[tokio::test]
async fn a_body_that_is_nothing_is_refused() {
    let cloud = TestCloud::new(11);
    let root = cloud.root(ACCOUNT);
    let now = cloud.wall_time();
    let mut recorded = Recorded::new(cloud);
    let deep = [&b"{\"GrantTokens\":"[..], &b"[".repeat(100_000), &b"]".repeat(100_000), b"}"].concat();
    let deep_cbor = [&b"\xa1\x61x"[..], &b"\x81".repeat(100_000), b"\xf6"].concat();
    let json: [&[u8]; 8] =
        [b"{", b"nonsense", b"[]", b"\"\"", b"\xff\xfe", b"{\"KeyId\": \"\xff\"}", b"{} {}", &deep];
    let cbor: [&[u8]; 7] = [b"\xa1", b"\xff", b"\x80", b"\x60", b"\xa1\x61\xff\x00", b"\xa0\xa0", &deep_cbor];
    for (operation, protocol) in sample::operations(&recorded.cloud) {
        let bodies: &[&[u8]] = match protocol {
            Protocol::AwsJson1_0 | Protocol::AwsJson1_1 => &json,
            Protocol::RpcV2Cbor => &cbor,
            Protocol::AwsQuery => continue,
        };
        for body in bodies {
            let shown = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
            let what = format!("{} of {protocol:?} with {shown:?}", operation.name);
            let request = WireRequest::with_body(protocol, operation, body.to_vec());
            let request = request.signed(&root, operation.service.signing_name, now);
            recorded.refused(protocol, &request, &SERIALIZATION, &what).await;
        }
    }
}
