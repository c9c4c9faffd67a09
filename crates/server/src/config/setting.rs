//! The table of settings: each one's names, its default and its meaning.
//!
//! The table is what the configuration file, the environment and the documentation go by; a test keeps the command
//! line to it.

/// A setting.
#[derive(Debug)]
#[cfg_attr(
    not(test),
    allow(dead_code, reason = "a test keeps the documentation true to the default and the meaning")
)]
pub(crate) struct Setting {
    /// The key in the configuration file. The flag and the variable follow from it.
    pub(crate) key: &'static str,
    /// What holds when it is not set, for the documentation.
    pub(crate) default: &'static str,
    /// What it does, for the documentation.
    pub(crate) meaning: &'static str,
}

impl Setting {
    /// The flag, e.g. `--data-dir`.
    pub(crate) fn flag(&self) -> String {
        format!("--{}", self.key.replace('_', "-"))
    }

    /// The environment variable, e.g. `ALCAZAR_DATA_DIR`.
    pub(crate) fn variable(&self) -> String {
        format!("ALCAZAR_{}", self.key.to_uppercase())
    }
}

const fn setting(key: &'static str, default: &'static str, meaning: &'static str) -> Setting {
    Setting { key, default, meaning }
}

/// Every setting, in the order of the documentation.
pub(crate) const SETTINGS: &[Setting] = &[
    setting("listen", "`127.0.0.1:4566`", "Address and port to listen on"),
    setting(
        "data_dir",
        "`./alcazar-data`; with `dev` none, and nothing is kept",
        "Directory that holds keys, records and the audit log",
    ),
    setting(
        "dev",
        "`false`",
        "Development mode: loopback only, built-in credentials, a clock to move and a reset",
    ),
    setting(
        "account",
        "a random one",
        "Twelve-digit id of the first account; counts at the first start only",
    ),
    setting("tls_cert", "none: plain HTTP", "PEM file with the certificate chain; needs `tls_key`"),
    setting("tls_key", "none: plain HTTP", "PEM file with the certificate's private key; needs `tls_cert`"),
    setting(
        "allow_plain_http",
        "`false`",
        "Serve plain HTTP beyond loopback, as behind a proxy that ends TLS",
    ),
    setting(
        "metrics_listen",
        "none: `/_alcazar/metrics` on `listen`",
        "Address and port that serve metrics alone",
    ),
    setting(
        "log_level",
        "`info`, or what `ALCAZAR_LOG` or `RUST_LOG` says",
        "Least severe messages to log: `off`, `error`, `warn`, `info`, `debug` or `trace`",
    ),
    setting("log_format", "`text`", "Form of log messages: `text` or `json`"),
    setting(
        "passphrase_file",
        "none: `ALCAZAR_PASSPHRASE`, or the terminal",
        "File whose first line is the passphrase of the root of trust",
    ),
    setting(
        "attestation_roots",
        "none",
        "PEM file with certificates that vouch for attested callers (`Recipient`) beside AWS's own",
    ),
    setting(
        "outbound_ca",
        "none",
        "PEM file with certificates that vouch for hosts outside, beside the machine's own roots",
    ),
    setting(
        "outbound_private",
        "`off`",
        "Whether hosts that callers name may be at loopback and private addresses: `on` or `off`",
    ),
    setting(
        "outbound_hosts",
        "none: by their names",
        "Where hosts outside are, as `NAME=ADDRESS:PORT,…`; an address that is written here is allowed",
    ),
    setting("cached_records", "`262144`", "Most records held in memory, opened"),
    setting("quotas", "AWS's", "Quotas that are not to be AWS's, as `NAME=VALUE,…`; in the file a table"),
    setting("request_rates", "`off`", "Whether all of AWS's request rates hold: `on` or `off`"),
];

/// The setting of this key.
pub(crate) fn find(key: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.key == key)
}
