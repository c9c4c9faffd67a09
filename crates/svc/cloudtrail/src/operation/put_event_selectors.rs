//! `PutEventSelectors`: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutEventSelectors.html>

use alcazar_api_cloudtrail::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use alcazar_api_cloudtrail::types;
use alcazar_shape::convert::List;

use crate::error;
use crate::selector::Selectors;
use crate::selector::advanced::{self, AdvancedSelector, Holder};
use crate::selector::basic::{self, BasicSelector};
use crate::trail::sought::Sought;

/// Says which events a trail has.
pub struct PutEventSelectors;

impl Operation for PutEventSelectors {
    type Api = api::PutEventSelectors;
    type Target = Sought;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::PutEventSelectorsRequest) -> Result<Sought> {
        Sought::find(reads, &input.trail_name).await
    }

    fn access(call: &CallInfo, _: &api::PutEventSelectorsRequest, sought: &Sought) -> Access {
        Access::one(sought.check(call, "cloudtrail:PutEventSelectors"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::PutEventSelectorsRequest,
        sought: Allowed<Sought>,
    ) -> Result<Output<Self>> {
        let mut trail = sought.changed()?;
        // An empty list is as good as none.
        let basic = input.event_selectors.as_ref().filter(|given| !given.is_empty());
        let advanced = input.advanced_event_selectors.as_ref().filter(|given| !given.is_empty());
        trail.selectors = match (basic, advanced) {
            (Some(_), Some(_)) => return Err(error::selector::both_kinds().into()),
            (None, Some(given)) => Selectors::Advanced(advanced::read(given, Holder::Trail)?),
            (given, None) => {
                Selectors::Basic(basic::read(given.map(|given| given.0.as_slice()).unwrap_or_default())?)
            }
        };
        let (event_selectors, advanced_event_selectors) = shown(&trail.selectors);
        let trail_arn = Some(trail.arn());
        trail.put(cx)?;
        Ok(Output::<Self> { trail_arn, event_selectors, advanced_event_selectors })
    }
}

/// Selectors as answers have them: of one kind or the other.
pub(super) fn shown(
    selectors: &Selectors,
) -> (Option<List<types::EventSelector>>, Option<List<types::AdvancedEventSelector>>) {
    match selectors {
        Selectors::Basic(selectors) => {
            let shown: Vec<_> = selectors.iter().map(BasicSelector::shown).collect();
            (Some(shown.into()), None)
        }
        Selectors::Advanced(selectors) => {
            let shown: Vec<_> = selectors.iter().map(AdvancedSelector::shown).collect();
            (None, Some(shown.into()))
        }
    }
}
