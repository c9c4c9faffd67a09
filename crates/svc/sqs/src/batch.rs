//! Batches: several of one kind in a request, each with an id, and each with an outcome of its own.
//!
//! Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-batch-api-actions.html>

use std::collections::HashSet;

use alcazar_api_sqs::types::BatchResultErrorEntry;
use alcazar_shape::ApiError;

use crate::error::message as error;

/// How many entries a batch has at most.
const ENTRIES_MAX: usize = 10;

/// How long the id of an entry may be.
const ID_LENGTH_MAX: usize = 80;

/// Checks the ids of a batch's entries, which are called `kind`.
///
/// # Errors
/// There is none or too many, or an id is none or comes twice.
pub(crate) fn check_ids<'a>(kind: &str, ids: impl ExactSizeIterator<Item = &'a str>) -> Result<(), ApiError> {
    let count = ids.len();
    if count == 0 {
        return Err(error::empty_batch(kind));
    }
    if count > ENTRIES_MAX {
        return Err(error::too_many_entries(count, ENTRIES_MAX));
    }
    let mut seen = HashSet::new();
    for id in ids {
        let is_id = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if id.is_empty() || id.len() > ID_LENGTH_MAX || !id.bytes().all(is_id) {
            return Err(error::entry_id());
        }
        if !seen.insert(id) {
            return Err(error::entry_id_repeated(id));
        }
    }
    Ok(())
}

/// What is told of an entry that failed.
#[must_use]
pub(crate) fn failed(id: &str, refused: &ApiError) -> BatchResultErrorEntry {
    BatchResultErrorEntry {
        id: id.to_owned(),
        sender_fault: refused.model().sender_fault,
        code: refused.model().query_code.to_owned(),
        message: refused.message().map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ids_of_a_batch_are_checked() {
        let check = |ids: &[&str]| check_ids("SendMessageBatchRequestEntry", ids.iter().copied());
        assert!(check(&["a", "b-_9", &"x".repeat(80)]).is_ok());
        let name = |ids: &[&str]| check(ids).unwrap_err().model().name;
        assert_eq!(name(&[]), "EmptyBatchRequest");
        assert_eq!(name(&["a"; 11]), "TooManyEntriesInBatchRequest");
        assert_eq!(name(&["a", "a"]), "BatchEntryIdsNotDistinct");
        for bad in ["", "a b", "ä", &"x".repeat(81)] {
            assert_eq!(name(&[bad]), "InvalidBatchEntryId");
        }
    }
}
