//! Rules that act by themselves at their times.
//!
//! The next time of a rule is a task, scheduled in the transaction that did the one before: so each is done once. Times
//! that passed while nobody could act are made up for by one event.
//!
//! Source: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html>

use alcazar_base::Timestamp;
use alcazar_engine::port::BoxFuture;
use alcazar_engine::schedule::{Effect, Task, TaskHandler};
use alcazar_engine::{Cx, Error, Name, Result};
use alcazar_event::Schedule;

use crate::dispatch::{self, Dispatch, SERVICE};
use crate::envelope::Envelope;
use crate::id;
use crate::rule::{self, Rule};

const KIND: &str = "scheduled_rule";

/// What EventBridge does when a rule's time has come.
pub(crate) const HANDLER: TaskHandler = TaskHandler { kind: KIND, event_name: "ScheduledEvent", run };

/// The task of a rule's next time. Its subject is the name of the rule's record, in which nothing can be read.
fn task(cx: &Cx<'_>, rule: &Rule, at: Timestamp) -> Task {
    let name = rule::name(&cx.keyring(), &rule.bus_id(), &rule.name);
    Task { at, service: SERVICE.to_owned(), kind: KIND.to_owned(), subject: hex::encode(name.as_bytes()) }
}

/// Takes back what is scheduled for a rule. The rule is yet to be stored.
///
/// # Errors
/// The transaction is too large.
pub(crate) fn unschedule(cx: &mut Cx<'_>, rule: &mut Rule) -> Result<()> {
    match rule.next.take() {
        Some(at) => cx.unschedule(&task(cx, rule, at)),
        None => Ok(()),
    }
}

/// Schedules the next time of a rule after now, if it has one. The rule is yet to be stored.
///
/// # Errors
/// The task cannot be written.
pub(crate) fn schedule(cx: &mut Cx<'_>, rule: &mut Rule) -> Result<()> {
    let expression = rule.schedule.as_deref().filter(|_| rule.is_enabled());
    let Some(expression) = expression else { return Ok(()) };
    let schedule = Schedule::parse(expression)
        .map_err(|_| Error::invariant("the schedule of a rule that was put is none"))?;
    rule.next = schedule.next_after(rule.since, cx.now());
    match rule.next {
        Some(at) => cx.schedule(task(cx, rule, at)),
        // It may lie in the past for ever, as that of a year gone by.
        None => Ok(()),
    }
}

fn run<'a>(cx: &'a mut Cx<'_>, task: &'a Task) -> BoxFuture<'a, Result<Option<Effect>>> {
    Box::pin(act(cx, task))
}

async fn act(cx: &mut Cx<'_>, task: &Task) -> Result<Option<Effect>> {
    let name = hex::decode(&task.subject).map_err(|_| Error::invariant("a scheduled rule without a name"))?;
    let Some(rule) = cx.get::<Rule>(&Name::from_stored(name.into())).await? else { return Ok(None) };
    if rule.next != Some(task.at) || !rule.is_enabled() {
        return Ok(None);
    }
    let event = Envelope {
        id: &id::new(cx)?,
        detail_type: "Scheduled Event",
        source: "aws.events",
        account: rule.account.as_str(),
        time: task.at,
        region: rule.region.as_str(),
        resources: &[rule.arn()],
        detail: "{}",
    };
    let event = event.to_json();
    for target in &rule.targets {
        let dispatch = Dispatch {
            account: rule.account,
            region: rule.region.clone(),
            bus: rule.bus.clone(),
            rule: rule.name.clone(),
            target_id: target.id.clone(),
            event: event.clone(),
            ingested: cx.now(),
            trace_header: None,
            forwarded: false,
        };
        dispatch::deliver(cx, &dispatch)?;
    }
    let mut changed = Rule::clone(&rule);
    changed.next = None;
    schedule(cx, &mut changed)?;
    rule::put(cx, changed)?;
    // AWS's audit log does not tell of it.
    Ok(None)
}
