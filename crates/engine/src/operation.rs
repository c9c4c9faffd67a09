//! What an operation is: three steps, and the list entry that makes it known.

use std::any::Any;
use std::future::Future;
use std::ops::Deref;
use std::sync::Arc;

use alcazar_base::AccountId;
use alcazar_policy::{CompiledPolicy, Context};
use alcazar_shape::common_error::ACCESS_DENIED;
use alcazar_shape::{
    ApiError, ApiOperation, ErrorModel, Mismatch, OperationModel, ServiceModel, Shape, ValidationFailure,
    Value, validate,
};
use alcazar_wire::redact::{EventDates, Exception};

use crate::caller::CallInfo;
use crate::context::{Cx, Reads};
use crate::cost::Billing;
use crate::delivery::DeliveryHandler;
use crate::document::DocumentHandler;
use crate::error::{Error, InternalError, Result};
use crate::event::WantsEvent;
use crate::follow::Follower;
use crate::invoke;
use crate::port::BoxFuture;
use crate::port::store::Commit;
use crate::quota::Quota;
use crate::rate::Charge;
use crate::retention::AuditRetention;
use crate::schedule::TaskHandler;
use crate::session::Session;
use crate::state::States;
use crate::usage::RequestClass;

/// An operation of a service. The three steps are the whole truth about it.
pub trait Operation: Send + Sync + 'static {
    /// Its generated counterpart.
    type Api: ApiOperation;
    /// What it touches.
    type Target: Send + Sync + 'static;
    /// Whether it leaves everything as it was, as CloudTrail's `readOnly` says.
    const READ_ONLY: bool;
    /// Whether the audit event tells what was answered, as CloudTrail's `responseElements` do: of what changes
    /// something, and of a few operations that only hand something out.
    const RECORDS_ANSWER: bool = !Self::READ_ONLY;
    /// Whether CloudTrail counts it among the data events, which the event history does not show.
    ///
    /// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html>
    const DATA_EVENT: bool = false;
    /// What its events do not show as they show other members, in what it takes and in what it answers.
    const RECORDED: &'static [Exception] = &[];
    /// Whether it needs a signature.
    const SIGNING: Signing = Signing::Required;

    /// What is touched? Reads only: finds what the input names.
    fn resolve(
        reads: &mut Reads<'_>,
        input: &Input<Self>,
    ) -> impl Future<Output = Result<Self::Target>> + Send;

    /// Who must be allowed? Pure: action, resource, its policy, condition keys.
    fn access(call: &CallInfo, input: &Input<Self>, target: &Self::Target) -> Access;

    /// Does something beside the policies allow `check`, as a grant does? Asked only where no policy allows it and
    /// none explicitly denies it, so that a call which policies allow pays nothing for it.
    ///
    /// What is said here adds to the policies and can never outweigh a deny.
    fn granted(
        _reads: &mut Reads<'_>,
        _input: &Input<Self>,
        _target: &Self::Target,
        _check: &Check,
    ) -> impl Future<Output = Result<Granted>> + Send {
        std::future::ready(Ok(Granted::Nothing))
    }

    /// What happens?
    fn run(
        cx: &mut Cx<'_>,
        input: &Input<Self>,
        target: Allowed<Self::Target>,
    ) -> impl Future<Output = Result<Output<Self>>> + Send;
}

/// Whether an operation needs a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signing {
    /// It does.
    Required,
    /// It may do without: who comes with none calls as [`Caller::anonymous`](crate::Caller::anonymous). A signature
    /// that is there must be right.
    Optional,
    /// None is looked at: something in the input says who calls, and *resolve* finds it out; see [`Reads::identify`].
    PassedOver,
}

/// What an operation takes.
pub type Input<O> = <<O as Operation>::Api as ApiOperation>::Input;
/// What an operation answers.
pub type Output<O> = <<O as Operation>::Api as ApiOperation>::Output;

/// A target that the caller may do the operation on. Only the engine makes one, and only after the decision.
#[derive(Debug)]
pub struct Allowed<T>(T);

impl<T> Allowed<T> {
    pub(crate) fn mint(target: T) -> Self {
        Self(target)
    }

    /// The target itself.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Allowed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// What must be allowed for an operation to run.
#[derive(Debug, Default)]
pub struct Access {
    /// Every one of these must be allowed.
    pub checks: Vec<Check>,
}

impl Access {
    /// An operation that AWS lets every authenticated caller do, whatever policies say.
    #[must_use]
    pub fn open() -> Self {
        Self::default()
    }

    /// One check.
    #[must_use]
    pub fn one(check: Check) -> Self {
        Self { checks: vec![check] }
    }

    /// One check, about nothing in particular.
    #[must_use]
    pub fn any(call: &CallInfo, action: &'static str) -> Self {
        Self::one(Check::any(call, action))
    }

    /// What must be allowed for something to be made: with tags, tagging it too.
    #[must_use]
    pub fn creation<'a>(
        mut create: Check,
        tagging: impl FnOnce() -> Check,
        tags: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let tags: Vec<_> = tags.into_iter().collect();
        if tags.is_empty() {
            return Self::one(create);
        }
        let mut tagging = tagging();
        create.context.add_request_tags(tags.iter().copied());
        tagging.context.add_request_tags(tags);
        Self { checks: vec![create, tagging] }
    }
}

/// One question to the policies: may the caller do this action on this resource?
#[derive(Debug)]
pub struct Check {
    /// E.g. `kms:Encrypt`.
    pub action: &'static str,
    /// The resource's ARN, or `*`.
    pub resource: String,
    /// The account that owns the resource.
    pub owner: AccountId,
    /// What kind of resource it is, for the audit event, e.g. `AWS::KMS::Key`.
    pub resource_type: &'static str,
    /// How the resource's own policy and the caller's policies combine.
    pub rule: Rule,
    /// The condition keys of the service. The engine adds the global ones.
    pub context: Context,
    /// Whether no resource control policy applies: AWS itself manages the resource, or the action is one that they
    /// leave alone.
    pub beyond_resource_control: bool,
    /// What the caller is told of a denial, where AWS does not tell the reason.
    pub denial: Option<ApiError>,
    /// What the call draws from request rates because of this resource, where [`CallInfo::request_rates`] says that
    /// they hold; beside what the service's quotas say of the operation.
    pub charges: Vec<Charge>,
}

impl Check {
    /// A question about something of `owner`'s that has no policy and, so far, no condition keys: `resource` is its ARN,
    /// or `*`.
    #[must_use]
    pub fn new(
        action: &'static str,
        resource: impl Into<String>,
        resource_type: &'static str,
        owner: AccountId,
    ) -> Self {
        Self {
            action,
            resource: resource.into(),
            owner,
            resource_type,
            rule: Rule::IdentityOnly,
            context: Context::new(),
            beyond_resource_control: false,
            denial: None,
            charges: Vec::new(),
        }
    }

    /// A question about nothing in particular.
    #[must_use]
    pub fn any(call: &CallInfo, action: &'static str) -> Self {
        Self::new(action, "*", "", call.account())
    }
}

/// What is granted beside the policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Granted {
    /// Nothing.
    Nothing,
    /// The check, to the caller.
    ToCaller,
    /// The check, to the caller's account, which passes it on by the policies of its principals.
    ToAccount,
}

/// How the policies combine.
#[derive(Debug)]
pub enum Rule {
    /// The caller's own policies decide alone; the resource has none.
    IdentityOnly,
    /// A resource policy counts beside the caller's policies.
    ResourcePolicy(Arc<CompiledPolicy>),
    /// A resource policy that rules: the caller's policies count only where it says so. So it is with key policies.
    RulingPolicy(Arc<CompiledPolicy>),
    /// The trust policy of a role, which rules in the same way; none if there is no such role. A denial tells nobody
    /// whether there is.
    TrustPolicy(Option<Arc<CompiledPolicy>>),
}

impl Rule {
    /// The resource's policy, if it has one.
    #[must_use]
    pub fn policy(&self) -> Option<&CompiledPolicy> {
        match self {
            Self::IdentityOnly => None,
            Self::ResourcePolicy(policy) | Self::RulingPolicy(policy) => Some(policy),
            Self::TrustPolicy(policy) => policy.as_deref(),
        }
    }
}

/// An operation in a service's list.
pub struct Entry {
    /// Its model.
    pub model: &'static OperationModel,
    /// See [`Operation::READ_ONLY`].
    pub read_only: bool,
    /// See [`Operation::RECORDS_ANSWER`].
    pub records_answer: bool,
    /// See [`Operation::DATA_EVENT`].
    pub data_event: bool,
    /// See [`Operation::RECORDED`].
    pub recorded: &'static [Exception],
    /// See [`Operation::SIGNING`].
    pub signing: Signing,
    pub(crate) read_input: fn(Value) -> Result<ErasedInput, Mismatch>,
    pub(crate) attempt: for<'a> fn(Cx<'a>, &'a ErasedInput) -> BoxFuture<'a, invoke::Attempt>,
    pub(crate) checks: for<'a> fn(Cx<'a>, &'a ErasedInput) -> BoxFuture<'a, Result<Vec<Check>>>,
}

/// An input whose type only its operation knows.
pub(crate) type ErasedInput = Box<dyn Any + Send + Sync>;

impl Entry {
    /// The entry of an operation.
    #[must_use]
    pub const fn of<O: Operation>() -> Self {
        Self {
            model: O::Api::MODEL,
            read_only: O::READ_ONLY,
            records_answer: O::RECORDS_ANSWER,
            data_event: O::DATA_EVENT,
            recorded: O::RECORDED,
            signing: O::SIGNING,
            read_input: |value| Ok(Box::new(Input::<O>::from_value(value)?)),
            attempt: |cx, input| Box::pin(erased_attempt::<O>(cx, input)),
            checks: |cx, input| Box::pin(erased_checks::<O>(cx, input)),
        }
    }
}

async fn erased_attempt<O: Operation>(mut cx: Cx<'_>, input: &ErasedInput) -> invoke::Attempt {
    let Some(input) = input.downcast_ref::<Input<O>>() else {
        return invoke::Attempt::failed(Error::Internal(InternalError::Mismatch(Mismatch)));
    };
    let (resources, outcome) = invoke::attempt::<O>(&mut cx, input).await;
    invoke::Attempt { resources, outcome: outcome.map(Shape::into_value) }
}

async fn erased_checks<O: Operation>(mut cx: Cx<'_>, input: &ErasedInput) -> Result<Vec<Check>> {
    let Some(input) = input.downcast_ref::<Input<O>>() else {
        return Err(Error::Internal(InternalError::Mismatch(Mismatch)));
    };
    let target = O::resolve(cx.reads(), input).await?;
    Ok(O::access(cx.call(), input, &target).checks)
}

/// A service: its model, its operations, and its work that falls due.
pub struct Service {
    /// Its model.
    pub model: &'static ServiceModel,
    /// Its operations.
    pub operations: &'static [Entry],
    /// What it does when a task of its own falls due.
    pub tasks: &'static [TaskHandler],
    /// What it does with deliveries of its own.
    pub deliveries: &'static [DeliveryHandler],
    /// Which of other services' events it takes, where it does not take all; see [`event`](crate::event).
    pub wants_event: Option<WantsEvent>,
    /// What it makes of the audit log.
    pub followers: &'static [Follower],
    /// How long it needs the events of the audit log, where that may be longer than all are kept.
    pub audit_retention: Option<AuditRetention>,
    /// Told of every commit, for what it keeps in memory; it must be quick.
    pub committed: Option<fn(&States, &Commit)>,
    /// The price class that a call counts in whose operation does not meter what it used; see [`usage`](crate::usage).
    pub request_class: Option<RequestClass>,
    /// What is billed of it, where something is; see [`cost`](crate::cost).
    pub billing: Option<Billing>,
    /// Where everyone may ask it for documents.
    pub documents: &'static [DocumentHandler],
    /// Its quotas, with AWS's defaults.
    pub quotas: &'static [Quota],
    /// What callers are told who ask faster than they may.
    pub throttling: &'static str,
    /// The error that callers get when something failed inside.
    pub internal_error: &'static ErrorModel,
    /// What callers are told of an input that breaks its constraints, where the service has words of its own.
    pub invalid_input: Option<fn(&ValidationFailure) -> ApiError>,
    /// What callers are told of a denial, made of the policy language's words for it, where the service has a code or
    /// words of its own.
    pub denied: Option<fn(&str) -> ApiError>,
    /// Whether the organization's resource control policies apply to its resources.
    ///
    /// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html>
    pub resource_control: bool,
    /// Whether its denials carry an encoded authorization message, as those of EC2 do.
    ///
    /// Source: <https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html>
    pub encodes_denials: bool,
    /// Whether the records of its management events have `resources`. Those of data events always do.
    pub shows_resources: bool,
    /// How its events write times.
    pub event_dates: EventDates,
    /// Which temporary credentials are of no use for the service.
    pub refuses_session: fn(&Session) -> bool,
}

impl Service {
    /// A service with operations alone; what else it has is said by the fields.
    #[must_use]
    pub const fn new(
        model: &'static ServiceModel,
        operations: &'static [Entry],
        internal_error: &'static ErrorModel,
    ) -> Self {
        Self {
            model,
            operations,
            tasks: &[],
            deliveries: &[],
            wants_event: None,
            followers: &[],
            audit_retention: None,
            documents: &[],
            committed: None,
            request_class: None,
            billing: None,
            quotas: &[],
            throttling: "Rate exceeded",
            internal_error,
            invalid_input: None,
            denied: None,
            resource_control: false,
            encodes_denials: false,
            shows_resources: false,
            event_dates: EventDates::Comma,
            refuses_session: |_| false,
        }
    }

    /// Checks an operation's input.
    ///
    /// # Errors
    /// What the caller is told of the constraints that it breaks.
    pub fn validate(&self, operation: &OperationModel, input: &Value) -> Result<(), ApiError> {
        validate(operation.input, input).map_err(|failure| match self.invalid_input {
            Some(words) => words(&failure),
            None => failure.into(),
        })
    }

    /// What a caller is told of a denial.
    #[must_use]
    pub fn denial(&self, message: &str) -> ApiError {
        match self.denied {
            Some(words) => words(message),
            None => ACCESS_DENIED.because(message),
        }
    }

    /// The operation of this name.
    #[must_use]
    pub fn operation(&self, name: &str) -> Option<&'static Entry> {
        self.operations.iter().find(|entry| entry.model.name == name)
    }
}
