//! A JSON Web Token, taken apart. Nothing of it is believed before its signature was found right.
//!
//! Source: <https://www.rfc-editor.org/rfc/rfc7515#section-7.1>

use alcazar_crypto::jws::JwsAlgorithm;
use alcazar_shape::ApiError;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value as Json};

use crate::error;

/// A token in its parts.
pub(super) struct IdToken {
    /// What it says that it is signed with.
    pub(super) algorithm: JwsAlgorithm,
    /// The id of the key that signed it, if it tells.
    pub(super) key_id: Option<String>,
    /// What it says.
    pub(super) claims: Map<String, Json>,
    /// What was signed.
    pub(super) signed: String,
    /// The signature.
    pub(super) signature: Vec<u8>,
}

impl IdToken {
    /// Takes a text apart.
    ///
    /// # Errors
    /// It is no such token.
    pub(super) fn read(text: &str) -> Result<Self, ApiError> {
        let (signed, signature) = text.rsplit_once('.').ok_or_else(error::no_id_token)?;
        let (header, claims) = signed.split_once('.').ok_or_else(error::no_id_token)?;
        let header = object(header).ok_or_else(error::no_id_token)?;
        let claims = object(claims).ok_or_else(error::no_id_token)?;
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| error::no_id_token())?;
        // Extensions that must be understood are none that are.
        if header.contains_key("crit") {
            return Err(error::no_id_token());
        }
        let algorithm = header.get("alg").and_then(Json::as_str).and_then(JwsAlgorithm::of_name);
        Ok(Self {
            algorithm: algorithm.ok_or_else(error::unknown_token_algorithm)?,
            key_id: header.get("kid").and_then(Json::as_str).map(str::to_owned),
            claims,
            signed: signed.to_owned(),
            signature,
        })
    }
}

fn object(part: &str) -> Option<Map<String, Json>> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}
