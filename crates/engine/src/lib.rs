//! The engine: one way for every operation of every service.
//!
//! It names no service and knows no wire form.

pub mod port;
