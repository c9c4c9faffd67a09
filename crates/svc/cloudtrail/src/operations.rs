//! The list of operations.

use alcazar_engine::Entry;

use crate::operation;

/// To add an operation: name it in `models/operations.toml`, generate, write its file, and list it here.
pub(crate) static OPERATIONS: &[Entry] = &[
    Entry::of::<operation::AddTags>(),
    Entry::of::<operation::CancelQuery>(),
    Entry::of::<operation::CreateEventDataStore>(),
    Entry::of::<operation::CreateTrail>(),
    Entry::of::<operation::DeleteEventDataStore>(),
    Entry::of::<operation::DeleteResourcePolicy>(),
    Entry::of::<operation::DeleteTrail>(),
    Entry::of::<operation::DescribeQuery>(),
    Entry::of::<operation::DescribeTrails>(),
    Entry::of::<operation::GetEventDataStore>(),
    Entry::of::<operation::GetEventSelectors>(),
    Entry::of::<operation::GetInsightSelectors>(),
    Entry::of::<operation::GetQueryResults>(),
    Entry::of::<operation::GetResourcePolicy>(),
    Entry::of::<operation::GetTrail>(),
    Entry::of::<operation::GetTrailStatus>(),
    Entry::of::<operation::ListEventDataStores>(),
    Entry::of::<operation::ListPublicKeys>(),
    Entry::of::<operation::ListQueries>(),
    Entry::of::<operation::ListTags>(),
    Entry::of::<operation::ListTrails>(),
    Entry::of::<operation::LookupEvents>(),
    Entry::of::<operation::PutEventSelectors>(),
    Entry::of::<operation::PutInsightSelectors>(),
    Entry::of::<operation::PutResourcePolicy>(),
    Entry::of::<operation::RemoveTags>(),
    Entry::of::<operation::RestoreEventDataStore>(),
    Entry::of::<operation::StartEventDataStoreIngestion>(),
    Entry::of::<operation::StartLogging>(),
    Entry::of::<operation::StartQuery>(),
    Entry::of::<operation::StopEventDataStoreIngestion>(),
    Entry::of::<operation::StopLogging>(),
    Entry::of::<operation::UpdateEventDataStore>(),
    Entry::of::<operation::UpdateTrail>(),
];
