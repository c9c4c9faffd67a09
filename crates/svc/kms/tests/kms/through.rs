//! Systems Manager, as far as its callers have it call KMS for them: every operation, with their input as it is.

use std::marker::PhantomData;

use alcazar_engine::{
    Access, Allowed, CallInfo, Cx, Entry, Input, Operation, Output, Reads, Result, Service,
};
use alcazar_shape::common_error::INTERNAL_FAILURE;
use alcazar_shape::{ApiOperation, OperationModel, Protocol, ServiceModel};
use alcazar_svc_kms::operation;

/// What the service is called in the condition keys, in the region of the tests.
pub(crate) const NAME: &str = "ssm.us-east-1.amazonaws.com";

static MODEL: ServiceModel = ServiceModel {
    name: "ssm",
    signing_name: "ssm",
    shape_name: "AmazonSSM",
    target_prefix: "AmazonSSM",
    api_version: "2014-11-06",
    xml_namespace: "",
    event_source: "ssm.amazonaws.com",
    protocols: &[Protocol::AwsJson1_1],
    query_compatible: false,
    url_member: None,
};

/// An operation of KMS as one of the service.
struct ThroughApi<A>(PhantomData<fn() -> A>);

impl<A: ApiOperation> ApiOperation for ThroughApi<A> {
    type Input = A::Input;
    type Output = A::Output;
    const MODEL: &'static OperationModel = &OperationModel { service: &MODEL, ..*A::MODEL };
}

struct Through<O>(PhantomData<fn() -> O>);

impl<O: Operation> Operation for Through<O>
where
    Input<O>: Clone,
{
    type Api = ThroughApi<O::Api>;
    type Target = ();
    const READ_ONLY: bool = false;

    async fn resolve(_: &mut Reads<'_>, _: &Input<Self>) -> Result<()> {
        Ok(())
    }

    fn access(_: &CallInfo, _: &Input<Self>, (): &()) -> Access {
        Access::open()
    }

    async fn run(cx: &mut Cx<'_>, input: &Input<Self>, _: Allowed<()>) -> Result<Output<Self>> {
        cx.invoke::<O::Api>("ssm", input.clone()).await
    }
}

macro_rules! through {
    ($($operation:ident)*) => { &[$(Entry::of::<Through<operation::$operation>>()),*] };
}

/// The service.
pub(crate) static SERVICE: Service = Service::new(
    &MODEL,
    through!(
        CancelKeyDeletion CreateAlias CreateGrant Decapsulate Decrypt DeleteAlias DeleteImportedKeyMaterial
        DeriveSharedSecret DescribeKey DisableKey DisableKeyRotation EnableKey EnableKeyRotation Encapsulate Encrypt
        GenerateDataKey GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext GenerateDataKeyWithoutPlaintext
        GenerateMac GetKeyLastUsage GetKeyPolicy GetKeyRotationStatus GetParametersForImport GetPublicKey
        ImportKeyMaterial ListGrants ListKeyPolicies ListKeyRotations ListResourceTags PutKeyPolicy ReEncrypt
        ReplicateKey RevokeGrant RotateKeyOnDemand ScheduleKeyDeletion Sign TagResource UntagResource UpdateAlias
        UpdateKeyDescription UpdatePrimaryRegion Verify VerifyMac
    ),
    &INTERNAL_FAILURE,
);
