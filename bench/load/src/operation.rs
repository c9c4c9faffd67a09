//! The operations that are measured: what they send, and what must come back.

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};

use crate::error::BenchError;
use crate::fixture::Fixture;

/// An operation of KMS.
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
}

impl Operation {
    /// All of them.
    pub(crate) const ALL: [Self; 5] =
        [Self::CreateKey, Self::DescribeKey, Self::Encrypt, Self::Decrypt, Self::GenerateDataKey];

    /// AWS's name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::CreateKey => "CreateKey",
            Self::DescribeKey => "DescribeKey",
            Self::Encrypt => "Encrypt",
            Self::Decrypt => "Decrypt",
            Self::GenerateDataKey => "GenerateDataKey",
        }
    }

    /// The body of the `index`-th request: each differs from the others.
    pub(crate) fn body(self, fixture: &Fixture, index: usize) -> Result<Value, BenchError> {
        Ok(match self {
            Self::CreateKey => json!({ "Description": format!("made under load, number {index}") }),
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
        })
    }

    /// What the body of a right answer contains. Decrypt has to give the plaintext back.
    pub(crate) fn expected(self) -> String {
        match self {
            Self::CreateKey | Self::DescribeKey => "KeyMetadata".to_owned(),
            Self::Encrypt | Self::GenerateDataKey => "CiphertextBlob".to_owned(),
            Self::Decrypt => known_plaintext(),
        }
    }
}

/// An Encrypt request for the fixture: a ciphertext of the plaintext that Decrypt expects.
pub(crate) fn fixture_encrypt_body(key: &str, index: usize) -> Value {
    encrypt_body(key, &known_plaintext(), index)
}

/// The encryption context of the `index`-th request.
pub(crate) fn context(index: usize) -> Value {
    json!({ "purpose": "benchmark", "tenant": format!("tenant-{index:06}") })
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
    BASE64.encode(digest::digest(&digest::SHA512, &index.to_be_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_of_an_operation_differ_and_plaintexts_have_64_bytes() {
        let fixture =
            Fixture { keys: vec!["k".to_owned()], ciphertexts: vec!["b".to_owned(), "c".to_owned()] };
        for operation in Operation::ALL {
            let bodies = [0, 1].map(|index| operation.body(&fixture, index).unwrap());
            assert!(bodies[0] != bodies[1] || operation == Operation::DescribeKey, "{bodies:?}");
        }
        assert_eq!(BASE64.decode(plaintext(7)).unwrap().len(), 64);
    }
}
