//! `UpdateTrail`: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_UpdateTrail.html>

use alcazar_api_cloudtrail::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::trail::settings::{self, Settings};
use crate::trail::sought::Sought;

/// Changes a trail.
pub struct UpdateTrail;

impl Operation for UpdateTrail {
    type Api = api::UpdateTrail;
    type Target = Sought;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::UpdateTrailRequest) -> Result<Sought> {
        Sought::find(reads, &input.name).await
    }

    fn access(call: &CallInfo, _: &api::UpdateTrailRequest, sought: &Sought) -> Access {
        Access::one(sought.check(call, "cloudtrail:UpdateTrail"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::UpdateTrailRequest,
        sought: Allowed<Sought>,
    ) -> Result<Output<Self>> {
        let old = sought.changed()?;
        let was_everywhere = old.is_multi_region;
        let trail = Settings::from(input).apply(cx, sought.place(), old).await?;
        if trail.is_multi_region && !was_everywhere {
            settings::check_room(cx, sought.place(), &trail).await?;
        }
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
