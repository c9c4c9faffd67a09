//! What the kernel has counted for a process: CPU time and resident memory, from `/proc`.

use std::fs;
use std::time::Duration;

use crate::error::BenchError;

/// The unit of the times in `/proc/<pid>/stat`. `USER_HZ` is 100 on every architecture we build for.
const MICROS_PER_TICK: u64 = 10_000;
/// `utime` is the 14th field of `/proc/<pid>/stat` (proc_pid_stat(5)): the 12th after the command's name.
const UTIME_AFTER_NAME: usize = 11;

/// The user and system time that all threads of a process have used.
pub(crate) fn cpu_time(pid: u32) -> Result<Duration, BenchError> {
    let missing = |what| BenchError::Process { pid, what };
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).map_err(|_| missing("stat"))?;
    let ticks = ticks_of(&stat).ok_or_else(|| missing("times"))?;
    Ok(Duration::from_micros(ticks * MICROS_PER_TICK))
}

/// The resident memory of a process, in KiB.
pub(crate) fn resident_kib(pid: u32) -> Result<u64, BenchError> {
    let missing = |what| BenchError::Process { pid, what };
    let status = fs::read_to_string(format!("/proc/{pid}/status")).map_err(|_| missing("status"))?;
    resident_of(&status).ok_or_else(|| missing("VmRSS"))
}

/// The sum of `utime` and `stime`. The command's name may hold blanks and brackets, so it is skipped whole.
fn ticks_of(stat: &str) -> Option<u64> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut times = after_name.split_whitespace().skip(UTIME_AFTER_NAME).map(str::parse::<u64>);
    Some(times.next()?.ok()? + times.next()?.ok()?)
}

fn resident_of(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_times_are_found_behind_any_name() {
        let stat = "42 (a (b) 1) S 1 42 42 0 -1 4194560 110 0 0 0 700 33 0 0 20 0 3 0 100 200 300";
        assert_eq!(ticks_of(stat), Some(733));
        assert_eq!(ticks_of("42 (cut"), None);
    }

    #[test]
    fn the_resident_memory_is_that_of_vmrss() {
        assert_eq!(resident_of("VmHWM:\t 9 kB\nVmRSS:\t   1234 kB\n"), Some(1234));
        assert_eq!(resident_of("VmHWM:\t 9 kB\n"), None);
    }

    #[test]
    fn this_process_has_accounts() {
        assert!(cpu_time(std::process::id()).is_ok());
        assert!(resident_kib(std::process::id()).is_ok_and(|kib| kib > 0));
    }
}
