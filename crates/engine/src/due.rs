//! Doing what fell due.

use std::mem;
use std::sync::Arc;

use alcazar_base::{Region, Timestamp};

use crate::audit::AuditEvent;
use crate::caller::{CallInfo, Caller, Origin};
use crate::cloud::Cloud;
use crate::context::{Cx, Work};
use crate::error::{Error, Result};
use crate::invoke::Carried;
use crate::operation::Service;
use crate::schedule::{self, Task, TaskHandler};
use crate::standing;
use crate::transaction::Pending;

/// How many tasks are taken up at a time.
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
    /// When the earliest task is due or, if it failed, is tried again; none if there is no task.
    ///
    /// # Errors
    /// The store failed.
    pub async fn next_due(&self) -> Result<Option<Timestamp>> {
        let enough = self.failing.count().saturating_add(1);
        let tasks = Pending::begin(self).scan::<Task>(self, &schedule::all_tasks(), enough).await?;
        Ok(tasks.iter().map(|(name, task)| self.failing.due(name, task.at)).min())
    }

    /// Does up to a batch of the tasks that are due by now, the earliest first, each once. Tasks that fail do
    /// not hold up those behind them.
    ///
    /// # Errors
    /// The store failed. A task that fails by itself is counted, logged and tried again later: soon at first, and ever
    /// less often.
    pub async fn run_due(&self) -> Result<Round> {
        let now = self.now();
        let mut range = schedule::all_tasks();
        let mut round = Round { done: 0, failed: 0 };
        loop {
            let tasks = Pending::begin(self).scan::<Task>(self, &range, BATCH).await?;
            for (name, task) in tasks.iter().take_while(|(_, task)| task.at <= now) {
                if self.failing.due(name, task.at) > now {
                    continue;
                }
                match self.run_task(task).await {
                    Ok(()) => {
                        self.failing.done(name);
                        round.done += 1;
                    }
                    Err(error) => {
                        tracing::error!(kind = task.kind, service = task.service, cause = %error, "a task failed");
                        self.failing.failed(name, now);
                        round.failed += 1;
                    }
                }
            }
            match tasks.last() {
                Some((name, task)) if task.at <= now && tasks.len() == BATCH => {
                    if round.done > 0 {
                        return Ok(round);
                    }
                    range = range.after(name.as_bytes());
                }
                _ => {
                    self.failing.tried_all(now);
                    return Ok(round);
                }
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
        let mut carried = Carried::default();
        while let Some(mut work) = carried.begin(self).await {
            let outcome = self.attempt_task(service, handler, task, &call, &mut work).await;
            carried.take(&mut work);
            let event = match outcome {
                Err(Error::Conflict | Error::Again) => continue,
                event => event?,
            };
            if work.pending.writes_nothing() {
                return Ok(());
            }
            let mut events = mem::take(&mut work.nested_events);
            events.extend(event);
            match self.commit_with(work, &events).await {
                Err(Error::Conflict) => {}
                outcome => return outcome,
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
    pub(crate) fn own_call(&self, service: &Service) -> Result<CallInfo> {
        let (name, now) = (service.model.event_source, self.now());
        Ok(CallInfo {
            caller: Arc::new(Caller::service(name)),
            standing: standing::of_service(),
            region: Region::us_east_1(),
            origin: Arc::new(Origin::of_service(name)),
            request_id: self.unique_id()?,
            now,
            via: Vec::new(),
            source: None,
            began: now,
            waits: 0,
            depth: 0,
            request_rates: false,
        })
    }
}
