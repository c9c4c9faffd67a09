//! What this process changes of itself before the first secret is read: no core dumps, no debuggers, and files that
//! nobody else reads.
//!
//! A program that takes this one's place finds all of it as it was.

use std::sync::{Mutex, PoisonError};

use alcazar_sys::{HardenError, LimitsBefore, harden_process, harden_process_for_now};
use rustix::fs::Mode;

/// How it was before.
struct Before {
    limits: Option<LimitsBefore>,
    umask: Mode,
}

static BEFORE: Mutex<Option<Before>> = Mutex::new(None);

/// Changes it. Where another program is to take this one's place, it can be taken back.
///
/// # Errors
/// What the system refused. That is no reason not to go on, but worth a word.
pub(crate) fn prepare(another_follows: bool) -> Result<(), HardenError> {
    let limits =
        if another_follows { harden_process_for_now().map(Some) } else { harden_process().map(|()| None) };
    // Nothing that this program makes is for others to read.
    let umask = rustix::process::umask(Mode::RWXG | Mode::RWXO);
    let (limits, outcome) = match limits {
        Ok(limits) => (limits, Ok(())),
        Err(error) => (None, Err(error)),
    };
    *BEFORE.lock().unwrap_or_else(PoisonError::into_inner) = Some(Before { limits, umask });
    outcome
}

/// Takes it back, right before another program takes this one's place.
pub(crate) fn hand_over() {
    let before = BEFORE.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(Before { limits, umask }) = before {
        if let Some(limits) = limits {
            limits.restore();
        }
        rustix::process::umask(umask);
    }
}
