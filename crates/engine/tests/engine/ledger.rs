//! A service of accounts with balances, made by hand as services are: shapes, schemas, operations, a task.

use std::sync::Arc;
use std::time::Duration;

use alcazar_base::Timestamp;
use alcazar_engine::audit::Resource;
use alcazar_engine::port::BoxFuture;
use alcazar_engine::schedule::{Effect, Task, TaskHandler};
use alcazar_engine::usage::RequestClass;
use alcazar_engine::{
    Access, Allowed, CallInfo, Check, Cx, Delivered, Delivery, DeliveryHandler, Entry, Error, Input, Name,
    NewDelivery, Operation, Output, Reads, Result, Service,
};
use alcazar_shape::common_error::{INTERNAL_FAILURE, VALIDATION};
use alcazar_shape::convert::Structure;
use alcazar_shape::{
    ApiError, ApiOperation, Kind, Member, Mismatch, OperationModel, Protocol, Schema, ServiceModel, Shape,
    Slots, Value,
};
use alcazar_testkit::{TestCaller, TestCloud};
use minicbor::{Decode, Encode};

/// The account that tests call from.
pub(crate) const ACCOUNT: &str = "111122223333";

/// What every operation of the ledger takes.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Request {
    pub(crate) name: String,
    pub(crate) other: Option<String>,
    pub(crate) number: Option<i64>,
}

/// What every operation of the ledger answers.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Response {
    pub(crate) text: Option<String>,
    pub(crate) number: Option<i64>,
}

const fn schema(name: &'static str, kind: Kind) -> Schema {
    Schema { name, kind, sensitive: false, min: None, max: None, pattern: None }
}

const fn member(name: &'static str, schema: &'static Schema, required: bool) -> Member {
    Member { name, wire_name: name, schema, required, timestamp_format: None }
}

static TEXT: Schema = schema("Text", Kind::String { values: &[] });
static NUMBER: Schema = schema("Number", Kind::Long);
pub(crate) static REQUEST: Schema = schema(
    "Request",
    Kind::Structure {
        members: &[
            member("Name", &TEXT, true),
            member("Other", &TEXT, false),
            member("Number", &NUMBER, false),
        ],
        union: false,
    },
);
pub(crate) static RESPONSE: Schema = schema(
    "Response",
    Kind::Structure {
        members: &[member("Text", &TEXT, false), member("Number", &NUMBER, false)],
        union: false,
    },
);

impl Shape for Request {
    fn from_value(value: Value) -> Result<Self, Mismatch> {
        let mut slots = Slots::open(value)?;
        Ok(Self { name: slots.required()?, other: slots.optional()?, number: slots.optional()? })
    }

    fn into_value(self) -> Value {
        Value::Structure(vec![
            Some(self.name.into_value()),
            self.other.map(Shape::into_value),
            self.number.map(Shape::into_value),
        ])
    }
}

impl Shape for Response {
    fn from_value(value: Value) -> Result<Self, Mismatch> {
        let mut slots = Slots::open(value)?;
        Ok(Self { text: slots.optional()?, number: slots.optional()? })
    }

    fn into_value(self) -> Value {
        Value::Structure(vec![self.text.map(Shape::into_value), self.number.map(Shape::into_value)])
    }
}

impl Structure for Request {
    const SCHEMA: &'static Schema = &REQUEST;
}

impl Structure for Response {
    const SCHEMA: &'static Schema = &RESPONSE;
}

pub(crate) static LEDGER: ServiceModel = ServiceModel {
    name: "ledger",
    signing_name: "ledger",
    shape_name: "Ledger",
    target_prefix: "Ledger",
    api_version: "2026-01-01",
    xml_namespace: "",
    event_source: "ledger.amazonaws.com",
    protocols: &[Protocol::AwsJson1_1],
    query_compatible: false,
    url_member: None,
};

/// The ledger.
pub(crate) static SERVICE: Service = Service {
    followers: &[crate::follow::FOLLOWER],
    deliveries: &[DeliveryHandler { kind: "text", run: hear }],
    tasks: &[TaskHandler { kind: "add", event_name: "AddByItself", run: run_add_task }],
    request_class: Some(RequestClass { class: "Ledger-Requests", resource_type: "AWS::Ledger::Account" }),
    ..Service::new(
        &LEDGER,
        &[
            Entry::of::<Add>(),
            Entry::of::<Transfer>(),
            Entry::of::<Sum>(),
            Entry::of::<AddAndFail>(),
            Entry::of::<WhoAmI>(),
            Entry::of::<Through>(),
            Entry::of::<AddLater>(),
            Entry::of::<Tell>(),
            Entry::of::<crate::granted::Guarded>(),
            Entry::of::<Use>(),
            Entry::of::<LastUse>(),
            Entry::of::<LastCall>(),
            Entry::of::<WaitFor>(),
            Entry::of::<AddLocked>(),
            Entry::of::<crate::by_service::Open>(),
            Entry::of::<crate::by_service::OpenAsService>(),
        ],
        &INTERNAL_FAILURE,
    )
};

/// A cloud with the ledger, and the root user of [`ACCOUNT`].
pub(crate) fn cloud(seed: u64) -> (TestCloud, TestCaller) {
    let cloud = TestCloud::builder(seed).service(&SERVICE).build();
    let root = cloud.root(ACCOUNT);
    (cloud, root)
}

/// A balance.
#[derive(Debug, Clone, Default, Encode, Decode)]
pub(crate) struct Balance {
    #[n(0)]
    pub(crate) number: i64,
}

/// The record of a balance.
pub(crate) fn balance_name(name: &str) -> Name {
    Name::table("ledger.balance").part(name).name()
}

/// The ARN of an account of the ledger, as the caller's own.
pub(crate) fn account_arn(call: &CallInfo, name: &str) -> String {
    format!("arn:aws:ledger:{}:{}:account/{name}", call.region, call.account())
}

async fn add(cx: &mut Cx<'_>, name: &str, number: i64) -> Result<i64> {
    let old = cx.get::<Balance>(&balance_name(name)).await?.unwrap_or_default();
    let number = old.number + number;
    cx.put(balance_name(name), Balance { number })?;
    Ok(number)
}

/// An operation of the ledger, which the caller's own policies decide on.
macro_rules! operation {
    ($(#[$doc:meta])* $operation:ident, $read_only:literal, |$cx:ident, $input:ident| $run:expr) => {
        $(#[$doc])*
        pub(crate) struct $operation;

        impl ApiOperation for $operation {
            type Input = Request;
            type Output = Response;
            const MODEL: &'static OperationModel = &OperationModel {
                name: stringify!($operation),
                service: &LEDGER,
                input: &REQUEST,
                output: &RESPONSE,
                result_wrapper: "",
                errors: &[],
            };
        }

        impl Operation for $operation {
            type Api = Self;
            type Target = ();
            const READ_ONLY: bool = $read_only;

            async fn resolve(_: &mut Reads<'_>, _: &Input<Self>) -> Result<()> {
                Ok(())
            }

            fn access(call: &CallInfo, input: &Input<Self>, (): &()) -> Access {
                Access::one(Check::new(concat!("ledger:", stringify!($operation)), account_arn(call, &input.name), "AWS::Ledger::Account", call.account()))
            }

            async fn run($cx: &mut Cx<'_>, $input: &Input<Self>, _: Allowed<()>) -> Result<Output<Self>> {
                $run
            }
        }
    };
}

operation!(
    /// Adds a number to a balance, and answers the balance.
    Add, false, |cx, input| {
        if input.name == "follow" {
            crate::follow::begin(cx).await?;
        }
        let number = add(cx, &input.name, input.number.unwrap_or(1)).await?;
        Ok(Response { number: Some(number), ..Response::default() })
    }
);

operation!(
    /// Moves a number from one balance to another.
    Transfer, false, |cx, input| {
        let number = input.number.unwrap_or(1);
        add(cx, &input.name, -number).await?;
        add(cx, input.other.as_deref().unwrap_or_default(), number).await?;
        Ok(Response::default())
    }
);

operation!(
    /// Answers the sum of the balances whose names are in `name`, separated by commas.
    Sum, true, |cx, input| {
        let mut number = 0;
        for name in input.name.split(',') {
            number += cx.get::<Balance>(&balance_name(name)).await?.unwrap_or_default().number;
        }
        Ok(Response { number: Some(number), ..Response::default() })
    }
);

operation!(
    /// Adds, has it done again later, tells of it, and then fails.
    AddAndFail, false, |cx, input| {
        add(cx, &input.name, 1).await?;
        cx.schedule(task(cx.now(), &input.name))?;
        cx.deliver(&delivery(cx.now(), "added", &input.name))?;
        Err(refusal().into())
    }
);

operation!(
    /// Uses an account, and fails if `other` says so.
    Use, true, |cx, input| {
        let used = account_arn(cx.call(), &input.name);
        match input.other.as_deref() {
            Some("note") => cx.note_use(&used),
            Some("request") => cx.meter_request(&used, "Ledger-Looks"),
            Some("undecided") => cx.meter_use("arn:aws:ledger:::account/other", "Ledger-Uses"),
            _ => cx.meter_use(&used, "Ledger-Uses"),
        }
        if input.other.as_deref() == Some("fail") { Err(refusal().into()) } else { Ok(Response::default()) }
    }
);

operation!(
    /// Answers how and when an account was used last.
    LastUse, true, |cx, input| {
        let used = account_arn(cx.call(), &input.name);
        let last = cx.last_use(&used).await?;
        let tell = |last: &alcazar_engine::usage::LastUse| {
            format!("{} {} {} {}", last.operation, last.time, last.event_id, last.request_id)
        };
        Ok(Response { text: last.as_deref().map(tell), number: None })
    }
);

operation!(
    /// Answers when, where and for what an access key was used last.
    LastCall, true, |cx, input| {
        let last = cx.access_key_last_use(&input.name).await?;
        let text = last.map(|last| format!("{} {} {}", last.time, last.service, last.region));
        Ok(Response { text, number: None })
    }
);

operation!(
    /// Answers who calls, through which services.
    WhoAmI, true, |cx, _input| {
        let call = cx.call();
        Ok(Response { text: Some(format!("{} via {:?}", call.caller.arn(), call.via)), number: None })
    }
);

operation!(
    /// Answers a balance as soon as it is more than nothing, or after a number of seconds.
    WaitFor, true, |cx, input| {
        let seconds = u64::try_from(input.number.unwrap_or(0)).unwrap();
        let until = cx.began() + Duration::from_secs(seconds);
        let number = cx.get::<Balance>(&balance_name(&input.name)).await?.unwrap_or_default().number;
        if number == 0 {
            cx.wait(&Name::table("ledger.balance").part(&input.name), until).await?;
        }
        let text = Some((cx.now() - cx.began()).as_secs().to_string());
        Ok(Response { number: Some(number), text })
    }
);

/// How often [`AddLocked`] was begun.
#[derive(Default)]
pub(crate) struct Attempts(pub(crate) std::sync::atomic::AtomicUsize);

operation!(
    /// Adds one to the balances in `name`, separated by commas, under their locks.
    AddLocked, false, |cx, input| {
        cx.lock(input.name.split(',').map(|name| format!("ledger/{name}")))?;
        cx.state::<Attempts>().0.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        for name in input.name.split(',') {
            add(cx, name, 1).await?;
        }
        tokio::task::yield_now().await;
        Ok(Response::default())
    }
);

operation!(
    /// Calls other operations for the caller, as `other` says.
    Through, false, |cx, input| through(cx, input).await
);

operation!(
    /// Has something added after a number of seconds.
    AddLater, false, |cx, input| {
        let seconds = u64::try_from(input.number.unwrap_or(0)).unwrap();
        let at = cx.now() + Duration::from_secs(seconds);
        cx.schedule(task(at, &input.name))?;
        Ok(Response::default())
    }
);

operation!(
    /// Tells the lane in `name` the texts in `other`, separated by commas.
    Tell, false, |cx, input| {
        for text in input.other.as_deref().unwrap_or_default().split(',') {
            cx.deliver(&delivery(cx.now(), &input.name, text))?;
        }
        Ok(Response::default())
    }
);

/// Behind a trait object, since an operation that calls itself has no future of finite size.
fn through<'a>(cx: &'a mut Cx<'_>, input: &'a Request) -> BoxFuture<'a, Result<Response>> {
    Box::pin(async move {
        let request = Request { name: input.name.clone(), ..Request::default() };
        match input.other.as_deref().unwrap_or_default() {
            "who" => cx.invoke::<WhoAmI>("ledger", request.clone()).await,
            "add twice" => {
                cx.invoke::<Add>("ledger", request.clone()).await?;
                cx.invoke::<Add>("ledger", request.clone()).await
            }
            "add and fail afterwards" => {
                cx.invoke::<Add>("ledger", request.clone()).await?;
                Err(refusal().into())
            }
            "fail inside" => cx.invoke::<AddAndFail>("ledger", request.clone()).await,
            "fail inside and go on" => {
                cx.invoke::<Add>("ledger", request.clone()).await?;
                let failed = cx.invoke::<AddAndFail>("ledger", request.clone()).await;
                assert!(matches!(failed, Err(Error::Api(_))));
                Ok(Response::default())
            }
            "use" => cx.invoke::<Use>("ledger", request.clone()).await,
            "use and fail afterwards" => {
                cx.invoke::<Use>("ledger", request.clone()).await?;
                Err(refusal().into())
            }
            "fail after use and go on" => {
                let failed =
                    cx.invoke::<Through>("ledger", with(&input.name, "use and fail afterwards")).await;
                assert!(matches!(failed, Err(Error::Api(_))));
                Ok(Response::default())
            }
            "for ever" => cx.invoke::<Through>("ledger", input.clone()).await,
            other => panic!("{other}"),
        }
    })
}

/// What the ledger's operations refuse with.
pub(crate) fn refusal() -> ApiError {
    VALIDATION.because("The ledger does not like it.")
}

fn delivery<'a>(at: Timestamp, lane: &'a str, text: &str) -> NewDelivery<'a> {
    let (service, kind, payload) = ("ledger", "text", text.as_bytes().to_vec());
    NewDelivery { service, kind, lane, in_order: lane == "added", at, payload }
}

/// What was delivered by a lane, in its order.
#[derive(Debug, Clone, Default, Encode, Decode)]
pub(crate) struct Heard {
    #[n(0)]
    pub(crate) texts: Vec<String>,
}

pub(crate) fn heard_name(lane: &str) -> Name {
    Name::table("ledger.heard").part(lane).name()
}

/// Takes a text down. While there is a balance `deaf`, it wants to hear it again a minute later if that is one, and
/// fails if it is two.
fn hear<'a>(cx: &'a mut Cx<'_>, delivery: &'a Delivery) -> BoxFuture<'a, Result<Delivered>> {
    Box::pin(async move {
        let deaf = cx.get::<Balance>(&balance_name(&format!("deaf {}", delivery.lane))).await?;
        let heard = cx.get::<Heard>(&heard_name(&delivery.lane)).await?;
        let mut heard = heard.map_or_else(Heard::default, |heard| heard.as_ref().clone());
        heard.texts.push(String::from_utf8(delivery.payload.clone()).unwrap());
        match deaf.map_or(0, |deaf| deaf.number) {
            0 => {
                cx.put(heard_name(&delivery.lane), heard)?;
                Ok(Delivered::Done)
            }
            1 => Ok(Delivered::RetryAt(cx.now() + Duration::from_secs(60))),
            _ => {
                cx.put(heard_name(&delivery.lane), heard)?;
                Err(refusal().into())
            }
        }
    })
}

fn task(at: Timestamp, subject: &str) -> Task {
    Task { at, service: "ledger".to_owned(), kind: "add".to_owned(), subject: subject.to_owned() }
}

/// Adds one to the balance that the task names, and its name to a diary; fails while there is a balance `poison`
/// and the name begins with `bad`.
fn run_add_task<'a>(cx: &'a mut Cx<'_>, task: &'a Task) -> BoxFuture<'a, Result<Option<Effect>>> {
    Box::pin(async move {
        let poison = cx.get::<Balance>(&balance_name("poison")).await?.unwrap_or_default();
        if poison.number > 0 && task.subject.starts_with("bad") {
            add(cx, &task.subject, 1000).await?;
            return Err(refusal().into());
        }
        add(cx, &task.subject, 1).await?;
        let mut diary = cx.get::<Diary>(&diary_name()).await?.unwrap_or_default().as_ref().clone();
        diary.entries.push(format!("{} at {}", task.subject, cx.now()));
        cx.put(diary_name(), diary)?;
        let arn = format!("arn:aws:ledger:eu-west-1:{ACCOUNT}:account/{}", task.subject);
        let account = ACCOUNT.parse().unwrap();
        Ok(Some(Resource { arn, account, kind: "AWS::Ledger::Account".to_owned() }.into()))
    })
}

/// Which tasks were done, in order.
#[derive(Debug, Clone, Default, Encode, Decode)]
pub(crate) struct Diary {
    #[n(0)]
    pub(crate) entries: Vec<String>,
}

fn diary_name() -> Name {
    Name::table("ledger.diary").part("diary").name()
}

/// Reads what a test looks at, as the root user.
pub(crate) async fn balance(cloud: &TestCloud, name: &str) -> i64 {
    let root = cloud.root(ACCOUNT);
    let request = Request { name: name.to_owned(), ..Request::default() };
    cloud.call::<Sum>(&root, request).await.unwrap().number.unwrap()
}

/// The diary, read from the store.
pub(crate) async fn diary(cloud: &TestCloud) -> Vec<String> {
    let name = diary_name();
    let records = cloud.store().records().await;
    let Some((_, sealed)) = records.into_iter().find(|(found, _)| found == name.as_bytes()) else {
        return Vec::new();
    };
    let keyring = cloud.cloud().keyring();
    let plain = keyring.open(alcazar_crypto::Domain::Store, name.as_bytes(), &sealed).unwrap();
    minicbor::decode::<Diary>(plain.expose()).unwrap().entries
}

/// A request about one account.
pub(crate) fn about(name: &str) -> Request {
    Request { name: name.to_owned(), ..Request::default() }
}

/// The same with what `other` says.
pub(crate) fn with(name: &str, other: &str) -> Request {
    Request { name: name.to_owned(), other: Some(other.to_owned()), number: None }
}

/// A handle that is moved into a task of the runtime.
pub(crate) fn shared(seed: u64) -> (Arc<TestCloud>, TestCaller) {
    let (cloud, root) = cloud(seed);
    (Arc::new(cloud), root)
}
