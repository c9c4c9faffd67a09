//! The shapes of API models: what an input or output looks like, and what may be said about it.
//!
//! A [`Schema`] is a static description that `cargo xtask generate` writes from an API model. A [`Value`] is
//! data of such a shape. Each protocol's codec, the validator and the audit log walk the two side by side, so
//! none of them knows a service, and a generated type only says how it is made from a `Value` and back.

pub mod api_error;
pub mod common_error;
pub mod convert;
pub mod model;
pub mod pattern;
pub mod schema;
pub mod validate;
pub mod value;

pub use api_error::{ApiError, ErrorModel};
pub use convert::{Mismatch, Shape, Slots};
pub use model::{ApiOperation, OperationModel, Protocol, ServiceModel};
pub use schema::{Kind, Member, Schema, TimestampFormat};
pub use validate::{Constraint, ValidationFailure, Violation, validate};
pub use value::Value;
