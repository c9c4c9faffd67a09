//! Lists in pages.
//!
//! A marker is where the page before ended, so the next one goes on there whatever was added or deleted in
//! between, and a keyed hash over the list and that place, so that only a marker that was given is taken.

use std::sync::Arc;

use alcazar_engine::port::store::NameRange;
use alcazar_engine::{Name, Reads, Record, Result};
use std::ops::Bound;

use crate::error;

/// One page of a list.
#[derive(Debug)]
pub(crate) struct Page<R> {
    /// The records.
    pub records: Vec<Arc<R>>,
    /// What the next page goes on after, if there is one.
    pub next_marker: Option<String>,
}

/// Reads the page of a range that comes after `marker`.
///
/// # Errors
/// The marker is none that a page ended with, or the store failed.
pub(crate) async fn read<R: Record>(
    reads: &mut Reads<'_>,
    range: NameRange,
    limit: usize,
    marker: Option<&str>,
) -> Result<Page<R>> {
    let prefix = match &range.start {
        Bound::Included(prefix) => prefix.clone(),
        Bound::Excluded(_) | Bound::Unbounded => return Err(error::invalid_marker().into()),
    };
    let range = match marker {
        None => range,
        Some(marker) => range.after(&[&prefix[..], &open(reads, &prefix, marker)?].concat()),
    };
    let mut found: Vec<(Name, Arc<R>)> = reads.scan(&range, limit.saturating_add(1)).await?;
    let truncated = found.len() > limit;
    found.truncate(limit);
    let last = found.last().filter(|_| truncated);
    let next_marker =
        last.map(|(name, _)| mark(reads, &prefix, name.as_bytes().get(prefix.len()..).unwrap_or_default()));
    Ok(Page { records: found.into_iter().map(|(_, record)| record).collect(), next_marker })
}

/// The page of a list that is at hand whole.
///
/// # Errors
/// The marker is none that a page ended with.
pub(crate) fn of_slice<T: Clone>(
    reads: &Reads<'_>,
    items: &[T],
    limit: usize,
    marker: Option<&str>,
) -> Result<(Vec<T>, Option<String>)> {
    let start = match marker {
        None => 0,
        Some(marker) => {
            let bytes = open(reads, PLACES, marker)?;
            let start: [u8; 4] = bytes.as_slice().try_into().map_err(|_| error::invalid_marker())?;
            usize::try_from(u32::from_be_bytes(start)).map_err(|_| error::invalid_marker())?
        }
    };
    let page: Vec<T> = items.iter().skip(start).take(limit).cloned().collect();
    let end = start.saturating_add(page.len());
    let more = end < items.len();
    let marker = u32::try_from(end).ok().filter(|_| more);
    let marker = marker.map(|end| mark(reads, PLACES, &end.to_be_bytes()));
    Ok((page, marker))
}

/// The limit that a caller asked for, or the service's own.
#[must_use]
pub(crate) fn limit(asked: Option<i32>, default: usize, max: usize) -> usize {
    asked.and_then(|asked| usize::try_from(asked).ok()).unwrap_or(default).clamp(1, max)
}

/// What the markers of lists at hand are of.
const PLACES: &[u8] = b"kms.place";

/// The length of a marker's keyed hash, in bytes.
const HASH_BYTES: usize = 16;

fn mark(reads: &Reads<'_>, list: &[u8], place: &[u8]) -> String {
    let hash = reads.keyring().blind(list, place);
    hex::encode([&hash[..], place].concat())
}

fn open(reads: &Reads<'_>, list: &[u8], marker: &str) -> Result<Vec<u8>> {
    let bytes = hex::decode(marker).map_err(|_| error::invalid_marker())?;
    match bytes.split_at_checked(HASH_BYTES) {
        Some((hash, place)) if reads.keyring().blind(list, place) == *hash => Ok(place.to_vec()),
        _ => Err(error::invalid_marker().into()),
    }
}
