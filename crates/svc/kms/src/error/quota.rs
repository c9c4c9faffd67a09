//! What KMS says about quotas.
