//! What an algorithm costs without a server: the same library, called the same way, in a loop on many threads.

use std::str::FromStr;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use alcazar_crypto::hmac::HmacKey;
use alcazar_crypto::{
    Entropy, KeyMaterial, KeySpec, MacAlgorithm, Material, Message, SigningAlgorithm, SystemEntropy, signing,
};
use serde_json::{Value, json};

use crate::error::BenchError;
use crate::operation::message;
use crate::{clock, report};

/// What to do, and how long.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// What to do, e.g. `RSA_2048/RSASSA_PSS_SHA_256/sign`.
    work: Work,
    /// Threads that do it.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: u16,
    /// Milliseconds that are measured.
    #[arg(long, default_value_t = 3000, value_parser = clap::value_parser!(u64).range(1..=600_000))]
    measure_ms: u64,
    /// Milliseconds of work before that.
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u64).range(0..=60_000))]
    warm_up_ms: u64,
}

/// A key spec, an algorithm of its keys, and what to do with it: `<spec>/<algorithm>/sign` or `…/verify`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Work {
    spec: KeySpec,
    algorithm: Algorithm,
    verifies: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Algorithm {
    Signing(SigningAlgorithm),
    Mac(MacAlgorithm),
}

impl FromStr for Work {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.split('/');
        let mut part = || parts.next().ok_or("not of the form <spec>/<algorithm>/<sign or verify>");
        let spec = KeySpec::from_name(part()?).ok_or("no such key spec")?;
        let name = part()?;
        let algorithm = SigningAlgorithm::from_name(name)
            .map(Algorithm::Signing)
            .or_else(|| MacAlgorithm::from_name(name).map(Algorithm::Mac))
            .ok_or("no algorithm that signs or makes MACs")?;
        let verifies = match part()? {
            "sign" => false,
            "verify" => true,
            _ => return Err("neither `sign` nor `verify`"),
        };
        Ok(Self { spec, algorithm, verifies })
    }
}

/// A key, and all that its work needs.
pub(crate) struct Primitive {
    work: Work,
    key: KeyMaterial,
    message: Vec<u8>,
    signature: Vec<u8>,
    entropy: SystemEntropy,
}

impl Primitive {
    /// A new key, with a signature or MAC to verify.
    pub(crate) fn new(work: Work) -> Result<Self, BenchError> {
        let entropy = SystemEntropy::new();
        let key = KeyMaterial::generate(work.spec, &entropy).map_err(|_| BenchError::Primitive)?;
        let mut new = Self { work, key, message: message(0), signature: Vec::new(), entropy };
        new.signature = new.sign()?;
        new.verify()?;
        Ok(new)
    }

    /// Does the work once.
    pub(crate) fn work(&self) -> Result<(), BenchError> {
        if self.work.verifies { self.verify() } else { self.sign().map(drop) }
    }

    fn sign(&self) -> Result<Vec<u8>, BenchError> {
        let (message, entropy): (_, &dyn Entropy) = (&self.message, &self.entropy);
        match self.work.algorithm {
            Algorithm::Signing(algorithm) => {
                signing::sign(&self.key, algorithm, Message::Raw(message), entropy).ok()
            }
            Algorithm::Mac(algorithm) => self.hmac_key()?.mac(algorithm, message),
        }
        .ok_or(BenchError::Primitive)
    }

    fn verify(&self) -> Result<(), BenchError> {
        let (message, signature) = (&self.message, &self.signature);
        let verified = match self.work.algorithm {
            Algorithm::Signing(algorithm) => {
                signing::verify(&self.key, algorithm, Message::Raw(message), signature).ok()
            }
            Algorithm::Mac(algorithm) => self.hmac_key()?.verify(algorithm, message, signature),
        };
        if verified == Some(true) { Ok(()) } else { Err(BenchError::Primitive) }
    }

    fn hmac_key(&self) -> Result<&HmacKey, BenchError> {
        match self.key.material() {
            Material::Hmac(key) => Ok(key),
            _ => Err(BenchError::Primitive),
        }
    }
}

/// Works for the measured time, and reports.
pub(crate) fn run(options: &Options) -> Result<Value, BenchError> {
    let primitive = Arc::new(Primitive::new(options.work)?);
    let start = clock::now() + Duration::from_millis(options.warm_up_ms);
    let measured = Duration::from_millis(options.measure_ms);
    let threads: Vec<_> = (0..options.threads)
        .map(|_| {
            let primitive = Arc::clone(&primitive);
            thread::spawn(move || run_thread(&primitive, start, start + measured))
        })
        .collect();
    let mut times = 0;
    for thread in threads {
        times += thread.join().map_err(|_| BenchError::ThreadLost)??;
    }
    if times == 0 {
        return Err(BenchError::NothingMeasured);
    }
    Ok(json!({ "times": times, "times_per_second": report::rate(times, measured) }))
}

/// How often one thread ended its work within the measured time.
fn run_thread(primitive: &Primitive, start: Instant, end: Instant) -> Result<u64, BenchError> {
    let mut times = 0;
    loop {
        primitive.work()?;
        let now = clock::now();
        if now >= end {
            return Ok(times);
        }
        times += u64::from(now >= start);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_read_from_its_name() {
        let work: Work = "RSA_2048/RSASSA_PSS_SHA_256/verify".parse().unwrap();
        assert_eq!((work.spec, work.verifies), (KeySpec::Rsa2048, true));
        assert_eq!(work.algorithm, Algorithm::Signing(SigningAlgorithm::RsassaPssSha256));
        for text in ["", "RSA_2048", "RSA_1/RSASSA_PSS_SHA_256/sign", "HMAC_256/HMAC_SHA_256/make"] {
            assert!(text.parse::<Work>().is_err(), "{text}");
        }
    }

    #[test]
    fn keys_do_the_work_of_their_algorithms_and_no_other() {
        for text in [
            "ECC_NIST_P256/ECDSA_SHA_256/sign",
            "ECC_NIST_EDWARDS25519/ED25519_SHA_512/verify",
            "HMAC_256/HMAC_SHA_256/sign",
            "HMAC_256/HMAC_SHA_256/verify",
            "ML_DSA_44/ML_DSA_SHAKE_256/verify",
        ] {
            Primitive::new(text.parse().unwrap()).unwrap().work().unwrap();
        }
        assert!(Primitive::new("HMAC_256/ECDSA_SHA_256/sign".parse().unwrap()).is_err());
        assert!(Primitive::new("ECC_NIST_P256/HMAC_SHA_256/sign".parse().unwrap()).is_err());
    }
}
