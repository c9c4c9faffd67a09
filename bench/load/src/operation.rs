//! The operations that are measured: what they send, and what must come back.

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};

use crate::error::BenchError;
use crate::fixture::Fixture;
use crate::parameter;
use crate::sigv4::Service;

/// An operation of KMS, or of Parameter Store; see [`parameter`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Operation {
    /// A new symmetric key.
    CreateKey,
    /// What is known of a key.
    DescribeKey,
    /// 64 bytes under a key, with a context of two pairs.
    Encrypt,
    /// What Encrypt made.
    Decrypt,
    /// 32 bytes, in the clear and encrypted.
    GenerateDataKey,
    /// A signature of 64 bytes.
    Sign,
    /// Whether what Sign made is right.
    Verify,
    /// A MAC of 64 bytes.
    GenerateMac,
    /// Whether what GenerateMac made is right.
    VerifyMac,
    /// A grant to the key's account, for one encryption context.
    CreateGrant,
    /// A hundred grants, each page in its turn.
    ListGrants,
    /// A new parameter.
    PutParameter,
    /// A new version of a parameter.
    OverwriteParameter,
    /// A parameter.
    GetParameter,
    /// A secure string, decrypted.
    GetSecureParameter,
    /// The first ten parameters of a path.
    GetParametersByPath,
    /// The first fifty parameters of a path.
    DescribeByPath,
    /// The parameters whose names begin with a text: ten of them.
    DescribeByName,
    /// The first fifty parameters of a type that one in a hundred has.
    DescribeByType,
    /// The parameters with a tag: ten of them.
    DescribeByTag,
}

/// The grants of a page.
const GRANTS_LISTED: usize = 100;

impl Operation {
    /// Those of symmetric keys whose answers the bare server repeats.
    pub(crate) const SYMMETRIC: [Self; 5] =
        [Self::CreateKey, Self::DescribeKey, Self::Encrypt, Self::Decrypt, Self::GenerateDataKey];

    /// Those of keys that make MACs, or else sign.
    pub(crate) const fn with_algorithm(makes_macs: bool) -> &'static [Self] {
        if makes_macs { &[Self::GenerateMac, Self::VerifyMac] } else { &[Self::Sign, Self::Verify] }
    }

    /// Whose operation it is.
    pub(crate) const fn service(self) -> Service {
        match self {
            Self::PutParameter
            | Self::OverwriteParameter
            | Self::GetParameter
            | Self::GetSecureParameter
            | Self::GetParametersByPath
            | Self::DescribeByPath
            | Self::DescribeByName
            | Self::DescribeByType
            | Self::DescribeByTag => Service::SSM,
            _ => Service::KMS,
        }
    }

    /// AWS's name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::CreateKey => "CreateKey",
            Self::DescribeKey => "DescribeKey",
            Self::Encrypt => "Encrypt",
            Self::Decrypt => "Decrypt",
            Self::GenerateDataKey => "GenerateDataKey",
            Self::Sign => "Sign",
            Self::Verify => "Verify",
            Self::GenerateMac => "GenerateMac",
            Self::VerifyMac => "VerifyMac",
            Self::CreateGrant => "CreateGrant",
            Self::ListGrants => "ListGrants",
            Self::PutParameter | Self::OverwriteParameter => "PutParameter",
            Self::GetParameter | Self::GetSecureParameter => "GetParameter",
            Self::GetParametersByPath => "GetParametersByPath",
            Self::DescribeByPath | Self::DescribeByName | Self::DescribeByType | Self::DescribeByTag => {
                "DescribeParameters"
            }
        }
    }

    /// The body of the `index`-th request: each differs from the others.
    pub(crate) fn body(self, fixture: &Fixture, index: usize) -> Result<Value, BenchError> {
        Ok(match self {
            Self::CreateKey => new_key_body(index, None),
            Self::DescribeKey => json!({ "KeyId": fixture.key(index)? }),
            Self::Encrypt => encrypt_body(fixture.key(index)?, &plaintext(index), index),
            Self::Decrypt => {
                let (index, ciphertext) = fixture.ciphertext(index)?;
                json!({ "CiphertextBlob": ciphertext, "EncryptionContext": context(index) })
            }
            Self::GenerateDataKey => json!({
                "KeyId": fixture.key(index)?,
                "KeySpec": "AES_256",
                "EncryptionContext": context(index),
            }),
            Self::Sign | Self::GenerateMac => sign_body(fixture, index)?,
            Self::Verify | Self::VerifyMac => verify_body(fixture, index)?,
            Self::CreateGrant => grant_body(fixture, index)?,
            Self::ListGrants => {
                let mut body = json!({ "KeyId": fixture.key(0)?, "Limit": GRANTS_LISTED });
                // The first page needs no marker.
                let page = index % (fixture.markers.len() + 1);
                if let Some(marker) = page.checked_sub(1).and_then(|page| fixture.markers.get(page)) {
                    put(&mut body, "Marker", marker);
                }
                body
            }
            parameters => parameter::body(parameters, fixture, index)?,
        })
    }

    /// What the body of a right answer contains. Decrypt has to give the plaintext back.
    pub(crate) fn expected(self) -> String {
        match self {
            Self::CreateKey | Self::DescribeKey => "KeyMetadata".to_owned(),
            Self::Encrypt | Self::GenerateDataKey => "CiphertextBlob".to_owned(),
            Self::Decrypt => known_plaintext(),
            Self::Sign => "\"Signature\":".to_owned(),
            Self::Verify => "\"SignatureValid\":true".to_owned(),
            Self::GenerateMac => "\"Mac\":".to_owned(),
            Self::VerifyMac => "\"MacValid\":true".to_owned(),
            Self::CreateGrant => "GrantToken".to_owned(),
            Self::ListGrants => "GrantId".to_owned(),
            parameters => parameter::expected(parameters).to_owned(),
        }
    }
}

/// A CreateKey request: for a symmetric key, or for one of a spec that signs or makes MACs.
pub(crate) fn new_key_body(index: usize, spec: Option<&str>) -> Value {
    let mut body = json!({ "Description": format!("made under load, number {index}") });
    if let Some(spec) = spec {
        put(&mut body, "KeySpec", spec);
        let usage = if spec.starts_with("HMAC_") { "GENERATE_VERIFY_MAC" } else { "SIGN_VERIFY" };
        put(&mut body, "KeyUsage", usage);
    }
    body
}

/// A Sign or GenerateMac request, by the fixture's algorithm.
pub(crate) fn sign_body(fixture: &Fixture, index: usize) -> Result<Value, BenchError> {
    let algorithm = fixture.algorithm.as_deref().ok_or(BenchError::EmptyFixture("algorithm"))?;
    let mut body = json!({ "KeyId": fixture.key(index)?, "Message": plaintext(index) });
    if fixture.makes_macs() {
        put(&mut body, "MacAlgorithm", algorithm);
    } else {
        put(&mut body, "SigningAlgorithm", algorithm);
        put(&mut body, "MessageType", "RAW");
    }
    Ok(body)
}

/// A Verify or VerifyMac request of what the same request of Sign or GenerateMac made.
fn verify_body(fixture: &Fixture, index: usize) -> Result<Value, BenchError> {
    let (index, signature) = fixture.signature(index)?;
    let mut body = sign_body(fixture, index)?;
    put(&mut body, if fixture.makes_macs() { "Mac" } else { "Signature" }, signature);
    Ok(body)
}

/// A CreateGrant request: the key's account may decrypt what has the context of the `index`-th request.
pub(crate) fn grant_body(fixture: &Fixture, index: usize) -> Result<Value, BenchError> {
    let key = fixture.key(index)?;
    let account = key.split(':').nth(4).ok_or(BenchError::EmptyFixture("account in its ARNs"))?;
    Ok(json!({
        "KeyId": key,
        "GranteePrincipal": format!("arn:aws:iam::{account}:root"),
        "Operations": ["Decrypt", "GenerateDataKey"],
        "Constraints": { "EncryptionContextSubset": { "tenant": tenant(index) } },
    }))
}

fn put(body: &mut Value, member: &str, value: &str) {
    if let Some(members) = body.as_object_mut() {
        members.insert(member.to_owned(), Value::from(value));
    }
}

/// An Encrypt request for the fixture: a ciphertext of the plaintext that Decrypt expects.
pub(crate) fn fixture_encrypt_body(key: &str, index: usize) -> Value {
    encrypt_body(key, &known_plaintext(), index)
}

/// The encryption context of the `index`-th request.
pub(crate) fn context(index: usize) -> Value {
    json!({ "purpose": "benchmark", "tenant": tenant(index) })
}

fn tenant(index: usize) -> String {
    format!("tenant-{index:06}")
}

fn encrypt_body(key: &str, plaintext: &str, index: usize) -> Value {
    json!({ "KeyId": key, "Plaintext": plaintext, "EncryptionContext": context(index) })
}

/// The plaintext of every ciphertext that Decrypt is sent, in base64.
fn known_plaintext() -> String {
    plaintext(0)
}

/// 64 bytes that differ for each index, in base64.
fn plaintext(index: usize) -> String {
    BASE64.encode(message(index))
}

/// 64 bytes that differ for each index.
pub(crate) fn message(index: usize) -> Vec<u8> {
    digest::digest(&digest::SHA512, &index.to_be_bytes()).as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "arn:aws:kms:us-east-1:111122223333:key/k";

    fn fixture(algorithm: Option<&str>) -> Fixture {
        Fixture {
            keys: vec![KEY.to_owned()],
            ciphertexts: vec!["b".to_owned(), "c".to_owned()],
            algorithm: algorithm.map(str::to_owned),
            signatures: vec!["s".to_owned(), "t".to_owned()],
            markers: vec!["m".to_owned()],
            ..Fixture::default()
        }
    }

    #[test]
    fn requests_of_an_operation_differ_and_plaintexts_have_64_bytes() {
        let differ = |operation: Operation, fixture: &Fixture| {
            let bodies = [0, 1].map(|index| operation.body(fixture, index).unwrap());
            assert!(bodies[0] != bodies[1] || operation == Operation::DescribeKey, "{bodies:?}");
        };
        for operation in
            Operation::SYMMETRIC.into_iter().chain([Operation::CreateGrant, Operation::ListGrants])
        {
            differ(operation, &fixture(None));
        }
        for algorithm in ["HMAC_SHA_256", "ECDSA_SHA_256"] {
            let fixture = fixture(Some(algorithm));
            for &operation in Operation::with_algorithm(fixture.makes_macs()) {
                differ(operation, &fixture);
            }
        }
        assert_eq!(BASE64.decode(plaintext(7)).unwrap().len(), 64);
    }

    #[test]
    fn what_is_verified_is_what_was_signed() {
        let fixture = fixture(Some("ECDSA_SHA_256"));
        let (signed, verified) = (sign_body(&fixture, 1).unwrap(), verify_body(&fixture, 3).unwrap());
        assert_eq!((&signed["Message"], &verified["Signature"]), (&verified["Message"], &json!("t")));
    }

    #[test]
    fn a_grant_is_to_the_account_of_the_key_and_fits_one_context() {
        let grant = grant_body(&fixture(None), 5).unwrap();
        assert_eq!(grant["GranteePrincipal"], "arn:aws:iam::111122223333:root");
        assert_eq!(grant["Constraints"]["EncryptionContextSubset"]["tenant"], context(5)["tenant"]);
    }

    #[test]
    fn each_page_of_grants_has_its_turn() {
        let markers = [0, 1, 2].map(|index| Operation::ListGrants.body(&fixture(None), index).unwrap());
        assert_eq!(markers.map(|body| body.get("Marker").cloned()), [None, Some(json!("m")), None]);
    }
}
