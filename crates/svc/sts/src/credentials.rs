//! Credentials as answers have them.

use alcazar_api_sts::types::Credentials;
use alcazar_engine::issue::IssuedCredentials;

/// The credentials of a session that begins.
pub(crate) fn shown(issued: IssuedCredentials) -> Credentials {
    Credentials {
        access_key_id: issued.access_key_id,
        secret_access_key: issued.secret,
        session_token: issued.session_token,
        expiration: issued.expires,
    }
}
