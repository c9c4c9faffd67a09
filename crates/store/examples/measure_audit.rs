//! Measures the audit log with many events: what an event costs to write, how long it takes to look some up, and what
//! it takes of memory and disk: `cargo run --release -p alcazar-store --example measure_audit -- 1000000`.

use std::error::Error;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use alcazar_base::{AccountId, Timestamp};
use alcazar_crypto::{Keyring, SystemEntropy};
use alcazar_engine::audit::find::{EventLookup, EventReader, EventScan};
use alcazar_engine::audit::{Attribute, AuditEvent, Identity, LabelKey, Resource, TlsDetails};
use alcazar_engine::port::audit_log::{AuditLog, Order};
use alcazar_store::{EmbeddedStore, SegmentLog};

/// How many events are appended by one write, as when as many calls end at once.
const EVENTS_A_WRITE: u64 = 4;

/// What the newest event's time is; the others are a hundred milliseconds apart.
const NOW: i64 = 1_800_000_000_000;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn account(number: u64) -> AccountId {
    AccountId::from_number(111_122_223_333 + number)
}

/// An event as KMS leaves it, of one of five accounts, a hundred users and a thousand keys.
fn event(number: u64, of: u64) -> AuditEvent {
    let (caller, user, key) = (account(number % 5), number % 100, number % 1000);
    let name = ["Encrypt", "Decrypt", "GenerateDataKey", "DescribeKey"];
    let name = name.get(usize::try_from(number % 4).unwrap_or(0)).copied().unwrap_or_default();
    let arn = format!("arn:aws:kms:eu-west-1:{caller}:key/1234abcd-12ab-34cd-56ef-{key:012}");
    AuditEvent {
        event_id: format!("6f0c8e2a-0000-4000-8000-{number:012}"),
        time: Timestamp::from_millis(NOW - 100 * i64::try_from(of - number).unwrap_or(0)),
        event_source: "kms.amazonaws.com".to_owned(),
        event_name: if number == 77 { "ScheduleKeyDeletion" } else { name }.to_owned(),
        region: "eu-west-1".to_owned(),
        identity: Some(Identity {
            kind: "IAMUser".to_owned(),
            principal_id: "AIDA6ODU5DHT7VPXGCE2A".to_owned(),
            arn: format!("arn:aws:iam::{caller}:user/division/user-{user}"),
            account: caller,
            session: None,
            user_name: None,
        }),
        access_key_id: Some(format!("AKIAIOSFODNN7{user:07}")),
        source_ip: "192.0.2.7".to_owned(),
        user_agent: "Boto3/1.40.1 md/Botocore#1.40.1 ua/2.1 os/linux#6.8 md/arch#x86_64 lang/python#3.12"
            .to_owned(),
        request_id: format!("7a1d9f3b-0000-4000-8000-{number:012}"),
        error_code: None,
        error_message: None,
        request_parameters: Some(format!(
            r#"{{"keyId":"{arn}","encryptionAlgorithm":"SYMMETRIC_DEFAULT","encryptionContext":{{"purpose":"measure"}}}}"#
        )),
        response_elements: None,
        resources: vec![Resource { arn, account: caller, kind: "AWS::KMS::Key".to_owned() }],
        read_only: true,
        tls: Some(TlsDetails {
            version: "TLSv1.3".to_owned(),
            cipher_suite: "TLS_AES_128_GCM_SHA256".to_owned(),
            host: "kms.eu-west-1.amazonaws.com".to_owned(),
        }),
        invoked_by: None,
        service_event: false,
        uses: None,
        service_event_details: None,
        data_event: false,
        additional_data: None,
        names: Vec::new(),
        hides_resources: false,
    }
}

fn main() -> Result<()> {
    let events = std::env::args().nth(1).map_or(Ok(1_000_000), |count| count.parse::<u64>())?;
    let home = tempfile::tempdir_in(std::env::var_os("MEASURE_DIR").unwrap_or_else(|| "/tmp".into()))?;
    let entropy = Arc::new(SystemEntropy::new());
    let keyring = Arc::new(Keyring::generate(entropy.as_ref())?);
    let key = LabelKey::of(&keyring);
    let open = || -> Result<_> {
        let (store, audit) = EmbeddedStore::open(home.path(), keyring.clone(), entropy.clone())?;
        audit.label_by(key.labeller());
        Ok((store, audit))
    };
    let (store, audit) = open()?;
    write_events(&audit, &key, events)?;
    look_up(&audit, &key, events)?;
    drop((store, audit));
    let (log, indexes) = (bytes_of(home.path(), "log")?, bytes_of(home.path(), "idx")?);
    say(&format!("{events} events: {log} bytes of segments, {indexes} bytes of indexes"))?;

    say("after a restart, with nothing known")?;
    let (store, audit) = open()?;
    look_up(&audit, &key, events)?;
    scan(&audit, &key)?;
    say(&format!("{} MiB of memory", resident()? / (1024 * 1024)))?;
    drop((store, audit));
    for entry in std::fs::read_dir(home.path().join("audit"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "idx") {
            std::fs::remove_file(path)?;
        }
    }
    let (_store, audit) = open()?;
    let took = timed(|| lookup(&audit, &key, Attribute::EventName, "CreateKey", 0).map(|_| ()))?;
    say(&format!("all indexes made again: {took:?}"))
}

#[allow(clippy::disallowed_methods, reason = "a measurement needs the time")]
fn timed(work: impl FnOnce() -> Result<()>) -> Result<Duration> {
    let start = Instant::now();
    work()?;
    Ok(start.elapsed())
}

fn write_events(audit: &SegmentLog, key: &LabelKey, count: u64) -> Result<()> {
    let (mut costs, mut parts) = (Vec::new(), [Duration::ZERO; 3]);
    let before = process_time();
    let mut making = Duration::ZERO;
    for write in 0..count / EVENTS_A_WRITE {
        let start = thread_time();
        let events: Vec<_> =
            (0..EVENTS_A_WRITE).map(|number| event(write * EVENTS_A_WRITE + number, count)).collect();
        let made = thread_time();
        let records: std::result::Result<Vec<_>, _> =
            events.iter().map(|event| event.to_record(key)).collect();
        let records = records?;
        let recorded = thread_time();
        audit.append_all(&records)?;
        let appended = thread_time();
        making += made - start;
        parts[0] += recorded - made;
        parts[1] += appended - recorded;
        costs.push((appended - made) / u32::try_from(EVENTS_A_WRITE)?);
    }
    let process = process_time() - before - making;
    costs.sort_unstable();
    let at = |part: usize| costs.get(costs.len() * part / 100).copied().unwrap_or_default();
    let each = |time: Duration| time / u32::try_from(count).unwrap_or(1);
    say(&format!("writing, CPU an event: median {:?}, 99 of 100 within {:?}", at(50), at(99)))?;
    say(&format!(
        "  on average {:?} for bytes and tags, {:?} for appending; {:?} with the threads beside it",
        each(parts[0]),
        each(parts[1]),
        each(process)
    ))?;
    let labels = timed(|| {
        let event = event(1, 2);
        (0..1_000_000).for_each(|_| drop(std::hint::black_box(key.label(std::hint::black_box(&event)))));
        Ok(())
    })?;
    let bytes = timed(|| {
        let event = event(1, 2);
        (0..1_000_000).for_each(|_| drop(std::hint::black_box(std::hint::black_box(&event).to_record(key))));
        Ok(())
    })?;
    say(&format!("  a label {:?}, a record {:?}", labels / 1_000_000, bytes / 1_000_000))
}

fn lookup(audit: &SegmentLog, key: &LabelKey, attribute: Attribute, value: &str, of: u64) -> Result<usize> {
    let lookup = EventLookup {
        account: account(of),
        region: "eu-west-1".parse()?,
        attribute: Some((attribute, value.to_owned())),
        from: Timestamp::from_millis(0),
        to: Timestamp::MAX,
    };
    Ok(lookup.run(audit, key, None, 50)?.len())
}

fn look_up(audit: &SegmentLog, key: &LabelKey, events: u64) -> Result<()> {
    let arn = format!("arn:aws:kms:eu-west-1:{}:key/1234abcd-12ab-34cd-56ef-{:012}", account(0), 5);
    let some = |number: u64| format!("6f0c8e2a-0000-4000-8000-{number:012}");
    let (oldest, middle) = (some(0), some(events / 2 / 5 * 5));
    let searches = [
        ("an id, the oldest", Attribute::EventId, oldest.as_str(), 0),
        ("an id, from the middle", Attribute::EventId, &middle, 0),
        ("an id that there is not", Attribute::EventId, "6f0c8e2a", 0),
        ("a frequent name", Attribute::EventName, "Encrypt", 0),
        ("a name that occurs once, long ago", Attribute::EventName, "ScheduleKeyDeletion", 2),
        ("a name that never occurs", Attribute::EventName, "CreateKey", 0),
        ("read-only events", Attribute::ReadOnly, "true", 0),
        ("changes, of which there are none", Attribute::ReadOnly, "false", 0),
        ("a user", Attribute::Username, "user-5", 0),
        ("a key by its ARN", Attribute::ResourceName, &arn, 0),
        ("a key by its id", Attribute::ResourceName, "1234abcd-12ab-34cd-56ef-000000000005", 0),
        ("a type of resources", Attribute::ResourceType, "AWS::KMS::Key", 0),
        ("a service", Attribute::EventSource, "kms.amazonaws.com", 0),
        ("an access key", Attribute::AccessKeyId, "AKIAIOSFODNN70000005", 0),
        ("an account without events", Attribute::EventName, "Encrypt", 77),
    ];
    for (what, attribute, value, of) in searches {
        let mut found = 0;
        let first = timed(|| lookup(audit, key, attribute, value, of).map(|count| found = count))?;
        let again = timed(|| lookup(audit, key, attribute, value, of).map(|_| ()))?;
        say(&format!("  {what}: {found} found in {first:?}, again in {again:?}"))?;
    }
    Ok(())
}

fn scan(audit: &Arc<SegmentLog>, key: &LabelKey) -> Result<()> {
    for order in [Order::OldestFirst, Order::NewestFirst] {
        let scan = EventScan {
            accounts: vec![account(0), account(3)],
            from: Timestamp::from_millis(0),
            to: Timestamp::MAX,
            order,
            after: None,
        };
        let mut read = 0_u64;
        let took = timed(|| {
            for found in EventReader::new(audit.clone(), key, scan) {
                found?;
                read += 1;
            }
            Ok(())
        })?;
        say(&format!("  {read} events of two accounts read, {order:?}: {took:?}"))?;
    }
    Ok(())
}

fn bytes_of(home: &Path, extension: &str) -> Result<u64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(home.join("audit"))? {
        let entry = entry?;
        if entry.path().extension().is_some_and(|found| found == extension) {
            bytes += entry.metadata()?.len();
        }
    }
    Ok(bytes)
}

fn resident() -> Result<u64> {
    let statm = std::fs::read_to_string("/proc/self/statm")?;
    Ok(statm.split(' ').nth(1).ok_or("no resident size")?.parse::<u64>()? * 4096)
}

fn thread_time() -> Duration {
    time(rustix::time::ClockId::ThreadCPUTime)
}

fn process_time() -> Duration {
    time(rustix::time::ClockId::ProcessCPUTime)
}

fn time(clock: rustix::time::ClockId) -> Duration {
    let time = rustix::time::clock_gettime(clock);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}

fn say(line: &str) -> Result<()> {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}
