//! The results of queries: rows in pages, each a record of bounded size.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetQueryResults.html>

use alcazar_engine::{Cx, Error, Name, Reads, Result};
use minicbor::{Decode, Encode};

use super::query::{Found, Query};
use super::run::Outcome;

const TABLE: &str = "cloudtrail.query-result";

/// How many rows a page has at most.
const PAGE_ROWS_MAX: usize = 1000;

/// How large a page is before it takes no further row, in bytes.
const PAGE_BYTES: usize = 256 * 1024;

/// How large an answer is before it takes no further row, in bytes.
const ANSWER_BYTES: usize = 1024 * 1024;

/// Some rows of a result. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Page {
    /// The values of each row, by the result's columns.
    #[n(0)]
    rows: Vec<Vec<String>>,
}

/// Writes what a query found, and says what its record says of it.
///
/// # Errors
/// The records cannot be sealed.
pub(crate) fn put(cx: &mut Cx<'_>, query: &Query, outcome: &Outcome) -> Result<Found> {
    let columns = outcome.rows.first().map(|row| row.iter().map(|(name, _)| name.clone()).collect());
    let mut found = Found {
        events_scanned: outcome.events_scanned,
        events_matched: outcome.events_matched,
        bytes_scanned: outcome.bytes_scanned,
        columns: columns.unwrap_or_default(),
        rows: 0,
        pages: Vec::new(),
    };
    let (mut rows, mut bytes) = (Vec::new(), 0);
    for row in &outcome.rows {
        bytes += row.iter().map(|(_, value)| value.len()).sum::<usize>();
        rows.push(row.iter().map(|(_, value)| value.clone()).collect());
        if rows.len() >= PAGE_ROWS_MAX || bytes >= PAGE_BYTES {
            put_page(cx, query, &mut found, std::mem::take(&mut rows))?;
            bytes = 0;
        }
    }
    if !rows.is_empty() {
        put_page(cx, query, &mut found, rows)?;
    }
    Ok(found)
}

fn put_page(cx: &mut Cx<'_>, query: &Query, found: &mut Found, rows: Vec<Vec<String>>) -> Result<()> {
    let first = found.rows;
    found.pages.push(first);
    found.rows = first.saturating_add(u64::try_from(rows.len()).unwrap_or(u64::MAX));
    cx.put(name(query, first), Page { rows })
}

/// Deletes what a query found.
///
/// # Errors
/// There is more than one transaction takes.
pub(crate) fn delete(cx: &mut Cx<'_>, query: &Query) -> Result<()> {
    query.found.pages.iter().try_for_each(|first| cx.delete(name(query, *first)))
}

/// Up to `most` rows of a result from the row `from` on, each with its columns' names; fewer, but one at least, where
/// they are long.
///
/// # Errors
/// The store failed.
pub(crate) async fn read(
    reads: &Reads<'_>,
    query: &Query,
    from: u64,
    most: usize,
) -> Result<Vec<Vec<(String, String)>>> {
    let (mut rows, mut bytes) = (Vec::new(), 0);
    let found = &query.found;
    let begins = found.pages.partition_point(|first| *first <= from).saturating_sub(1);
    for first in found.pages.iter().skip(begins) {
        let page = reads.glance_at::<Page>(&name(query, *first)).await?;
        let page = page.ok_or_else(|| Error::invariant("a page of a result is missing"))?;
        let skipped = usize::try_from(from.saturating_sub(*first)).unwrap_or(usize::MAX);
        for row in page.rows.iter().skip(skipped) {
            if rows.len() >= most || (bytes >= ANSWER_BYTES && !rows.is_empty()) {
                return Ok(rows);
            }
            bytes += row.iter().map(String::len).sum::<usize>();
            rows.push(found.columns.iter().cloned().zip(row.iter().cloned()).collect());
        }
    }
    Ok(rows)
}

fn name(query: &Query, first: u64) -> Name {
    Name::table(TABLE)
        .part(query.account.as_str())
        .part(&query.region)
        .part(&query.id)
        .part(&format!("{first:016x}"))
        .name()
}
