//! `GetTrailStatus`: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetTrailStatus.html>

use alcazar_api_cloudtrail::operation as api;
use alcazar_base::Timestamp;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::trail::sought::Sought;

/// What deliveries end with: there is no object storage yet, so no bucket.
const NOT_DELIVERED: &str = "NoSuchBucket";

/// Tells whether a trail logs, and what became of its last deliveries.
pub struct GetTrailStatus;

impl Operation for GetTrailStatus {
    type Api = api::GetTrailStatus;
    type Target = Sought;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::GetTrailStatusRequest) -> Result<Sought> {
        Sought::find(reads, &input.name).await
    }

    fn access(call: &CallInfo, _: &api::GetTrailStatusRequest, sought: &Sought) -> Access {
        Access::one(sought.check(call, "cloudtrail:GetTrailStatus"))
    }

    async fn run(
        _: &mut Cx<'_>,
        _: &api::GetTrailStatusRequest,
        sought: Allowed<Sought>,
    ) -> Result<Output<Self>> {
        let trail = sought.seen()?;
        let told = |time: Option<Timestamp>| Some(time.map(|time| time.to_string()).unwrap_or_default());
        let was_started = trail.started.is_some();
        let attempted = told(trail.started);
        Ok(Output::<Self> {
            is_logging: Some(trail.is_logging),
            latest_delivery_error: was_started.then(|| NOT_DELIVERED.to_owned()),
            latest_digest_delivery_error: (was_started && trail.validates_files)
                .then(|| NOT_DELIVERED.to_owned()),
            start_logging_time: trail.started,
            stop_logging_time: trail.stopped,
            latest_delivery_attempt_time: attempted.clone(),
            latest_delivery_attempt_succeeded: Some(String::new()),
            latest_notification_attempt_time: Some(String::new()),
            latest_notification_attempt_succeeded: Some(String::new()),
            time_logging_started: attempted,
            time_logging_stopped: told(trail.stopped),
            ..Output::<Self>::default()
        })
    }
}
