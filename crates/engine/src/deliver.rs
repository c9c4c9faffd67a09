//! Doing what is to be delivered: many at a time, each in a transaction of its own.

use std::mem;
use std::sync::Arc;

use alcazar_base::Timestamp;
use tokio::task::JoinSet;

use crate::backoff;
use crate::cloud::Cloud;
use crate::context::{Cx, Work};
use crate::delivery::{self, Delivered, Delivery, DeliveryHandler, LaneId};
use crate::error::{Error, Result};
use crate::invoke::Carried;

use crate::name::Name;
use crate::operation::Service;
use crate::transaction::Pending;

/// How many deliveries of one lane are under way at a time.
const LANE_MAX: usize = 16;

/// How often [`Cloud::settle`] looks for more.
const SETTLING_ROUNDS_MAX: usize = 10_000;

/// How many deliveries are under way at a time.
const RUNNING_MAX: usize = 128;

/// A delivery that is due, as long as it is under way.
pub struct Due {
    cloud: Arc<Cloud>,
    name: Name,
    delivery: Arc<Delivery>,
}

impl Drop for Due {
    fn drop(&mut self) {
        self.cloud.lanes.ended(&self.name, self.cloud.now());
    }
}

impl Due {
    /// Does it, or sees to it that it is tried again.
    pub async fn run(self) {
        let cloud = &self.cloud;
        let outcome = match cloud.attempt_delivery(&self.name, &self.delivery).await {
            Ok(()) => return,
            Err(cause) => {
                tracing::error!(kind = self.delivery.kind, service = self.delivery.service, %cause, "a delivery failed");
                cloud.put_off(&self.name, &self.delivery).await
            }
        };
        if let Err(cause) = outcome {
            tracing::error!(%cause, "a delivery that failed could not be put off");
            // It stays due; the pause keeps what cannot be done from being tried without end.
            cloud.sleep_until(cloud.now() + backoff::FIRST).await;
        }
    }
}

impl Cloud {
    /// When the next delivery is due, as far as it is known; at the first call, all lanes are looked up.
    ///
    /// # Errors
    /// The store failed.
    pub async fn next_delivery(&self) -> Result<Option<Timestamp>> {
        self.load_lanes().await?;
        Ok(self.lanes.next())
    }

    /// Waits until a delivery comes or one ends.
    pub async fn deliveries_moved(&self) {
        self.lanes.moved.notified().await;
    }

    /// The deliveries that are due and have room, which are under way until they are dropped.
    ///
    /// # Errors
    /// The store failed.
    pub async fn due_deliveries(self: &Arc<Self>) -> Result<Vec<Due>> {
        self.load_lanes().await?;
        let now = self.now();
        let mut due = Vec::new();
        while self.lanes.running() < RUNNING_MAX {
            let Some((lane, running)) = self.lanes.take(now) else { break };
            match self.look(lane, running, now).await {
                Ok(found) => due.extend(found),
                Err(error) => {
                    self.lanes.looked(lane, [], Some(now));
                    return Err(error);
                }
            }
        }
        Ok(due)
    }

    /// Does everything that is due by now, and says how many attempts that took.
    ///
    /// # Errors
    /// The store failed.
    pub async fn deliver(self: &Arc<Self>) -> Result<usize> {
        let mut running = JoinSet::new();
        let mut attempts = 0;
        loop {
            for due in self.due_deliveries().await? {
                attempts += 1;
                running.spawn(due.run());
            }
            if running.join_next().await.is_none() {
                let mut ended = Box::pin(self.lanes.ended.notified());
                ended.as_mut().enable();
                if self.lanes.running() == 0 {
                    return Ok(attempts);
                }
                // The others are under way elsewhere.
                ended.await;
            }
        }
    }

    /// Shows followers what is in the audit log and does what is to be delivered by now, until nothing is left; says how
    /// many deliveries were tried.
    ///
    /// # Errors
    /// The store, the log or a follower failed, or one thing leads to the next without end.
    pub async fn settle(self: &Arc<Self>) -> Result<usize> {
        let mut attempts = 0;
        for _ in 0..SETTLING_ROUNDS_MAX {
            let followed = self.follow().await?;
            let delivered = self.deliver().await?;
            attempts += delivered;
            if !followed && delivered == 0 {
                return Ok(attempts);
            }
        }
        Err(Error::invariant("deliveries lead to deliveries without end"))
    }

    /// When the earliest task or delivery is due, if there is any.
    ///
    /// # Errors
    /// The store failed.
    pub async fn next_work(&self) -> Result<Option<Timestamp>> {
        let (task, delivery) = (self.next_due().await?, self.next_delivery().await?);
        Ok(task.into_iter().chain(delivery).min())
    }

    /// Begins what is due in a lane, as far as there is room in it.
    async fn look(
        self: &Arc<Self>,
        lane: LaneId,
        running: std::collections::HashSet<Name>,
        now: Timestamp,
    ) -> Result<Vec<Due>> {
        let limit = LANE_MAX + running.len() + 1;
        let waiting = Pending::begin(self).scan::<Delivery>(self, &delivery::of_lane(&lane), limit).await?;
        let mut room = LANE_MAX.saturating_sub(running.len());
        let (mut begun, mut next) = (Vec::new(), None);
        for (name, delivery) in waiting {
            if delivery.in_order && (!running.is_empty() || !begun.is_empty()) {
                // Whoever ends looks again.
                break;
            }
            if running.contains(&name) {
                continue;
            }
            if delivery.due > now {
                next = Some(delivery.due);
                break;
            }
            if room == 0 {
                break;
            }
            room -= 1;
            begun.push(Due { cloud: self.clone(), name, delivery });
        }
        self.lanes.looked(lane, begun.iter().map(|due| due.name.clone()), next);
        Ok(begun)
    }

    /// Finds out which lanes there are, once.
    async fn load_lanes(&self) -> Result<()> {
        self.lanes_loaded
            .get_or_try_init(|| async {
                let mut range = delivery::all();
                loop {
                    let found = self.store().scan(&range, 1).await?;
                    let Some((lane, _)) = found.first().and_then(|(name, _)| delivery::place(name)) else {
                        return Ok::<_, Error>(());
                    };
                    self.lanes.told(&[found.into_iter().map(|(name, _)| name).next().unwrap_or_default()]);
                    range = delivery::behind_lane(&lane);
                }
            })
            .await?;
        Ok(())
    }

    async fn attempt_delivery(&self, name: &Name, delivery: &Delivery) -> Result<()> {
        let handler = self.service(&delivery.service).and_then(|service| {
            Some((service, service.deliveries.iter().find(|handler| handler.kind == delivery.kind)?))
        });
        let Some((service, handler)) = handler else {
            let what = format!("no handler for {} of {}", delivery.kind, delivery.service);
            return Err(Error::invariant(what));
        };
        let mut carried = Carried::default();
        while let Some(mut work) = carried.begin(self).await {
            let outcome = self.try_delivery(service, handler, name, delivery, &mut work).await;
            carried.take(&mut work);
            match outcome {
                Ok(()) => {}
                Err(Error::Conflict | Error::Again) => continue,
                Err(error) => return Err(error),
            }
            let events = mem::take(&mut work.nested_events);
            match self.commit_with(work, &events).await {
                Err(Error::Conflict) => {}
                outcome => return outcome,
            }
        }
        Err(Error::Conflict)
    }

    async fn try_delivery(
        &self,
        service: &Service,
        handler: &DeliveryHandler,
        name: &Name,
        delivery: &Delivery,
        work: &mut Work,
    ) -> Result<()> {
        let call = self.own_call(service)?;
        let mut cx = Cx::new(self, work, &call);
        // One that another node took is gone.
        if cx.get::<Delivery>(name).await?.is_none() {
            return Ok(());
        }
        match (handler.run)(&mut cx, delivery).await? {
            Delivered::Done => cx.delete(name.clone()),
            Delivered::RetryAt(at) => cx.put_again(name, delivery, at, delivery.attempts.saturating_add(1)),
            Delivered::NotBefore(at) => cx.put_again(name, delivery, at, delivery.attempts),
        }
    }

    /// Has a delivery tried again whose handler failed.
    async fn put_off(&self, name: &Name, delivery: &Delivery) -> Result<()> {
        let at = self.now() + backoff::after(delivery.attempts);
        let service = self.service(&delivery.service);
        let mut work = Work::begin(self);
        let Some(service) = service else {
            // Its service may come back with another version of the program.
            self.sleep_until(at).await;
            return Ok(());
        };
        let call = self.own_call(service)?;
        Cx::new(self, &mut work, &call).put_again(name, delivery, at, delivery.attempts.saturating_add(1))?;
        self.commit_with(work, &[]).await
    }
}

impl Cx<'_> {
    /// Writes a delivery down for its next attempt. In a lane in order it keeps its place.
    fn put_again(&mut self, name: &Name, delivery: &Delivery, due: Timestamp, attempts: u32) -> Result<()> {
        let again = Delivery { due, attempts, ..delivery.clone() };
        if delivery.in_order {
            return self.put(name.clone(), again);
        }
        self.delete(name.clone())?;
        let sequence = self.cloud().next_order();
        let name = delivery::name(&self.keyring(), &again, due, sequence);
        self.put(name, again)
    }
}
