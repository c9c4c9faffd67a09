//! Schemas, services and values for the tests of every protocol.

use alcazar_base::Timestamp;
use alcazar_shape::{
    ErrorModel, Kind, Member, OperationModel, Protocol, Schema, ServiceModel, TimestampFormat, Value,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use proptest::prelude::*;

use crate::codec::RequestParts;

const fn shape(name: &'static str, kind: Kind) -> Schema {
    Schema { name, kind, sensitive: false, min: None, max: None, pattern: None }
}

const fn secret(name: &'static str, kind: Kind) -> Schema {
    Schema { sensitive: true, ..shape(name, kind) }
}

const fn limited(name: &'static str, kind: Kind, min: i64, max: i64) -> Schema {
    Schema { min: Some(min), max: Some(max), ..shape(name, kind) }
}

const fn member(name: &'static str, schema: &'static Schema) -> Member {
    Member { name, wire_name: name, schema, required: false, timestamp_format: None }
}

const fn required(name: &'static str, schema: &'static Schema) -> Member {
    Member { required: true, ..member(name, schema) }
}

const TEXT: Kind = Kind::String { values: &[] };

static STRING: Schema = shape("String", TEXT);
static SECRET: Schema = secret("Secret", TEXT);
static BLOB: Schema = shape("Blob", Kind::Blob);
static BOOLEAN: Schema = shape("Boolean", Kind::Boolean);
static INTEGER: Schema = shape("Integer", Kind::Integer);
static LONG: Schema = shape("Long", Kind::Long);
static DOUBLE: Schema = shape("Double", Kind::Double);
static TIME: Schema = shape("Time", Kind::Timestamp);
static STRINGS: Schema =
    shape("Strings", Kind::List { member: &member("member", &STRING), flattened: false });
static FLAT_STRINGS: Schema =
    shape("FlatStrings", Kind::List { member: &member("member", &STRING), flattened: true });
static MAP: Schema = shape(
    "Map",
    Kind::Map { key: &member("key", &STRING), value: &member("value", &STRING), flattened: false },
);
static FLAT_MAP: Schema = shape(
    "FlatMap",
    Kind::Map { key: &member("Name", &STRING), value: &member("Value", &INTEGER), flattened: true },
);
static TAG: Schema = shape(
    "Tag",
    Kind::Structure { members: &[required("TagKey", &STRING), required("TagValue", &STRING)], union: false },
);
static TAGS: Schema = shape("TagList", Kind::List { member: &member("member", &TAG), flattened: false });
static CHOICE: Schema = shape(
    "Choice",
    Kind::Structure { members: &[member("Left", &STRING), member("Right", &INTEGER)], union: true },
);
/// A shape that holds itself, for nesting.
pub(crate) static NEST: Schema = shape(
    "Nest",
    Kind::Structure { members: &[member("Nest", &NEST), member("List", &NEST_LIST)], union: false },
);
static NEST_LIST: Schema =
    shape("NestList", Kind::List { member: &member("member", &NEST), flattened: false });

/// One member of every kind.
pub(crate) static EVERYTHING: Schema = shape(
    "Everything",
    Kind::Structure {
        members: &[
            member("String", &STRING),
            member("Secret", &SECRET),
            member("Blob", &BLOB),
            member("SecretBlob", &PLAINTEXT),
            member("Boolean", &BOOLEAN),
            member("Integer", &INTEGER),
            member("Long", &LONG),
            member("Double", &DOUBLE),
            member("Time", &TIME),
            Member { timestamp_format: Some(TimestampFormat::DateTime), ..member("DateTime", &TIME) },
            Member { timestamp_format: Some(TimestampFormat::HttpDate), ..member("HttpDate", &TIME) },
            member("Strings", &STRINGS),
            member("FlatStrings", &FLAT_STRINGS),
            member("Map", &MAP),
            member("FlatMap", &FLAT_MAP),
            member("Tags", &TAGS),
            member("Choice", &CHOICE),
            member("Nest", &NEST),
        ],
        union: false,
    },
);

static KEY_ID: Schema = limited("KeyIdType", TEXT, 1, 2048);
static PLAINTEXT: Schema = Schema { sensitive: true, ..limited("PlaintextType", Kind::Blob, 1, 4096) };
static CIPHERTEXT: Schema = limited("CiphertextType", Kind::Blob, 1, 6144);
static TOKEN: Schema = limited("GrantTokenType", TEXT, 1, 8192);
static TOKENS: Schema =
    limited("GrantTokenList", Kind::List { member: &member("member", &TOKEN), flattened: false }, 0, 10);
static ALGORITHM: Schema = shape(
    "EncryptionAlgorithmSpec",
    Kind::String { values: &["SYMMETRIC_DEFAULT", "RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256", "SM2PKE"] },
);

pub(crate) static ENCRYPT_REQUEST: Schema = shape(
    "EncryptRequest",
    Kind::Structure {
        members: &[
            required("KeyId", &KEY_ID),
            required("Plaintext", &PLAINTEXT),
            member("EncryptionContext", &MAP),
            member("GrantTokens", &TOKENS),
            member("EncryptionAlgorithm", &ALGORITHM),
            member("DryRun", &BOOLEAN),
        ],
        union: false,
    },
);
static ENCRYPT_RESPONSE: Schema = shape(
    "EncryptResponse",
    Kind::Structure {
        members: &[
            member("CiphertextBlob", &CIPHERTEXT),
            member("KeyId", &KEY_ID),
            member("EncryptionAlgorithm", &ALGORITHM),
        ],
        union: false,
    },
);
static NOTHING: Schema = shape("Nothing", Kind::Structure { members: &[], union: false });
static IDENTITY: Schema = shape(
    "GetCallerIdentityResponse",
    Kind::Structure {
        members: &[member("UserId", &STRING), member("Account", &STRING), member("Arn", &STRING)],
        union: false,
    },
);

pub(crate) static KMS: ServiceModel = ServiceModel {
    name: "kms",
    signing_name: "kms",
    shape_name: "TrentService",
    target_prefix: "TrentService",
    api_version: "2014-11-01",
    xml_namespace: "",
    event_source: "kms.amazonaws.com",
    protocols: &[Protocol::RpcV2Cbor, Protocol::AwsJson1_1],
    query_compatible: false,
    url_member: None,
};

pub(crate) static STS: ServiceModel = ServiceModel {
    name: "sts",
    signing_name: "sts",
    shape_name: "AWSSecurityTokenServiceV20110615",
    target_prefix: "",
    api_version: "2011-06-15",
    xml_namespace: "https://sts.amazonaws.com/doc/2011-06-15/",
    event_source: "sts.amazonaws.com",
    protocols: &[Protocol::AwsQuery],
    query_compatible: false,
    url_member: None,
};

/// A service that came from Query, as SQS did.
pub(crate) static QUEUES: ServiceModel = ServiceModel {
    name: "sqs",
    signing_name: "sqs",
    shape_name: "AmazonSQS",
    target_prefix: "AmazonSQS",
    api_version: "2012-11-05",
    xml_namespace: "http://queue.amazonaws.com/doc/2012-11-05/",
    event_source: "sqs.amazonaws.com",
    protocols: &[Protocol::AwsJson1_0, Protocol::AwsQuery],
    query_compatible: true,
    url_member: Some("String"),
};

/// What [`RECEIVE`] answers where there is no such queue.
pub(crate) static NO_QUEUE: ErrorModel = ErrorModel {
    name: "QueueDoesNotExist",
    query_code: "AWS.SimpleQueueService.NonExistentQueue",
    status: 400,
    query_status: 400,
    sender_fault: true,
    message_member: "message",
};

const fn operation(
    name: &'static str,
    service: &'static ServiceModel,
    input: &'static Schema,
    output: &'static Schema,
) -> OperationModel {
    OperationModel { name, service, input, output, result_wrapper: "", errors: &[] }
}

pub(crate) static ENCRYPT: OperationModel = operation("Encrypt", &KMS, &ENCRYPT_REQUEST, &ENCRYPT_RESPONSE);
pub(crate) static ENABLE_KEY: OperationModel = operation("EnableKey", &KMS, &NOTHING, &NOTHING);
pub(crate) static GET_CALLER_IDENTITY: OperationModel = OperationModel {
    result_wrapper: "GetCallerIdentityResult",
    ..operation("GetCallerIdentity", &STS, &NOTHING, &IDENTITY)
};
pub(crate) static TOUCH: OperationModel =
    OperationModel { result_wrapper: "TouchResult", ..operation("Touch", &STS, &NOTHING, &NOTHING) };
pub(crate) static ECHO: OperationModel =
    OperationModel { result_wrapper: "EchoResult", ..operation("Echo", &STS, &EVERYTHING, &EVERYTHING) };

pub(crate) static RECEIVE: OperationModel =
    OperationModel { errors: &[&NO_QUEUE], ..operation("Receive", &QUEUES, &EVERYTHING, &EVERYTHING) };

pub(crate) fn text(text: &str) -> Value {
    Value::String(text.into())
}

/// A request that lives as long as a test needs it.
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn post(headers: &[(&'static str, &str)], body: impl Into<Vec<u8>>) -> Self {
        let headers = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap()))
            .collect();
        Self { method: Method::POST, path: "/".into(), query: String::new(), headers, body: body.into() }
    }

    pub(crate) fn get(query: &str) -> Self {
        Self { method: Method::GET, query: query.into(), ..Self::post(&[], "") }
    }

    pub(crate) fn parts(&self) -> RequestParts<'_> {
        RequestParts {
            method: &self.method,
            path: &self.path,
            query: &self.query,
            headers: &self.headers,
            body: &self.body,
            secure: false,
            authority: None,
        }
    }
}

/// Any value of a schema. Times have whole milliseconds, or whole seconds where `whole_seconds`.
pub(crate) fn any_value(schema: &'static Schema, depth: u32, whole_seconds: bool) -> BoxedStrategy<Value> {
    let inner = move |member: &'static Member| {
        let whole = whole_seconds || member.timestamp_format.is_some();
        any_value(member.schema, depth.saturating_sub(1), whole)
    };
    match &schema.kind {
        Kind::String { .. } => any_text().prop_map(move |text| Value::string(schema, text)).boxed(),
        Kind::Blob => {
            prop::collection::vec(any::<u8>(), 0..40).prop_map(move |b| Value::blob(schema, b)).boxed()
        }
        Kind::Boolean => any::<bool>().prop_map(Value::Boolean).boxed(),
        Kind::Integer => any::<i32>().prop_map(|n| Value::Integer(n.into())).boxed(),
        Kind::Long => any::<i64>().prop_map(Value::Integer).boxed(),
        Kind::Double => prop::num::f64::NORMAL.prop_map(Value::Double).boxed(),
        Kind::Timestamp if whole_seconds => {
            (0_i64..4_000_000_000).prop_map(|s| Value::Timestamp(Timestamp::from_secs(s))).boxed()
        }
        Kind::Timestamp => {
            (0_i64..4_000_000_000_000).prop_map(|ms| Value::Timestamp(Timestamp::from_millis(ms))).boxed()
        }
        Kind::List { member, .. } => {
            let most = if depth == 0 { 0 } else { 4 };
            prop::collection::vec(inner(member), 0..=most).prop_map(Value::List).boxed()
        }
        Kind::Map { value, .. } => prop::collection::btree_map(any_text(), inner(value), 0..12)
            .prop_map(|map| Value::Map(map.into_iter().collect()))
            .boxed(),
        Kind::Structure { members, union } => {
            let slots = members.iter().map(|member| {
                if depth == 0 { Just(None).boxed() } else { prop::option::of(inner(member)).boxed() }
            });
            let union = *union;
            slots
                .collect::<Vec<_>>()
                .prop_map(move |mut slots| {
                    if union && let Some(first) = slots.iter().position(Option::is_some) {
                        slots.iter_mut().skip(first + 1).for_each(|slot| *slot = None);
                    }
                    Value::Structure(slots)
                })
                .boxed()
        }
    }
}

fn any_text() -> BoxedStrategy<String> {
    prop::collection::vec(
        prop_oneof![4 => any::<char>(), 4 => prop::char::range(' ', '~'), 1 => Just('"'), 1 => Just('&')],
        0..12,
    )
    .prop_map(|characters| characters.into_iter().collect())
    .boxed()
}
