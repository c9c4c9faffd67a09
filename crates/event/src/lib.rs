//! The languages of events: what rules and subscriptions say about them. Pure: no I/O, no clock, no randomness.
//!
//! - [`Pattern`]: event patterns of EventBridge.
//! - [`Schedule`]: rate and cron expressions of its rules.
//! - [`InputPath`], [`InputTransformer`]: what its targets are sent of an event.
//! - [`FilterPolicy`]: filter policies of SNS subscriptions, on the core of patterns.
//!
//! ```
//! use alcazar_event::{Event, Pattern};
//! use serde_json::json;
//!
//! let pattern = Pattern::parse(r#"{"source": ["aws.kms"], "detail": {"eventName": [{"prefix": "Disable"}]}}"#)?;
//! let event = json!({"source": "aws.kms", "detail": {"eventName": "DisableKey"}});
//! assert!(pattern.matches(&event));
//! // For many patterns: the event is made ready once.
//! assert!(pattern.matches_event(&Event::new(&event)));
//! assert_eq!(
//!     Pattern::parse(r#"{"int": 42}"#).unwrap_err().to_string(),
//!     "Event pattern is not valid. Reason: \"int\" must be an object or an array\n at \
//!      [Source: (String)\"{\"int\": 42}\"; line: 1, column: 11]",
//! );
//! # Ok::<(), alcazar_event::PatternError>(())
//! ```
//!
//! A text is read once, at the edge; what has been read is valid, and using it cannot fail. Reading and using take work
//! that is bounded by the length of what is read.

mod event;
mod filter_policy;
mod input_path;
mod input_transformer;
mod json;
mod ordered;
mod pattern;
mod schedule;

pub use event::Event;
pub use filter_policy::{
    FILTER_POLICY_BYTES_MAX, FilterPolicy, FilterPolicyError, FilterPolicyScope, MessageAttribute,
};
pub use input_path::{INPUT_PATH_CHARACTERS_MAX, InputPath, InvalidInputPath};
pub use input_transformer::{
    INPUT_PATHS_MAX, INPUT_TEMPLATE_CHARACTERS_MAX, InputTransformer, InputTransformerError,
    TRANSFORMED_BYTES_MAX, TransformedTooLong, TransformerInput,
};
pub use pattern::{PATTERN_CHARACTERS_MAX, Pattern, PatternError};
pub use schedule::{InvalidSchedule, SCHEDULE_CHARACTERS_MAX, Schedule};
