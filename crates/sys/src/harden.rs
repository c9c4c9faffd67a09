//! A process that leaves no core dump and may lock as much memory as the system lets it.

use rustix::io::Errno;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// A protection that the system refused to set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HardenError {
    /// Core dumps could not be turned off; the system's error number.
    CoreDumps(i32),
    /// The process could not be closed to debuggers and dumps; the system's error number.
    Dumpable(i32),
}

impl std::fmt::Display for HardenError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (what, error) = match self {
            Self::CoreDumps(error) => ("core dumps could not be turned off", error),
            Self::Dumpable(error) => ("the process could not be closed to debuggers", error),
        };
        write!(f, "{what}: {}", std::io::Error::from_raw_os_error(*error))
    }
}

impl std::error::Error for HardenError {}

/// Turns core dumps off for good, closes the process to other processes' debuggers (Linux), and raises the
/// limit of locked memory as far as an ordinary user may.
///
/// To be called once, before the first secret is read. On Linux the files under `/proc/self` that only their
/// owner may read then belong to root. A limit of locked memory that stays low is no error: see
/// [`crate::locking_status`].
///
/// # Errors
/// `HardenError` names the first protection that the system refused. Those before it are in place.
pub fn harden_process() -> Result<(), HardenError> {
    let no_core_dumps = Rlimit { current: Some(0), maximum: Some(0) };
    setrlimit(Resource::Core, no_core_dumps).map_err(|error| HardenError::CoreDumps(error.raw_os_error()))?;
    close_to_debuggers().map_err(|error| HardenError::Dumpable(error.raw_os_error()))?;
    raise_lockable();
    Ok(())
}

/// The limits that a process had before it was hardened, for the program that takes its place.
#[derive(Debug, Clone)]
pub struct LimitsBefore {
    core: Rlimit,
    lockable: Rlimit,
}

impl LimitsBefore {
    /// Sets them again. A process that is closed to debuggers still leaves no core dump, on Linux; the program that takes
    /// its place is not closed.
    pub fn restore(self) {
        // Neither is raised above what it was allowed to be, so neither can be refused.
        let _ = setrlimit(Resource::Core, self.core);
        let _ = setrlimit(Resource::Memlock, self.lockable);
    }
}

/// As [`harden_process`], in a way that can be taken back: for a process whose place another program takes.
///
/// # Errors
/// As [`harden_process`].
pub fn harden_process_for_now() -> Result<LimitsBefore, HardenError> {
    let before = LimitsBefore { core: getrlimit(Resource::Core), lockable: getrlimit(Resource::Memlock) };
    let no_core_dumps = Rlimit { current: Some(0), ..before.core };
    setrlimit(Resource::Core, no_core_dumps).map_err(|error| HardenError::CoreDumps(error.raw_os_error()))?;
    close_to_debuggers().map_err(|error| HardenError::Dumpable(error.raw_os_error()))?;
    raise_lockable();
    Ok(before)
}

fn raise_lockable() {
    let lockable = getrlimit(Resource::Memlock);
    // What happens when it stays low is told by `locking_status` with the reason, once there are keys.
    let _ = setrlimit(Resource::Memlock, Rlimit { current: lockable.maximum, ..lockable });
}

#[cfg(target_os = "linux")]
fn close_to_debuggers() -> Result<(), Errno> {
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)
}

#[cfg(not(target_os = "linux"))]
fn close_to_debuggers() -> Result<(), Errno> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hardened_process_leaves_no_core_dump() {
        harden_process().unwrap();
        assert_eq!(getrlimit(Resource::Core), Rlimit { current: Some(0), maximum: Some(0) });
        let lockable = getrlimit(Resource::Memlock);
        assert_eq!(lockable.current, lockable.maximum);
        #[cfg(target_os = "linux")]
        assert_eq!(rustix::process::dumpable_behavior(), Ok(rustix::process::DumpableBehavior::NotDumpable));
    }

    #[test]
    fn an_error_says_what_is_missing_and_why() {
        let text = HardenError::CoreDumps(Errno::PERM.raw_os_error()).to_string();
        assert!(text.starts_with("core dumps could not be turned off: "), "{text}");
    }
}
