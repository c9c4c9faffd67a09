//! AWS KMS: what the service does
