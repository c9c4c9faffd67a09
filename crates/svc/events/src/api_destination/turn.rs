//! Whose turn it is where a destination takes so many requests a second.
//!
//! A request that comes too early is given a turn, and keeps it. Turns are kept in memory: after a restart they are
//! given anew.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

use alcazar_base::Timestamp;
use lru::LruCache;

/// For how many destinations turns are kept.
const DESTINATIONS_MAX: NonZeroUsize = match NonZeroUsize::new(4096) {
    Some(most) => most,
    None => NonZeroUsize::MIN,
};

/// How many turns of a destination are kept.
const TURNS_MAX: usize = 10_000;

const SECOND_MICROS: i64 = 1_000_000;

/// How long a turn is kept that has come, so that an attempt which starts again still has it.
const KEPT_MICROS: i64 = 60 * SECOND_MICROS;

/// An attempt: a delivery's id, and how many attempts failed before.
pub(crate) type Attempt = (String, u32);

#[derive(Default)]
struct Line {
    /// When a request would come, in microseconds, if all came as far apart as they may.
    next: i64,
    /// The turns.
    turns: HashMap<Attempt, i64>,
}

/// The turns of all destinations.
pub(crate) struct Turns(Mutex<LruCache<String, Line>>);

impl Default for Turns {
    fn default() -> Self {
        let mut lines = LruCache::unbounded();
        lines.resize(DESTINATIONS_MAX);
        Self(Mutex::new(lines))
    }
}

impl Turns {
    /// Passes if it is an attempt's turn now.
    ///
    /// # Errors
    /// When it is.
    pub(crate) fn take(
        &self,
        destination_arn: &str,
        rate: u32,
        now: Timestamp,
        attempt: Attempt,
    ) -> Result<(), Timestamp> {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let line = lines.get_or_insert_mut(destination_arn.to_owned(), Line::default);
        let now = now.as_millis().saturating_mul(1000);
        let turn = match line.turns.get(&attempt) {
            Some(turn) => *turn,
            None => line.give(rate, now, attempt),
        };
        // Times are told in milliseconds, and none too early.
        let at = turn.saturating_add(999).div_euclid(1000);
        if turn <= now { Ok(()) } else { Err(Timestamp::from_millis(at)) }
    }
}

impl Line {
    /// The next turn. Up to a second's requests may come at once.
    fn give(&mut self, rate: u32, now: i64, attempt: Attempt) -> i64 {
        let apart = SECOND_MICROS / i64::from(rate.max(1));
        let next = self.next.max(now);
        let turn = (next - (SECOND_MICROS - apart)).max(now);
        if self.turns.len() >= TURNS_MAX {
            self.turns.retain(|_, turn| turn.saturating_add(KEPT_MICROS) > now);
        }
        let has_room = self.turns.len() < TURNS_MAX;
        // Where there is no room for more turns, whoever has to wait is told when to ask again.
        if has_room || turn <= now {
            self.next = next + apart;
        }
        if has_room {
            self.turns.insert(attempt, turn);
        }
        turn
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: i64) -> Timestamp {
        Timestamp::from_millis(1_000_000 + milliseconds)
    }

    #[test]
    fn a_seconds_requests_come_at_once_and_the_others_as_far_apart_as_they_may() {
        let turns = Turns::default();
        let take = |now, id: u32| turns.take("d", 2, at(now), (id.to_string(), 0));
        assert_eq!([take(0, 1), take(0, 2)], [Ok(()), Ok(())]);
        let later = [take(0, 3), take(0, 4), take(0, 5)];
        assert_eq!(later, [Err(at(500)), Err(at(1000)), Err(at(1500))]);
        // Each keeps its turn, however often it asks.
        assert_eq!(take(300, 4), Err(at(1000)));
        assert_eq!([take(500, 3), take(1000, 4), take(1500, 5)], [Ok(()), Ok(()), Ok(())]);
        assert_eq!(take(1500, 5), Ok(()));
        assert_eq!(turns.take("other", 2, at(0), ("6".into(), 0)), Ok(()));
    }

    #[test]
    fn after_a_pause_a_seconds_requests_may_come_again() {
        let turns = Turns::default();
        let take = |now, id: u32| turns.take("d", 2, at(now), (id.to_string(), 0));
        assert_eq!([take(0, 1), take(0, 2)], [Ok(()), Ok(())]);
        assert_eq!([take(60_000, 3), take(60_000, 4)], [Ok(()), Ok(())]);
        assert!(take(60_000, 5).is_err());
        // A later attempt waits anew.
        assert!(turns.take("d", 2, at(60_000), ("3".into(), 1)).is_err());
    }

    #[test]
    fn turns_are_bounded() {
        let turns = Turns::default();
        for id in 0..2 * TURNS_MAX {
            let _ = turns.take("d", 1, at(0), (id.to_string(), 0));
        }
        let lines = turns.0.lock().unwrap();
        assert_eq!(lines.peek("d").unwrap().turns.len(), TURNS_MAX);
    }
}
