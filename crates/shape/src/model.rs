//! The static models of services and operations. Generated.

use crate::api_error::ErrorModel;
use crate::convert::Structure;
use crate::schema::Schema;

/// The wire protocols of AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// AWS JSON 1.0: `POST /`, `X-Amz-Target`, `application/x-amz-json-1.0`.
    AwsJson1_0,
    /// AWS JSON 1.1: the same with `application/x-amz-json-1.1`.
    AwsJson1_1,
    /// AWS Query: form-encoded input, XML output.
    AwsQuery,
    /// Smithy RPC v2 CBOR: `POST /service/<name>/operation/<name>`.
    RpcV2Cbor,
}

/// What is said of one service.
#[derive(Debug)]
pub struct ServiceModel {
    /// The name for endpoints, signatures and IAM actions, e.g. `kms`.
    pub name: &'static str,
    /// The name that a signature's credential scope carries, mostly the same.
    pub signing_name: &'static str,
    /// The Smithy shape name that RPC v2 CBOR paths carry, e.g. `TrentService`.
    pub shape_name: &'static str,
    /// What stands before the dot in `X-Amz-Target`, if a JSON protocol is spoken.
    pub target_prefix: &'static str,
    /// E.g. `2014-11-01`.
    pub api_version: &'static str,
    /// The XML name space of Query answers, if any.
    pub xml_namespace: &'static str,
    /// The host that events name, e.g. `kms.amazonaws.com`.
    pub event_source: &'static str,
    /// The protocols that clients may speak, the preferred one first.
    pub protocols: &'static [Protocol],
    /// Whether its JSON and CBOR errors tell the code that they have in Query, too: it came from Query, and its callers
    /// still go by those codes.
    ///
    /// Source: <https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#aws-protocols-awsquerycompatible-trait>
    pub query_compatible: bool,
    /// The member of inputs that the URL stands for which a Query request is sent to, where it leaves the member out.
    pub url_member: Option<&'static str>,
}

/// What is said of one operation.
#[derive(Debug)]
pub struct OperationModel {
    /// Its name, e.g. `Encrypt`.
    pub name: &'static str,
    /// The service it belongs to.
    pub service: &'static ServiceModel,
    /// What it takes; always a structure.
    pub input: &'static Schema,
    /// What it answers; always a structure.
    pub output: &'static Schema,
    /// The element that holds the output in Query answers, e.g. `GetCallerIdentityResult`.
    pub result_wrapper: &'static str,
    /// The errors that the model lists for it.
    pub errors: &'static [&'static ErrorModel],
}

/// The generated counterpart of an operation: its types and its model.
pub trait ApiOperation: Send + Sync + 'static {
    /// What it takes.
    type Input: Structure;
    /// What it answers.
    type Output: Structure;
    /// Its model.
    const MODEL: &'static OperationModel;
}
