//! The ways in which a signature can fail, with AWS's words for each.
//!
//! What a caller sent in a place where a secret might stand is shown only as its hash, as AWS does.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html>

use std::fmt::{self, Write as _};

use alcazar_base::Timestamp;
use alcazar_shape::{ApiError, common_error};
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use thiserror::Error;

use super::limit;

/// Why a request is not taken to be signed by its caller.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// There is no signature.
    #[error("Request is missing Authentication Token")]
    Missing,
    /// There are two, one in the header and one in the query.
    #[error("Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.")]
    Ambiguous,
    /// A part of the `Authorization` header is not of the form `key=value`.
    #[error(
        "Invalid key=value pair (missing equal-sign) in Authorization header \
         (hashed with SHA-256 and encoded with Base64): '{hash}'."
    )]
    NotKeyValue {
        /// The SHA-256 of the part, in Base64.
        hash: String,
    },
    /// Parts are missing.
    #[error("{0}")]
    Incomplete(MissingParts),
    /// It is of another kind than `AWS4-HMAC-SHA256`.
    #[error("Unsupported AWS 'algorithm': '{0}'.")]
    UnsupportedAlgorithm(String),
    /// The signing time cannot be read.
    #[error("Date must be in ISO-8601 'basic format'. Got '{0}'. See http://en.wikipedia.org/wiki/ISO_8601")]
    MalformedDate(String),
    /// The credential does not have its five elements. Somebody who mixes up access key and secret ends here,
    /// so that it is shown as a hash.
    #[error(
        "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got \
         (hashed with SHA-256 and encoded with Base64): '{hash}'"
    )]
    MalformedCredential {
        /// The SHA-256 of the credential, in Base64.
        hash: String,
    },
    /// The validity of a presigned request is not a number.
    #[error("X-Amz-Expires must be a number")]
    MalformedExpires,
    /// The validity of a presigned request is nothing.
    #[error("X-Amz-Expires must be at least 1 second")]
    ExpiresTooShort,
    /// The validity of a presigned request is over a week.
    #[error(
        "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less \
         than {max} seconds",
        max = limit::PRESIGNED_SECONDS_MAX
    )]
    ExpiresTooLong,
    /// A part is larger than anything we read.
    #[error("{what} must not be longer than {max}.")]
    TooLarge {
        /// Which part.
        what: &'static str,
        /// How many bytes or elements it may have.
        max: usize,
    },
    /// It was signed too long ago.
    #[error("{}", expired_text(*signed_at, *now, *valid_seconds))]
    Expired {
        /// When it was signed.
        signed_at: Timestamp,
        /// The time here.
        now: Timestamp,
        /// For how long it was valid.
        valid_seconds: u32,
    },
    /// It was signed in the future.
    #[error("{}", not_yet_current_text(*signed_at, *now))]
    NotYetCurrent {
        /// When it was signed.
        signed_at: Timestamp,
        /// The time here.
        now: Timestamp,
    },
    /// The credential scope is for something else.
    #[error("{0}")]
    Scope(ScopeFaults),
    /// The host is not signed.
    #[error("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")]
    HostNotSigned,
    /// A header that must be signed is not.
    #[error("'{0}' must be a 'SignedHeader' in the AWS Authorization.")]
    HeaderNotSigned(String),
    /// The signature leaves the body out, or declares another body than came.
    #[error("{MISMATCH}")]
    PayloadNotSigned,
    /// The signature is not the one that the access key's holder would have made.
    #[error("{MISMATCH}")]
    Mismatch,
    /// The access key is not known, or its session token is not its own.
    #[error("The security token included in the request is invalid.")]
    UnknownAccessKey,
    /// The session token is past its time.
    #[error("The security token included in the request is expired")]
    ExpiredToken,
}

const MISMATCH: &str = "The request signature we calculated does not match the signature you provided. Check \
                        your AWS Secret Access Key and signing method. Consult the service documentation for \
                        details.";

impl SignatureError {
    /// What the caller is told: AWS's error for it, in a form that each protocol's codec can write.
    #[must_use]
    pub fn to_api_error(&self) -> ApiError {
        let model = match self {
            Self::Missing => &common_error::MISSING_AUTHENTICATION_TOKEN,
            Self::NotKeyValue { .. }
            | Self::Incomplete(_)
            | Self::UnsupportedAlgorithm(_)
            | Self::MalformedDate(_)
            | Self::MalformedCredential { .. }
            | Self::MalformedExpires
            | Self::ExpiresTooShort
            | Self::ExpiresTooLong
            | Self::TooLarge { .. } => &common_error::INCOMPLETE_SIGNATURE,
            Self::Ambiguous
            | Self::Expired { .. }
            | Self::NotYetCurrent { .. }
            | Self::Scope(_)
            | Self::HostNotSigned
            | Self::HeaderNotSigned(_)
            | Self::PayloadNotSigned
            | Self::Mismatch => &common_error::INVALID_SIGNATURE,
            Self::UnknownAccessKey => &common_error::UNRECOGNIZED_CLIENT,
            Self::ExpiredToken => &common_error::EXPIRED_TOKEN,
        };
        model.because(self.to_string())
    }

    pub(super) fn not_key_value(part: &[u8]) -> Self {
        Self::NotKeyValue { hash: hashed(part) }
    }

    pub(super) fn malformed_credential(credential: &str) -> Self {
        Self::MalformedCredential { hash: hashed(credential.as_bytes()) }
    }

    pub(super) fn unsupported_algorithm(name: &str) -> Self {
        Self::UnsupportedAlgorithm(shown(name))
    }

    pub(super) fn malformed_date(text: &str) -> Self {
        Self::MalformedDate(shown(text))
    }

    pub(super) fn header_not_signed(name: &str) -> Self {
        Self::HeaderNotSigned(shown(name))
    }
}

/// Which parts a signature lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MissingParts {
    /// In an `Authorization` header.
    Header {
        /// No `Credential`.
        credential: bool,
        /// No `Signature`.
        signature: bool,
        /// No `SignedHeaders`.
        signed_headers: bool,
        /// Neither an `X-Amz-Date` nor a `Date` header.
        date: bool,
        /// The SHA-256 of the header's value, in Base64.
        hash: String,
    },
    /// In the query: the names of the parameters.
    Query(Vec<&'static str>),
}

impl fmt::Display for MissingParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header { credential, signature, signed_headers, date, hash } => {
                let parameters =
                    [(credential, "Credential"), (signature, "Signature"), (signed_headers, "SignedHeaders")];
                for (_, name) in parameters.into_iter().filter(|(missing, _)| **missing) {
                    write!(f, "Authorization header requires '{name}' parameter. ")?;
                }
                if *date {
                    f.write_str(
                        "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ",
                    )?;
                }
                write!(f, "(Hashed with SHA-256 and encoded with Base64) Authorization={hash}")
            }
            Self::Query(names) => {
                for name in names {
                    write!(f, "AWS query-string parameters must include '{name}'. ")?;
                }
                f.write_str("Re-examine the query-string parameters.")
            }
        }
    }
}

/// What is wrong with a credential scope; at least one of these.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScopeFaults {
    /// The region is not a region's name.
    pub region: bool,
    /// The service that it should have named.
    pub service: Option<String>,
    /// What stood in the place of `aws4_request`.
    pub terminator: Option<String>,
    /// The scope's date, and the signing time that it is not the date of.
    pub date: Option<(String, String)>,
}

impl ScopeFaults {
    pub(super) fn none(&self) -> bool {
        *self == Self::default()
    }
}

impl fmt::Display for ScopeFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        if self.region {
            text.push_str("Credential should be scoped to a valid region. ");
        }
        if let Some(service) = &self.service {
            write!(text, "Credential should be scoped to correct service: '{service}'. ")?;
        }
        if let Some(terminator) = &self.terminator {
            write!(
                text,
                "Credential should be scoped with a valid terminator: 'aws4_request', not '{terminator}'. "
            )?;
        }
        if let Some((date, signed_at)) = &self.date {
            let expected = signed_at.get(..8).unwrap_or(signed_at);
            write!(
                text,
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: \
                 '{date}' != '{expected}', from '{signed_at}'."
            )?;
        }
        f.write_str(text.trim_end())
    }
}

fn expired_text(signed_at: Timestamp, now: Timestamp, valid_seconds: u32) -> String {
    let oldest = Timestamp::from_secs(now.as_secs() - i64::from(valid_seconds));
    format!(
        "Signature expired: {} is now earlier than {} ({} - {})",
        signed_at.to_amz_date(),
        oldest.to_amz_date(),
        now.to_amz_date(),
        duration_text(valid_seconds)
    )
}

fn not_yet_current_text(signed_at: Timestamp, now: Timestamp) -> String {
    let newest = Timestamp::from_secs(now.as_secs() + i64::from(limit::CLOCK_SKEW_SECONDS_MAX));
    format!(
        "Signature not yet current: {} is still later than {} ({} + {})",
        signed_at.to_amz_date(),
        newest.to_amz_date(),
        now.to_amz_date(),
        duration_text(limit::CLOCK_SKEW_SECONDS_MAX)
    )
}

fn duration_text(seconds: u32) -> String {
    if seconds.is_multiple_of(60) { format!("{} min.", seconds / 60) } else { format!("{seconds} sec.") }
}

/// The SHA-256 of a text in Base64: what AWS shows in the place of a text that may be a secret.
pub(super) fn hashed(text: &[u8]) -> String {
    STANDARD.encode(digest(&SHA256, text))
}

/// As much of a text as an error repeats, without what could garble a log.
pub(super) fn shown(text: &str) -> String {
    let printable = |c: char| if c.is_ascii_graphic() || c == ' ' { c } else { '?' };
    text.chars().take(limit::SHOWN_CHARS_MAX).map(printable).collect()
}
