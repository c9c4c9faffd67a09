//! SigV4 and the AWS protocols: the one place that knows HTTP, JSON, XML and CBOR.
//!
//! A request's way through it: [`Route::find`] says which service and operation are meant and in which
//! protocol; the route's [`Codec`] turns the body into a [`Value`](alcazar_shape::Value) by the operation's
//! schema, and in the end a value or an error into a response. Nothing here knows a service.

pub mod cbor;
pub mod codec;
pub mod decode_error;
pub mod http_url;
pub mod json;
pub mod query;
pub mod redact;
pub mod route;
pub mod sigv4;

mod number;
mod parts;
#[cfg(test)]
mod testing;
mod timestamp_text;

pub use codec::{Codec, EncodedResponse, RequestParts, codec};
pub use decode_error::DecodeError;
pub use route::{Route, RouteError};
