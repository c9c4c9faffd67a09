//! Where whoever calls has found this service: links in messages lead there.

use alcazar_engine::CallInfo;
use alcazar_policy::PrincipalKind;

/// The URL that the caller used, without a path; `None` if another service calls.
pub(crate) fn of(call: &CallInfo) -> Option<String> {
    let origin = &call.origin;
    let is_service = matches!(call.caller.principal.kind, PrincipalKind::Service(_))
        || !call.via.is_empty()
        // A service that calls with credentials which it was given says its own name alone.
        || origin.user_agent == origin.host;
    if is_service || origin.host.is_empty() {
        return None;
    }
    let scheme = if origin.tls.is_some() { "https" } else { "http" };
    Some(format!("{scheme}://{}", origin.host))
}

/// The same, or AWS's own where nobody can say it.
pub(crate) fn or_public(call: &CallInfo) -> String {
    of(call).unwrap_or_else(|| format!("https://sns.{}.amazonaws.com", call.region))
}
