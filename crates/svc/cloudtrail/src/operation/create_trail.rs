//! `CreateTrail`: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html>

use alcazar_api_cloudtrail::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::selector::Selectors;
use crate::trail::Trail;
use crate::trail::name;
use crate::trail::organization::Place;
use crate::trail::settings::{self, Settings};
use crate::{access, error, tag};

/// Makes a trail.
pub struct CreateTrail;

impl Operation for CreateTrail {
    type Api = api::CreateTrail;
    type Target = Place;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, _: &api::CreateTrailRequest) -> Result<Place> {
        Place::find(reads).await
    }

    fn access(call: &CallInfo, input: &api::CreateTrailRequest, _: &Place) -> Access {
        let arn = || name::arn(call.region.as_str(), call.account(), &input.name);
        let tags = input.tags_list.as_ref().map(|list| list.0.as_slice()).unwrap_or_default();
        let check = |action| access::check(call, action, arn(), access::kind::TRAIL, &[]);
        Access::creation(check("cloudtrail:CreateTrail"), || check("cloudtrail:AddTags"), tag::pairs(tags))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::CreateTrailRequest,
        place: Allowed<Place>,
    ) -> Result<Output<Self>> {
        name::check(&input.name)?;
        let tags = input.tags_list.as_ref().map(|list| list.0.as_slice()).unwrap_or_default();
        let new = Trail {
            account: cx.account(),
            home_region: cx.region().as_str().to_owned(),
            name: input.name.clone(),
            bucket: String::new(),
            prefix: None,
            topic: None,
            includes_global_services: true,
            is_multi_region: false,
            validates_files: false,
            key_arn: None,
            organization_id: None,
            logs_itself: true,
            tags: tag::merged(&[], tag::read(tags)?)?,
            selectors: Selectors::of_new_trail(),
            insights: Vec::new(),
            is_logging: false,
            started: None,
            stopped: None,
        };
        let trail = Settings::from(input).apply(cx, &place, new).await?;
        if Trail::find(cx, trail.account, &trail.home_region, &trail.name).await?.is_some() {
            return Err(error::trail_exists(&trail.name, trail.account).into());
        }
        settings::check_room(cx, &place, &trail).await?;
        let told = trail.shown();
        trail.put(cx)?;
        Ok(Output::<Self> {
            name: told.name,
            s3_bucket_name: told.s3_bucket_name,
            s3_key_prefix: told.s3_key_prefix,
            sns_topic_name: told.sns_topic_name,
            sns_topic_arn: told.sns_topic_arn,
            include_global_service_events: told.include_global_service_events,
            is_multi_region_trail: told.is_multi_region_trail,
            trail_arn: told.trail_arn,
            log_file_validation_enabled: told.log_file_validation_enabled,
            cloud_watch_logs_log_group_arn: told.cloud_watch_logs_log_group_arn,
            cloud_watch_logs_role_arn: told.cloud_watch_logs_role_arn,
            kms_key_id: told.kms_key_id,
            is_organization_trail: told.is_organization_trail,
            recursive_logging: told.recursive_logging,
        })
    }
}
