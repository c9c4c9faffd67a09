//! What KMS says about multi-Region keys.
