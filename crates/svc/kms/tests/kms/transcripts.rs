//! Golden transcripts: what goes over the wire, to the letter, in each protocol.
//!
//! What is random is masked. Setting `ALCAZAR_WRITE_TRANSCRIPTS` writes the files anew; look at the difference
//! before it is committed.

use std::fmt::Write as _;
use std::path::Path;

use alcazar_shape::{OperationModel, Protocol};
use alcazar_testkit::{TestCloud, WireRequest};
use http::HeaderMap;
use serde_json::{Value as Json, json};

use crate::client::ACCOUNT;

const KEY_ID: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";

/// Writes down calls and their answers.
struct Scribe {
    cloud: TestCloud,
    protocol: Protocol,
    text: String,
    /// What is random, and what stands for it.
    masks: Vec<(String, String)>,
}

impl Scribe {
    fn new(protocol: Protocol) -> Self {
        Self { cloud: TestCloud::new(1), protocol, text: String::new(), masks: Vec::new() }
    }

    /// Makes a key whose id and material are masked from now on, and gives back its id.
    async fn key(&mut self) -> String {
        let root = self.cloud.root(ACCOUNT);
        let model = alcazar_svc_kms::SERVICE.operation("CreateKey").unwrap().model;
        let made = self.cloud.send_signed(&root, Protocol::AwsJson1_1, model, &json!({})).await.json();
        let id = made["KeyMetadata"]["KeyId"].as_str().unwrap().to_owned();
        let material = made["KeyMetadata"]["CurrentKeyMaterialId"].as_str().unwrap().to_owned();
        self.masks.push((id.clone(), KEY_ID.to_owned()));
        self.masks.push((material, "0".repeat(64)));
        id
    }

    async fn call(&mut self, model: &OperationModel, input: Json, signed: bool) {
        let root = self.cloud.root(ACCOUNT);
        let mut request = WireRequest::new(self.protocol, model, &input);
        if signed {
            request = request.signed(&root, model.service.signing_name, self.cloud.wall_time());
        }
        let response = self.cloud.send(self.protocol, &request).await;
        let request_id = response.encoded.headers["x-amzn-requestid"].to_str().unwrap().to_owned();
        self.masks.push((request_id, "00000000-0000-0000-0000-000000000000".to_owned()));
        let method = &request.method;
        writeln!(self.text, "> {method} {}", request.path).unwrap();
        self.message('>', &request.headers, &request.body);
        writeln!(self.text, "< {}", response.status()).unwrap();
        self.message('<', &response.encoded.headers, &response.encoded.body);
        self.text.push('\n');
    }

    fn message(&mut self, sign: char, headers: &HeaderMap, body: &[u8]) {
        let mut lines: Vec<String> = headers
            .iter()
            .map(|(name, value)| format!("{sign} {name}: {}", without_signature(value.to_str().unwrap())))
            .collect();
        lines.sort();
        for line in lines {
            writeln!(self.text, "{line}").unwrap();
        }
        if !body.is_empty() {
            let body = match self.protocol {
                Protocol::RpcV2Cbor => minicbor::display(body).to_string(),
                _ => String::from_utf8(body.to_vec()).unwrap(),
            };
            writeln!(self.text, "{sign}\n{sign} {body}").unwrap();
        }
    }

    fn compare(mut self, file: &str) {
        for (random, mask) in &self.masks {
            self.text = self.text.replace(random, mask);
        }
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kms/transcripts").join(file);
        if std::env::var_os("ALCAZAR_WRITE_TRANSCRIPTS").is_some() {
            std::fs::write(&path, &self.text).unwrap();
        }
        let golden = std::fs::read_to_string(&path).unwrap();
        assert_eq!(self.text, golden, "the wire has changed: {file}");
    }
}

/// A signature covers what is masked, so it is masked too.
fn without_signature(value: &str) -> String {
    match value.split_once("Signature=") {
        Some((before, _)) => format!("{before}Signature=0"),
        None => value.to_owned(),
    }
}

async fn kms(protocol: Protocol, file: &str) {
    let mut scribe = Scribe::new(protocol);
    let key_id = scribe.key().await;
    let model = |operation: &str| alcazar_svc_kms::SERVICE.operation(operation).unwrap().model;
    scribe.call(model("CreateAlias"), json!({"AliasName": "alias/a", "TargetKeyId": key_id}), true).await;
    scribe.call(model("DescribeKey"), json!({"KeyId": "alias/a"}), true).await;
    scribe.call(model("ListAliases"), json!({"KeyId": key_id}), true).await;
    let tags = json!([{"TagKey": "Team", "TagValue": "red"}]);
    scribe.call(model("TagResource"), json!({"KeyId": key_id, "Tags": tags}), true).await;
    scribe.call(model("ListResourceTags"), json!({"KeyId": key_id}), true).await;
    let window = json!({"KeyId": key_id, "PendingWindowInDays": 7});
    scribe.call(model("ScheduleKeyDeletion"), window, true).await;
    scribe.call(model("EnableKey"), json!({"KeyId": key_id}), true).await;
    scribe.call(model("Decrypt"), json!({"CiphertextBlob": "AAAA"}), true).await;
    scribe.call(model("DescribeKey"), json!({"KeyId": ""}), true).await;
    scribe.call(model("DescribeKey"), json!({"KeyId": 1}), true).await;
    scribe.call(model("DescribeKey"), json!({"KeyId": key_id}), false).await;
    scribe.call(&OperationModel { name: "Unknown", ..*model("DescribeKey") }, json!({}), true).await;
    scribe.compare(file);
}

#[tokio::test]
async fn json_goes_over_the_wire_as_it_did() {
    kms(Protocol::AwsJson1_1, "json_1_1.txt").await;
}

#[tokio::test]
async fn cbor_goes_over_the_wire_as_it_did() {
    kms(Protocol::RpcV2Cbor, "rpc_v2_cbor.txt").await;
}
