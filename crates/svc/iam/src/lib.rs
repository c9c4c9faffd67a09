//! AWS Identity and Access Management: what it does.
//!
//! The records that decide about callers stand in `alcazar_identity`; here are the operations that write them.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/welcome.html>

mod access;
mod access_key;
mod account_alias;
mod attached;
mod boundary;
mod context_keys;
mod credential_report;
mod details;
mod device;
mod document;
mod error;
mod inline;
mod instance_profile;
mod login_profile;
mod named;
mod oidc_provider;
pub mod operation;
mod operations;
mod page;
mod password;
mod password_policy;
mod policy;
mod qr_code;
mod quota;
mod rename;
mod role;
mod root_access;
mod service_linked;
mod shown;
mod simulation;
mod source;
mod tag;
mod trust;
mod whom;

use alcazar_api_iam::ErrorCode;
use alcazar_engine::{EventDates, Service, Session, SessionKind};

/// The service with its operations.
pub static SERVICE: Service = Service {
    tasks: &[credential_report::TASK],
    quotas: quota::QUOTAS,
    event_dates: EventDates::NoComma,
    refuses_session,
    ..Service::new(
        &alcazar_api_iam::SERVICE,
        operations::OPERATIONS,
        ErrorCode::ServiceFailureException.model(),
    )
};

/// Whether a session's credentials are of no use here: those of federated users never are, and those that a user or
/// root user got for itself are only with a code of its MFA device.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html>
fn refuses_session(session: &Session) -> bool {
    match session.kind {
        SessionKind::FederatedUser { .. } => true,
        SessionKind::Own { .. } => session.mfa_authenticated.is_none(),
        SessionKind::Role { .. } | SessionKind::AssumedRoot { .. } => false,
    }
}
