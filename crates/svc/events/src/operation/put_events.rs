//! `PutEvents`: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html>

use std::sync::Arc;

use alcazar_api_events::operation as api;
use alcazar_api_events::types::{PutEventsRequestEntry, PutEventsResultEntry};
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Exception, Input, Operation, Output, Reads, Result};

use crate::arn::BusId;
use crate::arrival::{Arrival, arrive};
use crate::entry::{self, Complete};
use crate::error::put_events::{self as error, EntryError};
use crate::forward::{self, Forwarded};
use crate::id;
use crate::named::NamedBus;

/// Takes events up.
pub struct PutEvents;

/// Where the events go, and what another bus sends.
pub struct Target {
    /// The bus of each entry.
    buses: Vec<Arc<NamedBus>>,
    forwarded: Option<Forwarded>,
}

impl Operation for PutEvents {
    type Api = api::PutEvents;
    type Target = Target;
    const READ_ONLY: bool = false;
    const DATA_EVENT: bool = true;
    const RECORDED: &'static [Exception] = &[Exception::hidden("entries.detail")];

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<Target> {
        if let Some(endpoint) = &input.endpoint_id {
            return Err(error::endpoint_not_found(endpoint).into());
        }
        if input.entries.iter().map(entry::bytes).sum::<usize>() > entry::ENTRIES_BYTES_MAX {
            return Err(error::too_large().into());
        }
        let mut buses: Vec<Arc<NamedBus>> = Vec::with_capacity(input.entries.len());
        for entry in input.entries.iter() {
            let id = BusId::named(reads.call(), entry.event_bus_name.as_deref());
            let found = buses.iter().find(|bus| bus.id == id).cloned();
            buses.push(match found {
                Some(bus) => bus,
                None => Arc::new(NamedBus::find(reads, entry.event_bus_name.as_deref()).await?),
            });
        }
        Ok(Target { buses, forwarded: forward::carried(reads) })
    }

    fn access(_: &CallInfo, input: &Input<Self>, target: &Target) -> Access {
        let mut asked: Vec<(String, Option<&str>, Option<&str>)> = Vec::new();
        let mut checks = Vec::new();
        for (entry, bus) in input.entries.iter().zip(&target.buses) {
            let (source, detail_type) = (entry.source.as_deref(), entry.detail_type.as_deref());
            let question = (bus.id.arn(), source, detail_type);
            if asked.contains(&question) {
                continue;
            }
            let mut check = bus.check("events:PutEvents");
            for (key, value) in [("events:source", source), ("events:detail-type", detail_type)] {
                if let Some(value) = value {
                    check.context.insert(key, value.to_owned());
                }
            }
            check.context.insert("events:eventBusInvocation", target.forwarded.is_some());
            checks.push(check);
            asked.push(question);
        }
        Access { checks }
    }

    async fn run(cx: &mut Cx<'_>, input: &Input<Self>, target: Allowed<Target>) -> Result<Output<Self>> {
        let mut entries = Vec::with_capacity(input.entries.len());
        let mut failed = 0;
        for (entry, bus) in input.entries.iter().zip(&target.buses) {
            entries.push(match put(cx, entry, bus, target.forwarded.as_ref()).await? {
                Ok(event_id) => PutEventsResultEntry { event_id: Some(event_id), ..Default::default() },
                Err(EntryError { code, message }) => {
                    failed += 1;
                    PutEventsResultEntry {
                        error_code: Some(code.to_owned()),
                        error_message: Some(message),
                        ..Default::default()
                    }
                }
            });
        }
        Ok(api::PutEventsResponse { failed_entry_count: Some(failed), entries: Some(entries.into()) })
    }
}

/// Takes one event up. That of a bus that is not there is lost without a word.
async fn put(
    cx: &mut Cx<'_>,
    entry: &PutEventsRequestEntry,
    to: &NamedBus,
    forwarded: Option<&Forwarded>,
) -> Result<Result<String, EntryError>> {
    let id = id::new(cx)?;
    let event = match forwarded {
        Some(forwarded) => forwarded.event.clone(),
        None => match Complete::of(entry) {
            Ok(complete) => complete.event(&id, cx.account().as_str(), &to.id, cx.now()),
            Err(error) => return Ok(Err(error)),
        },
    };
    if to.bus.is_some() {
        let arrival = Arrival {
            trace_header: entry.trace_header.clone(),
            forwarded: forwarded.is_some(),
            ..Arrival::now(&to.id, event, cx.now())
        };
        arrive(cx, arrival).await?;
    }
    Ok(Ok(id))
}
