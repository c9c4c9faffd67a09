//! Metrics for Prometheus. Labels are names from the registry and AWS's error codes, never a caller's text.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use alcazar_frontend::Answer;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// The bounds of the duration's buckets, in seconds.
const DURATION_BUCKETS: [f64; 12] =
    [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5];

/// What is counted.
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter<u64, AtomicU64>>,
    durations: Histogram,
    /// The connections that are open.
    pub(crate) connections: Gauge,
    unlocked_key_memory: Gauge,
}

/// What a request is counted under.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    service: &'static str,
    operation: &'static str,
    code: &'static str,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("alcazar");
        let requests = Family::default();
        registry.register("requests", "API requests by operation and outcome", requests.clone());
        let durations = Histogram::new(DURATION_BUCKETS);
        registry.register(
            "request_duration_seconds",
            "How long API requests took, from the last byte of the body to the answer",
            durations.clone(),
        );
        let connections = Gauge::default();
        registry.register("connections", "Open connections", connections.clone());
        let unlocked_key_memory = Gauge::default();
        registry.register(
            "unlocked_key_memory_bytes",
            "Memory with keys that the system would not lock, and may swap out",
            unlocked_key_memory.clone(),
        );
        Self { registry, requests, durations, connections, unlocked_key_memory }
    }

    /// Counts a request that was answered.
    pub(crate) fn count(&self, answer: &Answer, duration: Duration) {
        let labels = RequestLabels {
            service: answer.service,
            operation: answer.operation,
            code: answer.error_code.unwrap_or("OK"),
        };
        self.requests.get_or_create(&labels).inc();
        self.durations.observe(duration.as_secs_f64());
    }

    /// The metrics as Prometheus reads them.
    pub(crate) fn text(&self) -> String {
        let unlocked = alcazar_sys::locking_status().unlocked_bytes;
        self.unlocked_key_memory.set(i64::try_from(unlocked).unwrap_or(i64::MAX));
        let mut text = String::new();
        // Writing into a String does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_by_operation_and_outcome() {
        let metrics = Metrics::new();
        let labels = RequestLabels { service: "kms", operation: "Encrypt", code: "OK" };
        metrics.requests.get_or_create(&labels).inc();
        metrics.requests.get_or_create(&labels).inc();
        metrics.durations.observe(0.001);
        let text = metrics.text();
        assert!(
            text.contains(r#"alcazar_requests_total{service="kms",operation="Encrypt",code="OK"} 2"#),
            "{text}"
        );
        assert!(text.contains("alcazar_request_duration_seconds_count 1"), "{text}");
    }
}
