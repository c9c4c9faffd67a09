//! What CloudTrail says of event selectors.

use alcazar_api_cloudtrail::ErrorCode;
use alcazar_shape::ApiError;

fn refused(text: impl Into<String>) -> ApiError {
    ErrorCode::InvalidEventSelectorsException.because(text.into())
}

/// No selectors, or too many.
#[must_use]
pub(crate) fn selector_count(most: usize) -> ApiError {
    refused(format!("Specify a valid number of selectors (1 to {most}) for your trail."))
}

/// Basic and advanced selectors at once.
#[must_use]
pub(crate) fn both_kinds() -> ApiError {
    refused("You can use either EventSelectors or AdvancedEventSelectors, but not both.")
}

/// Too many data resources.
#[must_use]
pub(crate) fn resource_count(most: usize) -> ApiError {
    refused(format!("Specify a valid number of data resources (1 to {most}) for an event selector."))
}

/// Too many values in conditions.
#[must_use]
pub(crate) fn value_count(most: usize) -> ApiError {
    refused(format!("Specify up to {most} values for all conditions in all advanced event selectors."))
}

/// A selector of nothing.
#[must_use]
pub(crate) fn nothing_selected() -> ApiError {
    refused("An event selector must include management events or specify at least one data resource.")
}

/// A source whose management events cannot be left out.
#[must_use]
pub(crate) fn excluded_source(source: &str, known: &[&str]) -> ApiError {
    let known = known.join(", ");
    refused(format!("Value {source} for ExcludeManagementEventSources is invalid. Valid values are: {known}"))
}

/// A type of resources that basic selectors do not know.
#[must_use]
pub(crate) fn resource_type(kind: &str, known: &[&str]) -> ApiError {
    let known = known.join(", ");
    refused(format!("Value {kind} for DataResources.Type is invalid. Valid values are: {known}"))
}

/// A data resource that is none.
#[must_use]
pub(crate) fn resource_value(value: &str) -> ApiError {
    refused(format!("Value {value} for DataResources.Values is invalid."))
}

/// An ARN of S3 that names no bucket with objects.
#[must_use]
pub(crate) fn s3_arn(value: &str) -> ApiError {
    refused(format!("Invalid S3 ARN: {value}"))
}

/// A field that an advanced selector needs.
#[must_use]
pub(crate) fn field_missing(field: &str) -> ApiError {
    refused(format!("Advanced event selector must specify a field selector for {field}."))
}

/// A field in two conditions of one selector.
#[must_use]
pub(crate) fn field_twice(field: &str) -> ApiError {
    refused(format!("Field {field} is specified more than once in an advanced event selector."))
}

/// A value twice in one condition.
#[must_use]
pub(crate) fn value_twice(field: &str) -> ApiError {
    refused(format!("Field {field} has duplicate values in an advanced event selector."))
}

/// A condition without an operator.
#[must_use]
pub(crate) fn no_operator(field: &str) -> ApiError {
    refused(format!("Field {field} must specify at least one operator in an advanced event selector."))
}

/// A field that events of the category are not selected by.
#[must_use]
pub(crate) fn field_not_for(field: &str, category: &str) -> ApiError {
    refused(format!("Field {field} is not supported for the event category {category}."))
}

/// A field that takes one operator only.
#[must_use]
pub(crate) fn only_equals(field: &str) -> ApiError {
    refused(format!("Field {field} supports only the Equals operator."))
}

/// A field that is only excluded by.
#[must_use]
pub(crate) fn only_not_equals(field: &str) -> ApiError {
    refused(format!("Field {field} supports only the NotEquals operator for management events of a trail."))
}

/// A value that the field never has.
#[must_use]
pub(crate) fn value(value: &str, field: &str) -> ApiError {
    refused(format!("Value {value} for {field} is invalid."))
}
