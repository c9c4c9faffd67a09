//! What other services tell: their own events, and every call that is made of them, as CloudTrail records it.
//!
//! Both come to the default bus of the account and region that they concern. Calls come from the audit log, which this
//! service follows: each call once, and only for rules that were there when it was made.
//!
//! Sources: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html>,
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail-management.html>

use alcazar_base::{AccountId, Region};
use alcazar_engine::audit::AuditEvent;
use alcazar_engine::audit::render::to_cloudtrail;
use alcazar_engine::event::{self, KIND};
use alcazar_engine::port::BoxFuture;
use alcazar_engine::{
    Cx, Delivered, Delivery, DeliveryHandler, Error, Follower, Name, Reads, Result, ServiceEvent,
};
use alcazar_event::Event;
use serde_json::Value as Json;

use crate::arn::BusId;
use crate::arrival::{Arrival, arrive};
use crate::envelope::Envelope;
use crate::id;
use crate::matching;
use crate::rule::{self, Rule};

/// Takes the events of other services.
pub(crate) const HANDLER: DeliveryHandler = DeliveryHandler { kind: KIND, run: take };

/// Whether a rule may be for an event of another service. Where the rules are not in memory, the event is taken up: then
/// they are read.
pub(crate) fn wants(reads: &Reads<'_>, envelope: &event::Envelope) -> bool {
    let ServiceEvent { account, region, .. } = &envelope.event;
    let Some(rules) = matching::kept(reads, &BusId::default_of(*account, region.clone())) else {
        return true;
    };
    if rules.is_empty() {
        return false;
    }
    let value = envelope.to_json();
    let event = Event::new(&value);
    rules.iter().any(|rule| rule.matches(&event))
}

/// Follows the audit log.
pub(crate) const FOLLOWER: Follower = Follower { name: "events", is_idle, run: follow };

/// The longest event that is delivered, in bytes; AWS drops what is longer.
const EVENT_BYTES_MAX: usize = 256 * 1024;

fn take<'a>(cx: &'a mut Cx<'_>, delivery: &'a Delivery) -> BoxFuture<'a, Result<Delivered>> {
    Box::pin(async move {
        let malformed = || Error::invariant("an event of a service without its place");
        let event = String::from_utf8(delivery.payload.clone()).map_err(|_| malformed())?;
        let value: Json = serde_json::from_str(&event).map_err(|_| malformed())?;
        let text = |name: &str| value.get(name).and_then(Json::as_str);
        let account = text("account").and_then(|account| account.parse().ok()).ok_or_else(malformed)?;
        let region = text("region").and_then(|region| region.parse().ok()).ok_or_else(malformed)?;
        let arrival = Arrival {
            happened: Some(delivery.caused),
            ..Arrival::now(&BusId::default_of(account, region), in_order(&value), cx.now())
        };
        arrive(cx, arrival).await?;
        Ok(Delivered::Done)
    })
}

/// The event with its members in AWS's order.
fn in_order(event: &Json) -> String {
    const NAMES: [&str; 9] =
        ["version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail"];
    let member = |name: &&str| Some(format!("\"{name}\":{}", event.get(*name)?));
    let members: Vec<String> = NAMES.iter().filter_map(member).collect();
    format!("{{{}}}", members.join(","))
}

/// Whether there is no rule at all.
fn is_idle<'a>(reads: &'a mut Reads<'_>) -> BoxFuture<'a, Result<bool>> {
    Box::pin(async move {
        let any = reads.glance::<Rule>(&Name::table(rule::TABLE).range(), 1).await?;
        Ok(any.is_empty())
    })
}

fn follow<'a>(cx: &'a mut Cx<'_>, events: &'a [AuditEvent]) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        for event in events.iter().filter(|event| !event.data_event) {
            let Ok(region) = event.region.parse::<Region>() else { continue };
            for account in event.accounts() {
                tell(cx, event, account, region.clone()).await?;
            }
        }
        Ok(())
    })
}

/// Tells an account of a call.
async fn tell(cx: &mut Cx<'_>, event: &AuditEvent, account: AccountId, region: Region) -> Result<()> {
    let bus = BusId::default_of(account, region);
    let is_read = only_reads(event);
    let rules = matching::of_bus(cx, &bus).await?;
    let concerns =
        |rule: &matching::PatternRule| (!is_read || rule.takes_reads()) && rule.was_there(event.time);
    if !rules.iter().any(concerns) {
        return Ok(());
    }
    let record = to_cloudtrail(event, account);
    let service = event.event_source.strip_suffix(".amazonaws.com").unwrap_or(&event.event_source);
    let envelope = Envelope {
        id: &id::new(cx)?,
        detail_type: if event.service_event {
            "AWS Service Event via CloudTrail"
        } else {
            "AWS API Call via CloudTrail"
        },
        source: &format!("aws.{service}"),
        account: account.as_str(),
        time: event.time,
        region: bus.region.as_str(),
        resources: &[],
        detail: &record.to_string(),
    };
    let text = envelope.to_json();
    if text.len() > EVENT_BYTES_MAX {
        return Ok(());
    }
    let arrival = Arrival { is_read, happened: Some(event.time), ..Arrival::now(&bus, text, cx.now()) };
    arrive(cx, arrival).await
}

/// Whether a call is one of those that only rules for all management events get: it reads, and its name says so. STS's
/// calls for credentials count as changes whatever their names say.
fn only_reads(event: &AuditEvent) -> bool {
    const READING: [&str; 3] = ["Describe", "Get", "List"];
    const CHANGING: [&str; 2] = ["GetFederationToken", "GetSessionToken"];
    let name = event.event_name.as_str();
    event.read_only && READING.iter().any(|prefix| name.starts_with(prefix)) && !CHANGING.contains(&name)
}
