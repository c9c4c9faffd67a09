//! The shapes of API models: static schemas, values, their validation, and API errors; no I/O
