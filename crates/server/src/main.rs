//! The alcazar binary.
fn main() {}
