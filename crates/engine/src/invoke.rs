//! The one way a call takes: resolve, decide, run, audit, commit.
//!
//! Invariants: an operation runs only with a target that [`decide`] has passed; nothing is written unless the
//! whole call succeeded; whoever is answered, success or refusal, is in the audit log before the answer goes out.

use std::mem;
use std::sync::Arc;

use alcazar_base::Region;
use alcazar_base::limit::CONFLICT_RETRIES_MAX;
use alcazar_policy::PrincipalKind;
use alcazar_shape::common_error::{INTERNAL_FAILURE, THROTTLING};
use alcazar_shape::{ApiError, ApiOperation, ErrorModel, ServiceModel, Value};

use crate::audit::{self, AuditEvent, Outcome, Resource};
use crate::authenticate::unknown_token;
use crate::caller::{CallInfo, Caller, Origin};
use crate::cloud::Cloud;
use crate::context::{Asked, Cx, Reads, Work};
use crate::decide;
use crate::error::{Error, Result};
use crate::lock;
use crate::operation::{Allowed, Entry, Input, Operation, Output};
use crate::port::audit_log::AuditRecord;
use crate::rate::Rates;
use crate::standing::Standing;
use crate::usage::RequestClass;
use crate::wait::WAITS_MAX;

/// How often a call starts again because of locks and what it waited for, before that counts as conflicts.
const AGAIN_MAX: u32 = 2 * WAITS_MAX;

/// A call as it arrives: all of it has been read, and nothing has been believed.
#[derive(Debug)]
pub struct Call {
    /// The caller, or why the signature does not prove one.
    pub caller: std::result::Result<Arc<Caller>, ApiError>,
    /// The access key that the call names, whether or not it proves it.
    pub claimed_access_key_id: Option<String>,
    /// The input, or why it cannot be one.
    pub input: std::result::Result<Value, ApiError>,
    /// The region that the signature is scoped to.
    pub region: Region,
    /// Where it came from.
    pub origin: Arc<Origin>,
    /// The id that the caller is told.
    pub request_id: String,
}

/// How one attempt at an operation came out, before anything is committed.
pub(crate) struct Attempt {
    pub(crate) resources: Vec<Resource>,
    pub(crate) outcome: Result<Value>,
}

impl Attempt {
    pub(crate) fn failed(error: Error) -> Self {
        Self { resources: Vec::new(), outcome: Err(error) }
    }
}

/// What later attempts at the same call keep of earlier ones.
#[derive(Default)]
pub(crate) struct Carried {
    attempts: u32,
    /// How often the call waited for something; those attempts do not count against it.
    waits: u32,
    has_paid: bool,
    asked: Vec<Asked>,
    locks: lock::Held,
}

impl Carried {
    /// Begins the next attempt, with the locks that the last one wanted; none after too many.
    pub(crate) async fn begin(&mut self, cloud: &Cloud) -> Option<Work> {
        self.attempts += 1;
        if self.attempts > CONFLICT_RETRIES_MAX + self.waits.min(AGAIN_MAX) {
            return None;
        }
        self.locks.acquire_wanted(&cloud.locks).await;
        let mut work = Work::begin(cloud);
        work.has_paid = self.has_paid;
        work.asked = mem::take(&mut self.asked);
        work.locks = mem::take(&mut self.locks);
        Some(work)
    }

    /// Takes over what an attempt leaves. The locks are held here until the commit.
    pub(crate) fn take(&mut self, work: &mut Work) {
        self.has_paid = !work.throttled;
        self.asked = mem::take(&mut work.asked);
        self.locks = mem::take(&mut work.locks);
    }
}

/// Takes an operation through its three steps.
pub(crate) async fn attempt<O: Operation>(
    cx: &mut Cx<'_>,
    input: &Input<O>,
) -> (Vec<Resource>, Result<Output<O>>) {
    let of_operation = |rates: &Rates| rates.of_operation(O::Api::MODEL).into_iter().collect();
    if let Err(throttled) = cx.draw(O::Api::MODEL, of_operation) {
        return (Vec::new(), Err(throttled));
    }
    let target = match O::resolve(cx.reads(), input).await {
        Ok(target) => target,
        Err(error) => return (Vec::new(), Err(error)),
    };
    match cx.reads().work.identified.clone() {
        None => decided::<O>(cx, input, target).await,
        Some(identity) => {
            // No policy speaks for the caller; what limits the account's resources counts all the same.
            let account = match cx.account_standing(identity.account).await {
                Ok(account) => account,
                Err(error) => return (Vec::new(), Err(error)),
            };
            let standing = Arc::new(Standing { account, ..Standing::default() });
            let caller = Arc::new(Caller::of_web_identity(&identity));
            let call = CallInfo { caller, standing, ..cx.call().clone() };
            let Reads { cloud, work, .. } = cx.reads();
            decided::<O>(&mut Cx::new(cloud, work, &call), input, target).await
        }
    }
}

/// The second step and the third, after it is known who calls.
async fn decided<O: Operation>(
    cx: &mut Cx<'_>,
    input: &Input<O>,
    target: O::Target,
) -> (Vec<Resource>, Result<Output<O>>) {
    let mut access = O::access(cx.call(), input, &target);
    let resources = decide::resources(&access);
    let by_target =
        |_: &Rates| access.checks.iter_mut().flat_map(|check| mem::take(&mut check.charges)).collect();
    if let Err(throttled) = cx.draw(O::Api::MODEL, by_target) {
        return (resources, Err(throttled));
    }
    for check in access.checks {
        if let Err(denied) = decide::decide::<O>(cx.reads(), input, &target, check).await {
            return (resources, Err(denied));
        }
    }
    let outcome = O::run(cx, input, Allowed::mint(target)).await;
    (resources, outcome)
}

impl Cloud {
    /// Does a call, and leaves its audit event.
    ///
    /// # Errors
    /// What the caller is to be told. What failed changed nothing.
    pub async fn invoke(&self, entry: &'static Entry, call: Call) -> Result<Value, ApiError> {
        let internal = self.internal_error(entry.model.service);
        let mut event = match self.begin_event(entry.model.service, entry.model.name, &call) {
            Ok(event) => event,
            Err(error) => return Err(give_up(internal, error)),
        };
        event.set_operation(entry);
        let Call { caller, input, region, origin, request_id, .. } = call;
        let caller = caller.and_then(|caller| self.admitted(caller, entry));
        let (caller, input) = match caller.and_then(|caller| Ok((caller, input?))) {
            Ok(both) => both,
            Err(error) => return Err(self.refused(internal, event, error)),
        };
        event.request_parameters = audit::recorded(entry.model.input, &input, self.recording(entry));
        let input = match (entry.read_input)(input) {
            Ok(input) => input,
            Err(mismatch) => return Err(self.refused(internal, event, give_up(internal, mismatch.into()))),
        };
        let mut call = match self.call_info(internal, caller, region, origin, request_id).await {
            Ok(call) => call,
            Err(error) => return Err(self.refused(internal, event, error)),
        };
        let mut carried = Carried::default();
        while let Some(mut work) = carried.begin(self).await {
            call.waits = carried.waits;
            call.now = if carried.waits > 0 { self.now() } else { call.began };
            let attempt = (entry.attempt)(Cx::new(self, &mut work, &call), &input).await;
            carried.take(&mut work);
            event.resources = attempt.resources;
            let noted = mem::take(&mut work.noted);
            if let Some(identity) = &work.identified {
                event.set_web_identity(identity);
            }
            let metered = mem::take(&mut work.metered);
            let answer = match attempt.outcome {
                Ok(answer) => answer,
                Err(Error::Conflict) => continue,
                Err(Error::Again) => {
                    carried.waits += 1;
                    continue;
                }
                // What failed on a mixture of two states is tried again on one.
                Err(Error::Api(_)) if !work.pending.is_current(self).await => continue,
                Err(error) => {
                    let error = told(internal, error);
                    event.add(noted, false);
                    return Err(self.refused_after(internal, &work.nested_events, event, error));
                }
            };
            event.set_outcome(Outcome::Success {
                response_elements: entry
                    .records_answer
                    .then(|| audit::recorded(entry.model.output, &answer, self.recording(entry)))
                    .flatten(),
            });
            // What a call made is not what it used.
            let used = event.set_uses(metered, self.request_class(entry.model.service));
            event.add(noted, true);
            let finished = match used {
                Ok(()) => self.finish(work, &event).await,
                Err(error) => Err(error),
            };
            match finished {
                Ok(()) => return Ok(answer),
                Err(Error::Conflict) => {}
                Err(error) => return Err(self.refused(internal, event, give_up(internal, error))),
            }
        }
        Err(self.refused(internal, event, THROTTLING.because("Rate exceeded")))
    }

    /// What stays the same during a call of this caller.
    pub(crate) async fn call_info(
        &self,
        internal: &'static ErrorModel,
        caller: Arc<Caller>,
        region: Region,
        origin: Arc<Origin>,
        request_id: String,
    ) -> Result<CallInfo, ApiError> {
        let standing = self.standing(&caller).await.map_err(|error| told(internal, error))?;
        let (now, request_rates) = (self.now(), self.rates.is_some());
        Ok(CallInfo {
            caller,
            standing,
            region,
            origin,
            request_id,
            now,
            via: Vec::new(),
            source: None,
            began: now,
            waits: 0,
            depth: 0,
            request_rates,
        })
    }

    /// Turns away sessions whose credentials are of no use for the service.
    fn admitted(&self, caller: Arc<Caller>, entry: &Entry) -> Result<Arc<Caller>, ApiError> {
        let service = self.service(entry.model.service.name);
        match (&caller.session, service) {
            (Some(session), Some(service)) if (service.refuses_session)(session) => Err(unknown_token()),
            _ => Ok(caller),
        }
    }

    /// Leaves the audit event of a call that names no operation of ours, and gives back its error.
    pub fn refuse(&self, service: &ServiceModel, event_name: &str, call: &Call, error: ApiError) -> ApiError {
        let internal = self.internal_error(service);
        match self.begin_event(service, event_name, call) {
            Ok(event) => self.refused(internal, event, error),
            Err(error) => give_up(internal, error),
        }
    }

    fn begin_event(&self, service: &ServiceModel, event_name: &str, call: &Call) -> Result<AuditEvent> {
        let mut event = AuditEvent::begin(self, service.event_source, event_name, &call.region, self.now())?;
        event.set_origin(&call.origin);
        event.request_id.clone_from(&call.request_id);
        match &call.caller {
            Ok(caller) if caller.principal.kind == PrincipalKind::Anonymous => {}
            Ok(caller) => event.set_caller(caller),
            Err(_) => event.access_key_id.clone_from(&call.claimed_access_key_id),
        }
        Ok(event)
    }

    /// Makes what succeeded durable, together with its events.
    async fn finish(&self, work: Work, event: &AuditEvent) -> Result<()> {
        let events: Result<Vec<AuditRecord>> =
            work.nested_events.iter().chain([event]).map(|event| event.to_record(&self.label_key)).collect();
        if work.pending.writes_nothing() {
            if !work.pending.is_current(self).await {
                return Err(Error::Conflict);
            }
            return Ok(self.audit_queue.append(self.audit_log(), events?).await?);
        }
        let brings_work = work.brings_work;
        self.commit(work, events?).await?;
        if brings_work {
            self.work_arrived.notify_one();
        }
        Ok(())
    }

    /// Leaves the event of a call that failed. If even that fails, the caller is told of that failure instead.
    fn refused(&self, internal: &'static ErrorModel, event: AuditEvent, error: ApiError) -> ApiError {
        self.refused_after(internal, &[], event, error)
    }

    /// The same for a call that made calls of its own before it failed: theirs are left too, however they ended.
    fn refused_after(
        &self,
        internal: &'static ErrorModel,
        nested: &[AuditEvent],
        mut event: AuditEvent,
        error: ApiError,
    ) -> ApiError {
        event.set_outcome(Outcome::Failure(&error));
        event.uses = None;
        // What succeeded on the way was taken back.
        let taken_back = |event: &AuditEvent| AuditEvent { uses: None, ..event.clone() };
        for event in nested.iter().map(taken_back).chain([event]) {
            let logged =
                event.to_record(&self.label_key).and_then(|record| Ok(self.audit_log().append(&record)?));
            if let Err(cause) = logged {
                return give_up(internal, cause);
            }
        }
        error
    }

    /// The price class of calls that do not say what they used.
    pub(crate) fn request_class(&self, service: &ServiceModel) -> Option<&'static RequestClass> {
        self.service(service.name).and_then(|service| service.request_class.as_ref())
    }

    pub(crate) fn internal_error(&self, service: &ServiceModel) -> &'static ErrorModel {
        self.service(service.name).map_or(&INTERNAL_FAILURE, |service| service.internal_error)
    }
}

/// What the caller is told of what went wrong.
pub(crate) fn told(internal: &'static ErrorModel, error: Error) -> ApiError {
    match error {
        Error::Api(error) => error,
        error => give_up(internal, error),
    }
}

/// What the caller is told when something failed inside; the log gets the cause.
pub(crate) fn give_up(internal: &'static ErrorModel, error: Error) -> ApiError {
    tracing::error!(cause = %error, "a call failed inside");
    internal.because("An internal error occurred. Try again later.").caused_by(error)
}
