//! What an operation tells the audit log beyond what it takes and answers.

use alcazar_base::AccountId;
use serde_json::{Map, Value as Json};

use super::{AuditEvent, NamedResource, Resource};
use crate::context::Cx;

/// What was told of one call.
#[derive(Debug, Default)]
pub(crate) struct Noted {
    resources: Vec<Resource>,
    names: Vec<NamedResource>,
    data: Map<String, Json>,
    answer: Map<String, Json>,
}

impl Cx<'_> {
    /// Tells of a resource that the call made, which no policy was asked about before it was there.
    pub fn note_resource(&mut self, arn: &str, account: AccountId, kind: &str) {
        let resource = Resource { arn: arn.to_owned(), account, kind: kind.to_owned() };
        self.work().noted.resources.push(resource);
    }

    /// Tells of something that the event history knows the call by: an access key that was handed out, or a session.
    pub fn note_name(&mut self, kind: &str, name: &str) {
        let name = NamedResource { kind: kind.to_owned(), name: name.to_owned() };
        self.work().noted.names.push(name);
    }

    /// Adds to what CloudTrail calls `additionalEventData`.
    pub fn note_data(&mut self, name: &str, value: impl Into<Json>) {
        self.work().noted.data.insert(name.to_owned(), value.into());
    }

    /// Adds to the `responseElements` what is not answered.
    pub fn note_answer(&mut self, name: &str, value: impl Into<Json>) {
        self.work().noted.answer.insert(name.to_owned(), value.into());
    }
}

impl AuditEvent {
    /// Adds what was told of the call. Only of one that succeeded it is told what it made and answered.
    pub(crate) fn add(&mut self, noted: Noted, succeeded: bool) {
        let Noted { resources, names, data, answer } = noted;
        if !data.is_empty() {
            self.additional_data = Some(Json::Object(data).to_string());
        }
        if !succeeded {
            return;
        }
        self.resources.extend(resources);
        self.names = names;
        if !answer.is_empty() {
            let told = self.response_elements.as_deref().and_then(|told| serde_json::from_str(told).ok());
            let mut told: Map<String, Json> = told.unwrap_or_default();
            told.extend(answer);
            self.response_elements = Some(Json::Object(told).to_string());
        }
    }
}
