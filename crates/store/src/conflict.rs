//! The newest commits, by the names that they wrote: what a transaction's reads are compared with.
//!
//! The window is bounded. It always holds every name written after `floor`, so it can judge any snapshot from
//! `floor` on, and an older one is answered as a conflict: the operation starts again from a newer snapshot.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Bound;

use alcazar_engine::port::store::{NameRange, ReadSet, Revision};
use bytes::Bytes;

/// How many written names are remembered.
pub(crate) const CONFLICT_WINDOW_NAMES_MAX: usize = 16_384;

/// The names written by recent commits.
#[derive(Debug)]
pub(crate) struct ConflictWindow {
    floor: Revision,
    latest: BTreeMap<Bytes, Revision>,
    commits: VecDeque<(Revision, Vec<Bytes>)>,
    names_held: usize,
}

impl ConflictWindow {
    /// An empty window for a store that is at `revision`.
    pub(crate) fn new(revision: Revision) -> Self {
        Self { floor: revision, latest: BTreeMap::new(), commits: VecDeque::new(), names_held: 0 }
    }

    /// Whether anything in `reads` was written after `snapshot`, or may have been.
    pub(crate) fn has_changed(&self, reads: &ReadSet, snapshot: Revision) -> bool {
        if reads.names.is_empty() && reads.ranges.is_empty() {
            return false;
        }
        let newest = self.commits.back().map_or(self.floor, |(revision, _)| *revision);
        if snapshot >= newest {
            return false;
        }
        if snapshot < self.floor {
            return true;
        }
        let after = |revision: &Revision| *revision > snapshot;
        reads.names.iter().any(|name| self.latest.get(name).is_some_and(after))
            || reads.ranges.iter().any(|range| self.range(range).any(after))
    }

    /// Remembers what a commit wrote. Revisions come in ascending order.
    pub(crate) fn note(&mut self, revision: Revision, names: Vec<Bytes>) {
        for name in &names {
            self.latest.insert(name.clone(), revision);
        }
        self.names_held += names.len();
        self.commits.push_back((revision, names));
        // A commit without names still takes a place, so the count of commits is bounded by the same number.
        while self.names_held > CONFLICT_WINDOW_NAMES_MAX || self.commits.len() > CONFLICT_WINDOW_NAMES_MAX {
            let Some((oldest, names)) = self.commits.pop_front() else { break };
            self.floor = oldest;
            self.names_held -= names.len();
            for name in names {
                if self.latest.get(&name) == Some(&oldest) {
                    self.latest.remove(&name);
                }
            }
        }
    }

    fn range(&self, range: &NameRange) -> impl Iterator<Item = &Revision> {
        bounds(range)
            .into_iter()
            .flat_map(|bounds| self.latest.range::<[u8], _>(bounds))
            .map(|(_, revision)| revision)
    }
}

/// Start and end of a range, borrowed.
pub(crate) type Bounds<'a> = (Bound<&'a [u8]>, Bound<&'a [u8]>);

/// The bounds of a range, or nothing if no name can be in it.
pub(crate) fn bounds(range: &NameRange) -> Option<Bounds<'_>> {
    let start = range.start.as_ref().map(AsRef::as_ref);
    let end = range.end.as_ref().map(AsRef::as_ref);
    let possible = match (start, end) {
        (Bound::Included(first), Bound::Included(last)) => first <= last,
        (Bound::Included(first) | Bound::Excluded(first), Bound::Included(last) | Bound::Excluded(last)) => {
            first < last
        }
        (Bound::Unbounded, _) | (_, Bound::Unbounded) => true,
    };
    possible.then_some((start, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Bytes {
        Bytes::copy_from_slice(text.as_bytes())
    }

    fn reads(names: &[&str]) -> ReadSet {
        ReadSet { names: names.iter().map(|text| name(text)).collect(), ranges: vec![] }
    }

    #[test]
    fn a_name_written_after_the_snapshot_has_changed() {
        let mut window = ConflictWindow::new(10);
        window.note(11, vec![name("a")]);
        window.note(12, vec![name("b")]);
        assert!(window.has_changed(&reads(&["a"]), 10));
        assert!(!window.has_changed(&reads(&["a"]), 11));
        assert!(window.has_changed(&reads(&["a", "b"]), 11));
        assert!(!window.has_changed(&reads(&["a", "b"]), 12));
    }

    #[test]
    fn a_snapshot_older_than_the_window_has_changed_if_it_read_anything() {
        let mut window = ConflictWindow::new(10);
        window.note(11, vec![name("a")]);
        assert!(window.has_changed(&reads(&["never written"]), 9));
        assert!(!window.has_changed(&ReadSet::default(), 9));
    }

    #[test]
    fn the_window_is_bounded_and_its_floor_rises() {
        let mut window = ConflictWindow::new(0);
        let last = u64::try_from(CONFLICT_WINDOW_NAMES_MAX).unwrap() + 100;
        for revision in 1..=last {
            window.note(revision, vec![name(&format!("{revision}"))]);
        }
        assert_eq!(window.latest.len(), CONFLICT_WINDOW_NAMES_MAX);
        assert_eq!(window.floor, 100);
        assert!(window.has_changed(&reads(&["x"]), 99));
        assert!(!window.has_changed(&reads(&["x"]), 100));
        window.note(last + 1, (0..2 * CONFLICT_WINDOW_NAMES_MAX).map(|n| name(&format!("big{n}"))).collect());
        assert!(window.latest.is_empty());
        assert!(window.has_changed(&reads(&["x"]), last));
    }

    #[test]
    fn a_range_that_holds_nothing_is_no_error() {
        let mut window = ConflictWindow::new(0);
        window.note(1, vec![name("m")]);
        for (start, end) in [
            (Bound::Included(name("z")), Bound::Included(name("a"))),
            (Bound::Excluded(name("m")), Bound::Excluded(name("m"))),
            (Bound::Excluded(name("m")), Bound::Included(name("m"))),
        ] {
            let ranges = vec![NameRange { start, end }];
            assert!(!window.has_changed(&ReadSet { names: vec![], ranges }, 0));
        }
    }
}
