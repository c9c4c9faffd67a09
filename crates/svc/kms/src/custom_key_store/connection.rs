//! Connecting a custom key store: the caller is answered at once, and the proxy is asked afterwards.
//!
//! Whoever disconnects the store meanwhile, or connects it anew, makes the attempt one that no longer counts.

use alcazar_engine::audit::Resource;
use alcazar_engine::port::BoxFuture;
use alcazar_engine::schedule::{Effect, Task, TaskHandler};
use alcazar_engine::{Cx, Error, Result};
use serde_json::json;

use super::proxy::{self, Fault};
use super::{CustomKeyStore, State, store_name};

const KIND: &str = "connect_custom_key_store";

/// The API operation that a proxy is told of.
const OPERATION: &str = "ConnectCustomKeyStore";

/// What KMS does when a store is to be connected.
pub(crate) const HANDLER: TaskHandler = TaskHandler { kind: KIND, event_name: OPERATION, run };

/// Begins to connect a store.
///
/// # Errors
/// A record cannot be sealed.
pub(crate) fn begin(cx: &mut Cx<'_>, store: &CustomKeyStore) -> Result<()> {
    let attempt = cx.call().request_id.clone();
    let task = Task {
        at: cx.now(),
        service: "kms".to_owned(),
        kind: KIND.to_owned(),
        subject: format!("{}/{}/{}/{attempt}", store.account, store.region, store.id),
    };
    store.put_state(cx, State::Connecting { attempt })?;
    cx.schedule(task)
}

fn run<'a>(cx: &'a mut Cx<'_>, task: &'a Task) -> BoxFuture<'a, Result<Option<Effect>>> {
    Box::pin(finish(cx, task))
}

async fn finish(cx: &mut Cx<'_>, task: &Task) -> Result<Option<Effect>> {
    let malformed = || Error::invariant("a connection task without a store");
    let mut parts = task.subject.splitn(4, '/');
    let mut part = || parts.next().ok_or_else(malformed);
    let account = part()?.parse().map_err(|_| malformed())?;
    let region = part()?.parse().map_err(|_| malformed())?;
    let name = store_name(account, &region, part()?);
    let attempt = part()?;
    let Some(store) = cx.get::<CustomKeyStore>(&name).await? else { return Ok(None) };
    if !matches!(&store.state, State::Connecting { attempt: present } if present == attempt) {
        return Ok(None);
    }
    let state = match proxy::check_health(cx, &store, OPERATION).await {
        Ok(()) => State::Connected,
        Err(fault) => State::Failed { code: connection_error(fault).to_owned() },
    };
    let mut details = json!({"customKeyStoreId": store.id, "connectionState": state.told().as_str()});
    if let (State::Failed { code }, Some(details)) = (&state, details.as_object_mut()) {
        details.insert("connectionErrorCode".to_owned(), json!(code));
    }
    store.put_state(cx, state)?;
    let resource = Resource {
        arn: store.id.clone(),
        account: store.account,
        kind: "AWS::KMS::CustomKeyStore".to_owned(),
    };
    Ok(Some(Effect { resource, details: Some(details) }))
}

/// What a failure is called where connections are described.
fn connection_error(fault: Fault) -> &'static str {
    match fault {
        Fault::Unreachable | Fault::Unavailable | Fault::Throttled => "XKS_PROXY_NOT_REACHABLE",
        Fault::Tls => "XKS_PROXY_INVALID_TLS_CONFIGURATION",
        Fault::TimedOut | Fault::DependencyTimedOut => "XKS_PROXY_TIMED_OUT",
        Fault::Unreadable | Fault::Internal => "XKS_PROXY_INVALID_RESPONSE",
        Fault::Authentication => "INVALID_CREDENTIALS",
        Fault::AccessDenied => "XKS_PROXY_ACCESS_DENIED",
        Fault::UriPath => "XKS_PROXY_INVALID_CONFIGURATION",
    }
}
