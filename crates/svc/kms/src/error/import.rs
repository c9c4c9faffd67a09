//! What KMS says about imported key material.
