//! `GetInsightSelectors`: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetInsightSelectors.html>

use alcazar_api_cloudtrail::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::error;
use crate::insight::Insight;
use crate::insighted::Insighted;

/// Tells what a trail or event data store looks for in its events.
pub struct GetInsightSelectors;

impl Operation for GetInsightSelectors {
    type Api = api::GetInsightSelectors;
    type Target = Insighted;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::GetInsightSelectorsRequest) -> Result<Insighted> {
        Insighted::find(reads, input.trail_name.as_deref(), input.event_data_store.as_deref()).await
    }

    fn access(call: &CallInfo, _: &api::GetInsightSelectorsRequest, target: &Insighted) -> Access {
        Access::one(target.check(call, "cloudtrail:GetInsightSelectors"))
    }

    async fn run(
        _: &mut Cx<'_>,
        _: &api::GetInsightSelectorsRequest,
        target: Allowed<Insighted>,
    ) -> Result<Output<Self>> {
        let trail = target.trail()?.seen()?;
        if trail.insights.is_empty() {
            return Err(error::insights_off(&trail.arn()).into());
        }
        let shown: Vec<_> = trail.insights.iter().map(Insight::shown).collect();
        Ok(Output::<Self> {
            trail_arn: Some(trail.arn()),
            insight_selectors: Some(shown.into()),
            ..Output::<Self>::default()
        })
    }
}
