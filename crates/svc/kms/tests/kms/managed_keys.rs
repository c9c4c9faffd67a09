//! The keys that AWS manages, made at their first use.

use std::sync::Arc;

use alcazar_api_kms::operation::{Encrypt, EncryptRequest, EncryptResponse};
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Entry, Operation, Reads, Result, Service};
use alcazar_shape::common_error::INTERNAL_FAILURE;
use alcazar_shape::{ApiOperation, OperationModel, Protocol, ServiceModel};
use alcazar_testkit::TestCloud;
use serde_json::json;

use crate::client::{ACCOUNT, Client, OTHER_ACCOUNT, base64};

/// Systems Manager, as far as it encrypts a parameter for its caller.
static SSM: ServiceModel = ServiceModel {
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

static SSM_SERVICE: Service = Service::new(&SSM, &[Entry::of::<PutParameter>()], &INTERNAL_FAILURE);

/// Encrypts what it is given, as the caller.
struct PutParameter;

impl ApiOperation for PutParameter {
    type Input = EncryptRequest;
    type Output = EncryptResponse;
    const MODEL: &'static OperationModel =
        &OperationModel { name: "PutParameter", service: &SSM, ..*Encrypt::MODEL };
}

impl Operation for PutParameter {
    type Api = Self;
    type Target = ();
    const READ_ONLY: bool = false;

    async fn resolve(_: &mut Reads<'_>, _: &EncryptRequest) -> Result<()> {
        Ok(())
    }

    fn access(_: &CallInfo, _: &EncryptRequest, (): &()) -> Access {
        Access::open()
    }

    async fn run(cx: &mut Cx<'_>, input: &EncryptRequest, _: Allowed<()>) -> Result<EncryptResponse> {
        cx.invoke::<Encrypt>("ssm", input.clone()).await
    }
}

fn parameter(key_id: &str) -> EncryptRequest {
    EncryptRequest {
        key_id: key_id.to_owned(),
        plaintext: b"secret".to_vec().into(),
        ..EncryptRequest::default()
    }
}

#[tokio::test]
async fn describing_one_makes_it_once_for_each_account_and_region() {
    let cloud = TestCloud::new(60);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    assert_eq!(kms.ok("ListAliases", json!({})).await["Aliases"], json!([]));
    let made = kms.ok("DescribeKey", json!({"KeyId": "alias/aws/ssm"})).await["KeyMetadata"].clone();
    assert_eq!(made["KeyManager"], json!("AWS"));
    assert_eq!(
        made["Description"],
        json!("Default key that protects my SSM parameters when no other key is defined")
    );
    assert_eq!(kms.ok("DescribeKey", json!({"KeyId": "alias/aws/ssm"})).await["KeyMetadata"], made);
    assert_eq!(kms.ok("DescribeKey", json!({"KeyId": made["KeyId"]})).await["KeyMetadata"], made);
    let aliases = kms.ok("ListAliases", json!({})).await["Aliases"].clone();
    assert_eq!(aliases.as_array().unwrap().len(), 1);
    assert_eq!(aliases[0]["TargetKeyId"], made["KeyId"]);
    for elsewhere in [cloud.root(OTHER_ACCOUNT), root.at("eu-west-1")] {
        let kms = Client::new(&cloud, &elsewhere);
        let other = kms.ok("DescribeKey", json!({"KeyId": "alias/aws/ssm"})).await;
        assert_ne!(other["KeyMetadata"]["KeyId"], made["KeyId"]);
    }
    kms.refused("DescribeKey", json!({"KeyId": "alias/aws/nosuch"}), "NotFoundException").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_first_uses_at_once_make_one_key() {
    let cloud = Arc::new(TestCloud::new(61));
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let cloud = cloud.clone();
        tasks.spawn(async move {
            let root = cloud.root(ACCOUNT);
            let kms = Client::new(&cloud, &root);
            let made = kms.ok("DescribeKey", json!({"KeyId": "alias/aws/s3"})).await;
            made["KeyMetadata"]["KeyId"].as_str().unwrap().to_owned()
        });
    }
    let mut ids = tasks.join_all().await;
    ids.dedup();
    assert_eq!(ids.len(), 1);
    assert_eq!(cloud.store().names("kms.key").await.len(), 1);
}

#[tokio::test]
async fn it_is_used_through_its_service_alone() {
    let cloud = TestCloud::builder(62).service(&SSM_SERVICE).build();
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let direct = json!({"KeyId": "alias/aws/ssm", "Plaintext": base64("x")});
    kms.refused("Encrypt", direct.clone(), "AccessDeniedException").await;
    assert!(cloud.store().names("kms.key").await.is_empty());

    let user = cloud.user(ACCOUNT, "nobody").await;
    let encrypted = cloud.call::<PutParameter>(&user, parameter("alias/aws/ssm")).await.unwrap();
    let events = cloud.events();
    let [.., nested, outer] = events.as_slice() else { panic!("two events are left") };
    assert_eq!((nested.event_name.as_str(), outer.event_name.as_str()), ("Encrypt", "PutParameter"));
    assert_eq!(nested.invoked_by.as_deref(), Some("ssm.us-east-1.amazonaws.com"));
    assert_eq!(nested.identity.as_ref().unwrap().arn, user.arn());

    kms.refused("Encrypt", direct, "AccessDeniedException").await;
    let blob = base64(encrypted.ciphertext_blob.unwrap());
    kms.refused("Decrypt", json!({"CiphertextBlob": blob}), "AccessDeniedException").await;
    // Another service's key is not this one's to use.
    let error = cloud.call::<PutParameter>(&user, parameter("alias/aws/s3")).await.unwrap_err();
    assert_eq!(error.model().name, "AccessDeniedException");
}

#[tokio::test]
async fn its_account_may_look_at_it_and_change_nothing() {
    let cloud = TestCloud::new(63);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let made = kms.ok("DescribeKey", json!({"KeyId": "alias/aws/ssm"})).await;
    let key_id = made["KeyMetadata"]["KeyId"].as_str().unwrap();
    for operation in ["GetKeyPolicy", "ListKeyPolicies", "ListResourceTags"] {
        kms.ok(operation, json!({"KeyId": key_id})).await;
    }
    for operation in ["DisableKey", "EnableKey", "ScheduleKeyDeletion"] {
        kms.refused(operation, json!({"KeyId": key_id}), "AccessDeniedException").await;
    }
    let policy = kms.ok("GetKeyPolicy", json!({"KeyId": key_id})).await["Policy"].clone();
    kms.refused("PutKeyPolicy", json!({"KeyId": key_id, "Policy": policy}), "AccessDeniedException").await;
    let alias = json!({"AliasName": "alias/mine", "TargetKeyId": key_id});
    kms.refused("CreateAlias", alias, "AccessDeniedException").await;
    let tags = json!({"KeyId": key_id, "Tags": [{"TagKey": "a", "TagValue": "b"}]});
    kms.refused("TagResource", tags, "AccessDeniedException").await;
}
