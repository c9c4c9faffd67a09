//! Compares embedded engines behind one group-commit thread.
//!
//! `cargo run --release -- all` runs everything and prints one table; `load`, `writes` and `open` are the steps that
//! run in processes of their own, so that memory and opening are measured on a fresh process.

mod engine;

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use engine::{Batch, ENGINES, Engine, Failure};

const WRITE_SECONDS: u64 = 2;
const READ_SECONDS: u64 = 1;
const GROUP_MAX: usize = 256;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["all"] => all(&["100000", "1000000"]),
        ["all", sizes @ ..] => all(sizes),
        ["load", name, path, records] => load(name, Path::new(path), records.parse()?),
        ["writes", name, path, writers, bytes] => {
            writes(name, Path::new(path), writers.parse()?, bytes.parse()?)
        }
        ["open", name, path, records] => reopen(name, Path::new(path), records.parse()?),
        ["crash", name, path] => crash(name, Path::new(path)),
        ["check", name, path, records] => check(name, Path::new(path), records.parse()?),
        _ => Err("use: all [RECORDS...]".into()),
    }
}

fn step(arguments: &[&str]) -> String {
    let output = Command::new(std::env::current_exe().unwrap_or_default())
        .args(arguments)
        .stderr(Stdio::null())
        .output();
    match output {
        Ok(output) if output.status.success() => String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        Ok(output) => format!("process failed ({})", output.status),
        Err(error) => error.to_string(),
    }
}

fn all(sizes: &[&str]) -> Result<(), Failure> {
    for name in ENGINES {
        for (writers, bytes) in [("8", "1024"), ("64", "1024"), ("8", "1600"), ("64", "1600")] {
            let home = tempfile::tempdir_in(".")?;
            let path = home.path().to_string_lossy().into_owned();
            println!(
                "{name}: {writers} writers of {bytes} bytes: {}",
                step(&["writes", name, &path, writers, bytes])
            );
        }
        for records in sizes {
            let home = tempfile::tempdir_in(".")?;
            let path = home.path().to_string_lossy().into_owned();
            println!("{name}: load {records}: {}", step(&["load", name, &path, records]));
            println!("{name}: {records} after a clean end: {}", step(&["open", name, &path, records]));
            // Ends itself by SIGKILL in the midst of writing.
            step(&["crash", name, &path]);
            println!("{name}: {records} after a kill: {}", step(&["open", name, &path, records]));
        }
        damage(name)?;
    }
    Ok(())
}

/// A record's name: spread evenly, and the same again for the same number.
fn record_name(number: u64) -> Vec<u8> {
    let mut mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed ^= mixed >> 29;
    [&mixed.wrapping_mul(0xbf58_476d_1ce4_e5b9).to_be_bytes()[..], &number.to_be_bytes()].concat()
}

/// Contents that do not compress, as sealed ones do not.
fn content(number: u64, bytes: usize) -> Vec<u8> {
    let mut state = number | 1;
    (0..bytes)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()[3]
        })
        .collect()
}

fn load(name: &str, path: &Path, records: u64) -> Result<(), Failure> {
    let start = Instant::now();
    let engine = engine::open(name, path)?;
    for first in (0..records).step_by(2000) {
        let batch =
            (first..records.min(first + 2000)).map(|number| (record_name(number), content(number, 1024)));
        engine.commit(batch.collect())?;
    }
    let elapsed = start.elapsed();
    drop(engine);
    println!("{:.1} s, {} MB on disk", elapsed.as_secs_f64(), disk_bytes(path) / 1_000_000);
    Ok(())
}

type Request = (Batch, SyncSender<()>);

fn writes(name: &str, path: &Path, writers: u64, bytes: usize) -> Result<(), Failure> {
    let engine: Arc<dyn Engine> = engine::open(name, path)?.into();
    let (requests, receiver) = sync_channel::<Request>(1024);
    let committer = std::thread::spawn(move || group_commit(engine.as_ref(), &receiver));
    let done = Arc::new(AtomicU64::new(0));
    let end = Instant::now() + Duration::from_secs(WRITE_SECONDS);
    let threads: Vec<_> = (0..writers)
        .map(|writer| {
            let (requests, done) = (requests.clone(), done.clone());
            std::thread::spawn(move || {
                let content = content(writer, bytes);
                let (answer, answered) = sync_channel(1);
                let mut number = writer << 32;
                while Instant::now() < end {
                    number += 1;
                    let batch = vec![(record_name(number), content.clone())];
                    if requests.send((batch, answer.clone())).is_err() || answered.recv().is_err() {
                        return;
                    }
                    done.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    drop(requests);
    for thread in threads {
        thread.join().map_err(|_| "a writer gave up")?;
    }
    committer.join().map_err(|_| "the committer gave up")??;
    println!("{} commits/s", done.load(Ordering::Relaxed) / WRITE_SECONDS);
    Ok(())
}

/// Takes all that wait, makes one durable batch of them, and answers them all.
fn group_commit(engine: &dyn Engine, requests: &Receiver<Request>) -> Result<(), Failure> {
    while let Ok((mut batch, answer)) = requests.recv() {
        let mut answers = vec![answer];
        while let Ok((more, answer)) = requests.try_recv() {
            batch.extend(more);
            answers.push(answer);
            if answers.len() == GROUP_MAX {
                break;
            }
        }
        engine.commit(batch)?;
        for answer in answers {
            answer.send(())?;
        }
    }
    Ok(())
}

fn reopen(name: &str, path: &Path, records: u64) -> Result<(), Failure> {
    let start = Instant::now();
    let engine = engine::open(name, path)?;
    let first = engine.get(&record_name(1))?;
    let opened = start.elapsed();
    if first.as_deref() != Some(content(1, 1024).as_slice()) {
        return Err("a record is wrong".into());
    }
    std::thread::sleep(Duration::from_millis(300));
    let rss_open = rss_bytes();
    let reads =
        rate(|number| engine.get(&record_name(number % records)).map(|found| found.map_or(0, |c| c.len())))?;
    let scans = rate(|number| engine.scan(&record_name(number % records), 100))?;
    println!(
        "open {:.1} ms, resident {} MB, then {reads} reads/s, {scans} scans/s, resident {} MB",
        opened.as_secs_f64() * 1000.0,
        rss_open / 1_000_000,
        rss_bytes() / 1_000_000
    );
    Ok(())
}

fn rate(mut work: impl FnMut(u64) -> Result<usize, Failure>) -> Result<u64, Failure> {
    let start = Instant::now();
    let mut number = 12_345_u64;
    let mut done = 0;
    while start.elapsed() < Duration::from_secs(READ_SECONDS) {
        for _ in 0..20 {
            number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            work(number >> 20)?;
            done += 1;
        }
    }
    Ok(done / READ_SECONDS)
}

/// Writes 20 MB in small batches, and is killed.
fn crash(name: &str, path: &Path) -> Result<(), Failure> {
    let engine = engine::open(name, path)?;
    for number in 0..200 {
        let batch = (0..100).map(|item| (record_name((1 << 40) + number * 100 + item), content(item, 1024)));
        engine.commit(batch.collect())?;
    }
    Command::new("kill").args(["-KILL", &std::process::id().to_string()]).status()?;
    std::thread::sleep(Duration::from_secs(10));
    Ok(())
}

/// What happens on a file that was changed or cut off: of each engine's largest file.
fn damage(name: &str) -> Result<(), Failure> {
    let home = tempfile::tempdir_in(".")?;
    let source = home.path().join("source");
    let path = source.to_string_lossy().into_owned();
    step(&["load", name, &path, "20000"]);
    let largest = largest_file(&source)?;
    let relative = largest.strip_prefix(&source)?;
    let mut outcomes = std::collections::BTreeMap::<String, u32>::new();
    for part in 1..=16_u64 {
        for cut in [false, true] {
            let damaged = home.path().join("damaged");
            Command::new("cp").args(["-r", "--sparse=always"]).arg(&source).arg(&damaged).status()?;
            let file = std::fs::OpenOptions::new().read(true).write(true).open(damaged.join(relative))?;
            let place = written_bytes(&largest)? * part / 17;
            if cut {
                file.set_len(place)?;
            } else {
                use std::os::unix::fs::FileExt;
                let mut byte = [0];
                file.read_exact_at(&mut byte, place)?;
                file.write_all_at(&[byte[0] ^ 16], place)?;
            }
            let outcome = step(&["check", name, &damaged.to_string_lossy(), "20000"]);
            *outcomes
                .entry(format!("{}: {outcome}", if cut { "cut off" } else { "bit changed" }))
                .or_default() += 1;
            std::fs::remove_dir_all(&damaged)?;
        }
    }
    for (outcome, times) in outcomes {
        println!("{name}: {outcome} ({times} times)");
    }
    Ok(())
}

fn check(name: &str, path: &Path, records: u64) -> Result<(), Failure> {
    let engine = match engine::open(name, path) {
        Ok(engine) => engine,
        Err(_) => return Ok(println!("refused at opening")),
    };
    let (mut wrong, mut missing) = (false, false);
    for number in 0..records {
        match engine.get(&record_name(number)) {
            Ok(Some(found)) => wrong |= found != content(number, 1024),
            Ok(None) => missing = true,
            Err(_) => return Ok(println!("refused at reading")),
        }
    }
    println!(
        "{}",
        if wrong {
            "WRONG DATA"
        } else if missing {
            "MISSING DATA"
        } else {
            "harmless"
        }
    );
    Ok(())
}

fn largest_file(directory: &Path) -> Result<std::path::PathBuf, Failure> {
    let mut largest = (0, std::path::PathBuf::new());
    let mut waiting = vec![directory.to_owned()];
    while let Some(directory) = waiting.pop() {
        for entry in std::fs::read_dir(directory)? {
            let path = entry?.path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                largest = largest.max((written_bytes(&path)?, path));
            }
        }
    }
    Ok(largest.1)
}

/// How much of a file takes place on disk, for files that are made long beforehand.
fn written_bytes(path: &Path) -> Result<u64, Failure> {
    use std::os::unix::fs::MetadataExt;
    let metadata = std::fs::metadata(path)?;
    Ok(metadata.len().min(metadata.blocks() * 512))
}

fn disk_bytes(directory: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(directory) else { return 0 };
    entries
        .flatten()
        .map(|entry| entry.path())
        .map(|path| if path.is_dir() { disk_bytes(&path) } else { written_bytes(&path).unwrap_or(0) })
        .sum()
}

fn rss_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) * 1024
}
