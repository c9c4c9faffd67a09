//! A double of SQS and SNS in one: a service that only says what reached it, and has a document for everyone.

use alcazar_engine::document::{Document, DocumentHandler};
use alcazar_engine::{
    Access, Allowed, CallInfo, Cx, Entry, Input, Operation, Output, Reads, Result, Service, Signing,
};
use alcazar_shape::common_error::INTERNAL_FAILURE;
use alcazar_shape::convert::Structure;
use alcazar_shape::{
    ApiOperation, Kind, Member, Mismatch, OperationModel, Protocol, Schema, ServiceModel, Shape, Slots, Value,
};
use alcazar_testkit::WireRequest;
use alcazar_wire::{EncodedResponse, RequestParts};

const fn schema(name: &'static str, kind: Kind) -> Schema {
    Schema { name, kind, sensitive: false, min: None, max: None, pattern: None }
}

const fn member(name: &'static str) -> Member {
    Member { name, wire_name: name, schema: &STRING, required: false, timestamp_format: None }
}

static STRING: Schema = schema("String", Kind::String { values: &[] });
static SAID: Schema =
    schema("Said", Kind::Structure { members: &[member("QueueUrl"), member("Token")], union: false });
static HEARD: Schema =
    schema("Heard", Kind::Structure { members: &[member("Caller"), member("Said")], union: false });

/// What a call says.
pub(crate) struct Said {
    queue_url: Option<String>,
    token: Option<String>,
}

impl Shape for Said {
    fn from_value(value: Value) -> Result<Self, Mismatch> {
        let mut slots = Slots::open(value)?;
        Ok(Self { queue_url: slots.optional()?, token: slots.optional()? })
    }

    fn into_value(self) -> Value {
        Value::Structure(vec![self.queue_url.map(Shape::into_value), self.token.map(Shape::into_value)])
    }
}

impl Structure for Said {
    const SCHEMA: &'static Schema = &SAID;
}

/// Who called, and what was said.
pub(crate) struct Heard {
    caller: String,
    said: Option<String>,
}

impl Shape for Heard {
    fn from_value(value: Value) -> Result<Self, Mismatch> {
        let mut slots = Slots::open(value)?;
        Ok(Self { caller: slots.required()?, said: slots.optional()? })
    }

    fn into_value(self) -> Value {
        Value::Structure(vec![Some(self.caller.into_value()), self.said.map(Shape::into_value)])
    }
}

impl Structure for Heard {
    const SCHEMA: &'static Schema = &HEARD;
}

static PARROT: ServiceModel = ServiceModel {
    name: "parrot",
    signing_name: "parrot",
    shape_name: "Parrot",
    target_prefix: "Parrot",
    api_version: "2026-01-01",
    xml_namespace: "http://parrot.amazonaws.com/doc/2026-01-01/",
    event_source: "parrot.amazonaws.com",
    protocols: &[Protocol::AwsJson1_0, Protocol::AwsQuery],
    query_compatible: true,
    url_member: Some("QueueUrl"),
};

/// The double.
pub(crate) static SERVICE: Service = Service {
    documents: &[DocumentHandler {
        prefix: "/Parrot-",
        find: |_, name| {
            let found = name == "1.pem";
            let document = Document { content_type: "application/x-pem-file", bytes: b"PEM".to_vec() };
            Box::pin(async move { Ok(found.then_some(document)) })
        },
    }],
    ..Service::new(&PARROT, &[Entry::of::<Say>(), Entry::of::<Confirm>()], &INTERNAL_FAILURE)
};

macro_rules! operation {
    ($(#[$doc:meta])* $name:ident, $signing:ident) => {
        $(#[$doc])*
        pub(crate) struct $name;

        impl ApiOperation for $name {
            type Input = Said;
            type Output = Heard;
            const MODEL: &'static OperationModel = &OperationModel {
                name: stringify!($name),
                service: &PARROT,
                input: &SAID,
                output: &HEARD,
                result_wrapper: concat!(stringify!($name), "Result"),
                errors: &[],
            };
        }

        impl Operation for $name {
            type Api = Self;
            type Target = ();
            const READ_ONLY: bool = true;
            const SIGNING: Signing = Signing::$signing;

            async fn resolve(_: &mut Reads<'_>, _: &Input<Self>) -> Result<()> {
                Ok(())
            }

            fn access(_: &CallInfo, _: &Input<Self>, (): &()) -> Access {
                Access::open()
            }

            async fn run(cx: &mut Cx<'_>, input: &Input<Self>, _: Allowed<()>) -> Result<Output<Self>> {
                let said = input.queue_url.clone().or_else(|| input.token.clone());
                Ok(Heard { caller: cx.call().caller.arn().to_owned(), said })
            }
        }
    };
}

operation!(
    /// Needs a signature.
    Say,
    Required
);
operation!(
    /// May do without, as SNS's `ConfirmSubscription`.
    Confirm,
    Optional
);

/// What a codec reads of a request.
pub(crate) fn parts(request: &WireRequest) -> RequestParts<'_> {
    RequestParts {
        method: &request.method,
        path: &request.path,
        query: &request.query,
        headers: &request.headers,
        body: &request.body,
        secure: false,
        authority: None,
    }
}

/// A response's body.
pub(crate) fn text(response: &EncodedResponse) -> &str {
    std::str::from_utf8(&response.body).unwrap()
}
