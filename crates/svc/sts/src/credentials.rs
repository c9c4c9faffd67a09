//! Credentials as answers have them.

use alcazar_api_sts::types::Credentials;
use alcazar_engine::Cx;
use alcazar_engine::issue::IssuedCredentials;

/// Tells the event history which access key was handed out.
pub(crate) fn note(cx: &mut Cx<'_>, credentials: &Credentials) {
    cx.note_name("AWS::IAM::AccessKey", &credentials.access_key_id);
}

/// The credentials of a session that begins.
pub(crate) fn shown(issued: IssuedCredentials) -> Credentials {
    Credentials {
        access_key_id: issued.access_key_id,
        secret_access_key: issued.secret,
        session_token: issued.session_token,
        expiration: issued.expires,
    }
}
