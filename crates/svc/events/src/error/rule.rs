//! What is said of rules and their targets.

use alcazar_api_events::ErrorCode;
use alcazar_shape::ApiError;
use alcazar_shape::common_error::VALIDATION;

/// The pattern is none.
#[must_use]
pub(crate) fn invalid_pattern(reason: impl Into<String>) -> ApiError {
    ErrorCode::InvalidEventPatternException.because(reason)
}

/// A rule has to say when it acts.
#[must_use]
pub(crate) fn pattern_or_schedule_required() -> ApiError {
    VALIDATION.because("Parameter(s) EventPattern or ScheduleExpression must be specified.")
}

/// The schedule is none.
#[must_use]
pub(crate) fn invalid_schedule() -> ApiError {
    VALIDATION.because("Parameter ScheduleExpression is not valid.")
}

/// Other buses have no schedules.
#[must_use]
pub(crate) fn schedule_on_custom_bus() -> ApiError {
    VALIDATION.because("ScheduleExpression is supported only on the default event bus.")
}

/// Targets go before their rule does.
#[must_use]
pub(crate) fn has_targets() -> ApiError {
    VALIDATION.because("Rule can't be deleted since it has targets.")
}

/// A service made the rule, and keeps it.
#[must_use]
pub(crate) fn managed(rule: &str, service: &str) -> ApiError {
    ErrorCode::ManagedRuleException
        .because(format!("Rule {rule} is managed by {service} and can only be changed by it."))
}

/// The ARN is none that can be a target here.
#[must_use]
pub(crate) fn invalid_target_arn(arn: &str) -> ApiError {
    VALIDATION
        .because(format!("Parameter {arn} is not valid. Reason: Provided Arn is not in correct format."))
}

/// The target is one that only a role may use.
#[must_use]
pub(crate) fn role_required(arn: &str) -> ApiError {
    VALIDATION.because(format!("RoleArn is required for target {arn}."))
}

/// The role does not trust EventBridge, or is not there.
#[must_use]
pub(crate) fn role_not_assumable(role_arn: &str) -> ApiError {
    VALIDATION
        .because(format!("Provided role '{role_arn}' cannot be assumed by principal 'events.amazonaws.com'."))
}

/// A FIFO queue needs a group.
#[must_use]
pub(crate) fn sqs_parameters_required(target_id: &str) -> ApiError {
    VALIDATION.because(format!("Parameter(s) SqsParameters must be specified for target: {target_id}."))
}

/// More than one thing says what is sent.
#[must_use]
pub(crate) fn several_inputs(target_id: &str) -> ApiError {
    VALIDATION.because(format!(
        "Only one of Input, InputPath, or InputTransformer must be provided for target {target_id}."
    ))
}

/// The constant input is no JSON.
#[must_use]
pub(crate) fn input_not_json(target_id: &str) -> ApiError {
    VALIDATION.because(format!("JSON syntax error in input for target {target_id}."))
}

/// The path is none.
#[must_use]
pub(crate) fn invalid_input_path(target_id: &str) -> ApiError {
    VALIDATION.because(format!("Invalid InputPath for target {target_id}."))
}

/// The transformer is none.
#[must_use]
pub(crate) fn invalid_transformer(message: String) -> ApiError {
    VALIDATION.because(message)
}

/// What is asked for by its name is not what such a target has.
#[must_use]
pub(crate) fn parameters_not_supported(parameters: &str, target_id: &str) -> ApiError {
    VALIDATION.because(format!("Parameter(s) {parameters} are not supported for target: {target_id}."))
}

/// A request has more targets than it may have.
#[must_use]
pub(crate) fn too_many_entries(count: usize, most: usize) -> ApiError {
    VALIDATION.because(format!(
        "1 validation error detected: Value of length {count} at 'targets' failed to satisfy constraint: Member must have length less than or equal to {most}"
    ))
}

/// What goes to another bus is the event as it is.
#[must_use]
pub(crate) fn input_of_bus(arn: &str) -> ApiError {
    VALIDATION.because(format!("Modifying the input for target {arn} is not supported."))
}

/// Two targets of a request have one id.
#[must_use]
pub(crate) fn repeated_target(target_id: &str) -> ApiError {
    VALIDATION.because(format!("Parameter(s) Target Id must be unique: {target_id}."))
}

/// The dead-letter queue's ARN is none of a standard queue in the rule's region.
#[must_use]
pub(crate) fn invalid_dead_letter(arn: &str) -> ApiError {
    VALIDATION.because(format!(
        "Parameter DeadLetterConfig.Arn is not valid. Reason: {arn} is not the ARN of a standard SQS queue in this Region."
    ))
}

/// The event that a pattern is tried on is none.
#[must_use]
pub(crate) fn invalid_event() -> ApiError {
    VALIDATION.because("Parameter Event is not valid.")
}
