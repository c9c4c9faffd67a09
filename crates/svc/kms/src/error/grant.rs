//! What KMS says about grants.
