//! The audit event that every call leaves, with CloudTrail's fields.
//!
//! An event is stored compactly and rendered as a CloudTrail record when it is read. It never holds a value
//! that the model marks sensitive, and no blob: [`recorded`] leaves both out.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html>

pub mod find;
mod label;
mod named;
mod noted;
pub mod render;
mod session;

use std::borrow::Cow;
use std::hash::Hasher;

use alcazar_base::{AccountId, Arn, Region, Timestamp};
use alcazar_policy::PrincipalKind;
use alcazar_shape::{ApiError, Schema, ServiceModel, Value};
use alcazar_wire::redact::{EventDates, Recording, to_event_json};
use bytes::Bytes;
use minicbor::{Decode, Encode};
use siphasher::sip128::{Hasher128, SipHasher13};

use crate::caller::{CallInfo, Caller, Origin, WebIdentity};
use crate::cloud::Cloud;
use crate::error::{Error, InternalError, Result};
use crate::operation::Entry;
use crate::port::audit_log::AuditRecord;
use crate::schedule::Effect;
use crate::usage::{self, Metered, RequestClass, Use};

pub use self::label::{Attribute, LabelKey};
pub use self::named::NamedResource;
pub(crate) use self::noted::Noted;
pub use self::session::{Issuer, SessionContext};

/// One event, as it stands in the log. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub struct AuditEvent {
    /// A unique id.
    #[n(0)]
    pub event_id: String,
    /// When the call was made.
    #[n(1)]
    pub time: Timestamp,
    /// E.g. `kms.amazonaws.com`.
    #[n(2)]
    pub event_source: String,
    /// The operation, e.g. `Encrypt`.
    #[n(3)]
    pub event_name: String,
    /// The region of the call.
    #[n(4)]
    pub region: String,
    /// Who called; absent where the signature did not prove anyone.
    #[n(5)]
    pub identity: Option<Identity>,
    /// The access key that the call claimed to be signed with.
    #[n(6)]
    pub access_key_id: Option<String>,
    /// The peer's address, or the service that called.
    #[n(7)]
    pub source_ip: String,
    /// What the client said it is.
    #[n(8)]
    pub user_agent: String,
    /// The id that the caller was told.
    #[n(9)]
    pub request_id: String,
    /// The error's code, if the call failed.
    #[n(10)]
    pub error_code: Option<String>,
    /// The error's message.
    #[n(11)]
    pub error_message: Option<String>,
    /// The input as a JSON object, without what may not be recorded.
    #[n(12)]
    pub request_parameters: Option<String>,
    /// The output as a JSON object, without what may not be recorded; none for calls that only read.
    #[n(13)]
    pub response_elements: Option<String>,
    /// The resources that the call was about.
    #[n(14)]
    pub resources: Vec<Resource>,
    /// Whether the call only reads.
    #[n(15)]
    pub read_only: bool,
    /// The TLS session, if there was one.
    #[n(16)]
    pub tls: Option<TlsDetails>,
    /// The service that made the call for the caller.
    #[n(17)]
    pub invoked_by: Option<String>,
    /// Whether a service did this by itself, as when a task fell due.
    #[n(18)]
    pub service_event: bool,
    /// What the call used of its resources, if it succeeded. CloudTrail does not show it.
    #[n(19)]
    pub uses: Option<Vec<Use>>,
    /// What the service did by itself, as a JSON object.
    #[n(20)]
    pub service_event_details: Option<String>,
    /// Whether it tells of work with what a resource holds, as of a message that was sent to a queue. Data events are
    /// not looked up; only event data stores and trails that ask for them get them.
    #[n(21)]
    #[cbor(default)]
    pub data_event: bool,
    /// What else CloudTrail tells, as a JSON object.
    #[n(22)]
    pub additional_data: Option<String>,
    /// What the event history knows the call by beside its resources.
    #[n(23)]
    #[cbor(default)]
    pub names: Vec<NamedResource>,
    /// Whether the record leaves its resources out. The event is found by them all the same.
    #[n(24)]
    #[cbor(default)]
    pub hides_resources: bool,
}

/// Who called.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub struct Identity {
    /// `Root`, `IAMUser`, `AssumedRole`, `FederatedUser`, `WebIdentityUser`, `AWSService`.
    #[n(0)]
    pub kind: String,
    /// The principal's unique id.
    #[n(1)]
    pub principal_id: String,
    /// The principal's ARN.
    #[n(2)]
    pub arn: String,
    /// The principal's account.
    #[n(3)]
    pub account: AccountId,
    /// The session, if the credentials were temporary.
    #[n(4)]
    pub session: Option<SessionContext>,
    /// The name of someone whom an identity provider vouches for.
    #[n(5)]
    pub user_name: Option<String>,
}

/// A resource that a call was about.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub struct Resource {
    /// Its ARN.
    #[n(0)]
    pub arn: String,
    /// The account that owns it.
    #[n(1)]
    pub account: AccountId,
    /// Its type, e.g. `AWS::KMS::Key`.
    #[n(2)]
    pub kind: String,
}

/// The TLS session of a call.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub struct TlsDetails {
    /// E.g. `TLSv1.3`.
    #[n(0)]
    pub version: String,
    /// E.g. `TLS_AES_128_GCM_SHA256`.
    #[n(1)]
    pub cipher_suite: String,
    /// The host that the client asked for.
    #[n(2)]
    pub host: String,
}

/// What events call a denial, whatever its service tells the caller.
pub const ACCESS_DENIED: &str = "AccessDenied";

/// What services call a denial.
const DENIALS: [&str; 3] = ["AccessDeniedException", "AuthorizationErrorException", ACCESS_DENIED];

/// How a call came out, as far as an event tells.
pub(crate) enum Outcome<'a> {
    Success { response_elements: Option<String> },
    Failure(&'a ApiError),
}

impl AuditEvent {
    /// The event of a call, before its parameters and outcome are known.
    pub(crate) fn begin(
        cloud: &Cloud,
        event_source: &str,
        event_name: &str,
        region: &Region,
        now: Timestamp,
    ) -> Result<Self> {
        Ok(Self {
            event_id: cloud.unique_id()?,
            time: now,
            event_source: event_source.to_owned(),
            event_name: event_name.to_owned(),
            region: region.as_str().to_owned(),
            identity: None,
            access_key_id: None,
            source_ip: String::new(),
            user_agent: String::new(),
            request_id: String::new(),
            error_code: None,
            error_message: None,
            request_parameters: None,
            response_elements: None,
            resources: Vec::new(),
            read_only: false,
            tls: None,
            invoked_by: None,
            service_event: false,
            uses: None,
            service_event_details: None,
            data_event: false,
            additional_data: None,
            names: Vec::new(),
            hides_resources: cloud
                .services()
                .find(|service| service.model.event_source == event_source)
                .is_some_and(|service| !service.shows_resources),
        })
    }

    /// The event of something that a service did by itself.
    pub(crate) fn of_service(
        cloud: &Cloud,
        service: &ServiceModel,
        event_name: &str,
        call: &CallInfo,
        effect: Effect,
    ) -> Result<Self> {
        let region = effect.resource.arn.parse::<Arn>().ok().and_then(|arn| arn.region.parse().ok());
        let region = region.unwrap_or_else(|| call.region.clone());
        let mut event = Self::begin(cloud, service.event_source, event_name, &region, call.now)?;
        event.service_event = true;
        service.event_source.clone_into(&mut event.source_ip);
        service.event_source.clone_into(&mut event.user_agent);
        event.request_id.clone_from(&call.request_id);
        event.resources = vec![effect.resource];
        event.service_event_details = effect.details.map(|details| details.to_string());
        Ok(event)
    }

    /// The event of a call that an operation made for the caller.
    pub(crate) fn of_nested_call(
        cloud: &Cloud,
        call: &CallInfo,
        entry: &Entry,
        invoked_by: String,
        resources: Vec<Resource>,
        outcome: &Result<Value>,
    ) -> Result<Self> {
        let model = entry.model;
        let mut event = Self::begin(cloud, model.service.event_source, model.name, &call.region, call.now)?;
        event.set_caller(&call.caller);
        event.request_id = cloud.unique_id()?;
        event.set_operation(entry);
        event.resources = resources;
        event.source_ip.clone_from(&invoked_by);
        event.user_agent.clone_from(&invoked_by);
        event.invoked_by = Some(invoked_by);
        match outcome {
            Ok(answer) => event.set_outcome(Outcome::Success {
                response_elements: entry
                    .records_answer
                    .then(|| recorded(model.output, answer, cloud.recording(entry)))
                    .flatten(),
            }),
            Err(Error::Api(error)) => event.set_outcome(Outcome::Failure(error)),
            Err(_) => {
                event.set_outcome(Outcome::Failure(&cloud.internal_error(model.service).bare()));
            }
        }
        Ok(event)
    }

    /// What the operation's place in its service's list says.
    pub(crate) fn set_operation(&mut self, entry: &Entry) {
        self.read_only = entry.read_only;
        self.data_event = entry.data_event;
        self.hides_resources &= !entry.data_event;
    }

    pub(crate) fn set_caller(&mut self, caller: &Caller) {
        let kind = match &caller.principal.kind {
            PrincipalKind::AccountRoot => "Root",
            PrincipalKind::User => "IAMUser",
            PrincipalKind::AssumedRole { .. } => "AssumedRole",
            PrincipalKind::FederatedUser { .. } => "FederatedUser",
            PrincipalKind::Federated(provider) if provider.contains(":saml-provider/") => "SAMLUser",
            PrincipalKind::Federated(_) => "WebIdentityUser",
            PrincipalKind::Service(_) => "AWSService",
            PrincipalKind::Anonymous => "Unknown",
        };
        self.identity = Some(Identity {
            kind: kind.to_owned(),
            principal_id: caller.principal_id.clone(),
            arn: caller.arn().to_owned(),
            account: caller.account,
            session: caller.session.as_deref().map(SessionContext::of),
            user_name: None,
        });
        self.access_key_id = Some(caller.access_key_id.clone());
    }

    pub(crate) fn set_web_identity(&mut self, identity: &WebIdentity) {
        self.set_caller(&Caller::of_web_identity(identity));
        self.access_key_id = None;
        if let Some(told) = &mut self.identity {
            told.user_name = Some(identity.subject.clone());
        }
    }

    pub(crate) fn set_origin(&mut self, origin: &Origin) {
        self.source_ip = origin.source_ip.to_string();
        self.user_agent.clone_from(&origin.user_agent);
        self.tls = origin.tls.as_ref().map(|tls| TlsDetails {
            version: tls.version.clone(),
            cipher_suite: tls.cipher_suite.clone(),
            host: origin.host.clone(),
        });
    }

    pub(crate) fn set_outcome(&mut self, outcome: Outcome<'_>) {
        match outcome {
            Outcome::Success { response_elements } => self.response_elements = response_elements,
            Outcome::Failure(error) => {
                self.response_elements = None;
                // A call is refused before what it says is looked at.
                if DENIALS.contains(&error.model().name) {
                    self.error_code = Some(ACCESS_DENIED.to_owned());
                    self.request_parameters = None;
                    self.additional_data = None;
                } else {
                    self.error_code = Some(error.model().name.to_owned());
                }
                self.error_message = error.message().map(str::to_owned);
            }
        }
    }

    /// Sets what a call used that succeeded; see [`usage::of_call`].
    pub(crate) fn set_uses(&mut self, metered: Vec<Metered>, requests: Option<&RequestClass>) -> Result<()> {
        self.uses = usage::of_call(metered, &self.resources, requests)?;
        Ok(())
    }

    /// The account that the event is first of all for: the caller's, or else the one that owns the resource. All
    /// zeros if no account sees it.
    #[must_use]
    pub fn recipient(&self) -> AccountId {
        self.accounts().next().unwrap_or(AccountId::ZERO)
    }

    /// The event's id as `account` sees it. Where several accounts see the event, each has an id of its own for it.
    #[must_use]
    pub fn id_for(&self, account: AccountId) -> Cow<'_, str> {
        if self.recipient() == account {
            return Cow::Borrowed(&self.event_id);
        }
        Cow::Owned(derived_id(&self.event_id, account.as_str()))
    }

    /// The id that the event has in all accounts, if several see it.
    #[must_use]
    pub fn shared_id(&self) -> Option<String> {
        self.accounts().nth(1).map(|_| derived_id(&self.event_id, "shared"))
    }

    /// The name of the user who called, or of the session, as `LookupEvents` shows it.
    #[must_use]
    pub fn username(&self) -> Option<&str> {
        let identity = self.identity.as_ref()?;
        match (identity.kind.as_str(), &identity.user_name) {
            (_, Some(name)) => Some(name),
            ("Root", None) => Some("root"),
            ("IAMUser" | "AssumedRole" | "FederatedUser", None) => {
                identity.arn.rsplit_once('/').map(|(_, name)| name)
            }
            _ => None,
        }
    }

    /// The event as the log takes it.
    ///
    /// # Errors
    /// It could not be encoded.
    pub fn to_record(&self, key: &LabelKey) -> Result<AuditRecord> {
        Ok(AuditRecord { bytes: self.to_bytes()?, label: key.label(self) })
    }

    pub(crate) fn to_bytes(&self) -> Result<Bytes> {
        let mut bytes = Vec::with_capacity(1024);
        minicbor::encode(self, &mut bytes)
            .map_err(|error| InternalError::Record { table: "audit".to_owned(), cause: error.to_string() })?;
        Ok(bytes.into())
    }

    /// Reads an event from the log.
    ///
    /// # Errors
    /// The decoder's own words.
    pub fn from_bytes(bytes: &[u8]) -> std::result::Result<Self, String> {
        minicbor::decode(bytes).map_err(|error| error.to_string())
    }
}

/// An id that follows from an event's own. It only has to differ from every other one.
pub(crate) fn derived_id(event_id: &str, purpose: &str) -> String {
    let mut hasher = SipHasher13::new();
    hasher.write(event_id.as_bytes());
    hasher.write(purpose.as_bytes());
    let id = uuid::Builder::from_random_bytes(hasher.finish128().as_bytes());
    id.into_uuid().hyphenated().to_string()
}

impl Cloud {
    /// How the events of an operation show what it takes and answers.
    pub(crate) fn recording(&self, entry: &Entry) -> Recording<'static> {
        let service = self.service(entry.model.service.name);
        let dates = service.map_or(EventDates::Comma, |service| service.event_dates);
        Recording { dates, exceptions: entry.recorded }
    }
}

/// What may be recorded of an input or output, as a JSON object; none if nothing is left.
pub(crate) fn recorded(schema: &Schema, value: &Value, recording: Recording<'_>) -> Option<String> {
    let fragment = to_event_json(schema, value, recording);
    String::from_utf8(fragment).ok().filter(|json| json != "null")
}
