//! The versions of a parameter.
//!
//! Source: <https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-versions.html>

use alcazar_api_ssm::types;
use alcazar_base::{SecretString, Timestamp};
use alcazar_crypto::Keyring;
use alcazar_engine::Name;
use minicbor::{Decode, Encode};

use crate::name;
use crate::parameter::Parameter;
use crate::policy::Policy;

const TABLE: &str = "ssm.version";

/// How many versions of a parameter are kept.
pub(crate) const VERSIONS_MAX: u64 = 100;

/// A version. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Version {
    /// Its number; the first is 1.
    #[n(0)]
    pub(crate) number: u64,
    /// What kind of value it has.
    #[n(1)]
    pub(crate) kind: Kind,
    /// The value.
    #[n(2)]
    pub(crate) value: Value,
    /// When it was put.
    #[n(3)]
    pub(crate) modified: Timestamp,
    /// The ARN of who put it.
    #[n(4)]
    pub(crate) modified_by: String,
    /// What it is.
    #[n(5)]
    pub(crate) description: Option<String>,
    /// The KMS key of a secure string, as it was named.
    #[n(6)]
    pub(crate) key_id: Option<String>,
    /// What values must match.
    #[n(7)]
    pub(crate) allowed_pattern: Option<String>,
    /// The tier.
    #[n(8)]
    pub(crate) tier: Tier,
    /// The data type, e.g. `text`.
    #[n(9)]
    pub(crate) data_type: String,
    /// The parameter policies, in the order in which they were given.
    #[n(10)]
    pub(crate) policies: Vec<Policy>,
}

/// What AWS calls the type of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub(crate) enum Kind {
    /// A text.
    #[n(0)]
    String,
    /// Texts with commas between them.
    #[n(1)]
    StringList,
    /// A text that KMS encrypts.
    #[n(2)]
    SecureString,
}

/// The tier of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub(crate) enum Tier {
    /// Up to 4 KB, without policies, free.
    #[n(0)]
    Standard,
    /// Up to 8 KB, with policies, billed.
    #[n(1)]
    Advanced,
}

/// A value as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) enum Value {
    /// As it was given; sealed with its record like everything.
    #[n(0)]
    Plain(#[n(0)] SecretString),
    /// As KMS encrypted it, or as a message of the Encryption SDK.
    #[n(1)]
    Encrypted(#[cbor(n(0), with = "minicbor::bytes")] Vec<u8>),
}

impl Kind {
    /// The type as the API has it.
    #[must_use]
    pub(crate) fn shown(self) -> types::ParameterType {
        match self {
            Self::String => types::ParameterType::String,
            Self::StringList => types::ParameterType::StringList,
            Self::SecureString => types::ParameterType::SecureString,
        }
    }

    /// The type that a request says.
    #[must_use]
    pub(crate) fn read(shown: types::ParameterType) -> Self {
        match shown {
            types::ParameterType::String => Self::String,
            types::ParameterType::StringList => Self::StringList,
            types::ParameterType::SecureString => Self::SecureString,
        }
    }
}

impl Tier {
    /// The tier as the API has it.
    #[must_use]
    pub(crate) fn shown(self) -> types::ParameterTier {
        match self {
            Self::Standard => types::ParameterTier::Standard,
            Self::Advanced => types::ParameterTier::Advanced,
        }
    }
}

/// The name of the record of a version that is not the latest.
#[must_use]
pub(crate) fn record_name(keyring: &Keyring, parameter: &Parameter, number: u64) -> Name {
    Name::table(TABLE)
        .part(parameter.account.as_str())
        .part(parameter.region.as_str())
        .blind(keyring, &name::path_of(&parameter.name))
        .number(number)
        .name()
}
