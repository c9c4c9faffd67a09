//! `StartLogging`: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_StartLogging.html>

use alcazar_api_cloudtrail::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::trail::sought::Sought;

/// Has a trail log.
pub struct StartLogging;

impl Operation for StartLogging {
    type Api = api::StartLogging;
    type Target = Sought;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::StartLoggingRequest) -> Result<Sought> {
        Sought::find(reads, &input.name).await
    }

    fn access(call: &CallInfo, _: &api::StartLoggingRequest, sought: &Sought) -> Access {
        Access::one(sought.check(call, "cloudtrail:StartLogging"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::StartLoggingRequest,
        sought: Allowed<Sought>,
    ) -> Result<Output<Self>> {
        let mut trail = sought.changed()?;
        if !trail.is_logging {
            trail.is_logging = true;
            trail.started = Some(cx.now());
            trail.put(cx)?;
        }
        Ok(Output::<Self>::default())
    }
}
