//! What KMS says about encryption, key agreement, encapsulation and data keys.
