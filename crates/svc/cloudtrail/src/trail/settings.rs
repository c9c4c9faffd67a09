//! What a request sets of a trail, and what is checked before it is set.
//!
//! Where log files go is checked as far as it is there to be checked: names must be possible, a key must let CloudTrail
//! use it, a topic must take what CloudTrail publishes. Buckets come with object storage.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html>

use std::collections::BTreeSet;

use alcazar_api_cloudtrail::operation::{CreateTrailRequest, UpdateTrailRequest};
use alcazar_api_kms::operation as kms;
use alcazar_api_kms::types::DataKeySpec;
use alcazar_api_sns::operation as sns;
use alcazar_base::{AccountId, Arn, Region};
use alcazar_engine::{Cx, Error, Result, Source};
use alcazar_shape::ApiError;
use alcazar_shape::common_error::ACCESS_DENIED;

use super::organization::{self, Place};
use super::{Topic, Trail, bucket, sought};
use crate::access::SERVICE_PRINCIPAL;
use crate::{error, quota};

/// The longest name or ARN of a topic, in characters.
const TOPIC_LENGTH_MAX: usize = 256;

/// What a topic is sent when it is named, so that it is known to take messages.
const VALIDATION_MESSAGE: &str = "CloudTrail validation message.";

/// The encryption context that every key is used with.
pub(crate) const CONTEXT_KEY: &str = "aws:cloudtrail:arn";

/// What a request sets; what it leaves out stays.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settings<'a> {
    bucket: Option<&'a str>,
    prefix: Option<&'a str>,
    topic: Option<&'a str>,
    includes_global_services: Option<bool>,
    is_multi_region: Option<bool>,
    validates_files: Option<bool>,
    log_group: Option<&'a str>,
    log_role: Option<&'a str>,
    key_id: Option<&'a str>,
    is_of_organization: Option<bool>,
    logs_itself: Option<bool>,
}

impl<'a> From<&'a CreateTrailRequest> for Settings<'a> {
    fn from(request: &'a CreateTrailRequest) -> Self {
        Self {
            bucket: Some(&request.s3_bucket_name),
            prefix: request.s3_key_prefix.as_deref(),
            topic: request.sns_topic_name.as_deref(),
            includes_global_services: request.include_global_service_events,
            is_multi_region: request.is_multi_region_trail,
            validates_files: request.enable_log_file_validation,
            log_group: request.cloud_watch_logs_log_group_arn.as_deref(),
            log_role: request.cloud_watch_logs_role_arn.as_deref(),
            key_id: request.kms_key_id.as_deref(),
            is_of_organization: request.is_organization_trail,
            logs_itself: request.recursive_logging,
        }
    }
}

impl<'a> From<&'a UpdateTrailRequest> for Settings<'a> {
    fn from(request: &'a UpdateTrailRequest) -> Self {
        Self {
            bucket: request.s3_bucket_name.as_deref(),
            prefix: request.s3_key_prefix.as_deref(),
            topic: request.sns_topic_name.as_deref(),
            includes_global_services: request.include_global_service_events,
            is_multi_region: request.is_multi_region_trail,
            validates_files: request.enable_log_file_validation,
            log_group: request.cloud_watch_logs_log_group_arn.as_deref(),
            log_role: request.cloud_watch_logs_role_arn.as_deref(),
            key_id: request.kms_key_id.as_deref(),
            is_of_organization: request.is_organization_trail,
            logs_itself: request.recursive_logging,
        }
    }
}

impl Settings<'_> {
    /// Sets all that of a trail.
    ///
    /// # Errors
    /// Something cannot be set so.
    pub(crate) async fn apply(self, cx: &mut Cx<'_>, place: &Place, mut trail: Trail) -> Result<Trail> {
        self.check()?;
        let set = |value: Option<bool>, old: bool| value.unwrap_or(old);
        trail.is_multi_region = set(self.is_multi_region, trail.is_multi_region);
        trail.includes_global_services = set(self.includes_global_services, trail.includes_global_services);
        trail.validates_files = set(self.validates_files, trail.validates_files);
        trail.logs_itself = set(self.logs_itself, trail.logs_itself);
        if trail.is_multi_region && !trail.includes_global_services {
            return Err(error::multi_region_without_global().into());
        }
        if let Some(bucket) = self.bucket {
            bucket.clone_into(&mut trail.bucket);
        }
        if let Some(prefix) = self.prefix {
            trail.prefix = (!prefix.is_empty()).then(|| prefix.to_owned());
        }
        self.set_organization(cx, place, &mut trail).await?;
        self.set_topic(cx, &mut trail).await?;
        self.set_key(cx, &mut trail).await?;
        Ok(trail)
    }

    fn check(&self) -> Result<(), ApiError> {
        self.bucket.map_or(Ok(()), bucket::check_name)?;
        self.prefix.map_or(Ok(()), bucket::check_prefix)?;
        let given = |text: Option<&str>| text.is_some_and(|text| !text.is_empty());
        match (given(self.log_group), given(self.log_role)) {
            (false, false) => Ok(()),
            (false, true) => Err(error::log_role_alone()),
            (true, false) => Err(error::log_group_alone()),
            // There are no log groups here.
            (true, true) => Err(error::log_group()),
        }
    }

    async fn set_organization(&self, cx: &mut Cx<'_>, place: &Place, trail: &mut Trail) -> Result<()> {
        match self.is_of_organization {
            Some(true) if trail.organization_id.is_none() => {
                let organization = place.managed()?;
                trail.organization_id = Some(organization.id.clone());
                trail.account = organization.management_account;
                organization::use_service_linked_role(cx).await
            }
            Some(false) => {
                trail.organization_id = None;
                Ok(())
            }
            Some(true) | None => Ok(()),
        }
    }

    async fn set_topic(&self, cx: &mut Cx<'_>, trail: &mut Trail) -> Result<()> {
        let Some(given) = self.topic else { return Ok(()) };
        if given.is_empty() {
            trail.topic = None;
            return Ok(());
        }
        let (arn, region) = topic_arn(given, trail)?;
        let publish = sns::PublishInput {
            topic_arn: Some(arn.clone()),
            message: VALIDATION_MESSAGE.to_owned().into(),
            ..sns::PublishInput::default()
        };
        let source = Source { arn: trail.arn(), account: trail.account };
        let published =
            cx.invoke_as_service::<sns::Publish>(SERVICE_PRINCIPAL, &source, &region, publish).await;
        match published {
            Ok(_) => {}
            Err(Error::Api(_)) => return Err(error::topic_refuses().into()),
            Err(error) => return Err(error),
        }
        trail.topic = Some(Topic { given: given.to_owned(), arn });
        Ok(())
    }

    async fn set_key(&self, cx: &mut Cx<'_>, trail: &mut Trail) -> Result<()> {
        let Some(given) = self.key_id else { return Ok(()) };
        if given.is_empty() {
            trail.key_arn = None;
            return Ok(());
        }
        let (named, region) = key_name(given, &trail.home_region, trail.account)?;
        let generate = kms::GenerateDataKeyRequest {
            key_id: named.clone(),
            key_spec: Some(DataKeySpec::Aes256),
            encryption_context: Some([(CONTEXT_KEY.to_owned(), trail.arn())].into()),
            ..kms::GenerateDataKeyRequest::default()
        };
        let source = Source { arn: trail.arn(), account: trail.account };
        let made =
            cx.invoke_as_service::<kms::GenerateDataKey>(SERVICE_PRINCIPAL, &source, &region, generate).await;
        trail.key_arn = match made {
            Ok(made) => made.key_id,
            Err(Error::Api(told)) if told.model().name == ACCESS_DENIED.name => {
                return Err(error::key_refuses(&trail.bucket, &named).into());
            }
            Err(Error::Api(told)) if told.model().name == "NotFoundException" => {
                return Err(error::key_not_found(given).into());
            }
            Err(Error::Api(told)) => {
                return Err(error::key_unusable(told.message().unwrap_or_default()).into());
            }
            Err(error) => return Err(error),
        };
        Ok(())
    }
}

/// The ARN and the region of a topic that is named or given by its ARN.
fn topic_arn(given: &str, trail: &Trail) -> Result<(String, Region)> {
    let refused = || error::topic_name(given);
    let text = if given.starts_with("arn:") {
        given.to_owned()
    } else {
        let region: Region = trail.home_region.parse().map_err(|_| refused())?;
        format!("arn:{}:sns:{region}:{}:{given}", region.partition().as_str(), trail.account)
    };
    let arn: Arn = text.parse().map_err(|_| refused())?;
    let region: Region = arn.region.parse().map_err(|_| refused())?;
    let is_name =
        |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    if arn.service != "sns" || !is_name(&arn.resource) || given.chars().count() > TOPIC_LENGTH_MAX {
        return Err(refused().into());
    }
    Ok((text, region))
}

/// The ARN and the region of a key that is given by its id, alias or ARN, for what is in `home_region`.
///
/// # Errors
/// It is none.
pub(crate) fn key_name(given: &str, home_region: &str, account: AccountId) -> Result<(String, Region)> {
    let refused = || error::key_id(given);
    let text = if given.starts_with("arn:") {
        given.to_owned()
    } else {
        let resource = if given.starts_with("alias/") { given.to_owned() } else { format!("key/{given}") };
        let region: Region = home_region.parse().map_err(|_| refused())?;
        format!("arn:{}:kms:{region}:{}:{resource}", region.partition().as_str(), account)
    };
    let arn: Arn = text.parse().map_err(|_| refused())?;
    let region: Region = arn.region.parse().map_err(|_| refused())?;
    let is_key = arn.resource.strip_prefix("key/").is_some_and(|id| {
        let is_id = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        (1..=64).contains(&id.len()) && id.bytes().all(is_id)
    });
    let is_alias = arn.resource.strip_prefix("alias/").is_some_and(|alias| !alias.is_empty());
    if arn.service == "kms" && (is_key || is_alias) { Ok((text, region)) } else { Err(refused().into()) }
}

/// Passes if a trail may be seen in the regions where it will be.
///
/// # Errors
/// As many as may be are seen in one of them.
pub(crate) async fn check_room(cx: &mut Cx<'_>, place: &Place, trail: &Trail) -> Result<()> {
    let Some(most) = cx.quota(&quota::TRAILS) else { return Ok(()) };
    let others = sought::everywhere(cx, place).await?;
    let mut regions: BTreeSet<String> = BTreeSet::from([trail.home_region.clone()]);
    if trail.is_multi_region {
        regions.extend(others.iter().map(|other| other.home_region.clone()));
    }
    for region in regions {
        let is_there = |other: &Trail| other.is_multi_region || other.home_region == region;
        let count = others.iter().filter(|other| other.arn() != trail.arn() && is_there(other)).count();
        if count as u64 >= most {
            return Err(error::too_many_trails(trail.account, most, &region).into());
        }
    }
    Ok(())
}
