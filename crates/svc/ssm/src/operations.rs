//! The list of operations.

use alcazar_engine::Entry;

use crate::operation;

/// To add an operation: name it in `models/operations.toml`, generate, write its file, and list it here.
pub(crate) static OPERATIONS: &[Entry] = &[
    Entry::of::<operation::AddTagsToResource>(),
    Entry::of::<operation::DeleteParameter>(),
    Entry::of::<operation::DeleteParameters>(),
    Entry::of::<operation::DeleteResourcePolicy>(),
    Entry::of::<operation::DescribeParameters>(),
    Entry::of::<operation::GetParameter>(),
    Entry::of::<operation::GetParameterHistory>(),
    Entry::of::<operation::GetParameters>(),
    Entry::of::<operation::GetParametersByPath>(),
    Entry::of::<operation::GetResourcePolicies>(),
    Entry::of::<operation::GetServiceSetting>(),
    Entry::of::<operation::LabelParameterVersion>(),
    Entry::of::<operation::ListTagsForResource>(),
    Entry::of::<operation::PutParameter>(),
    Entry::of::<operation::PutResourcePolicy>(),
    Entry::of::<operation::RemoveTagsFromResource>(),
    Entry::of::<operation::ResetServiceSetting>(),
    Entry::of::<operation::UnlabelParameterVersion>(),
    Entry::of::<operation::UpdateServiceSetting>(),
];
