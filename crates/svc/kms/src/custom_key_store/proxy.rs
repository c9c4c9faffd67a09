//! The health of an external key store's proxy, by the proxy's own API.
//!
//! Source: <https://github.com/aws/aws-kms-xksproxy-api-spec>

use std::time::Duration;

use alcazar_engine::Cx;
use alcazar_engine::port::outbound::{
    OutboundAnswer, OutboundError, OutboundMethod, OutboundRequest, OutboundSignature,
};
use serde_json::{Value as Json, json};

use super::{CustomKeyStore, Proxy};

/// How long a proxy may take to answer; the specification says so.
const ANSWER_TIME_MAX: Duration = Duration::from_millis(250);

/// How long an answer may be, in bytes: well beyond what ten key managers need.
const ANSWER_SIZE_MAX: usize = 64 * 1024;

/// How many key managers an answer may tell of.
const KEY_MANAGERS_MAX: usize = 10;

/// The service that requests to proxies are signed for.
const SERVICE: &str = "kms-xks-proxy";

/// Why a proxy is no use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It cannot be connected to.
    Unreachable,
    /// TLS cannot be agreed on with it.
    Tls,
    /// It does not answer in time.
    TimedOut,
    /// It says that what it depends on does not answer in time.
    DependencyTimedOut,
    /// It is asked too often.
    Throttled,
    /// Its answer is none that the specification knows.
    Unreadable,
    /// It does not take the credential.
    Authentication,
    /// It does not let KMS do this.
    AccessDenied,
    /// It knows no such path.
    UriPath,
    /// It cannot talk to the key manager.
    Internal,
    /// It says that no key manager is there.
    Unavailable,
}

/// Asks the store's proxy how it is, for an operation.
///
/// # Errors
/// It is not well, or does not say so.
pub(crate) async fn check_health(
    cx: &mut Cx<'_>,
    store: &CustomKeyStore,
    operation: &str,
) -> Result<(), Fault> {
    let Proxy { uri_path, access_key_id, secret_access_key, .. } = &store.proxy;
    let metadata = json!({"kmsRequestId": cx.call().request_id, "kmsOperation": operation});
    let request = OutboundRequest {
        host: store.proxy.host(),
        path: format!("{uri_path}/health"),
        method: OutboundMethod::Post {
            body: json!({"requestMetadata": metadata}).to_string().into_bytes(),
            signature: OutboundSignature {
                access_key_id: access_key_id.clone(),
                secret_access_key: secret_access_key.clone(),
                region: store.region.clone(),
                service: SERVICE,
            },
        },
        answer_time_max: ANSWER_TIME_MAX,
        answer_size_max: ANSWER_SIZE_MAX,
    };
    match cx.ask(request).await {
        Ok(answer) => health(&answer),
        Err(OutboundError::Unreachable(_)) => Err(Fault::Unreachable),
        Err(OutboundError::Tls(_)) => Err(Fault::Tls),
        Err(OutboundError::TimedOut) => Err(Fault::TimedOut),
        Err(OutboundError::Unreadable(_)) => Err(Fault::Unreadable),
    }
}

/// What an answer says of the proxy's health.
fn health(answer: &OutboundAnswer) -> Result<(), Fault> {
    let Ok(said) = serde_json::from_slice::<Json>(&answer.body) else { return Err(Fault::Unreadable) };
    if answer.status != 200 {
        return Err(fault(&said));
    }
    let texts = ["xksProxyVendor", "xksProxyModel", "ekmVendor"];
    let has_texts = texts.iter().all(|name| said.get(name).is_some_and(Json::is_string));
    let has_size = said.get("xksProxyFleetSize").and_then(Json::as_u64).is_some_and(|size| size > 0);
    let managers =
        said.get("ekmFleetDetails").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    if !has_texts || !has_size || managers.is_empty() || managers.len() > KEY_MANAGERS_MAX {
        return Err(Fault::Unreadable);
    }
    let mut is_served = false;
    for manager in managers {
        let text = |name: &str| manager.get(name).and_then(Json::as_str);
        match (text("id"), text("model"), text("healthStatus")) {
            (Some(_), Some(_), Some("ACTIVE" | "DEGRADED")) => is_served = true,
            (Some(_), Some(_), Some("UNAVAILABLE")) => {}
            _ => return Err(Fault::Unreadable),
        }
    }
    if is_served { Ok(()) } else { Err(Fault::Unavailable) }
}

/// What a refusal says.
fn fault(said: &Json) -> Fault {
    match said.get("errorName").and_then(Json::as_str) {
        Some("AuthenticationFailedException") => Fault::Authentication,
        Some("AccessDeniedException") => Fault::AccessDenied,
        Some("InvalidUriPathException") => Fault::UriPath,
        Some("DependencyTimeoutException") => Fault::DependencyTimedOut,
        Some("ThrottlingException") => Fault::Throttled,
        Some("InternalException") => Fault::Internal,
        _ => Fault::Unreadable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(status: u16, body: &Json) -> Result<(), Fault> {
        health(&OutboundAnswer { status, retry_after: None, body: body.to_string().into_bytes().into() })
    }

    fn answer(statuses: &[&str]) -> Json {
        let manager = |status: &&str| json!({"id": "1", "model": "m", "healthStatus": status});
        json!({
            "xksProxyFleetSize": 1, "xksProxyVendor": "v", "xksProxyModel": "m", "ekmVendor": "e",
            "ekmFleetDetails": statuses.iter().map(manager).collect::<Vec<_>>(),
        })
    }

    #[test]
    fn one_key_manager_that_serves_is_enough() {
        assert_eq!(of(200, &answer(&["ACTIVE"])), Ok(()));
        assert_eq!(of(200, &answer(&["UNAVAILABLE", "DEGRADED"])), Ok(()));
        assert_eq!(of(200, &answer(&["UNAVAILABLE", "UNAVAILABLE"])), Err(Fault::Unavailable));
        assert_eq!(of(200, &answer(&["ACTIVE"; 10])), Ok(()));
    }

    #[test]
    fn what_the_specification_does_not_know_is_unreadable() {
        let with = |name: &str, value: Json| {
            let mut answer = answer(&["ACTIVE"]);
            answer[name] = value;
            answer
        };
        for bad in [
            answer(&[]),
            answer(&["ACTIVE"; 11]),
            answer(&["WELL"]),
            with("xksProxyFleetSize", json!(0)),
            with("xksProxyFleetSize", json!("1")),
            with("xksProxyVendor", Json::Null),
            with("ekmFleetDetails", json!({})),
            json!([]),
        ] {
            assert_eq!(of(200, &bad), Err(Fault::Unreadable), "{bad}");
        }
        assert_eq!(of(204, &answer(&["ACTIVE"])), Err(Fault::Unreadable));
        let html = OutboundAnswer { status: 404, retry_after: None, body: "<html>".into() };
        assert_eq!(health(&html), Err(Fault::Unreadable));
    }

    #[test]
    fn a_refusal_is_known_by_its_name_alone() {
        for (name, fault) in [
            ("AuthenticationFailedException", Fault::Authentication),
            ("AccessDeniedException", Fault::AccessDenied),
            ("InvalidUriPathException", Fault::UriPath),
            ("DependencyTimeoutException", Fault::DependencyTimedOut),
            ("ThrottlingException", Fault::Throttled),
            ("InternalException", Fault::Internal),
            ("ValidationException", Fault::Unreadable),
        ] {
            assert_eq!(of(400, &json!({"errorName": name, "errorMessage": "x"})), Err(fault), "{name}");
        }
    }
}
