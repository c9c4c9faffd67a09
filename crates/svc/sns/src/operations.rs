//! The list of operations.

use alcazar_engine::Entry;

use crate::operation;

/// To add an operation: name it in `models/operations.toml`, generate, write its file, and list it here.
pub(crate) static OPERATIONS: &[Entry] = &[
    Entry::of::<operation::AddPermission>(),
    Entry::of::<operation::ConfirmSubscription>(),
    Entry::of::<operation::CreateTopic>(),
    Entry::of::<operation::DeleteTopic>(),
    Entry::of::<operation::GetSubscriptionAttributes>(),
    Entry::of::<operation::GetTopicAttributes>(),
    Entry::of::<operation::ListSubscriptions>(),
    Entry::of::<operation::ListSubscriptionsByTopic>(),
    Entry::of::<operation::ListTagsForResource>(),
    Entry::of::<operation::ListTopics>(),
    Entry::of::<operation::Publish>(),
    Entry::of::<operation::PublishBatch>(),
    Entry::of::<operation::RemovePermission>(),
    Entry::of::<operation::SetSubscriptionAttributes>(),
    Entry::of::<operation::SetTopicAttributes>(),
    Entry::of::<operation::Subscribe>(),
    Entry::of::<operation::TagResource>(),
    Entry::of::<operation::Unsubscribe>(),
    Entry::of::<operation::UntagResource>(),
];
