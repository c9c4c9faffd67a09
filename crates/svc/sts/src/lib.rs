//! AWS STS: what the service does
