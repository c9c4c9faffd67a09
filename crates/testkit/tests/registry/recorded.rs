//! Sends requests and looks at the one event that each must leave.

use alcazar_engine::audit::{ACCESS_DENIED, AuditEvent};
use alcazar_shape::{ErrorModel, Protocol};
use alcazar_testkit::{TestCloud, WireRequest, WireResponse};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::sample::CANARY;

/// A cloud, and how much of its log was seen.
pub(crate) struct Recorded {
    pub(crate) cloud: TestCloud,
    seen: u64,
}

impl Recorded {
    pub(crate) fn new(cloud: TestCloud) -> Self {
        Self { cloud, seen: 0 }
    }

    /// Passes over the events up to now.
    pub(crate) fn skip(&mut self) {
        self.seen += u64::try_from(self.cloud.events_from(self.seen).len()).unwrap();
    }

    /// Sends a request; it must leave one event, which tells what the client was told and no secret. What the service
    /// did by itself for it may stand before that.
    pub(crate) async fn send(
        &mut self,
        protocol: Protocol,
        request: &WireRequest,
        what: &str,
    ) -> WireResponse {
        let response = self.cloud.send(protocol, request).await;
        let records = self.cloud.cloud().audit_log().read(self.seen, 10).unwrap();
        self.seen += u64::try_from(records.len()).unwrap();
        for record in &records {
            assert_no_canary(&record.record, what);
        }
        let mut events: Vec<_> =
            records.iter().map(|record| AuditEvent::from_bytes(&record.record).unwrap()).collect();
        events.retain(|event| !event.service_event);
        assert_eq!(events.len(), 1, "{what} must leave one event, was told {:?}", response.encoded);
        let event = &events[0];
        // Events call every denial by the same name.
        let told = match response.error_code {
            Some("AccessDeniedException" | "AuthorizationErrorException") => Some(ACCESS_DENIED),
            told => told,
        };
        assert_eq!(event.error_code.as_deref(), told, "{what}");
        let request_id = response.encoded.headers.get("x-amzn-requestid").unwrap().to_str().unwrap();
        assert_eq!(event.request_id, request_id, "{what}");
        assert!(response.status() < 500, "{what}: {:?}", response.encoded);
        response
    }

    /// The same for a request that must be refused with this error.
    pub(crate) async fn refused(
        &mut self,
        protocol: Protocol,
        request: &WireRequest,
        model: &ErrorModel,
        what: &str,
    ) -> WireResponse {
        let response = self.send(protocol, request, what).await;
        assert!(response.is_error(model), "{what} must be {}: {:?}", model.name, response.encoded);
        assert!((400..500).contains(&response.status()), "{what}: {:?}", response.encoded);
        response
    }

    /// The newest event.
    pub(crate) fn last_event(&self) -> AuditEvent {
        self.cloud.events_from(self.seen - 1).pop().unwrap()
    }
}

/// Passes if a record holds no sensitive member of any sample, in the clear or in base64.
fn assert_no_canary(record: &[u8], what: &str) {
    for canary in [CANARY.repeat(2), STANDARD.encode(CANARY.repeat(2))] {
        let found = record.windows(canary.len()).any(|window| window == canary.as_bytes());
        assert!(!found, "{what} leaves {canary} in the audit log");
    }
}
