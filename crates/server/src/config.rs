//! The server's settings: flags over the environment over one file, each checked wherever it came from.
//!
//! What always holds: a key of the file that is no setting is an error, and every error names the setting and
//! what set it.

mod layer;
mod quotas;
pub(crate) mod setting;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use alcazar_base::AccountId;
use alcazar_base::id::InvalidId;
use alcazar_engine::{Limit, QuotaSettings};
use figment::Figment;
use serde::Deserialize;
use thiserror::Error;
use tracing::level_filters::LevelFilter;

use self::layer::{File, Texts};
use crate::outbound::{self, OutboundSettings};
use crate::serve::assembly::EngineSettings;

/// The configuration file that is read if it is there and none is named.
pub(crate) const DEFAULT_FILE: &str = "alcazar.toml";

/// The environment variable that names the configuration file.
const FILE_VARIABLE: &str = "ALCAZAR_CONFIG";

const DEFAULT_DATA_DIR: &str = "./alcazar-data";

/// A setting, or a combination of them, that cannot be.
#[derive(Debug, Error)]
pub(crate) enum ConfigError {
    /// The file cannot be read as TOML.
    #[error("the configuration file {file} cannot be read: {what}")]
    File {
        /// The file.
        file: String,
        /// What is wrong with it.
        what: String,
    },
    /// The file sets what is no setting.
    #[error("`{key}` in {file} is no setting; docs/CONFIGURATION.md lists those that there are")]
    UnknownKey {
        /// The key.
        key: String,
        /// The file.
        file: String,
    },
    /// A value is not what the setting takes.
    #[error("{name}: {what}")]
    Value {
        /// The setting, and what set it.
        name: String,
        /// What is wrong with the value.
        what: String,
    },
    /// One TLS file is named without the other.
    #[error("{given} needs {missing} too")]
    HalfTls {
        /// What is set, and where.
        given: String,
        /// What is not.
        missing: &'static str,
    },
    /// Development mode beyond loopback.
    #[error(
        "{name}: development mode (--dev) listens on loopback only, and {address} is not a loopback address"
    )]
    DevBeyondLoopback {
        /// The setting, and what set it.
        name: String,
        /// The address.
        address: SocketAddr,
    },
    /// Plain HTTP beyond loopback.
    #[error(
        "{name}: plain HTTP on {address} would show every secret to the network; set --tls-cert and --tls-key, or \
         say --allow-plain-http if something before this server ends TLS"
    )]
    PlainBeyondLoopback {
        /// The setting, and what set it.
        name: String,
        /// The address.
        address: SocketAddr,
    },
}

/// The form of log messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Where the certificate and its key are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TlsFiles {
    /// PEM: the certificate chain, the server's own first.
    pub(crate) cert: PathBuf,
    /// PEM: the private key.
    pub(crate) key: PathBuf,
}

/// All settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Settings {
    /// Where to listen.
    pub(crate) listen: SocketAddr,
    /// The data directory; none keeps everything in memory, which only development mode does.
    pub(crate) data_dir: Option<PathBuf>,
    /// Development mode.
    pub(crate) dev: bool,
    /// The first account, if it is not to be a random one.
    pub(crate) account: Option<AccountId>,
    /// TLS; none is plain HTTP.
    pub(crate) tls: Option<TlsFiles>,
    /// Plain HTTP is wanted even beyond loopback.
    pub(crate) allow_plain_http: bool,
    /// Where to serve metrics alone.
    pub(crate) metrics_listen: Option<SocketAddr>,
    /// The least severe messages that are logged.
    pub(crate) log_level: LevelFilter,
    /// The form of log messages.
    pub(crate) log_format: LogFormat,
    /// The file with the passphrase of the root of trust.
    pub(crate) passphrase_file: Option<PathBuf>,
    /// The file with further roots of attestation.
    pub(crate) attestation_roots: Option<PathBuf>,
    /// The file with further roots for hosts outside.
    pub(crate) outbound_ca: Option<PathBuf>,
    /// What holds for connections to the outside.
    pub(crate) outbound: OutboundSettings,
    /// What the engine itself goes by.
    pub(crate) engine: EngineSettings,
}

/// The settings as the layers give them.
#[derive(Deserialize)]
struct Given {
    listen: Option<SocketAddr>,
    data_dir: Option<PathBuf>,
    dev: Option<bool>,
    account: Option<String>,
    tls_cert: Option<PathBuf>,
    tls_key: Option<PathBuf>,
    allow_plain_http: Option<bool>,
    metrics_listen: Option<SocketAddr>,
    log_level: Option<String>,
    log_format: Option<LogFormat>,
    passphrase_file: Option<PathBuf>,
    attestation_roots: Option<PathBuf>,
    outbound_ca: Option<PathBuf>,
    outbound_private: Option<Switch>,
    outbound_hosts: Option<String>,
    cached_records: Option<usize>,
    request_rates: Option<Switch>,
}

/// What is off unless it is switched on.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Switch {
    Off,
    On,
}

/// Where settings come from.
pub(crate) struct Sources<'a> {
    /// The configuration file that the command line names.
    pub(crate) file: Option<PathBuf>,
    /// The settings that the command line sets, by their keys.
    pub(crate) flags: Vec<(&'static str, String)>,
    /// Reads an environment variable.
    pub(crate) variable: &'a dyn Fn(&str) -> Option<String>,
    /// Where `alcazar.toml` may be.
    pub(crate) directory: &'a Path,
}

impl Settings {
    /// Reads the settings and checks each for itself.
    ///
    /// # Errors
    /// `ConfigError` says what cannot be, and what set it.
    pub(crate) fn read(sources: Sources<'_>) -> Result<Self, ConfigError> {
        let layers = layers(sources)?;
        let given: Given = layers.extract_lossy().map_err(|error| value_error(&layers, &error))?;
        Self::check(given, quotas::limits(&layers)?, &|key| name_of(&layers, key))
    }

    /// Reads the settings of a server, and checks that they go together.
    ///
    /// # Errors
    /// As [`Settings::read`].
    pub(crate) fn read_for_serving(sources: Sources<'_>) -> Result<Self, ConfigError> {
        let layers = layers(sources)?;
        let name = |key: &str| name_of(&layers, key);
        let given: Given = layers.extract_lossy().map_err(|error| value_error(&layers, &error))?;
        let settings = Self::check(given, quotas::limits(&layers)?, &name)?;
        settings.check_addresses(&name)?;
        Ok(settings)
    }
    fn check(
        given: Given,
        limits: BTreeMap<&'static str, Limit>,
        name: &dyn Fn(&str) -> String,
    ) -> Result<Self, ConfigError> {
        let invalid = |key: &str, what: String| ConfigError::Value { name: name(key), what };
        let dev = given.dev.unwrap_or(false);
        let account = given.account.map(|text| text.parse()).transpose();
        let log_level = given.log_level.map_or(Ok(LevelFilter::INFO), |text| {
            text.parse().map_err(|_| {
                invalid("log_level", format!("{text:?} is not off, error, warn, info, debug or trace"))
            })
        });
        let tls = match (given.tls_cert, given.tls_key) {
            (Some(cert), Some(key)) => Some(TlsFiles { cert, key }),
            (None, None) => None,
            (Some(_), None) => {
                return Err(ConfigError::HalfTls { given: name("tls_cert"), missing: "--tls-key" });
            }
            (None, Some(_)) => {
                return Err(ConfigError::HalfTls { given: name("tls_key"), missing: "--tls-cert" });
            }
        };
        Ok(Self {
            listen: given.listen.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 4566))),
            data_dir: given.data_dir.or_else(|| (!dev).then(|| PathBuf::from(DEFAULT_DATA_DIR))),
            dev,
            account: account.map_err(|error: InvalidId| invalid("account", error.to_string()))?,
            tls,
            allow_plain_http: given.allow_plain_http.unwrap_or(false),
            metrics_listen: given.metrics_listen,
            log_level: log_level?,
            log_format: given.log_format.unwrap_or(LogFormat::Text),
            passphrase_file: given.passphrase_file,
            attestation_roots: given.attestation_roots,
            outbound_ca: given.outbound_ca,
            outbound: OutboundSettings {
                // Read from their file when the server starts.
                roots: Arc::default(),
                private: given.outbound_private == Some(Switch::On),
                hosts: outbound::hosts(given.outbound_hosts.as_deref().unwrap_or_default())
                    .map_err(|what| invalid("outbound_hosts", what))?,
            },
            engine: EngineSettings {
                cached_records: given.cached_records.unwrap_or(alcazar_engine::cloud::CACHED_RECORDS),
                // Read from their file when the server starts.
                attestation_roots: Arc::default(),
                quotas: QuotaSettings { request_rates: given.request_rates == Some(Switch::On), limits },
            },
        })
    }

    /// Checks that nothing secret is served where others can hear it.
    fn check_addresses(&self, name: &dyn Fn(&str) -> String) -> Result<(), ConfigError> {
        let listeners = [("listen", Some(self.listen)), ("metrics_listen", self.metrics_listen)];
        for (key, address) in listeners {
            let Some(address) = address.filter(|address| !address.ip().to_canonical().is_loopback()) else {
                continue;
            };
            let name = name(key);
            if self.dev {
                return Err(ConfigError::DevBeyondLoopback { name, address });
            }
            if key == "listen" && self.tls.is_none() && !self.allow_plain_http {
                return Err(ConfigError::PlainBeyondLoopback { name, address });
            }
        }
        Ok(())
    }

    /// The URL that a client on this machine reaches the server at, when it listens on `address`.
    pub(crate) fn endpoint_url(&self, address: SocketAddr) -> String {
        let port = address.port();
        match address.ip().to_canonical() {
            // A certificate names hosts.
            _ if self.tls.is_some() => format!("https://localhost:{port}"),
            IpAddr::V4(ip) if !ip.is_unspecified() => format!("http://{ip}:{port}"),
            IpAddr::V6(ip) if !ip.is_unspecified() => format!("http://[{ip}]:{port}"),
            IpAddr::V4(_) => format!("http://127.0.0.1:{port}"),
            IpAddr::V6(_) => format!("http://[::1]:{port}"),
        }
    }

    /// The data directory, for the commands that cannot do without one.
    pub(crate) fn data_dir(&self) -> PathBuf {
        self.data_dir.clone().unwrap_or_else(|| PathBuf::from(DEFAULT_DATA_DIR))
    }
}

/// The file, then the environment over it, then the command line.
fn layers(sources: Sources<'_>) -> Result<Figment, ConfigError> {
    let named = sources.file.or_else(|| (sources.variable)(FILE_VARIABLE).map(PathBuf::from));
    let by_default = || Some(sources.directory.join(DEFAULT_FILE)).filter(|path| path.exists());
    let mut layers = Figment::new();
    if let Some(path) = named.or_else(by_default) {
        layers = layers.merge(File::read(&path)?);
    }
    Ok(layers.merge(Texts::environment(sources.variable)).merge(Texts::command_line(sources.flags)))
}

/// The name of a setting, and what set it.
fn name_of(layers: &Figment, key: &str) -> String {
    match layers.find_metadata(key) {
        Some(metadata) => layer::name_in(&metadata.name, key),
        None => setting::find(key).map_or_else(|| key.to_owned(), setting::Setting::flag),
    }
}

fn value_error(layers: &Figment, error: &figment::Error) -> ConfigError {
    let key = error.path.join(".");
    ConfigError::Value { name: name_of(layers, &key), what: error.kind.to_string() }
}
