//! The entries of `PutEvents`: what is wrong with one, how large it is, and the event that it makes.
//!
//! Sources: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html>,
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html>

use alcazar_api_events::types::PutEventsRequestEntry;
use alcazar_base::Timestamp;
use alcazar_event::InputPath;
use serde_json::Value as Json;

use crate::arn::BusId;
use crate::envelope::Envelope;
use crate::error::put_events::{self as error, EntryError};

/// How large the entries of a request may be, all together, in bytes.
pub(crate) const ENTRIES_BYTES_MAX: usize = 1024 * 1024;

/// What a time counts.
const TIME_BYTES: usize = 14;

/// What the sources of AWS's own services begin with.
const AWS_SOURCE: &str = "aws.";

/// What an entry counts towards the limit, in bytes.
#[must_use]
pub(crate) fn bytes(entry: &PutEventsRequestEntry) -> usize {
    let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    let resources = entry.resources.iter().flat_map(|resources| resources.iter());
    entry.time.map_or(0, |_| TIME_BYTES)
        + text(&entry.source)
        + text(&entry.detail_type)
        + entry.detail.as_ref().map_or(0, |detail| detail.expose().len())
        + resources.map(String::len).sum::<usize>()
}

/// An entry that is complete.
pub(crate) struct Complete<'e> {
    source: &'e str,
    detail_type: &'e str,
    detail: String,
    entry: &'e PutEventsRequestEntry,
}

impl<'e> Complete<'e> {
    /// Checks an entry.
    ///
    /// # Errors
    /// What its sender is told.
    pub(crate) fn of(entry: &'e PutEventsRequestEntry) -> Result<Self, EntryError> {
        let given = |text: Option<&'e str>, name| {
            text.filter(|text| !text.is_empty()).ok_or_else(|| error::required(name))
        };
        let source = given(entry.source.as_deref(), "Source")?;
        let detail_type = given(entry.detail_type.as_deref(), "DetailType")?;
        let detail = given(entry.detail.as_ref().map(alcazar_base::SecretString::expose), "Detail")?;
        if source.starts_with(AWS_SOURCE) {
            return Err(error::not_authorized_for_source());
        }
        let parsed: Json = serde_json::from_str(detail).map_err(|_| error::malformed_detail())?;
        if !parsed.is_object() {
            return Err(error::malformed_detail());
        }
        // As it was written, but for what stands between its parts.
        let detail = InputPath::parse("$").ok().and_then(|whole| whole.select(detail));
        let detail = detail.ok_or_else(error::malformed_detail)?;
        Ok(Self { source, detail_type, detail, entry })
    }

    /// The event that it makes on a bus.
    #[must_use]
    pub(crate) fn event(&self, id: &str, account: &str, bus: &BusId, now: Timestamp) -> String {
        let none = [];
        Envelope {
            id,
            detail_type: self.detail_type,
            source: self.source,
            account,
            time: self.entry.time.unwrap_or(now),
            region: bus.region.as_str(),
            resources: self.entry.resources.as_deref().unwrap_or(&none),
            detail: &self.detail,
        }
        .to_json()
    }
}

#[cfg(test)]
mod tests {
    use alcazar_base::SecretString;

    use super::*;

    fn entry(source: &str, detail_type: &str, detail: &str) -> PutEventsRequestEntry {
        PutEventsRequestEntry {
            source: Some(source.to_owned()),
            detail_type: Some(detail_type.to_owned()),
            detail: Some(SecretString::new(detail.to_owned())),
            ..PutEventsRequestEntry::default()
        }
    }

    #[test]
    fn an_entry_is_told_the_first_thing_that_is_wrong_with_it() {
        for (entry, code, message) in [
            (
                PutEventsRequestEntry::default(),
                "InvalidArgument",
                "Parameter Source is not valid. Reason: Source is a required argument.",
            ),
            (
                entry("s", "", "{}"),
                "InvalidArgument",
                "Parameter DetailType is not valid. Reason: DetailType is a required argument.",
            ),
            (
                entry("s", "t", ""),
                "InvalidArgument",
                "Parameter Detail is not valid. Reason: Detail is a required argument.",
            ),
            (entry("s", "t", "[]"), "MalformedDetail", "Detail is malformed."),
            (entry("s", "t", "{"), "MalformedDetail", "Detail is malformed."),
            (
                entry("aws.kms", "t", "{}"),
                "NotAuthorizedForSourceException",
                "Not authorized for the source.",
            ),
        ] {
            let told = Complete::of(&entry).err().unwrap();
            assert_eq!((told.code, told.message.as_str()), (code, message));
        }
    }

    #[test]
    fn a_size_counts_what_aws_counts() {
        let mut counted = entry("source", "type", "{}");
        assert_eq!(bytes(&counted), 12);
        counted.time = Some(Timestamp::from_secs(1));
        counted.resources = Some(vec!["é".to_owned()].into());
        counted.event_bus_name = Some("not counted".to_owned());
        assert_eq!(bytes(&counted), 12 + 14 + 2);
    }

    #[test]
    fn an_event_keeps_the_order_of_its_detail() {
        let entry = entry("my.app", "Order \"placed\"", "{ \"z\" : 1,\n \"a\": [ true ] }");
        let bus = BusId::of_arn("arn:aws:events:eu-west-1:111122223333:event-bus/orders").unwrap();
        let complete = Complete::of(&entry).unwrap();
        let event = complete.event("id-1", "444455556666", &bus, Timestamp::from_secs(0));
        assert_eq!(
            event,
            r#"{"version":"0","id":"id-1","detail-type":"Order \"placed\"","source":"my.app","account":"444455556666","time":"1970-01-01T00:00:00Z","region":"eu-west-1","resources":[],"detail":{"z":1,"a":[true]}}"#
        );
    }
}
