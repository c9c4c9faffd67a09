//! What test clouds find outside: by default, external key store proxies that are well, on every host.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use alcazar_engine::port::BoxFuture;
use alcazar_engine::port::outbound::{Outbound, OutboundAnswer, OutboundError, OutboundRequest};
use serde_json::{Value as Json, json};

/// The outside of a test cloud: it answers every request alike, and remembers them.
pub struct Outside {
    answer: Mutex<Result<OutboundAnswer, OutboundError>>,
    documents: Mutex<BTreeMap<String, OutboundAnswer>>,
    requests: Mutex<Vec<OutboundRequest>>,
}

impl Default for Outside {
    fn default() -> Self {
        let manager = json!({"id": "hsm-1", "model": "Model 1", "healthStatus": "ACTIVE"});
        let well = json!({
            "xksProxyFleetSize": 1, "xksProxyVendor": "Acme", "xksProxyModel": "Proxy 1.0", "ekmVendor": "Acme",
            "ekmFleetDetails": [manager],
        });
        Self {
            answer: Mutex::new(Ok(answer(200, &well))),
            documents: Mutex::default(),
            requests: Mutex::default(),
        }
    }
}

impl Outside {
    /// Has every later request answered so.
    pub fn answer(&self, status: u16, body: &Json) {
        *self.answer.lock().unwrap_or_else(PoisonError::into_inner) = Ok(answer(status, body));
    }

    /// Has every later request told to come back later.
    pub fn answer_later(&self, status: u16, retry_after: &str) {
        let answer =
            OutboundAnswer { retry_after: Some(retry_after.to_owned()), ..answer(status, &json!({})) };
        *self.answer.lock().unwrap_or_else(PoisonError::into_inner) = Ok(answer);
    }

    /// Puts a document at a host and path, e.g. `oidc.example.com/keys`, whatever else is answered.
    pub fn publish(&self, host_and_path: &str, body: &Json) {
        let mut documents = self.documents.lock().unwrap_or_else(PoisonError::into_inner);
        documents.insert(host_and_path.to_owned(), answer(200, body));
    }

    /// Takes a document away.
    pub fn withdraw(&self, host_and_path: &str) {
        self.documents.lock().unwrap_or_else(PoisonError::into_inner).remove(host_and_path);
    }

    /// Has every later request fail so.
    pub fn fail(&self, error: OutboundError) {
        *self.answer.lock().unwrap_or_else(PoisonError::into_inner) = Err(error);
    }

    /// The requests that were sent since this was last asked.
    #[allow(clippy::must_use_candidate, reason = "to forget them is a use, too")]
    pub fn take_requests(&self) -> Vec<OutboundRequest> {
        std::mem::take(&mut *self.requests.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Outbound for Outside {
    fn send<'a>(
        &'a self,
        request: &'a OutboundRequest,
    ) -> BoxFuture<'a, Result<OutboundAnswer, OutboundError>> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).push(request.clone());
        let place = format!("{}{}", request.host, request.path);
        let document = self.documents.lock().unwrap_or_else(PoisonError::into_inner).get(&place).cloned();
        if let Some(document) = document {
            return Box::pin(std::future::ready(Ok(document)));
        }
        let answer = self.answer.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Box::pin(std::future::ready(answer))
    }
}

fn answer(status: u16, body: &Json) -> OutboundAnswer {
    OutboundAnswer { status, retry_after: None, body: body.to_string().into_bytes().into() }
}
