//! The one crate with unsafe code: locked memory, and a process that leaves no core dump
