//! Generated: the shapes of AWS KMS
