//! What KMS says about signatures and message authentication codes.
