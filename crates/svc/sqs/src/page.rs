//! Lists in pages.
//!
//! Pages are in the order of names, so the next one goes on behind the last name whatever was made or deleted in between.
//! Records do not stand in the order of names; a list is read through for each page, and no more names are held than it
//! shows.
//!
//! Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueues.html>

use std::collections::BTreeSet;

use alcazar_engine::port::store::NameRange;
use alcazar_engine::{Reads, Record, Result, page};
use alcazar_shape::ApiError;

use crate::error;

/// How many names a page has at most, and where the caller does not say.
const NAMES_MAX: usize = 1000;

/// How many records are read at a time.
const RECORDS_READ: usize = 1000;

/// What a request says of its page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    /// `NextToken`
    pub(crate) next_token: Option<&'a str>,
    /// `MaxResults`
    pub(crate) max_results: Option<i32>,
}

/// One page of names.
#[derive(Debug)]
pub(crate) struct Page {
    /// The names.
    pub(crate) names: BTreeSet<String>,
    /// What the next page goes on after, if there is one.
    pub(crate) next_token: Option<String>,
}

/// Reads a page of the names that the records of a range have. `list` tells one list's tokens from another's.
///
/// # Errors
/// The request asks for too many, its token is none that a page of this list ended with, or the store failed.
pub(crate) async fn read<R: Record>(
    reads: &mut Reads<'_>,
    list: &str,
    mut range: NameRange,
    asked: Asked<'_>,
    name: impl Fn(&R) -> Option<String>,
) -> Result<Page> {
    let most = most(asked.max_results)?;
    let after = match asked.next_token {
        Some(token) => Some(page::open(reads, list, token).ok_or_else(error::next_token)?),
        None => None,
    };
    let is_later = |name: &String| after.as_ref().is_none_or(|after| name > after);
    let mut names = BTreeSet::new();
    loop {
        let found = reads.glance::<R>(&range, RECORDS_READ).await?;
        let last = found.last().map(|(record, _)| record.clone());
        for (_, record) in &found {
            names.extend(name(record).filter(is_later));
            if names.len() > most + 1 {
                names.pop_last();
            }
        }
        match last.filter(|_| found.len() == RECORDS_READ) {
            Some(last) => range = range.after(last.as_bytes()),
            None => break,
        }
    }
    let more = names.len() > most && names.pop_last().is_some();
    // AWS pages only for those who say how many they want.
    let last = names.last().filter(|_| more && asked.max_results.is_some());
    let next_token = last.map(|last| page::mark(reads, list, last));
    Ok(Page { names, next_token })
}

fn most(asked: Option<i32>) -> Result<usize, ApiError> {
    let Some(asked) = asked else { return Ok(NAMES_MAX) };
    let most = usize::try_from(asked).ok().filter(|most| (1..=NAMES_MAX).contains(most));
    most.ok_or_else(|| error::max_results(asked, NAMES_MAX))
}
