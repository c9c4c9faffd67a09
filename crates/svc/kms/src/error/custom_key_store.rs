//! What KMS says about custom key stores.
