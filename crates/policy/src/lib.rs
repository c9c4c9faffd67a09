//! The IAM policy language: parse, validate, evaluate; no I/O
