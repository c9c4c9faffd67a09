//! `GetTrail`: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetTrail.html>

use alcazar_api_cloudtrail::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::trail::sought::Sought;

/// Tells of a trail.
pub struct GetTrail;

impl Operation for GetTrail {
    type Api = api::GetTrail;
    type Target = Sought;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::GetTrailRequest) -> Result<Sought> {
        Sought::find(reads, &input.name).await
    }

    fn access(call: &CallInfo, _: &api::GetTrailRequest, sought: &Sought) -> Access {
        Access::one(sought.check(call, "cloudtrail:GetTrail"))
    }

    async fn run(_: &mut Cx<'_>, _: &api::GetTrailRequest, sought: Allowed<Sought>) -> Result<Output<Self>> {
        Ok(Output::<Self> { trail: Some(sought.seen()?.shown()) })
    }
}
