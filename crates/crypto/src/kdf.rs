//! Key derivation: NIST SP 800-108 Rev. 1, section 4.1, counter mode with HMAC-SHA-256 and a 32-bit counter.
//!
//! Source: <https://doi.org/10.6028/NIST.SP.800-108r1-upd1>. What always holds: whoever derives names a [`Label`],
//! so that no two purposes ever share a derived key.

use aws_lc_rs::kdf::{KbkdfCtrHmacAlgorithmId, get_kbkdf_ctr_hmac_algorithm, kbkdf_ctr_hmac};

/// What a derived key is for. All labels stand in this one list; none contains a zero byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// Records of the store.
    Store,
    /// Keys of audit segments.
    Audit,
    /// Backing keys of KMS keys.
    Kms,
    /// Backups.
    Backup,
    /// Session tokens.
    Token,
    /// The keyring under the root of trust.
    Keyring,
    /// The root of trust under a passphrase.
    RootPassphrase,
    /// Ciphertexts of KMS keys with `SYMMETRIC_DEFAULT`.
    SymmetricDefault,
    /// Messages under a data key that KMS gave a service.
    DataKey,
}

impl Label {
    const fn as_bytes(self) -> &'static [u8] {
        match self {
            Self::Store => b"alcazar/domain/store",
            Self::Audit => b"alcazar/domain/audit",
            Self::Kms => b"alcazar/domain/kms",
            Self::Backup => b"alcazar/domain/backup",
            Self::Token => b"alcazar/domain/token",
            Self::Keyring => b"alcazar/root/keyring",
            Self::RootPassphrase => b"alcazar/root/passphrase",
            Self::SymmetricDefault => b"alcazar/kms/symmetric-default",
            Self::DataKey => b"alcazar/kms/data-key",
        }
    }
}

/// The library refused to derive a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DeriveError;

/// Fills `output` with key material that follows from `secret`, `label` and `context`.
///
/// The fixed input is the recommended one: label, a zero byte, context, and the output's length in bits (32 bits,
/// big-endian).
pub(crate) fn derive(
    secret: &[u8; 32],
    label: Label,
    context: &[&[u8]],
    output: &mut [u8],
) -> Result<(), DeriveError> {
    let bits = u32::try_from(output.len()).ok().and_then(|bytes| bytes.checked_mul(8)).ok_or(DeriveError)?;
    let label = label.as_bytes();
    let context_bytes = context.iter().map(|part| part.len()).sum::<usize>();
    let mut fixed_input = Vec::with_capacity(label.len() + 1 + context_bytes + size_of::<u32>());
    fixed_input.extend_from_slice(label);
    fixed_input.push(0);
    for part in context {
        fixed_input.extend_from_slice(part);
    }
    fixed_input.extend_from_slice(&bits.to_be_bytes());
    counter_mode(secret, &fixed_input, output)
}

/// The library's one-shot call reads the secret where it lies, in locked memory. A prepared HMAC key would leave its
/// state in ordinary memory, and saves less than a tenth of a microsecond.
fn counter_mode(secret: &[u8], fixed_input: &[u8], output: &mut [u8]) -> Result<(), DeriveError> {
    let algorithm = get_kbkdf_ctr_hmac_algorithm(KbkdfCtrHmacAlgorithmId::Sha256).ok_or(DeriveError)?;
    kbkdf_ctr_hmac(algorithm, secret, fixed_input, output).map_err(|_| DeriveError)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// NIST CAVP, KBKDF in counter mode, `[PRF=HMAC_SHA256][CTRLOCATION=BEFORE_FIXED][RLEN=32_BITS]`:
    /// key, fixed input, output.
    const CAVP: [(&str, &str, &str); 4] = [
        (
            "dd1d91b7d90b2bd3138533ce92b272fbf8a369316aefe242e659cc0ae238afe0",
            "01322b96b30acd197979444e468e1c5c6859bf1b1cf951b7e725303e237e\
             46b864a145fab25e517b08f8683d0315bb2911d80a0e8aba17f3b413faac",
            "10621342bfb0fd40046c0e29f2cfdbf0",
        ),
        (
            "32c4003872a146194023eac1bda74ddf2b66977dad8a554b974ca2a62f7e4f43",
            "33d8cf6d0c759fb622d867ea8cf1285de4020af81cc287addf38cc2da464\
             3e6db3b215ad3e33bfc47877c3620e336887c3c9ad4a1c6c0476b0f90a33",
            "f593af0e1a492a7b904a2662897fa1c1",
        ),
        (
            "e204d6d466aad507ffaf6d6dab0a5b26152c9e21e764370464e360c8fbc765c6",
            "7b03b98d9f94b899e591f3ef264b71b193fba7043c7e953cde23bc5384bc\
             1a6293580115fae3495fd845dadbd02bd6455cf48d0f62b33e62364a3a80",
            "770dfab6a6a4a4bee0257ff335213f78d8287b4fd537d5c1fffa956910e7c779",
        ),
        (
            "c4bedbddb66493e7c7259a3bbbc25f8c7e0ca7fe284d92d431d9cd99a0d214ac",
            "1c69c54766791e315c2cc5c47ecd3ffab87d0d273dd920e70955814c220e\
             acace6a5946542da3dfe24ff626b4897898cafb7db83bdff3c14fa46fd4b",
            "1da47638d6c9c4d04d74d4640bbd42ab814d9e8cc22f4326695239f96b0693f12d0dd1152cf44430",
        ),
    ];

    #[test]
    fn the_published_answers_are_met() {
        for (key, fixed_input, expected) in CAVP {
            let expected = hex::decode(expected).unwrap();
            let mut output = vec![0; expected.len()];
            counter_mode(&hex::decode(key).unwrap(), &hex::decode(fixed_input).unwrap(), &mut output)
                .unwrap();
            assert_eq!(output, expected);
        }
    }

    #[test]
    fn a_short_output_is_one_hmac_of_the_fixed_input() {
        use aws_lc_rs::hmac;
        let secret = [3; 32];
        let mut output = [0; 32];
        derive(&secret, Label::Store, &[b"con", b"text"], &mut output).unwrap();
        let message = b"\x00\x00\x00\x01alcazar/domain/store\x00context\x00\x00\x01\x00";
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &secret), message);
        assert_eq!(output, tag.as_ref());
    }

    #[test]
    fn every_label_and_context_and_length_gives_another_key() {
        let labels = [
            Label::Store,
            Label::Audit,
            Label::Kms,
            Label::Backup,
            Label::Token,
            Label::Keyring,
            Label::RootPassphrase,
            Label::SymmetricDefault,
            Label::DataKey,
        ];
        let mut seen = std::collections::BTreeSet::new();
        for label in labels {
            assert!(!label.as_bytes().contains(&0));
            for context in [&b""[..], b"a", b"ab"] {
                for length in [16, 32] {
                    let mut output = [0; 32];
                    derive(&[3; 32], label, &[context], &mut output[..length]).unwrap();
                    assert!(seen.insert(output[..16].to_vec()), "{label:?} {context:?} {length}");
                }
            }
        }
    }
}
