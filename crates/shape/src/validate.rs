//! Checks a value against its schema.
