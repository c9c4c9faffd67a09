//! The client's side of Signature Version 4, for the one form of request that the load generator sends: `POST /`
//! without a query, signing the headers that boto3 signs.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

use alcazar_base::Timestamp;
use aws_lc_rs::{digest, hmac};

/// The headers that are signed, in canonical order; with a session token that header too.
const SIGNED_HEADERS: &str = "content-type;host;x-amz-date;x-amz-target";
const SIGNED_HEADERS_WITH_TOKEN: &str = "content-type;host;x-amz-date;x-amz-security-token;x-amz-target";
/// How a service is called.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Service {
    /// Its name in the credential scope.
    pub(crate) name: &'static str,
    /// What boto3 calls the body's type.
    pub(crate) content_type: &'static str,
    /// What comes before the operation in `X-Amz-Target`.
    pub(crate) target: &'static str,
}

impl Service {
    /// KMS.
    pub(crate) const KMS: Self =
        Self { name: "kms", content_type: "application/x-amz-json-1.1", target: "TrentService" };
    /// SQS.
    pub(crate) const SQS: Self =
        Self { name: "sqs", content_type: "application/x-amz-json-1.0", target: "AmazonSQS" };
    /// Parameter Store.
    pub(crate) const SSM: Self =
        Self { name: "ssm", content_type: "application/x-amz-json-1.1", target: "AmazonSSM" };
}

/// An access key.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Credentials {
    /// The access key's id.
    #[arg(long, env = "AWS_ACCESS_KEY_ID")]
    pub(crate) access_key_id: String,
    /// The secret access key; better in the environment than on the command line.
    #[arg(long, env = "AWS_SECRET_ACCESS_KEY", hide_env_values = true)]
    pub(crate) secret_access_key: String,
    /// The token of temporary credentials.
    #[arg(long, env = "AWS_SESSION_TOKEN", hide_env_values = true)]
    pub(crate) session_token: Option<String>,
    /// The region of the credential scope.
    #[arg(long, env = "AWS_REGION", default_value = "us-east-1")]
    pub(crate) region: String,
}

/// Signs requests to one host, all of the same second.
#[derive(Debug)]
pub(crate) struct Signer {
    access_key_id: String,
    session_token: Option<String>,
    host: String,
    amz_date: String,
    scope: String,
    key: hmac::Key,
    service: Service,
}

impl Signer {
    /// A signer for requests to a service sent at `time`.
    pub(crate) fn of(service: Service, credentials: &Credentials, host: &str, time: Timestamp) -> Self {
        let amz_date = time.to_amz_date();
        let date = amz_date.split('T').next().unwrap_or_default();
        let secret = format!("AWS4{}", credentials.secret_access_key);
        let mut key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        for part in [date, &credentials.region, service.name, "aws4_request"] {
            key = hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&key, part.as_bytes()).as_ref());
        }
        Self {
            access_key_id: credentials.access_key_id.clone(),
            session_token: credentials.session_token.clone(),
            host: host.to_owned(),
            scope: format!("{date}/{}/{}/aws4_request", credentials.region, service.name),
            amz_date,
            key,
            service,
        }
    }

    /// Whom it signs for.
    pub(crate) fn service(&self) -> Service {
        self.service
    }

    /// The `Host` header.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// The `X-Amz-Date` header.
    pub(crate) fn amz_date(&self) -> &str {
        &self.amz_date
    }

    /// The header that carries the session token, with its line's end; nothing for credentials without one.
    pub(crate) fn token_header(&self) -> String {
        self.session_token
            .as_ref()
            .map(|token| format!("X-Amz-Security-Token: {token}\r\n"))
            .unwrap_or_default()
    }

    /// The `Authorization` header of a request with this `X-Amz-Target` and body.
    pub(crate) fn authorization(&self, target: &str, body: &[u8]) -> String {
        let Self { access_key_id, session_token, host, amz_date, scope, key, service } = self;
        let content_type = service.content_type;
        let (signed_headers, token) = match session_token {
            Some(token) => (SIGNED_HEADERS_WITH_TOKEN, format!("x-amz-security-token:{token}\n")),
            None => (SIGNED_HEADERS, String::new()),
        };
        let body_hash = sha256_hex(body);
        let canonical_request = format!(
            "POST\n/\n\ncontent-type:{content_type}\nhost:{host}\nx-amz-date:{amz_date}\n{token}x-amz-target:{target}\n\n\
             {signed_headers}\n{body_hash}"
        );
        let request_hash = sha256_hex(canonical_request.as_bytes());
        let string_to_sign = format!("AWS4-HMAC-SHA256\n{amz_date}\n{scope}\n{request_hash}");
        let signature = hex::encode(hmac::sign(key, string_to_sign.as_bytes()));
        format!(
            "AWS4-HMAC-SHA256 Credential={access_key_id}/{scope}, SignedHeaders={signed_headers}, \
             Signature={signature}"
        )
    }
}

fn sha256_hex(data: &[u8]) -> String {
    hex::encode(digest::digest(&digest::SHA256, data))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The header is the one that boto3 1.43 sent for the same request.
    #[test]
    fn a_request_is_signed_as_boto3_signs_it() {
        let credentials = Credentials {
            access_key_id: "000000000000".to_owned(),
            secret_access_key: "test".to_owned(),
            session_token: None,
            region: "us-east-1".to_owned(),
        };
        let time = Timestamp::parse_amz_date("20261122T040130Z").unwrap();
        let signer = Signer::of(Service::KMS, &credentials, "127.0.0.1:34831", time);
        let body = "{\"KeyId\": \"abcd\", \"Plaintext\": \"eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4\
                    eHh4eHh4eHh4eHh4eHh4eA==\", \"EncryptionContext\": {\"a\": \"b\"}}";
        assert_eq!(
            signer.authorization("TrentService.Encrypt", body.as_bytes()),
            "AWS4-HMAC-SHA256 Credential=000000000000/20261122/us-east-1/kms/aws4_request, \
             SignedHeaders=content-type;host;x-amz-date;x-amz-target, \
             Signature=6c4f2d037f817ce9063e05e8f612ec229a0ce57b09d7a71072fc6296a872f8a7"
        );
    }
}
