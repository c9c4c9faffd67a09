//! Passwords of users: hashed and compared away from the threads that serve calls.

use alcazar_base::SecretString;
use alcazar_crypto::PasswordHash;
use alcazar_engine::{Error, Reads, Result};
use tokio::sync::Semaphore;

/// How many passwords are hashed at a time: each takes 19 MiB of memory while it is.
const HASHINGS_MAX: usize = 4;

static TURNS: Semaphore = Semaphore::const_new(HASHINGS_MAX);

/// What is kept of a password.
///
/// # Errors
/// Memory or randomness failed.
pub(crate) async fn hash(reads: &Reads<'_>, password: &SecretString) -> Result<PasswordHash> {
    let _turn = turn().await?;
    let password = password.clone();
    let hash = reads.offload(move |entropy| PasswordHash::new(&password, entropy)).await?;
    hash.map_err(|error| Error::invariant(error.to_string()))
}

/// Whether a password is one of those that `hashes` were made of.
///
/// # Errors
/// Memory failed.
pub(crate) async fn is_one_of(
    reads: &Reads<'_>,
    password: &SecretString,
    hashes: &[PasswordHash],
) -> Result<bool> {
    let _turn = turn().await?;
    let (password, hashes) = (password.clone(), hashes.to_vec());
    let found = move |_: &dyn alcazar_crypto::Entropy| {
        for hash in &hashes {
            if hash.matches(&password)? {
                return Ok(true);
            }
        }
        Ok::<_, alcazar_crypto::PasswordError>(false)
    };
    reads.offload(found).await?.map_err(|error| Error::invariant(error.to_string()))
}

async fn turn() -> Result<tokio::sync::SemaphorePermit<'static>> {
    TURNS.acquire().await.map_err(|error| Error::invariant(error.to_string()))
}
