//! What is said of connections and API destinations.

use alcazar_api_events::ErrorCode;
use alcazar_shape::ApiError;
use alcazar_shape::common_error::VALIDATION;

/// No connection of this name.
#[must_use]
pub(crate) fn not_found(connection: &str) -> ApiError {
    ErrorCode::ResourceNotFoundException
        .because(format!("Failed to describe the connection(s). Connection '{connection}' does not exist."))
}

/// There is such a connection already.
#[must_use]
pub(crate) fn exists(connection: &str) -> ApiError {
    ErrorCode::ResourceAlreadyExistsException.because(format!("Connection {connection} already exists."))
}

/// The authorization parameters are not those of the authorization type.
#[must_use]
pub(crate) fn parameters_required(parameters: &str, authorization_type: &str) -> ApiError {
    VALIDATION.because(format!(
        "Parameter AuthParameters is not valid. Reason: {parameters} must be specified, and no others, for authorization type {authorization_type}."
    ))
}

/// Several parameters of a kind have one name.
#[must_use]
pub(crate) fn repeated_parameter(key: &str) -> ApiError {
    VALIDATION.because(format!("Parameter {key} is not valid. Reason: Keys must be unique."))
}

/// A parameter has no name or no value.
#[must_use]
pub(crate) fn incomplete_parameter() -> ApiError {
    VALIDATION.because("Parameter AuthParameters is not valid. Reason: Key and Value must be specified.")
}

/// Connections to private endpoints are made through resources that are not there.
#[must_use]
pub(crate) fn resource_configuration_not_found(arn: &str) -> ApiError {
    ErrorCode::ResourceNotFoundException.because(format!("Resource configuration {arn} does not exist."))
}

/// The endpoint is none of HTTPS.
#[must_use]
pub(crate) fn invalid_endpoint(parameter: &str) -> ApiError {
    VALIDATION.because(format!("Parameter {parameter} is not valid. Reason: Must be a valid HTTPS endpoint."))
}

/// No API destination of this name.
#[must_use]
pub(crate) fn destination_not_found(destination: &str) -> ApiError {
    ErrorCode::ResourceNotFoundException.because(format!(
        "Failed to describe the api-destination(s). An api-destination '{destination}' does not exist."
    ))
}

/// There is such an API destination already.
#[must_use]
pub(crate) fn destination_exists(destination: &str) -> ApiError {
    ErrorCode::ResourceAlreadyExistsException
        .because(format!("An api-destination '{destination}' already exists."))
}
