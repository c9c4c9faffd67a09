//! Generated: the shapes of AWS STS
