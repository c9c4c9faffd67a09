//! `GetEventSelectors`: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetEventSelectors.html>

use alcazar_api_cloudtrail::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::operation::put_event_selectors::shown;
use crate::trail::sought::Sought;

/// Tells which events a trail has.
pub struct GetEventSelectors;

impl Operation for GetEventSelectors {
    type Api = api::GetEventSelectors;
    type Target = Sought;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::GetEventSelectorsRequest) -> Result<Sought> {
        Sought::find(reads, &input.trail_name).await
    }

    fn access(call: &CallInfo, _: &api::GetEventSelectorsRequest, sought: &Sought) -> Access {
        Access::one(sought.check(call, "cloudtrail:GetEventSelectors"))
    }

    async fn run(
        _: &mut Cx<'_>,
        _: &api::GetEventSelectorsRequest,
        sought: Allowed<Sought>,
    ) -> Result<Output<Self>> {
        let trail = sought.seen()?;
        let (event_selectors, advanced_event_selectors) = shown(&trail.selectors);
        Ok(Output::<Self> { trail_arn: Some(trail.arn()), event_selectors, advanced_event_selectors })
    }
}
