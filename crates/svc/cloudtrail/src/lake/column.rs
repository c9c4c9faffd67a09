//! The columns that an event data store has, and how values of an event stand in them.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-supported-event-schemas.html>

use alcazar_base::Timestamp;
use serde_json::Value as Json;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text.
    Text,
    /// A time.
    Timestamp,
    /// True or false.
    Boolean,
    /// Keys and values that each operation has its own of.
    Map,
    /// The fields that are named, in their order.
    Structure(&'static [&'static str]),
    /// A list of structures.
    List,
    /// The whole event.
    Event,
}

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Column {
    /// Its name, as the event has it.
    pub(crate) name: &'static str,
    /// What it holds.
    pub(crate) kind: Kind,
}

const fn column(name: &'static str, kind: Kind) -> Column {
    Column { name, kind }
}

const USER_IDENTITY: &[&str] = &[
    "type",
    "principalId",
    "arn",
    "accountId",
    "accessKeyId",
    "userName",
    "sessionContext",
    "invokedBy",
    "identityProvider",
];

/// All columns, in the order in which `SELECT *` gives them.
pub(crate) const COLUMNS: &[Column] = &[
    column("eventVersion", Kind::Text),
    column("userIdentity", Kind::Structure(USER_IDENTITY)),
    column("eventTime", Kind::Timestamp),
    column("eventSource", Kind::Text),
    column("eventName", Kind::Text),
    column("awsRegion", Kind::Text),
    column("sourceIPAddress", Kind::Text),
    column("userAgent", Kind::Text),
    column("errorCode", Kind::Text),
    column("errorMessage", Kind::Text),
    column("requestParameters", Kind::Map),
    column("responseElements", Kind::Map),
    column("additionalEventData", Kind::Map),
    column("requestID", Kind::Text),
    column("eventID", Kind::Text),
    column("readOnly", Kind::Boolean),
    column("resources", Kind::List),
    column("eventType", Kind::Text),
    column("apiVersion", Kind::Text),
    column("managementEvent", Kind::Boolean),
    column("recipientAccountId", Kind::Text),
    column("sharedEventID", Kind::Text),
    column("annotation", Kind::Text),
    column("vpcEndpointId", Kind::Text),
    column("vpcEndpointAccountId", Kind::Text),
    column("serviceEventDetails", Kind::Map),
    column("addendum", Kind::Map),
    column("edgeDeviceDetails", Kind::Map),
    column("insightDetails", Kind::Map),
    column("eventCategory", Kind::Text),
    column("tlsDetails", Kind::Structure(&["tlsVersion", "cipherSuite", "clientProvidedHostHeader"])),
    column("sessionCredentialFromConsole", Kind::Text),
    column("eventJson", Kind::Event),
    column("eventJsonChecksum", Kind::Text),
];

/// The column of this name, however it is written.
pub(crate) fn find(name: &str) -> Option<&'static Column> {
    COLUMNS.iter().find(|column| column.name.eq_ignore_ascii_case(name))
}

impl Column {
    /// What the column holds of an event, as text; nothing where the event has nothing.
    pub(crate) fn value(&self, event: &Json) -> Option<String> {
        if self.kind == Kind::Event {
            return Some(event.to_string());
        }
        match event.get(self.name)? {
            Json::Null => None,
            Json::String(text) if self.kind == Kind::Timestamp => time(text),
            Json::String(text) => Some(text.clone()),
            Json::Bool(value) => Some(u8::from(*value).to_string()),
            other => Some(other.to_string()),
        }
    }
}

/// A time as queries have it: `2023-01-22 16:53:53.000`. It orders as text.
pub(crate) fn time(text: &str) -> Option<String> {
    let text = text.trim();
    let (date, rest) = text.split_at_checked(10)?;
    let clock = rest.trim_start_matches(['T', ' ']).trim_end_matches(" UTC").trim_end_matches('Z');
    let clock = match clock.len() {
        0 => "00:00:00".to_owned(),
        5 => format!("{clock}:00"),
        _ => clock.to_owned(),
    };
    Some(shown(Timestamp::parse_iso8601(&format!("{date}T{clock}Z")).ok()?))
}

/// A time as queries show it.
pub(crate) fn shown(time: Timestamp) -> String {
    let text = time.to_string();
    let millis = time.as_millis().rem_euclid(1000);
    let seconds = text.get(..19).unwrap_or(&text).replace('T', " ");
    format!("{seconds}.{millis:03}")
}

/// A value as a result shows it, whose text is JSON: `{key=value, key=value}`.
pub(crate) fn told(kind: Kind, text: &str) -> String {
    match (kind, serde_json::from_str::<Json>(text)) {
        (Kind::Boolean, _) => if text == "0" { "false" } else { "true" }.to_owned(),
        (Kind::Map | Kind::List, Ok(value)) => tell(&value),
        (Kind::Structure(fields), Ok(value)) => {
            let field = |name: &&str| {
                format!("{}={}", name.to_ascii_lowercase(), tell(value.get(*name).unwrap_or(&Json::Null)))
            };
            format!("{{{}}}", fields.iter().map(field).collect::<Vec<_>>().join(", "))
        }
        _ => text.to_owned(),
    }
}

fn tell(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Object(fields) => {
            let field = |(name, value): (&String, &Json)| format!("{name}={}", tell(value));
            format!("{{{}}}", fields.iter().map(field).collect::<Vec<_>>().join(", "))
        }
        Json::Array(items) => format!("[{}]", items.iter().map(tell).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn times_are_read_however_queries_write_them() {
        for text in ["2023-01-22 16:53:53", "2023-01-22T16:53:53Z", "2023-01-22 16:53:53.000 UTC"] {
            assert_eq!(time(text).as_deref(), Some("2023-01-22 16:53:53.000"), "{text}");
        }
        assert_eq!(time("2023-01-22").as_deref(), Some("2023-01-22 00:00:00.000"));
        assert_eq!(time("yesterday").as_deref(), None);
        assert_eq!(time("héute wärs").as_deref(), None);
    }

    #[test]
    fn a_column_holds_what_the_event_says() {
        let event = json!({"eventTime": "2023-01-22T16:53:53Z", "readOnly": false, "errorCode": null,
            "requestParameters": {"keyId": "k"}});
        let value = |name: &str| find(name).unwrap().value(&event);
        assert_eq!(value("EVENTTIME").as_deref(), Some("2023-01-22 16:53:53.000"));
        assert_eq!(value("readonly").as_deref(), Some("0"));
        assert_eq!(value("errorcode"), None);
        assert_eq!(value("annotation"), None);
        assert_eq!(told(Kind::Map, &value("requestparameters").unwrap()), "{keyId=k}");
        assert_eq!(find("nothing"), None);
    }
}
