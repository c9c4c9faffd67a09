//! The key pairs that sign digests of log files, so that whoever has the files can tell that none was changed.
//!
//! An account has them for each region: AWS shares one among all accounts of a region, but accounts here need not trust
//! the same operator. A pair signs for as long as its validity says, and is told of for as long as digests may be
//! checked. The private part never leaves the record that seals it, and is not kept longer than it signs.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-custom-validation.html>

use std::sync::Arc;
use std::time::Duration;

use alcazar_api_cloudtrail::types::PublicKey;
use alcazar_base::{AccountId, Region, SecretBytes, Timestamp};
use alcazar_crypto::{BackingKeyId, KeyMaterial, KeySpec, Material, Message, SigningAlgorithm};
use alcazar_engine::{Cx, Error, Name, NameBuilder, Reads, Result};
use md5::{Digest as _, Md5};
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

const TABLE: &str = "cloudtrail.digest-key";

/// How long a pair signs.
const VALID: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// The most pairs that are told of at a time: more than an account makes in eighty years.
const TOLD_MAX: usize = 1000;

/// A digest, as far as its signature covers it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SignedDigest<'a> {
    /// `digestEndTime`
    pub(crate) end: Timestamp,
    /// The bucket that it is delivered to.
    pub(crate) bucket: &'a str,
    /// Its key there.
    pub(crate) object_key: &'a str,
    /// The SHA-256 of it before it is compressed, in hexadecimal.
    pub(crate) content_hash: &'a str,
    /// The signature of the digest before it, in hexadecimal; none if it is the first.
    pub(crate) previous_signature: Option<&'a str>,
}

impl SignedDigest<'_> {
    /// The text that is signed.
    #[must_use]
    pub(crate) fn text(&self) -> String {
        let Self { end, bucket, object_key, content_hash, previous_signature } = self;
        format!("{end}\n{bucket}/{object_key}\n{content_hash}\n{}", previous_signature.unwrap_or("null"))
    }
}

/// A key pair. Field numbers never change their meaning.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct DigestKey {
    /// The public key in DER, as PKCS #1 has it.
    #[n(0)]
    public: ByteVec,
    /// The private key as PKCS #8.
    #[n(1)]
    private: Private,
    /// When it begins to sign.
    #[n(2)]
    begins: Timestamp,
    /// When it ends to.
    #[n(3)]
    ends: Timestamp,
}

/// A private key, which only its record shows.
#[derive(Clone, PartialEq, Eq)]
struct Private(Arc<SecretBytes>);

impl<C> Encode<C> for Private {
    fn encode<W: minicbor::encode::Write>(
        &self,
        encoder: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> std::result::Result<(), minicbor::encode::Error<W::Error>> {
        encoder.bytes(self.0.expose())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Private {
    fn decode(
        decoder: &mut minicbor::Decoder<'b>,
        _: &mut C,
    ) -> std::result::Result<Self, minicbor::decode::Error> {
        Ok(Self(Arc::new(SecretBytes::new(decoder.bytes()?.to_vec()))))
    }
}

impl std::fmt::Debug for DigestKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("DigestKey").field(&self.fingerprint()).finish()
    }
}

impl DigestKey {
    /// The pair that signs now for an account in the region of the call. It is made if there is none.
    ///
    /// # Errors
    /// The store or the library failed.
    pub(crate) async fn current(cx: &mut Cx<'_>, account: AccountId) -> Result<Arc<Self>> {
        let (region, now) = (cx.region().clone(), cx.now());
        let all = Self::all(cx, account, &region).await?;
        if let Some(key) = all.iter().find(|key| key.begins <= now && now < key.ends) {
            return Ok(key.clone());
        }
        let key = Arc::new(Self::generate(cx, now).await?);
        cx.put::<Self>(of(account, &region).time(now).name(), key.clone())?;
        Ok(key)
    }

    /// The pairs of an account in a region that could sign at some time from `start` to `end`, the oldest first.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn between(
        reads: &mut Reads<'_>,
        account: AccountId,
        start: Timestamp,
        end: Timestamp,
    ) -> Result<Vec<Arc<Self>>> {
        let region = reads.region().clone();
        let mut keys = Self::all(reads, account, &region).await?;
        keys.retain(|key| key.begins <= end && start < key.ends);
        Ok(keys)
    }

    async fn all(reads: &mut Reads<'_>, account: AccountId, region: &Region) -> Result<Vec<Arc<Self>>> {
        let found = reads.scan::<Self>(&of(account, region).range(), TOLD_MAX).await?;
        Ok(found.into_iter().map(|(_, key)| key).collect())
    }

    async fn generate(cx: &Cx<'_>, now: Timestamp) -> Result<Self> {
        let made = cx.offload(|entropy| KeyMaterial::generate(KeySpec::Rsa2048, entropy)).await?;
        let made = made.map_err(|error| Error::invariant(format!("no digest key: {error}")))?;
        let (Material::Rsa(pair), Some(private)) = (made.material(), made.to_pkcs8()) else {
            return Err(Error::invariant("a digest key is no RSA key".to_owned()));
        };
        let public =
            pair.public().pkcs1().ok_or_else(|| Error::invariant("an RSA key is none".to_owned()))?;
        Ok(Self {
            public: public.to_vec().into(),
            private: Private(Arc::new(private)),
            begins: now,
            ends: now + VALID,
        })
    }

    /// What tells the key from others: the MD5 of its public part.
    #[must_use]
    pub(crate) fn fingerprint(&self) -> String {
        hex::encode(Md5::digest(&self.public[..]))
    }

    /// Signs a digest; the signature is in hexadecimal.
    ///
    /// # Errors
    /// The library failed.
    #[allow(dead_code, reason = "digests are delivered to buckets, which come with object storage")]
    pub(crate) async fn sign(&self, reads: &Reads<'_>, digest: &SignedDigest<'_>) -> Result<String> {
        let (private, text) = (self.private.0.clone(), digest.text());
        let signed = reads.offload(move |_| {
            let key = KeyMaterial::import(KeySpec::Rsa2048, BackingKeyId([0; 16]), private.expose()).ok()?;
            let Material::Rsa(key) = key.material() else { return None };
            key.sign(SigningAlgorithm::RsassaPkcs1V15Sha256, Message::Raw(text.as_bytes())).ok()
        });
        let signature =
            signed.await?.ok_or_else(|| Error::invariant("a digest was not signed".to_owned()))?;
        Ok(hex::encode(signature))
    }

    /// It as answers have it.
    #[must_use]
    pub(crate) fn shown(&self) -> PublicKey {
        PublicKey {
            value: Some(self.public.to_vec()),
            validity_start_time: Some(self.begins),
            validity_end_time: Some(self.ends),
            fingerprint: Some(self.fingerprint()),
        }
    }
}

fn of(account: AccountId, region: &Region) -> NameBuilder {
    Name::table(TABLE).part(account.as_str()).part(region.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest<'a>(previous_signature: Option<&'a str>) -> SignedDigest<'a> {
        SignedDigest {
            end: Timestamp::from_secs(1_440_938_160),
            bucket: "amzn-s3-demo-bucket",
            object_key: "AWSLogs/111122223333/CloudTrail-Digest/us-east-1/2015/08/30/digest.json.gz",
            content_hash: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            previous_signature,
        }
    }

    #[test]
    fn what_is_signed_is_what_the_aws_cli_checks() {
        assert_eq!(
            digest(None).text(),
            "2015-08-30T12:36:00Z\n\
             amzn-s3-demo-bucket/AWSLogs/111122223333/CloudTrail-Digest/us-east-1/2015/08/30/digest.json.gz\n\
             e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\nnull"
        );
        assert!(digest(Some("abcd")).text().ends_with("\nabcd"));
    }

    #[test]
    fn a_key_is_kept_and_known_by_its_fingerprint() {
        let key = DigestKey {
            public: b"public".to_vec().into(),
            private: Private(Arc::new(SecretBytes::new(b"private".to_vec()))),
            begins: Timestamp::from_secs(0),
            ends: Timestamp::from_secs(0) + VALID,
        };
        let kept: DigestKey = minicbor::decode(&minicbor::to_vec(&key).unwrap()).unwrap();
        assert!(kept == key);
        // The MD5 of `public`.
        assert_eq!(key.fingerprint(), "4c9184f37cff01bcdc32dc486ec36961");
        assert!(!format!("{key:?}").contains("private"));
    }
}
