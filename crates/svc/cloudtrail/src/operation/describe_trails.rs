//! `DescribeTrails`: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DescribeTrails.html>

use alcazar_api_cloudtrail::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::trail::organization::Place;
use crate::trail::sought::{self, Sought};

/// Tells of trails.
pub struct DescribeTrails;

impl Operation for DescribeTrails {
    type Api = api::DescribeTrails;
    type Target = Place;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, _: &api::DescribeTrailsRequest) -> Result<Place> {
        Place::find(reads).await
    }

    fn access(call: &CallInfo, _: &api::DescribeTrailsRequest, _: &Place) -> Access {
        Access::any(call, "cloudtrail:DescribeTrails")
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::DescribeTrailsRequest,
        place: Allowed<Place>,
    ) -> Result<Output<Self>> {
        let (account, region) = (cx.account(), cx.region().clone());
        let names = input.trail_name_list.as_ref().map(|list| list.0.as_slice()).unwrap_or_default();
        let mut trails = sought::seen(cx, &place).await?;
        if !names.is_empty() {
            let mut arns = Vec::new();
            for name in names {
                let sought = Sought::find(cx, name).await?;
                sought.check_name()?;
                arns.push(sought.arn().to_owned());
            }
            trails.retain(|trail| arns.contains(&trail.arn()));
        }
        if input.include_shadow_trails == Some(false) {
            trails.retain(|trail| trail.account == account && trail.home_region == region.as_str());
        }
        let shown: Vec<_> = trails.iter().map(|trail| trail.shown()).collect();
        Ok(Output::<Self> { trail_list: Some(shown.into()) })
    }
}
