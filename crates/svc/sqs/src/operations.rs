//! The list of operations.

use alcazar_engine::Entry;

use crate::operation;

/// To add an operation: name it in `models/operations.toml`, generate, write its file, and list it here.
pub(crate) static OPERATIONS: &[Entry] = &[
    Entry::of::<operation::AddPermission>(),
    Entry::of::<operation::CancelMessageMoveTask>(),
    Entry::of::<operation::ChangeMessageVisibility>(),
    Entry::of::<operation::ChangeMessageVisibilityBatch>(),
    Entry::of::<operation::CreateQueue>(),
    Entry::of::<operation::DeleteMessage>(),
    Entry::of::<operation::DeleteMessageBatch>(),
    Entry::of::<operation::DeleteQueue>(),
    Entry::of::<operation::GetQueueAttributes>(),
    Entry::of::<operation::GetQueueUrl>(),
    Entry::of::<operation::ListDeadLetterSourceQueues>(),
    Entry::of::<operation::ListMessageMoveTasks>(),
    Entry::of::<operation::ListQueueTags>(),
    Entry::of::<operation::ListQueues>(),
    Entry::of::<operation::PurgeQueue>(),
    Entry::of::<operation::ReceiveMessage>(),
    Entry::of::<operation::RemovePermission>(),
    Entry::of::<operation::SendMessage>(),
    Entry::of::<operation::SendMessageBatch>(),
    Entry::of::<operation::SetQueueAttributes>(),
    Entry::of::<operation::StartMessageMoveTask>(),
    Entry::of::<operation::TagQueue>(),
    Entry::of::<operation::UntagQueue>(),
];
