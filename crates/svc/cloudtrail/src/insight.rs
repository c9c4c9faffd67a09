//! Insights: what a trail looks for in its events.
//!
//! They are kept as they are given. Whoever looks up insight events finds none: no baseline is computed.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_InsightSelector.html>

use std::collections::BTreeSet;

use alcazar_api_cloudtrail::types::{InsightSelector, SourceEventCategory};
use alcazar_shape::ApiError;
use minicbor::{Decode, Encode};

use crate::error;

/// One of them. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Insight {
    /// The type, e.g. `ApiCallRateInsight`.
    #[n(0)]
    pub(crate) kind: String,
    /// The categories of events in which it looks.
    #[n(1)]
    pub(crate) categories: Vec<String>,
}

impl Insight {
    /// It as answers have it.
    #[must_use]
    pub(crate) fn shown(&self) -> InsightSelector {
        let categories: Vec<SourceEventCategory> =
            self.categories.iter().filter_map(|category| category.parse().ok()).collect();
        InsightSelector { insight_type: self.kind.parse().ok(), event_categories: Some(categories.into()) }
    }
}

/// Reads what somebody gives.
///
/// # Errors
/// One has no type, or two have the same.
pub(crate) fn read(given: &[InsightSelector]) -> Result<Vec<Insight>, ApiError> {
    let mut kinds = BTreeSet::new();
    let mut read = Vec::new();
    for selector in given {
        let kind = selector.insight_type.ok_or_else(|| {
            error::insight_selectors(
                "Specify an InsightType. Valid values are ApiCallRateInsight and ApiErrorRateInsight.",
            )
        })?;
        if !kinds.insert(kind) {
            return Err(error::insight_selectors("An InsightType can be specified only once."));
        }
        let categories = selector.event_categories.as_ref().map(|list| list.0.clone()).unwrap_or_default();
        let mut categories: Vec<String> =
            categories.into_iter().map(|category| category.as_str().to_owned()).collect();
        if categories.is_empty() {
            categories.push(SourceEventCategory::Management.as_str().to_owned());
        }
        categories.dedup();
        read.push(Insight { kind: kind.as_str().to_owned(), categories });
    }
    Ok(read)
}

/// A destination for what a trail finds, which goes to the trail's bucket.
#[must_use]
pub(crate) fn destination_of_trail() -> ApiError {
    error::combination("You can specify InsightsDestination only for an event data store.")
}
