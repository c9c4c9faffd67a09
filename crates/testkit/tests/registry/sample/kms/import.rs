//! A key that waits for its material, with a token and wrapped material for it.

use std::sync::LazyLock;

use alcazar_api_kms::operation::CreateKeyRequest;
use alcazar_api_kms::types::OriginType;
use alcazar_base::Timestamp;
use alcazar_crypto::{ImportToken, SystemEntropy, WrappingAlgorithm, WrappingKey, WrappingKeySpec};
use alcazar_testkit::{TestCaller, TestCloud};
use aws_lc_rs::rsa::{OAEP_SHA256_MGF1SHA256, OaepPublicEncryptingKey, PublicEncryptingKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// What an import needs, in base64.
pub(super) struct Import {
    pub(super) key_id: String,
    pub(super) token: String,
    pub(super) encrypted: String,
}

/// One wrapping key for all samples, since RSA keys take long to make.
static WRAPPING_KEY: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let key = WrappingKey::generate(WrappingKeySpec::Rsa2048).unwrap();
    key.to_pkcs8_der().unwrap().expose().to_vec()
});

impl Import {
    /// A new key of the caller's own, and what is to be imported into it.
    pub(super) async fn new(cloud: &TestCloud, caller: &TestCaller) -> Self {
        let origin = Some(OriginType::External);
        let request = CreateKeyRequest { origin, ..CreateKeyRequest::default() };
        let made = super::make(cloud, caller, request).await;
        let wrapping_key = WrappingKey::from_pkcs8_der(&WRAPPING_KEY).unwrap();
        let public = PublicEncryptingKey::from_der(&wrapping_key.public_key_der().unwrap()).unwrap();
        let public = OaepPublicEncryptingKey::new(public).unwrap();
        let mut output = vec![0; public.ciphertext_size()];
        let encrypted = public.encrypt(&OAEP_SHA256_MGF1SHA256, &[7; 32], &mut output, None).unwrap();
        let token = ImportToken {
            subject: made.arn.unwrap().into_bytes(),
            algorithm: WrappingAlgorithm::RsaesOaepSha256,
            valid_to: Timestamp::from_millis(i64::MAX / 2),
            wrapping_key,
        };
        let token = token.seal(&cloud.cloud().keyring(), &SystemEntropy::new()).unwrap();
        Self { key_id: made.key_id, token: STANDARD.encode(token), encrypted: STANDARD.encode(encrypted) }
    }
}
