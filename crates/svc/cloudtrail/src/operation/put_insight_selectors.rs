//! `PutInsightSelectors`: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutInsightSelectors.html>

use alcazar_api_cloudtrail::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::insight::{self, Insight};
use crate::insighted::Insighted;

/// Says what a trail or event data store looks for in its events.
pub struct PutInsightSelectors;

impl Operation for PutInsightSelectors {
    type Api = api::PutInsightSelectors;
    type Target = Insighted;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::PutInsightSelectorsRequest) -> Result<Insighted> {
        Insighted::find(reads, input.trail_name.as_deref(), input.event_data_store.as_deref()).await
    }

    fn access(call: &CallInfo, _: &api::PutInsightSelectorsRequest, target: &Insighted) -> Access {
        Access::one(target.check(call, "cloudtrail:PutInsightSelectors"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::PutInsightSelectorsRequest,
        target: Allowed<Insighted>,
    ) -> Result<Output<Self>> {
        let mut trail = target.trail()?.changed()?;
        if input.insights_destination.is_some() {
            return Err(insight::destination_of_trail().into());
        }
        trail.insights = insight::read(&input.insight_selectors)?;
        let shown: Vec<_> = trail.insights.iter().map(Insight::shown).collect();
        let trail_arn = Some(trail.arn());
        trail.put(cx)?;
        Ok(Output::<Self> { trail_arn, insight_selectors: Some(shown.into()), ..Output::<Self>::default() })
    }
}
