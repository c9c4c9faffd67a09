//! The operations, a file each.

mod add_tags_to_resource;
mod delete_parameter;
mod delete_parameters;
mod delete_resource_policy;
mod get_parameter;
mod get_resource_policies;
mod get_service_setting;
mod label_parameter_version;
mod list_tags_for_resource;
mod put_parameter;
mod put_resource_policy;
mod remove_tags_from_resource;
mod reset_service_setting;
mod unlabel_parameter_version;
mod update_service_setting;

pub use add_tags_to_resource::AddTagsToResource;
pub use delete_parameter::DeleteParameter;
pub use delete_parameters::DeleteParameters;
pub use delete_resource_policy::DeleteResourcePolicy;
pub use get_parameter::GetParameter;
pub use get_resource_policies::GetResourcePolicies;
pub use get_service_setting::GetServiceSetting;
pub use label_parameter_version::LabelParameterVersion;
pub use list_tags_for_resource::ListTagsForResource;
pub use put_parameter::PutParameter;
pub use put_resource_policy::PutResourcePolicy;
pub use remove_tags_from_resource::RemoveTagsFromResource;
pub use reset_service_setting::ResetServiceSetting;
pub use unlabel_parameter_version::UnlabelParameterVersion;
pub use update_service_setting::UpdateServiceSetting;
