//! Tests of generation as a whole.
