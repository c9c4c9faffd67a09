use std::fs;
use std::os::unix::fs::PermissionsExt;

use alcazar_base::Timestamp;
use alcazar_crypto::{Domain, SystemEntropy};
use tempfile::TempDir;

use super::*;

struct FixedClock;

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_secs(1_800_000_000)
    }

    fn sleep_until(&self, _: Timestamp) -> alcazar_engine::port::BoxFuture<'_, ()> {
        Box::pin(std::future::pending())
    }
}

fn ports() -> Ports {
    Ports { clock: Arc::new(FixedClock), entropy: Arc::new(SystemEntropy::new()) }
}

fn new_store() -> NewStore {
    NewStore { endpoint_url: "http://127.0.0.1:4566".to_owned(), ..NewStore::default() }
}

/// A home for a data directory, and secrets that come from a file.
struct Home {
    directory: TempDir,
    secrets: Secrets,
}

impl Home {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("passphrase"), "correct horse\n").unwrap();
        let secrets = Secrets::new(Some(directory.path().join("passphrase")));
        Self { directory, secrets }
    }

    fn data_dir(&self) -> DataDir {
        DataDir::new(self.directory.path().join("data"))
    }

    async fn start(&self) -> Result<Opened, DataDirError> {
        self.data_dir().open_or_init(&self.secrets, &ports(), &new_store()).await
    }

    async fn refusal(&self) -> String {
        self.start().await.err().expect("the directory should be refused").to_string()
    }
}

#[tokio::test]
async fn a_first_start_makes_everything_and_the_second_finds_it() {
    let home = Home::new();
    let first = home.start().await.unwrap();
    assert!(first.first_start);
    let profile = Profile::read(&first.profile_path).unwrap().unwrap();
    assert_eq!(profile.access_key_id, first.access_key_id);
    assert_eq!(profile.endpoint_url, "http://127.0.0.1:4566");
    assert!(first.access_key_id.starts_with("AKIA") && first.access_key_id.len() == 20);
    for name in ["root.key", "keyring", "credentials"] {
        let mode = fs::metadata(home.data_dir().path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    let (store_id, account) = (first.store_id, first.account);
    drop(first);
    let second = home.start().await.unwrap();
    assert!(!second.first_start);
    assert_eq!((second.store_id, second.account), (store_id, account));
    assert_eq!(Profile::read(&second.profile_path).unwrap().unwrap(), profile);
}

#[tokio::test]
async fn the_first_account_can_be_chosen() {
    let home = Home::new();
    let account = AccountId::from_number(42);
    let new = NewStore { account: Some(account), ..new_store() };
    let opened = home.data_dir().open_or_init(&home.secrets, &ports(), &new).await.unwrap();
    assert_eq!(opened.account, account);
}

#[tokio::test]
async fn a_first_start_that_was_interrupted_is_finished() {
    let complete = Home::new();
    drop(complete.start().await.unwrap());
    // What is there after each step: the temporary file, the root, the keyring, and the profile.
    for kept in [&["root.key.7.partial"][..], &["root.key"], &["root.key", "keyring"]] {
        let home = Home::new();
        fs::create_dir(home.data_dir().path()).unwrap();
        for name in kept {
            let from = complete.data_dir().path().join(name.trim_end_matches(".7.partial"));
            fs::copy(from, home.data_dir().path().join(name)).unwrap();
        }
        let opened = home.start().await.unwrap();
        assert!(opened.first_start, "{kept:?}");
        assert!(Profile::read(&opened.profile_path).unwrap().is_some());
        assert!(!home.data_dir().path().join("root.key.7.partial").exists());
    }
}

#[tokio::test]
async fn no_new_key_is_made_where_there_are_records() {
    for name in ["root.key", "keyring"] {
        let home = Home::new();
        drop(home.start().await.unwrap());
        fs::remove_file(home.data_dir().path().join(name)).unwrap();
        let refusal = home.refusal().await;
        assert!(refusal.contains(name) && refusal.contains("missing"), "{refusal}");
        assert!(!home.data_dir().path().join(name).exists());
    }
}

#[tokio::test]
async fn a_keyring_without_its_root_gets_no_new_one() {
    let home = Home::new();
    drop(home.start().await.unwrap());
    let path = home.data_dir().path().to_owned();
    for name in ["records", "audit"] {
        fs::remove_dir_all(path.join(name)).unwrap();
    }
    fs::remove_file(path.join("root.key")).unwrap();
    assert!(home.refusal().await.contains("root.key is missing"));
}

#[tokio::test]
async fn a_root_of_trust_that_others_may_read_is_refused() {
    let home = Home::new();
    drop(home.start().await.unwrap());
    fs::set_permissions(home.data_dir().root_file(), fs::Permissions::from_mode(0o640)).unwrap();
    assert!(home.refusal().await.contains("mode 0640"));
}

#[tokio::test]
async fn a_changed_key_file_is_refused() {
    for name in ["root.key", "keyring"] {
        let home = Home::new();
        drop(home.start().await.unwrap());
        let path = home.data_dir().path().join(name);
        let good = fs::read(&path).unwrap();
        for place in [0, 8, 20, good.len() / 2, good.len() - 1] {
            let mut bad = good.clone();
            bad[place] ^= 1;
            fs::write(&path, bad).unwrap();
            assert!(home.refusal().await.contains(name), "byte {place} of {name}");
        }
        fs::write(&path, &good).unwrap();
        drop(home.start().await.unwrap());
    }
}

#[tokio::test]
async fn a_directory_with_other_files_is_left_alone() {
    let home = Home::new();
    fs::create_dir(home.data_dir().path()).unwrap();
    fs::write(home.data_dir().path().join("notes"), "mine").unwrap();
    assert!(home.refusal().await.contains("other files"));
    assert_eq!(fs::read_dir(home.data_dir().path()).unwrap().count(), 1);
}

#[tokio::test]
async fn what_is_no_store_is_told_so_and_not_made() {
    let home = Home::new();
    let refused = home.data_dir().open(&home.secrets, &ports()).await.err().unwrap();
    assert!(matches!(refused, DataDirError::Absent(_)));
    assert!(!home.data_dir().path().exists());
    fs::create_dir(home.data_dir().path()).unwrap();
    assert!(matches!(home.data_dir().keyring(&home.secrets), Err(DataDirError::NoStore(_))));
}

#[tokio::test]
async fn a_passphrase_opens_the_root_and_another_does_not() {
    let home = Home::new();
    let new = NewStore { root: RootForm::Passphrase, ..new_store() };
    let opened = home.data_dir().open_or_init(&home.secrets, &ports(), &new).await.unwrap();
    assert_eq!(opened.root_form, RootForm::Passphrase);
    drop(opened);
    let wrong = home.directory.path().join("wrong");
    fs::write(&wrong, "incorrect horse").unwrap();
    let refused = home.data_dir().keyring(&Secrets::new(Some(wrong))).unwrap_err().to_string();
    assert!(refused.contains("passphrase"), "{refused}");
    home.data_dir().keyring(&home.secrets).unwrap();
}

#[tokio::test]
async fn a_new_root_opens_everything_and_the_old_one_nothing() {
    let home = Home::new();
    let opened = home.start().await.unwrap();
    let old_root = fs::read(home.data_dir().root_file()).unwrap();
    let access_key_id = opened.access_key_id.clone();
    assert_eq!(rotate_root(&opened, &home.secrets, NewRoot::AsBefore).unwrap(), RootForm::Plain);
    drop(opened);
    let opened = home.start().await.unwrap();
    assert_eq!(opened.access_key_id, access_key_id);
    for domain in Domain::ALL {
        let expected = if domain == Domain::Names { 1 } else { 2 };
        assert_eq!(opened.keyring.newest_version(domain), expected, "{domain:?}");
    }
    assert_eq!(rotate_root(&opened, &home.secrets, NewRoot::NewPassphrase).unwrap(), RootForm::Passphrase);
    drop(opened);
    let opened = home.start().await.unwrap();
    assert_eq!(opened.root_form, RootForm::Passphrase);
    drop(opened);
    fs::write(home.data_dir().root_file(), old_root).unwrap();
    assert!(home.refusal().await.contains("does not open under the root of trust"));
}

#[tokio::test]
async fn a_change_of_the_root_that_was_interrupted_loses_nothing() {
    let home = Home::new();
    let opened = home.start().await.unwrap();
    let path = home.data_dir().path().to_owned();
    let old = (fs::read(path.join("root.key")).unwrap(), fs::read(path.join("keyring")).unwrap());
    rotate_root(&opened, &home.secrets, NewRoot::AsBefore).unwrap();
    drop(opened);
    let new = (fs::read(path.join("root.key")).unwrap(), fs::read(path.join("keyring")).unwrap());
    // After the first step, and after the second.
    for root in [&old.0, &new.0] {
        fs::write(path.join("root.key"), root).unwrap();
        fs::write(path.join("keyring"), &old.1).unwrap();
        fs::write(path.join("keyring.next"), &new.1).unwrap();
        home.data_dir().keyring(&home.secrets).unwrap();
        drop(home.start().await.unwrap());
        assert!(!path.join("keyring.next").exists());
        drop(home.start().await.unwrap());
    }
    assert_eq!(fs::read(path.join("keyring")).unwrap(), new.1);
}

#[tokio::test]
async fn the_administrator_gets_a_new_key_and_loses_the_old_one() {
    let home = Home::new();
    let opened = home.start().await.unwrap();
    let profile = rotate_administrator(&opened, "http://127.0.0.1:1").await.unwrap();
    assert_ne!(profile.access_key_id, opened.access_key_id);
    assert_eq!(Profile::read(&opened.profile_path).unwrap().unwrap(), profile);
    assert_eq!(write_profile(&opened, "http://127.0.0.1:1").await.unwrap(), profile);
    drop(opened);
    let again = home.start().await.unwrap();
    assert_eq!(again.access_key_id, profile.access_key_id);
    let endpoint = Profile::read(&again.profile_path).unwrap().unwrap().endpoint_url;
    assert_eq!(endpoint, "http://127.0.0.1:4566", "the profile follows the server");
}

#[tokio::test]
async fn the_administrator_survives_a_reset() {
    let home = Home::new();
    let opened = home.start().await.unwrap();
    let (account, access_key_id) = (opened.account, opened.access_key_id.clone());
    opened.engine().cloud(&ports()).delete_all_records().await.unwrap();
    drop(opened);
    let again = home.start().await.unwrap();
    assert_eq!((again.account, again.access_key_id), (account, access_key_id));
}

#[tokio::test]
async fn a_profile_that_was_taken_away_stays_away_until_it_is_asked_for() {
    let home = Home::new();
    let opened = home.start().await.unwrap();
    let before = Profile::read(&opened.profile_path).unwrap();
    fs::remove_file(&opened.profile_path).unwrap();
    drop(opened);
    let opened = home.start().await.unwrap();
    assert!(Profile::read(&opened.profile_path).unwrap().is_none());
    assert_eq!(Some(write_profile(&opened, "http://127.0.0.1:4566").await.unwrap()), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_is_restored_with_its_root_and_never_written_over_a_file() {
    let home = Home::new();
    let opened = home.start().await.unwrap();
    let file = home.directory.path().join("backup");
    let (held, to) = (opened.clone(), file.clone());
    let (first, second) = tokio::task::spawn_blocking(move || {
        let write = || write_backup(&held, &to, true, &mut |_, _| {});
        (write(), write())
    })
    .await
    .unwrap();
    first.unwrap();
    assert!(second.unwrap_err().to_string().contains("exists already"));
    let root_key = root_key_path(&file);
    for path in [&file, &root_key] {
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let restored = DataDir::new(home.directory.path().join("restored"));
    let restore = Restore { backup: &file, root_key: &root_key, data_dir: &restored };
    let secrets = Secrets::default();
    restore.run(&secrets, &mut |_, _| {}).unwrap();
    assert!(restore.run(&secrets, &mut |_, _| {}).is_err(), "a store is there");
    let again = restored.open(&secrets, &ports()).await.unwrap();
    assert_eq!((again.store_id, &again.access_key_id), (opened.store_id, &opened.access_key_id));
    let left: Vec<_> =
        fs::read_dir(home.directory.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 5, "{left:?}");
}
