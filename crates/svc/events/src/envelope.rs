//! The form of events.
//!
//! Source: <https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html>

use alcazar_base::Timestamp;
use serde_json::Value as Json;

/// An event. Its members stand in the order in which AWS writes them.
pub(crate) struct Envelope<'e> {
    /// Its unique id.
    pub id: &'e str,
    /// What it tells of.
    pub detail_type: &'e str,
    /// Who tells it.
    pub source: &'e str,
    /// Whose it is.
    pub account: &'e str,
    /// When it happened.
    pub time: Timestamp,
    /// Where.
    pub region: &'e str,
    /// The ARNs of what it is about.
    pub resources: &'e [String],
    /// What happened, a JSON object.
    pub detail: &'e str,
}

impl Envelope<'_> {
    /// The event as JSON.
    #[must_use]
    pub(crate) fn to_json(&self) -> String {
        let string = |text: &str| Json::from(text).to_string();
        format!(
            r#"{{"version":"0","id":{},"detail-type":{},"source":{},"account":{},"time":{},"region":{},"resources":{},"detail":{}}}"#,
            string(self.id),
            string(self.detail_type),
            string(self.source),
            string(self.account),
            string(&self.time.to_string()),
            string(self.region),
            Json::from(self.resources),
            self.detail,
        )
    }
}
