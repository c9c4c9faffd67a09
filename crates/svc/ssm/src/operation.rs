//! The operations, a file each.

mod delete_parameter;
mod get_parameter;
mod label_parameter_version;
mod put_parameter;
mod unlabel_parameter_version;

pub use delete_parameter::DeleteParameter;
pub use get_parameter::GetParameter;
pub use label_parameter_version::LabelParameterVersion;
pub use put_parameter::PutParameter;
pub use unlabel_parameter_version::UnlabelParameterVersion;
