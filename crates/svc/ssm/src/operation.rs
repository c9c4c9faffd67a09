//! The operations, a file each.

mod delete_parameter;
mod get_parameter;
mod put_parameter;

pub use delete_parameter::DeleteParameter;
pub use get_parameter::GetParameter;
pub use put_parameter::PutParameter;
