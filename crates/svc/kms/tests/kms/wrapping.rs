//! Key material wrapped as a client does it, and its import.

use alcazar_crypto::{KeyMaterial, KeySpec, SystemEntropy};
use aws_lc_rs::key_wrap::{AES_256, AesKek, KeyWrapPadded};
use aws_lc_rs::rsa::{
    OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepPublicEncryptingKey, PublicEncryptingKey,
};
use serde_json::{Value as Json, json};

use crate::client::{Client, base64, bytes};

/// The algorithms that encrypt material directly.
pub(crate) const DIRECT: [&str; 2] = ["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"];
/// The algorithms that wrap it under an AES key.
pub(crate) const BY_AES: [&str; 2] = ["RSA_AES_KEY_WRAP_SHA_1", "RSA_AES_KEY_WRAP_SHA_256"];

/// An algorithm that wraps any material of the spec.
pub(crate) fn algorithm_for(spec: &str) -> &'static str {
    if spec.starts_with("HMAC") || spec == "SYMMETRIC_DEFAULT" { DIRECT[1] } else { BY_AES[1] }
}

/// Key material of a spec in the form in which it is imported.
pub(crate) fn material(spec: &str) -> Vec<u8> {
    match spec {
        "SYMMETRIC_DEFAULT" | "HMAC_256" => random().to_vec(),
        "HMAC_224" => random()[..28].to_vec(),
        "HMAC_384" => random().repeat(2)[..48].to_vec(),
        "HMAC_512" => random().repeat(2),
        _ => {
            let spec = KeySpec::from_name(spec).unwrap();
            KeyMaterial::generate(spec, &SystemEntropy::default())
                .unwrap()
                .to_pkcs8()
                .unwrap()
                .expose()
                .to_vec()
        }
    }
}

fn random() -> [u8; 32] {
    alcazar_crypto::entropy::random(&SystemEntropy::default()).unwrap()
}

/// Wraps material under a public key.
pub(crate) fn wrap(public_key: &[u8], algorithm: &str, material: &[u8]) -> Vec<u8> {
    let oaep = if algorithm.ends_with("SHA_1") { &OAEP_SHA1_MGF1SHA1 } else { &OAEP_SHA256_MGF1SHA256 };
    let public = PublicEncryptingKey::from_der(public_key).unwrap();
    let public = OaepPublicEncryptingKey::new(public).unwrap();
    let encrypt = |plaintext: &[u8]| {
        let mut output = vec![0; public.ciphertext_size()];
        public.encrypt(oaep, plaintext, &mut output, None).unwrap().to_vec()
    };
    if DIRECT.contains(&algorithm) {
        return encrypt(material);
    }
    let aes_key = [5; 32];
    let mut output = vec![0; material.len() + 15];
    let kek = AesKek::new(&AES_256, &aes_key).unwrap();
    let wrapped = kek.wrap_with_padding(material, &mut output).unwrap();
    [&encrypt(&aes_key), &*wrapped].concat()
}

/// What GetParametersForImport gave.
pub(crate) struct Parameters {
    pub(crate) algorithm: &'static str,
    pub(crate) token: Vec<u8>,
    pub(crate) public_key: Vec<u8>,
}

impl Parameters {
    /// The input that imports `material`, which does not expire unless `more` says so.
    pub(crate) fn input(&self, key_id: &str, material: &[u8], more: &Json) -> Json {
        let mut input = json!({
            "KeyId": key_id, "ImportToken": base64(&self.token),
            "EncryptedKeyMaterial": base64(wrap(&self.public_key, self.algorithm, material)),
        });
        if more.get("ValidTo").is_none() {
            input["ExpirationModel"] = json!("KEY_MATERIAL_DOES_NOT_EXPIRE");
        }
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    }
}

impl Client<'_> {
    /// Makes a key without material, and gives back its id.
    pub(crate) async fn new_external_key(&self, spec: &str) -> String {
        let usage = match spec {
            "SYMMETRIC_DEFAULT" => "ENCRYPT_DECRYPT",
            spec if spec.starts_with("HMAC") => "GENERATE_VERIFY_MAC",
            _ => "SIGN_VERIFY",
        };
        let input = json!({"Origin": "EXTERNAL", "KeySpec": spec, "KeyUsage": usage});
        self.ok("CreateKey", input).await["KeyMetadata"]["KeyId"].as_str().unwrap().to_owned()
    }

    /// Gets parameters for an import.
    pub(crate) async fn parameters(
        &self,
        key_id: &str,
        algorithm: &'static str,
        wrapping_key: &str,
    ) -> Parameters {
        let input = json!({"KeyId": key_id, "WrappingAlgorithm": algorithm, "WrappingKeySpec": wrapping_key});
        let given = self.ok("GetParametersForImport", input).await;
        Parameters { algorithm, token: bytes(&given["ImportToken"]), public_key: bytes(&given["PublicKey"]) }
    }

    /// Parameters for an import into a key of this spec, by an algorithm that suits it.
    pub(crate) async fn parameters_for(&self, key_id: &str, spec: &str) -> Parameters {
        self.parameters(key_id, algorithm_for(spec), "RSA_2048").await
    }

    /// Makes a key with imported material, and gives back its id.
    pub(crate) async fn new_imported_key(&self, spec: &str, material: &[u8]) -> String {
        let key_id = self.new_external_key(spec).await;
        let parameters = self.parameters_for(&key_id, spec).await;
        self.ok("ImportKeyMaterial", parameters.input(&key_id, material, &json!({}))).await;
        key_id
    }

    /// The state of a key.
    pub(crate) async fn state(&self, key_id: &str) -> String {
        let described = self.ok("DescribeKey", json!({"KeyId": key_id})).await;
        described["KeyMetadata"]["KeyState"].as_str().unwrap().to_owned()
    }
}
