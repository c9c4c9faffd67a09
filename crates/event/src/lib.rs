//! The languages of events: what rules and subscriptions say about them. Pure: no I/O, no clock, no randomness.
//!
//! - [`Pattern`]: event patterns of EventBridge.
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
mod json;
mod pattern;

pub use event::Event;
pub use pattern::{PATTERN_CHARACTERS_MAX, Pattern, PatternError};
