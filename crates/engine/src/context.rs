//! What an operation works with: [`Reads`] while it finds its target, [`Cx`] while it runs.

use std::any::Any;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use alcazar_base::{AccountId, Region, Timestamp};
use alcazar_crypto::{Entropy, Keyring};
use alcazar_policy::PolicyDocument;
use alcazar_shape::{OperationModel, ServiceModel};

use crate::audit::{AuditEvent, Noted};
use crate::bound::{BoundPrincipal, BoundPrincipals};
use crate::caller::{CallInfo, Caller, WebIdentity};
use crate::cloud::Cloud;
use crate::count::{Full, Held};
use crate::delivery::{self, Delivery, NewDelivery};
use crate::error::{InternalError, Result};
use crate::lock;
use crate::name::Name;
use crate::port::outbound::{OutboundAnswer, OutboundError, OutboundRequest};
use crate::port::store::{NameRange, Revision};
use crate::quota::Quota;
use crate::rate::{Charge, Rates};
use crate::record::{self, Record};
use crate::records::Records;
use crate::schedule::{self, Effect, Task};
use crate::standing::{AccountStanding, Standing};
use crate::transaction::Pending;
use crate::usage::{self, LastCall, LastUse, Metered, Position};

/// A request to the outside, and what came of it.
pub(crate) struct Asked {
    request: OutboundRequest,
    outcome: std::result::Result<OutboundAnswer, OutboundError>,
}

/// What one transaction is made of, whoever adds to it.
pub(crate) struct Work {
    pub(crate) pending: Pending,
    /// The events of calls that this call made, in order.
    pub(crate) nested_events: Vec<AuditEvent>,
    /// What the operation said it used.
    pub(crate) metered: Vec<Metered>,
    /// What the operation told the audit log.
    pub(crate) noted: Noted,
    /// Whether the commit brings work for the scheduler.
    pub(crate) brings_work: bool,
    /// Whether the commit destroys something.
    pub(crate) destroys: bool,
    /// The room in counted ranges that is held for what will be written.
    pub(crate) held: Vec<Held>,
    /// Whether the call drew from its request rates at an earlier attempt.
    pub(crate) has_paid: bool,
    /// Whether a request rate refused the call.
    pub(crate) throttled: bool,
    /// What was asked outside, at earlier attempts too.
    pub(crate) asked: Vec<Asked>,
    /// Who calls, where the signature does not say so.
    pub(crate) identified: Option<WebIdentity>,
    /// The locks that the call holds, at later attempts too.
    pub(crate) locks: lock::Held,
    /// What is let go of when the attempt has ended.
    pub(crate) kept: Vec<Box<dyn Any + Send + Sync>>,
}

impl Work {
    pub(crate) fn begin(cloud: &Cloud) -> Self {
        Self {
            pending: Pending::begin(cloud),
            nested_events: Vec::new(),
            metered: Vec::new(),
            noted: Noted::default(),
            brings_work: false,
            destroys: false,
            held: Vec::new(),
            has_paid: false,
            throttled: false,
            asked: Vec::new(),
            identified: None,
            locks: lock::Held::default(),
            kept: Vec::new(),
        }
    }
}

/// Reading, as far as it goes before the decision.
pub struct Reads<'a> {
    pub(crate) cloud: &'a Cloud,
    pub(crate) work: &'a mut Work,
    pub(crate) call: &'a CallInfo,
}

impl Reads<'_> {
    /// Who, where, when.
    #[must_use]
    pub fn call(&self) -> &CallInfo {
        self.call
    }

    /// The caller's account.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.call.caller.account
    }

    /// The region of the call.
    #[must_use]
    pub fn region(&self) -> &Region {
        &self.call.region
    }

    /// The time of the call.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.call.now
    }

    /// The key hierarchy.
    #[must_use]
    pub fn keyring(&self) -> Arc<Keyring> {
        self.cloud.keyring()
    }

    /// Certificates in DER that the operator trusts to vouch for attested callers, beside those that AWS publishes.
    #[must_use]
    pub fn attestation_roots(&self) -> Arc<[Vec<u8>]> {
        self.cloud.attestation_roots()
    }

    /// Randomness.
    #[must_use]
    pub fn entropy(&self) -> &dyn Entropy {
        self.cloud.entropy()
    }

    /// Does `work` on a thread where it keeps no other call waiting: for what takes the processor longer than a
    /// millisecond or so.
    ///
    /// # Errors
    /// The work panicked, or the process is stopping.
    pub async fn offload<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Entropy) -> T + Send + 'static,
    ) -> Result<T> {
        let entropy = self.cloud.shared_entropy();
        let done = tokio::task::spawn_blocking(move || work(entropy.as_ref())).await;
        Ok(done.map_err(|_| InternalError::Invariant("offloaded work did not end".to_owned()))?)
    }

    /// How much there may be by a quota of resources; none if there is no limit.
    #[must_use]
    pub fn quota(&self, quota: &Quota) -> Option<u64> {
        self.cloud.quotas.resource(quota)
    }

    /// The records, for what reads them for others too.
    pub fn records(&mut self) -> Records<'_> {
        Records::new(self.cloud, &mut self.work.pending)
    }

    /// What counts for a caller.
    ///
    /// # Errors
    /// The caller is no more, or the store failed.
    pub async fn standing_of(&self, caller: &Caller) -> Result<Arc<Standing>> {
        self.cloud.standing(caller).await
    }

    /// What counts for an account.
    ///
    /// # Errors
    /// The store failed.
    pub async fn account_standing(&self, account: AccountId) -> Result<Arc<AccountStanding>> {
        self.cloud.account_standing(account).await
    }

    /// Whether there is such an account.
    ///
    /// # Errors
    /// The store failed.
    pub async fn account_exists(&mut self, account: AccountId) -> Result<bool> {
        let cloud = self.cloud;
        cloud.identities().account_exists(&mut self.records(), account).await
    }

    /// The unique id of the user or role of an ARN, if there is one.
    ///
    /// # Errors
    /// The store failed.
    pub async fn unique_id(&mut self, arn: &str) -> Result<Option<String>> {
        let cloud = self.cloud;
        cloud.identities().unique_id(&mut self.records(), arn).await
    }

    /// Whom the users and roles are that a policy names as its principals.
    ///
    /// # Errors
    /// The store failed.
    pub async fn bind(&mut self, document: &PolicyDocument) -> Result<BoundPrincipals> {
        let cloud = self.cloud;
        let mut bound = Vec::new();
        for arn in document.identities() {
            let known = bound.iter().any(|principal: &BoundPrincipal| principal.arn == arn);
            let found = cloud.identities().unique_id(&mut self.records(), arn).await?;
            if let Some(unique_id) = found.filter(|_| !known) {
                bound.push(BoundPrincipal { arn: arn.to_owned(), unique_id });
            }
        }
        Ok(BoundPrincipals(bound))
    }

    /// A policy's text as it is told: who was deleted since it was written stands there with the unique id.
    ///
    /// # Errors
    /// The store failed.
    pub async fn told(&mut self, text: &str, bound: &BoundPrincipals) -> Result<String> {
        let cloud = self.cloud;
        let mut told = text.to_owned();
        for BoundPrincipal { arn, unique_id } in &bound.0 {
            if cloud.identities().unique_id(&mut self.records(), arn).await?.as_ref() != Some(unique_id) {
                told = told.replace(&format!("\"{arn}\""), &format!("\"{unique_id}\""));
            }
        }
        Ok(told)
    }

    /// Whether the user, role, role session or federated user of an ARN exists.
    ///
    /// # Errors
    /// The store failed.
    pub async fn principal_exists(&mut self, arn: &str) -> Result<bool> {
        let cloud = self.cloud;
        cloud.identities().principal_exists(&mut self.records(), arn).await
    }

    /// Says who calls: for operations that go unsigned, from what their input proves.
    pub fn identify(&mut self, identity: WebIdentity) {
        self.work.identified = Some(identity);
    }

    /// Asks outside. The same request is sent once in a call, however often a conflict has the call start again; so
    /// all that it says must follow from the call and from what was read.
    ///
    /// # Errors
    /// There is no answer.
    pub async fn ask(
        &mut self,
        request: OutboundRequest,
    ) -> std::result::Result<OutboundAnswer, OutboundError> {
        if let Some(asked) = self.work.asked.iter().find(|asked| asked.request == request) {
            return asked.outcome.clone();
        }
        let outcome = self.cloud.outbound().send(&request).await;
        self.work.asked.push(Asked { request, outcome: outcome.clone() });
        outcome
    }

    /// Reads a record.
    ///
    /// # Errors
    /// The store failed, or the record does not open.
    pub async fn get<R: Record>(&mut self, name: &Name) -> Result<Option<Arc<R>>> {
        self.work.pending.get(self.cloud, name).await
    }

    /// As [`Self::scan`], without noting that the range was read: later changes in it are no conflict. What is made of
    /// it must be read again by name.
    ///
    /// # Errors
    /// The store failed, or a record does not open.
    pub async fn glance<R: Record>(
        &mut self,
        range: &NameRange,
        limit: usize,
    ) -> Result<Vec<(Name, Arc<R>)>> {
        Pending::begin(self.cloud).scan(self.cloud, range, limit).await
    }

    /// Reads a record without noting that it was read, and without holding it in memory: for what is large, and cannot
    /// change unless something else does that the call has read.
    ///
    /// # Errors
    /// The store failed, or the record does not open.
    pub async fn glance_at<R: Record>(&self, name: &Name) -> Result<Option<Arc<R>>> {
        let Some(sealed) = self.cloud.store().get(name.as_bytes()).await? else { return Ok(None) };
        Ok(Some(record::open::<R>(&self.cloud.keyring(), name, &sealed)?))
    }

    /// The newest commit that cannot be a conflict for what the call reads.
    #[must_use]
    pub fn snapshot(&self) -> Revision {
        self.work.pending.snapshot
    }

    /// The names of the first `limit` records of a range, in their order; nothing is noted as read, as with
    /// [`Self::glance`].
    ///
    /// # Errors
    /// The store failed.
    pub async fn glance_names(&self, range: &NameRange, limit: usize) -> Result<Vec<Name>> {
        let found = self.cloud.store().scan(range, limit).await?;
        Ok(found.into_iter().map(|(name, _)| Name::from_stored(name)).collect())
    }

    /// Reads the first `limit` records of a range, in the order of their names.
    ///
    /// # Errors
    /// The store failed, or a record does not open.
    pub async fn scan<R: Record>(&mut self, range: &NameRange, limit: usize) -> Result<Vec<(Name, Arc<R>)>> {
        self.work.pending.scan(self.cloud, range, limit).await
    }

    /// The last use of a resource, if it was ever used.
    ///
    /// # Errors
    /// The store or the audit log failed.
    pub async fn last_use(&mut self, resource: &str) -> Result<Option<Arc<LastUse>>> {
        self.cloud.last_use(&mut self.work.pending, resource).await
    }

    /// The last call that was made with an access key, if there ever was one; whether it was allowed does not count.
    ///
    /// # Errors
    /// The store or the audit log failed.
    pub async fn access_key_last_use(&mut self, access_key_id: &str) -> Result<Option<Arc<LastCall>>> {
        self.cloud.access_key_last_use(&mut self.work.pending, access_key_id).await
    }

    /// The same of a role, by the unique id that it has in its account: the last call of its sessions.
    ///
    /// # Errors
    /// The store or the audit log failed.
    pub async fn role_last_use(
        &mut self,
        account: AccountId,
        role_id: &str,
    ) -> Result<Option<Arc<LastCall>>> {
        self.cloud.role_last_use(&mut self.work.pending, account, role_id).await
    }

    /// When uses began to be noted here, if that was after the first call.
    ///
    /// # Errors
    /// The store failed.
    pub async fn uses_noted_since(&mut self) -> Result<Option<Timestamp>> {
        let position = self.get::<Position>(&usage::position_name()).await?;
        Ok(position.map(|position| position.since))
    }
}

/// The context of an operation that was allowed: reads, writes, work for later, calls to other services.
///
/// Nothing that it does is seen by anyone before the whole call has succeeded.
pub struct Cx<'a>(Reads<'a>);

impl<'a> Deref for Cx<'a> {
    type Target = Reads<'a>;

    fn deref(&self) -> &Reads<'a> {
        &self.0
    }
}

impl<'a> DerefMut for Cx<'a> {
    fn deref_mut(&mut self) -> &mut Reads<'a> {
        &mut self.0
    }
}

impl Reads<'_> {
    /// Draws from a request rate that depends on what a resolving operation finds, where
    /// [`CallInfo::request_rates`] says that any holds. Nothing must have been waited for before.
    ///
    /// # Errors
    /// The call is throttled.
    pub fn draw(&mut self, service: &ServiceModel, charge: Charge) -> Result<()> {
        self.draw_all(service, &[charge])
    }

    fn draw_all(&mut self, service: &ServiceModel, charges: &[Charge]) -> Result<()> {
        let Some(rates) = self.cloud.rates.as_ref().filter(|_| !self.work.has_paid) else { return Ok(()) };
        let call = self.call;
        let drawn = rates.draw(service, call.account(), &call.region, call.now, charges);
        self.work.throttled |= drawn.is_err();
        drawn
    }
}

impl<'a> Cx<'a> {
    pub(crate) fn new(cloud: &'a Cloud, work: &'a mut Work, call: &'a CallInfo) -> Self {
        Self(Reads { cloud, work, call })
    }

    pub(crate) fn reads(&mut self) -> &mut Reads<'a> {
        &mut self.0
    }

    pub(crate) fn work(&mut self) -> &mut Work {
        self.0.work
    }

    pub(crate) fn cloud(&self) -> &'a Cloud {
        self.0.cloud
    }

    /// Draws what the call owes to request rates, if there are any.
    pub(crate) fn draw(
        &mut self,
        model: &OperationModel,
        charges: impl FnOnce(&Rates) -> Vec<Charge>,
    ) -> Result<()> {
        let Some(rates) = &self.0.cloud.rates else { return Ok(()) };
        self.0.draw_all(model.service, &charges(rates))
    }

    /// Holds room for the new record `name` in `range` until this call has ended, or says that `quota` does not leave
    /// any. `range` must be all names with the same leading parts; its records must be written once, when they are new,
    /// and deleted only when they are there. It makes no conflict with other calls, and is cheap however many records
    /// there are.
    ///
    /// # Errors
    /// The store failed.
    pub async fn room_for(
        &mut self,
        name: &Name,
        range: &NameRange,
        quota: u64,
    ) -> Result<std::result::Result<(), Full>> {
        let cloud = self.0.cloud;
        let claimed = cloud.counts.claim(cloud.store(), range, name, quota).await?;
        Ok(claimed.map(|held| self.0.work.held.push(held)))
    }

    /// Writes a record.
    ///
    /// # Errors
    /// The record cannot be sealed, or the transaction is too large.
    pub fn put<R: Record>(&mut self, name: Name, record: impl Into<Arc<R>>) -> Result<()> {
        let cloud = self.0.cloud;
        self.0.work.pending.put(cloud, name, record.into())
    }

    /// Deletes a record.
    ///
    /// # Errors
    /// The transaction is too large.
    pub fn delete(&mut self, name: Name) -> Result<()> {
        self.0.work.pending.delete(name)
    }

    /// Has `task` done at its time.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub fn schedule(&mut self, task: Task) -> Result<()> {
        let name = schedule::task_name(&task);
        self.0.work.brings_work = true;
        self.put(name, task)
    }

    /// Takes back a task that was scheduled.
    ///
    /// # Errors
    /// As [`Self::delete`].
    pub fn unschedule(&mut self, task: &Task) -> Result<()> {
        self.delete(schedule::task_name(task))
    }

    /// Has something delivered after the commit, or later.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub fn deliver(&mut self, new: &NewDelivery<'_>) -> Result<()> {
        let cloud = self.0.cloud;
        let delivery = Delivery {
            service: new.service.to_owned(),
            kind: new.kind.to_owned(),
            lane: new.lane.to_owned(),
            in_order: new.in_order,
            id: cloud.unique_id()?,
            caused: self.now(),
            due: new.at,
            attempts: 0,
            payload: new.payload.clone(),
        };
        let name = delivery::name(&self.keyring(), &delivery, new.at, cloud.next_order());
        self.put(name, delivery)
    }

    /// Keeps a guard until this attempt has ended: what it wrote was committed and everyone was told, or it came to
    /// nothing.
    pub fn keep(&mut self, guard: impl Send + Sync + 'static) {
        self.0.work.kept.push(Box::new(guard));
    }

    /// Says that the call used a resource: one request in the price class `class`, and the resource's last use. It
    /// counts if the call succeeds. The resource, an ARN, is one that the call was decided on.
    pub fn meter_use(&mut self, resource: &str, class: &'static str) {
        self.meter(Some(resource), Some(class), true, 1);
    }

    /// The same of a request that is billed in a class of its own but is not the resource's last use.
    pub fn meter_request(&mut self, resource: &str, class: &'static str) {
        self.meter(Some(resource), Some(class), false, 1);
    }

    /// The same of a use that is not billed by itself, as that of the second key of a call.
    pub fn note_use(&mut self, resource: &str) {
        self.meter(Some(resource), None, true, 1);
    }

    /// Says that the call counts as so many requests in the price class `class`, which the caller's account pays in the
    /// region of the call, whatever it was about. It counts if the call succeeds.
    pub fn meter_account(&mut self, class: &'static str, count: u32) {
        let is_same = |metered: &&mut Metered| metered.resource.is_none() && metered.class == Some(class);
        match self.0.work.metered.iter_mut().find(is_same) {
            Some(metered) => metered.count = metered.count.saturating_add(count),
            None => self.meter(None, Some(class), false, count),
        }
    }

    fn meter(&mut self, resource: Option<&str>, class: Option<&'static str>, is_last_use: bool, count: u32) {
        let resource = resource.map(str::to_owned);
        self.0.work.metered.push(Metered { resource, class, is_last_use, count });
    }

    /// Tells the audit log, beside this call's own event, of something that the service does by itself for it.
    ///
    /// # Errors
    /// Randomness failed.
    pub fn service_event(
        &mut self,
        service: &ServiceModel,
        event_name: &str,
        effect: impl Into<Effect>,
    ) -> Result<()> {
        let event = AuditEvent::of_service(self.0.cloud, service, event_name, self.0.call, effect.into())?;
        self.0.work.nested_events.push(event);
        Ok(())
    }
}
