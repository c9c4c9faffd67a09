//! `DeleteTrail`: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DeleteTrail.html>

use alcazar_api_cloudtrail::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::trail::Trail;
use crate::trail::sought::Sought;

/// Deletes a trail.
pub struct DeleteTrail;

impl Operation for DeleteTrail {
    type Api = api::DeleteTrail;
    type Target = Sought;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::DeleteTrailRequest) -> Result<Sought> {
        Sought::find(reads, &input.name).await
    }

    fn access(call: &CallInfo, _: &api::DeleteTrailRequest, sought: &Sought) -> Access {
        Access::one(sought.check(call, "cloudtrail:DeleteTrail"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::DeleteTrailRequest,
        sought: Allowed<Sought>,
    ) -> Result<Output<Self>> {
        let trail = sought.own()?;
        let name = Trail::record_name(&cx.keyring(), trail.account, &trail.home_region, &trail.name);
        cx.delete(name)?;
        Ok(Output::<Self>::default())
    }
}
