//! `StopLogging`: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_StopLogging.html>

use alcazar_api_cloudtrail::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::trail::sought::Sought;

/// Has a trail log no more.
pub struct StopLogging;

impl Operation for StopLogging {
    type Api = api::StopLogging;
    type Target = Sought;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::StopLoggingRequest) -> Result<Sought> {
        Sought::find(reads, &input.name).await
    }

    fn access(call: &CallInfo, _: &api::StopLoggingRequest, sought: &Sought) -> Access {
        Access::one(sought.check(call, "cloudtrail:StopLogging"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::StopLoggingRequest,
        sought: Allowed<Sought>,
    ) -> Result<Output<Self>> {
        let mut trail = sought.changed()?;
        if trail.is_logging {
            trail.is_logging = false;
            trail.stopped = Some(cx.now());
            trail.put(cx)?;
        }
        Ok(Output::<Self>::default())
    }
}
