//! Doing what fell due, and delivering what was written to the outbox.

use std::collections::BTreeSet;
use std::mem;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use alcazar_base::limit::CONFLICT_RETRIES_MAX;
use alcazar_base::{AccountId, Region, Timestamp};
use alcazar_policy::{Principal, PrincipalKind};

use crate::audit::AuditEvent;
use crate::caller::{CallInfo, Caller, Origin};
use crate::cloud::Cloud;
use crate::context::{Cx, Work};
use crate::error::{Error, Result};
use crate::name::Name;
use crate::operation::Service;
use crate::outbox::{self, Message};
use crate::port::store::CommitError;
use crate::schedule::{self, Task, TaskHandler};
use crate::standing;
use crate::transaction::Pending;

/// How many tasks or messages are taken up at a time.
const BATCH: usize = 64;

/// How a round of due work came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Round {
    /// How many tasks were done.
    pub done: usize,
    /// How many failed and are still to be done.
    pub failed: usize,
}

impl Cloud {
    /// When the earliest task is due, if there is any.
    ///
    /// # Errors
    /// The store failed.
    pub async fn next_due(&self) -> Result<Option<Timestamp>> {
        let tasks = Pending::begin(self).scan::<Task>(self, &schedule::all_tasks(), 1).await?;
        Ok(tasks.first().map(|(_, task)| task.at))
    }

    /// Does up to a batch of the tasks that are due by now, the earliest first, each once. Tasks that fail do
    /// not hold up those behind them.
    ///
    /// # Errors
    /// The store failed. A task that fails by itself is counted, logged and left for the next round.
    pub async fn run_due(&self) -> Result<Round> {
        let now = self.now();
        let mut range = schedule::all_tasks();
        let mut round = Round { done: 0, failed: 0 };
        loop {
            let tasks = Pending::begin(self).scan::<Task>(self, &range, BATCH).await?;
            for (_, task) in tasks.iter().take_while(|(_, task)| task.at <= now) {
                match self.run_task(task).await {
                    Ok(()) => round.done += 1,
                    Err(error) => {
                        tracing::error!(kind = task.kind, service = task.service, cause = %error, "a task failed");
                        round.failed += 1;
                    }
                }
            }
            match tasks.last() {
                Some((name, task)) if round.done == 0 && task.at <= now && tasks.len() == BATCH => {
                    range = range.after(name.as_bytes());
                }
                _ => return Ok(round),
            }
        }
    }

    async fn run_task(&self, task: &Arc<Task>) -> Result<()> {
        let handler = self.service(&task.service).and_then(|service| {
            Some((service, service.tasks.iter().find(|handler| handler.kind == task.kind)?))
        });
        let Some((service, handler)) = handler else {
            return Err(Error::invariant(format!("no handler for task {} of {}", task.kind, task.service)));
        };
        let call = self.own_call(service)?;
        let mut asked = Vec::new();
        for _ in 0..CONFLICT_RETRIES_MAX {
            let mut work = Work::begin(self);
            work.asked = mem::take(&mut asked);
            let outcome = self.attempt_task(service, handler, task, &call, &mut work).await;
            asked = mem::take(&mut work.asked);
            let event = match outcome {
                Err(Error::Conflict) => continue,
                event => event?,
            };
            let events = event.iter().map(|event| event.to_record(self)).collect::<Result<Vec<_>>>()?;
            if work.pending.writes_nothing() {
                return Ok(());
            }
            match self.commit(work, events).await {
                Err(CommitError::Conflict) => {}
                Err(error) => return Err(error.into()),
                Ok(()) => return Ok(()),
            }
        }
        Err(Error::Conflict)
    }

    /// Does a task and deletes it, in one transaction; gives its event, unless it did not apply any more.
    async fn attempt_task(
        &self,
        service: &Service,
        handler: &TaskHandler,
        task: &Task,
        call: &CallInfo,
        work: &mut Work,
    ) -> Result<Option<AuditEvent>> {
        let mut cx = Cx::new(self, work, call);
        let name = schedule::task_name(task);
        // A task that was taken back, or done by another node, is gone.
        if cx.get::<Task>(&name).await?.is_none() {
            return Ok(None);
        }
        cx.delete(name)?;
        let Some(effect) = (handler.run)(&mut cx, task).await? else { return Ok(None) };
        let mut event = AuditEvent::of_service(self, service.model, handler.event_name, call, effect)?;
        // What a service does by itself is not billed as a request, unless it says so.
        event.set_uses(mem::take(&mut work.metered), None)?;
        Ok(Some(event))
    }

    /// A call that a service makes by itself.
    fn own_call(&self, service: &Service) -> Result<CallInfo> {
        let name = service.model.event_source;
        Ok(CallInfo {
            caller: Arc::new(Caller {
                account: AccountId::ZERO,
                principal: Principal {
                    account: AccountId::ZERO,
                    arn: name.to_owned(),
                    unique_id: None,
                    kind: PrincipalKind::Service(name.to_owned()),
                },
                principal_id: name.to_owned(),
                access_key_id: String::new(),
                session: None,
            }),
            standing: standing::of_service(),
            region: Region::us_east_1(),
            origin: Arc::new(Origin {
                source_ip: IpAddr::V4(Ipv4Addr::LOCALHOST),
                user_agent: name.to_owned(),
                tls: None,
                host: name.to_owned(),
            }),
            request_id: self.unique_id()?,
            now: self.now(),
            via: Vec::new(),
            request_rates: false,
        })
    }

    /// Delivers up to a batch of the outbox's messages, the oldest first. A message whose receiver fails stays,
    /// and so do later ones of its topic, so that their order is kept.
    ///
    /// # Errors
    /// The store failed.
    pub async fn deliver(&self) -> Result<usize> {
        let mut range = outbox::all_messages();
        let mut held_up: BTreeSet<String> = BTreeSet::new();
        let mut delivered = 0;
        loop {
            let messages = Pending::begin(self).scan::<Message>(self, &range, BATCH).await?;
            for (name, message) in &messages {
                if held_up.contains(&message.topic) {
                    continue;
                }
                if self.deliver_one(name, message).await? {
                    delivered += 1;
                } else {
                    held_up.insert(message.topic.clone());
                }
            }
            match messages.last() {
                Some((name, _)) if delivered == 0 && messages.len() == BATCH => {
                    range = range.after(name.as_bytes());
                }
                _ => return Ok(delivered),
            }
        }
    }

    /// Delivers a message and deletes it. It is not so if its receiver is missing or does not take it.
    async fn deliver_one(&self, name: &Name, message: &Message) -> Result<bool> {
        let Some(receiver) = self.receiver(&message.topic) else { return Ok(false) };
        if let Err(error) = receiver.receive(message).await {
            tracing::warn!(topic = message.topic, cause = %error, "a message was not taken; it stays");
            return Ok(false);
        }
        let mut pending = Pending::begin(self);
        pending.delete(name.clone())?;
        self.store().commit(pending.into_transaction(Vec::new())).await?;
        Ok(true)
    }
}
