//! The administrator's access key: made at the first start, and made anew when the operator asks for it.

use std::sync::Arc;

use alcazar_base::{AccountId, SecretString};
use alcazar_crypto::{Entropy, EntropyError, Keyring};
use alcazar_engine::credentials::{AccessKey, Owner};
use alcazar_engine::port::outbound::NoOutbound;
use alcazar_engine::{Cloud, Parts, QuotaSettings};
use alcazar_identity::Directory;
use alcazar_store::{EmbeddedStore, SegmentLog};

use super::{DataDir, DataDirError, NewStore, Opened, Ports, Profile, private_file};

/// The alphabet of an access key id: that of base 32.
const ID_ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const ID_PREFIX: &str = "AKIA";
const ID_RANDOM_CHARACTERS: usize = 16;

/// The alphabet of a secret access key: that of base 64.
const SECRET_ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const SECRET_CHARACTERS: usize = 40;

/// The least account id that is drawn, so that none begins with a zero, and how many there are.
const ACCOUNT_LEAST: u64 = 100_000_000_000;
const ACCOUNTS: u64 = 900_000_000_000;

/// How many records the engine holds opened while it looks at the administrator alone.
const CACHED_RECORDS: usize = 16;

/// What the engine needs of an open data directory.
pub(crate) struct Engine {
    pub(crate) store: Arc<EmbeddedStore>,
    pub(crate) audit_log: Arc<SegmentLog>,
    pub(crate) keyring: Arc<Keyring>,
}

impl Engine {
    /// A cloud without services, for the operator's own work on records.
    pub(crate) fn cloud(&self, ports: &Ports) -> Arc<Cloud> {
        Cloud::new(Parts {
            store: self.store.clone(),
            audit_log: self.audit_log.clone(),
            clock: ports.clock.clone(),
            entropy: ports.entropy.clone(),
            outbound: Arc::new(NoOutbound),
            identities: Arc::new(Directory),
            keyring: Keyring::clone(&self.keyring),
            services: Vec::new(),
            built_in_credentials: false,
            attestation_roots: Arc::default(),
            cached_records: CACHED_RECORDS,
            quotas: QuotaSettings::default(),
        })
    }
}

/// The administrator's access key, and whether it was made just now.
///
/// The profile is written before the record: so where there is an administrator, its profile has been written.
pub(super) async fn find_or_make(
    data_dir: &DataDir,
    engine: &Engine,
    ports: &Ports,
    new: &NewStore,
) -> Result<(Arc<AccessKey>, bool), DataDirError> {
    let cloud = engine.cloud(ports);
    if let Some(key) = cloud.administrator().await? {
        follow_endpoint(data_dir, &key, &new.endpoint_url)?;
        return Ok((key, false));
    }
    let account = match new.account {
        Some(account) => account,
        None => random_account(ports.entropy.as_ref())?,
    };
    let key = new_key(account, ports)?;
    Profile::new(&key, &new.endpoint_url).write(&data_dir.profile_path(), account)?;
    cloud.set_administrator(key).await?;
    let key = cloud.administrator().await?;
    let key = key.ok_or_else(|| alcazar_engine::Error::invariant("the administrator is gone"))?;
    Ok((key, true))
}

/// Has the profile name the URL that the server is at now. A profile that its owner took away stays away.
fn follow_endpoint(data_dir: &DataDir, key: &AccessKey, endpoint_url: &str) -> Result<(), DataDirError> {
    let path = data_dir.profile_path();
    if endpoint_url.is_empty() {
        return Ok(());
    }
    match Profile::read(&path) {
        Ok(Some(profile))
            if profile.endpoint_url != endpoint_url && profile.access_key_id == key.access_key_id =>
        {
            Profile::new(key, endpoint_url).write(&path, key.account)
        }
        // What its owner has made of the file is not ours to mend.
        _ => Ok(()),
    }
}

/// Gives the administrator a new access key, and drops the one before it.
///
/// # Errors
/// The store failed, or the profile cannot be written.
pub(crate) async fn rotate(opened: &Opened, endpoint_url: &str) -> Result<Profile, DataDirError> {
    let key = new_key(opened.account, &opened.ports)?;
    let profile = Profile::new(&key, endpoint_url);
    // Without a profile a crash from here on is mended by writing it from the store; with the old one it would
    // name a key that is gone.
    private_file::remove(&opened.profile_path)?;
    opened.engine().cloud(&opened.ports).set_administrator(key).await?;
    profile.write(&opened.profile_path, opened.account)?;
    Ok(profile)
}

/// Writes the profile of the administrator from the store.
///
/// # Errors
/// The store failed, or the profile cannot be written.
pub(crate) async fn write_profile(opened: &Opened, endpoint_url: &str) -> Result<Profile, DataDirError> {
    let key = opened.engine().cloud(&opened.ports).administrator().await?;
    let key = key.ok_or_else(|| alcazar_engine::Error::invariant("there is no administrator"))?;
    let profile = Profile::new(&key, endpoint_url);
    profile.write(&opened.profile_path, key.account)?;
    Ok(profile)
}

fn new_key(account: AccountId, ports: &Ports) -> Result<AccessKey, EntropyError> {
    let entropy = ports.entropy.as_ref();
    let id = random_text::<ID_RANDOM_CHARACTERS>(ID_ALPHABET, entropy)?;
    let secret = random_text::<SECRET_CHARACTERS>(SECRET_ALPHABET, entropy)?;
    let id = format!("{ID_PREFIX}{}", id.expose());
    Ok(AccessKey::new(id, account, Owner::AccountRoot, secret, ports.clock.now()))
}

/// `N` characters of an alphabet whose length is a power of two, so that each is as likely as the others.
fn random_text<const N: usize>(alphabet: &[u8], entropy: &dyn Entropy) -> Result<SecretString, EntropyError> {
    let mut bytes = zeroize::Zeroizing::new([0; N]);
    entropy.fill(&mut *bytes)?;
    let mut text = String::with_capacity(N);
    text.extend(
        bytes
            .iter()
            .filter_map(|byte| alphabet.get(usize::from(*byte) % alphabet.len()))
            .copied()
            .map(char::from),
    );
    Ok(SecretString::new(text))
}

fn random_account(entropy: &dyn Entropy) -> Result<AccountId, EntropyError> {
    let number = u64::from_be_bytes(alcazar_crypto::entropy::random(entropy)?);
    Ok(AccountId::from_number(ACCOUNT_LEAST + number % ACCOUNTS))
}

#[cfg(test)]
mod tests {
    use alcazar_crypto::SeededEntropy;

    use super::*;

    #[test]
    fn keys_and_accounts_have_the_form_that_aws_gives_them() {
        let entropy = SeededEntropy::new(1);
        for _ in 0..1000 {
            let account = random_account(&entropy).unwrap();
            assert!(!account.as_str().starts_with('0'), "{account}");
        }
        let id = random_text::<ID_RANDOM_CHARACTERS>(ID_ALPHABET, &entropy).unwrap();
        assert!(id.expose().len() == 16 && id.expose().bytes().all(|byte| ID_ALPHABET.contains(&byte)));
        let secret = random_text::<SECRET_CHARACTERS>(SECRET_ALPHABET, &entropy).unwrap();
        assert_eq!(secret.expose().len(), 40);
    }
}
