//! Makes a data directory from a backup.
//!
//! All of it is built in a directory beside the new one and checked there; only then does it get its name. So a
//! restore that fails, or is interrupted, leaves nothing that could be taken for a store.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use alcazar_crypto::{Domain, Keyring};
use bytes::{Buf, Bytes};

use crate::backup::{
    End, FORMAT, KEYRING_FILE_BYTES_MAX, Kind, MAGIC, Progress, SEALED_CHUNK_BYTES_MAX, Start, chunk_name,
};
use crate::directory;
use crate::embedded_store::check_agreement;
use crate::engine::{Engine, State, Writes};
use crate::open_error::OpenError;
use crate::segment;
use crate::segment_log::Tail;
use crate::segment_range;

/// How many bytes of records are written to the engine at once.
const BATCH_BYTES: usize = 4 * 1024 * 1024;

/// Opens the keyring from the keyring file in a backup; given the directory that is being built, too.
pub type OpenKeyring<'a> = &'a mut dyn FnMut(&[u8], &Path) -> Result<Keyring, String>;

/// Reads a backup from `input` and makes the data directory `directory` of it, which must be absent or empty.
///
/// `open_keyring` gets the keyring file as it stands in the backup and the directory that is being built; it opens
/// the keyring, and writes into the directory what the store's owner keeps there, the keyring file first of all.
///
/// # Errors
/// `OpenError` if the directory is not empty, the backup was changed or is not whole, or something cannot be
/// written. The directory is then what it was before.
pub fn restore(
    input: &mut dyn Read,
    directory: &Path,
    open_keyring: OpenKeyring<'_>,
    progress: Progress<'_>,
) -> Result<(), OpenError> {
    match fs::read_dir(directory).map(|mut entries| entries.next().is_some()) {
        Ok(true) => return Err(OpenError::NotEmpty(directory.to_owned())),
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(OpenError::io(directory, &error)),
        Ok(false) | Err(_) => {}
    }
    let staging = staging(directory)?;
    // What an interrupted restore left.
    remove(&staging)?;
    directory::make(&staging)?;
    let restored = build(input, &staging, open_keyring, progress).and_then(|()| {
        fs::rename(&staging, directory).map_err(|error| OpenError::io(directory, &error))?;
        directory.parent().filter(|parent| !parent.as_os_str().is_empty()).map_or(Ok(()), directory::sync)
    });
    if restored.is_err() {
        remove(&staging)?;
    }
    restored
}

fn staging(directory: &Path) -> Result<PathBuf, OpenError> {
    let name =
        directory.file_name().ok_or_else(|| OpenError::failed(directory, "it is no name of a directory"))?;
    let mut staging = std::ffi::OsString::from(".");
    staging.push(name);
    staging.push(".restoring");
    Ok(directory.with_file_name(staging))
}

fn remove(staging: &Path) -> Result<(), OpenError> {
    match fs::remove_dir_all(staging) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(OpenError::io(staging, &error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn build(
    input: &mut dyn Read,
    staging: &Path,
    open_keyring: OpenKeyring<'_>,
    progress: Progress<'_>,
) -> Result<(), OpenError> {
    let (header, id) = read_header(input)?;
    let keyring_file = header.get(32..).unwrap_or_default();
    let keyring = open_keyring(keyring_file, staging).map_err(changed)?;
    let mut chunks = ChunkReader { input, keyring: &keyring, id, header: &header, index: 0 };
    let (kind, payload) = chunks.next()?;
    let start = Some(payload).filter(|_| kind == Kind::Start).and_then(|payload| Start::decode(&payload));
    let start = start.ok_or_else(|| changed("it does not begin as a backup does"))?;

    Engine::create(&directory::records(staging))?;
    directory::make(&directory::audit(staging))?;
    let (engine, _) = Engine::open(&directory::records(staging))?;
    let mut target = Target {
        staging,
        engine,
        writes: Writes::new(),
        bytes: 0,
        start,
        seen: End::default(),
        newest: None,
        done: 0,
    };
    let end = loop {
        let (kind, payload) = chunks.next()?;
        target.done += payload.len() as u64;
        progress(target.done.min(start.bytes), start.bytes.max(target.done));
        match kind {
            Kind::Records => target.records(payload.into())?,
            Kind::FirstSegment => target.first_segment(&payload)?,
            Kind::Segment => target.segment(&payload)?,
            Kind::End => break End::decode(&payload),
            Kind::Start => return Err(changed("it begins twice")),
        }
    };
    target.seen.chunks = chunks.index - 1;
    chunks.nothing_follows()?;
    if end != Some(target.seen) {
        return Err(changed("it does not hold what it says"));
    }
    let done = target.done;
    target.finish(&keyring)?;
    progress(done, done);
    Ok(())
}

fn read_header(input: &mut dyn Read) -> Result<(Vec<u8>, [u8; 16]), OpenError> {
    let mut header = vec![0; 32];
    read_exact(input, &mut header)?;
    let mut fields = header.as_slice();
    let (mut magic, mut id) = ([0; 8], [0; 16]);
    fields.copy_to_slice(&mut magic);
    let format = fields.get_u32();
    fields.copy_to_slice(&mut id);
    let keyring_bytes = usize::try_from(fields.get_u32()).unwrap_or(usize::MAX);
    if magic != *MAGIC {
        return Err(changed("it is no backup"));
    }
    if format != FORMAT {
        return Err(changed(format!("it has the unknown format {format}; use the version that wrote it")));
    }
    if keyring_bytes > KEYRING_FILE_BYTES_MAX {
        return Err(changed("its header was changed"));
    }
    header.resize(32 + keyring_bytes, 0);
    read_exact(input, header.get_mut(32..).unwrap_or_default())?;
    Ok((header, id))
}

struct ChunkReader<'a> {
    input: &'a mut dyn Read,
    keyring: &'a Keyring,
    id: [u8; 16],
    header: &'a [u8],
    index: u64,
}

impl ChunkReader<'_> {
    fn next(&mut self) -> Result<(Kind, Vec<u8>), OpenError> {
        let mut length = [0; 4];
        read_exact(self.input, &mut length)?;
        let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
        if length > SEALED_CHUNK_BYTES_MAX {
            return Err(changed("a chunk's length was changed"));
        }
        let mut sealed = vec![0; length];
        read_exact(self.input, &mut sealed)?;
        let name = chunk_name(&self.id, self.index, self.header);
        let opened = self.keyring.open(Domain::Backup, &name, &sealed).map_err(|error| {
            changed(format!("chunk {} was changed or is not in its place: {error}", self.index))
        })?;
        self.index += 1;
        let (&kind, payload) = opened.expose().split_first().ok_or_else(|| changed("a chunk is empty"))?;
        let kind = Kind::from_byte(kind).ok_or_else(|| changed("a chunk is of no known kind"))?;
        Ok((kind, payload.to_vec()))
    }

    fn nothing_follows(&mut self) -> Result<(), OpenError> {
        match self.input.read(&mut [0]) {
            Ok(0) => Ok(()),
            Ok(_) => Err(changed("something follows its end")),
            Err(error) => Err(OpenError::io(Path::new("backup"), &error)),
        }
    }
}

/// The directory that is being built.
struct Target<'a> {
    staging: &'a Path,
    engine: Engine,
    writes: Writes,
    bytes: usize,
    start: Start,
    seen: End,
    /// The number of the newest segment so far.
    newest: Option<u64>,
    done: u64,
}

impl Target<'_> {
    fn records(&mut self, mut payload: Bytes) -> Result<(), OpenError> {
        let mut field = || {
            let length = usize::try_from(payload.try_get_u32().ok()?).ok()?;
            (length <= payload.len()).then(|| payload.split_to(length))
        };
        while let Some(name) = field() {
            let content = field().ok_or_else(|| changed("a record is not whole"))?;
            self.bytes += name.len() + content.len();
            self.seen.records += 1;
            self.writes.insert(name, Some(content));
        }
        if self.bytes >= BATCH_BYTES { self.write(State::default()) } else { Ok(()) }
    }

    fn write(&mut self, state: State) -> Result<(), OpenError> {
        self.bytes = 0;
        let state = State { engine_floor: self.engine.floor(), ..state };
        let writes = std::mem::take(&mut self.writes);
        self.engine.commit(writes, state).map_err(|error| OpenError::failed(self.staging, error))
    }

    fn first_segment(&mut self, sealed: &[u8]) -> Result<(), OpenError> {
        if self.newest.is_some() || sealed.len() > segment_range::FIRST_BYTES_MAX {
            return Err(changed("it says in the wrong place which segment is the first"));
        }
        segment_range::put_first_file(&directory::audit(self.staging), sealed)
    }

    fn segment(&mut self, mut payload: &[u8]) -> Result<(), OpenError> {
        let number = payload.try_get_u64().map_err(|_| changed("a segment has no number"))?;
        // Whether the first is the one that is to be the first shows when all of them are there.
        match self.newest {
            Some(newest) if newest == number => {}
            Some(newest) if newest + 1 != number => return Err(changed("its segments are out of order")),
            _ => self.seen.segments += 1,
        }
        self.newest = Some(number);
        let path = segment::path(&directory::audit(self.staging), number);
        let file = OpenOptions::new().append(true).create(true).mode(0o600).open(&path);
        let written = file.and_then(|mut file| {
            file.write_all(payload)?;
            file.sync_data()
        });
        written.map_err(|error| OpenError::io(&path, &error))
    }

    /// Writes what is left and the store's state, and checks that all of it opens.
    fn finish(mut self, keyring: &Keyring) -> Result<(), OpenError> {
        let Start { revision, audit_sequence, .. } = self.start;
        self.write(State { revision, audit_sequence, engine_floor: 0 })?;
        let staging = self.staging;
        drop(self);
        let tail = Tail::read(&directory::audit(staging), keyring)?;
        let (_, state) = Engine::open(&directory::records(staging))?;
        check_agreement(staging, state, tail)?;
        directory::sync(&directory::audit(staging))?;
        directory::write_format(staging)
    }
}

fn read_exact(input: &mut dyn Read, bytes: &mut [u8]) -> Result<(), OpenError> {
    input.read_exact(bytes).map_err(|error| match error.kind() {
        ErrorKind::UnexpectedEof => changed("it is cut off"),
        _ => OpenError::io(Path::new("backup"), &error),
    })
}

fn changed(what: impl ToString) -> OpenError {
    OpenError::BadBackup(what.to_string())
}
