//! `ListTrails`: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListTrails.html>

use alcazar_api_cloudtrail::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use alcazar_api_cloudtrail::types::TrailInfo;

use crate::page;
use crate::trail::organization::Place;
use crate::trail::sought;

/// Lists the trails of every region.
pub struct ListTrails;

impl Operation for ListTrails {
    type Api = api::ListTrails;
    type Target = Place;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, _: &api::ListTrailsRequest) -> Result<Place> {
        Place::find(reads).await
    }

    fn access(call: &CallInfo, _: &api::ListTrailsRequest, _: &Place) -> Access {
        Access::any(call, "cloudtrail:ListTrails")
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListTrailsRequest,
        place: Allowed<Place>,
    ) -> Result<Output<Self>> {
        let trails = sought::everywhere(cx, &place).await?;
        let asked = page::asked(input.next_token.as_deref(), None, page::ITEMS_MAX);
        let page = page::of(cx, "cloudtrail.trails", asked, trails, |trail| trail.arn())?;
        let (trails, _, next_token) = page.into_parts(|trail| TrailInfo {
            trail_arn: Some(trail.arn()),
            name: Some(trail.name.clone()),
            home_region: Some(trail.home_region.clone()),
        });
        Ok(Output::<Self> { trails: Some(trails), next_token })
    }
}
