//! What KMS says about the rotation of key material.
