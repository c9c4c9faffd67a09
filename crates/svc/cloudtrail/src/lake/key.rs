//! The KMS key of an event data store: CloudTrail must be able to use it, when it is named and when the store is queried.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html>

use alcazar_api_kms::operation as kms;
use alcazar_api_kms::types::DataKeySpec;
use alcazar_base::AccountId;
use alcazar_engine::{Cx, Error, Result, Source};
use alcazar_shape::common_error::ACCESS_DENIED;

use crate::access::SERVICE_PRINCIPAL;
use crate::error;
use crate::trail::settings::{CONTEXT_KEY, key_name};

/// The ARN of a key that CloudTrail may use for the store of this ARN.
///
/// # Errors
/// There is no such key, or it cannot be used.
pub(crate) async fn usable(
    cx: &mut Cx<'_>,
    given: &str,
    store_region: &str,
    account: AccountId,
    store_arn: &str,
) -> Result<String> {
    let (named, region) = key_name(given, store_region, account)?;
    let generate = kms::GenerateDataKeyRequest {
        key_id: named.clone(),
        key_spec: Some(DataKeySpec::Aes256),
        encryption_context: Some([(CONTEXT_KEY.to_owned(), store_arn.to_owned())].into()),
        ..kms::GenerateDataKeyRequest::default()
    };
    let source = Source { arn: store_arn.to_owned(), account };
    match cx.invoke_as_service::<kms::GenerateDataKey>(SERVICE_PRINCIPAL, &source, &region, generate).await {
        Ok(made) => Ok(made.key_id.unwrap_or(named)),
        Err(Error::Api(told)) if told.model().name == ACCESS_DENIED.name => {
            Err(error::lake::key_refuses(&named).into())
        }
        Err(Error::Api(told)) if told.model().name == "NotFoundException" => {
            Err(error::key_not_found(given).into())
        }
        Err(Error::Api(told)) => Err(error::key_unusable(told.message().unwrap_or_default()).into()),
        Err(error) => Err(error),
    }
}
