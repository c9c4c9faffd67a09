//! The command line.
//!
//! Settings are taken as texts, and checked where those of the environment and the file are, so that each is judged
//! alike wherever it comes from.

use std::ffi::OsString;
use std::path::PathBuf;

use alcazar_base::{AccountId, Month, Region};
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use crate::parameters::document::{Kind, Tier};
use crate::parameters::path::Path as ParameterPath;

/// AWS's security plane on a machine of your own: keys, policies and audit behind one endpoint that unmodified AWS
/// SDKs and the CLI talk to.
#[derive(Debug, Parser)]
#[command(name = "alcazar", version, arg_required_else_help = true, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What is to be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the server
    ///
    /// The first start makes the data directory with its root of trust and the first account's administrator, and
    /// leaves the administrator's access key there as an AWS profile file.
    #[command(after_help = "Examples:
  alcazar serve
  alcazar serve --dev
  alcazar serve --listen 0.0.0.0:443 --tls-cert chain.pem --tls-key key.pem --data-dir /var/lib/alcazar")]
    Serve(Box<ServeArgs>),
    /// Make a data directory without starting the server
    ///
    /// Makes what the first start of the server would, and can keep the root of trust under a passphrase.
    #[command(after_help = "Examples:
  alcazar init --data-dir /var/lib/alcazar
  alcazar init --data-dir /var/lib/alcazar --passphrase")]
    Init(InitArgs),
    /// Show what a data directory holds, and whether a server runs on it
    #[command(after_help = "Examples:
  alcazar status
  alcazar status --data-dir /var/lib/alcazar --json")]
    Status(StatusArgs),
    /// Show what the keys and parameters of a month cost by AWS's public price list
    ///
    /// Keys are billed by the hour, requests by their class. Works while the server runs.
    #[command(after_help = "Examples:
  alcazar cost
  alcazar cost --month 2026-11 --account 111122223333
  alcazar cost --format json | jq '.accounts[].cost'")]
    Cost(CostArgs),
    /// Write a backup of everything to a file
    ///
    /// Works while the server runs. The backup is sealed: it opens with the root of trust alone, of which a copy is
    /// written to FILE.root-key. Keep the two in different places.
    #[command(after_help = "Examples:
  alcazar backup /backup/alcazar-2026-11-22
  alcazar backup /backup/alcazar-2026-11-22 --without-root")]
    Backup(BackupArgs),
    /// Make a new data directory from a backup
    ///
    /// The data directory must be absent or empty. The backup is checked whole before the directory appears.
    #[command(after_help = "Examples:
  alcazar restore /backup/alcazar-2026-11-22 --data-dir /var/lib/alcazar
  alcazar restore /backup/alcazar-2026-11-22 --root-key /media/safe/root-key --data-dir ./restored")]
    Restore(RestoreArgs),
    /// Show how to use the administrator's access key
    ///
    /// Writes the profile file again if it is missing. The secret is shown only when asked for.
    #[command(after_help = "Examples:
  alcazar credentials
  eval \"$(alcazar credentials --env)\"
  alcazar credentials --rotate")]
    Credentials(CredentialsArgs),
    /// Replace the root of trust, and the keys that seal new data
    ///
    /// The keyring is sealed anew under the new root, and gets new versions of its keys; what they sealed before stays
    /// readable and is not rewritten. The server must be stopped. Backups made before still need the root of their
    /// time.
    #[command(after_help = "Examples:
  alcazar rotate-root
  alcazar rotate-root --passphrase
  alcazar rotate-root --plain")]
    RotateRoot(RotateRootArgs),
    /// Print the audit log as CloudTrail records, one JSON object a line
    ///
    /// Works while the server runs. Each line is a CloudTrail record; with --with-sequence it is an object of the
    /// record's place in the log and the record.
    #[command(after_help = "Examples:
  alcazar audit | jq 'select(.errorCode)'
  alcazar audit --from-sequence 1000 --limit 100")]
    Audit(AuditArgs),
    /// Run a program with parameters of Parameter Store as its environment
    ///
    /// The parameters below each path become variables: /app/prod/db/pool-size is DB_POOL_SIZE below /app/prod. Works
    /// against AWS as against this server: region, credentials and endpoint are those of the AWS SDKs' settings, and
    /// where none are set, the administrator's of the server that runs on this machine.
    #[command(after_help = "Examples:
  alcazar exec --path /app/prod -- ./server --port 8080
  alcazar exec --path /app/common --path /app/prod -- sh -c 'echo $DB_HOST'
  alcazar exec --path /app/prod --pristine --prefix APP_ -- env")]
    Exec(ExecArgs),
    /// Move trees of Parameter Store's parameters, to and from files
    ///
    /// Works against AWS as against this server: region, credentials and endpoint are those of the AWS SDKs' settings,
    /// and where none are set, the administrator's of the server that runs on this machine.
    #[command(subcommand)]
    Params(ParamsCommand),
}

/// The settings that every command takes.
#[derive(Debug, Clone, Args)]
pub(crate) struct CommonArgs {
    /// Configuration file in TOML [env: ALCAZAR_CONFIG] [default: ./alcazar.toml if it is there]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Directory that holds keys, records and the audit log [env: ALCAZAR_DATA_DIR] [default: ./alcazar-data]
    #[arg(long, value_name = "DIRECTORY")]
    pub(crate) data_dir: Option<String>,
    /// File whose first line is the passphrase of the root of trust [env: ALCAZAR_PASSPHRASE_FILE, or the passphrase
    /// itself in ALCAZAR_PASSPHRASE]
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<String>,
}

/// `alcazar serve`.
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    #[command(flatten)]
    pub(crate) common: CommonArgs,
    #[command(flatten)]
    pub(crate) new: NewArgs,
    /// Development mode: loopback only, built-in credentials, a clock to move and a reset; without --data-dir it keeps
    /// nothing [env: ALCAZAR_DEV]
    #[arg(long)]
    pub(crate) dev: bool,
    /// PEM file with the certificate chain [env: ALCAZAR_TLS_CERT]
    #[arg(long, value_name = "FILE")]
    pub(crate) tls_cert: Option<String>,
    /// PEM file with the certificate's private key [env: ALCAZAR_TLS_KEY]
    #[arg(long, value_name = "FILE")]
    pub(crate) tls_key: Option<String>,
    /// Serve plain HTTP beyond loopback, as behind a proxy that ends TLS [env: ALCAZAR_ALLOW_PLAIN_HTTP]
    #[arg(long)]
    pub(crate) allow_plain_http: bool,
    /// Address and port that serve metrics alone [env: ALCAZAR_METRICS_LISTEN]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) metrics_listen: Option<String>,
    /// Least severe messages to log: off, error, warn, info, debug or trace [env: ALCAZAR_LOG_LEVEL] [default: info]
    #[arg(long, value_name = "LEVEL")]
    pub(crate) log_level: Option<String>,
    /// Form of log messages: text or json [env: ALCAZAR_LOG_FORMAT] [default: text]
    #[arg(long, value_name = "FORMAT")]
    pub(crate) log_format: Option<String>,
    /// Set quotas that are not to be AWS's, e.g. kms.keys=10 or kms.rate.create-key=unlimited; may be repeated
    /// [env: ALCAZAR_QUOTAS]
    #[arg(long, visible_alias = "quota", value_name = "NAME=VALUE,…")]
    pub(crate) quotas: Vec<String>,
    /// Whether all of AWS's request rates hold: on or off [env: ALCAZAR_REQUEST_RATES] [default: off]
    #[arg(long, value_name = "SWITCH")]
    pub(crate) request_rates: Option<String>,
    /// PEM file with certificates that vouch for attested callers beside AWS's own [env: ALCAZAR_ATTESTATION_ROOTS]
    #[arg(long, value_name = "FILE")]
    pub(crate) attestation_roots: Option<String>,
    /// PEM file with certificates that vouch for hosts outside, beside the machine's own roots [env: ALCAZAR_OUTBOUND_CA]
    #[arg(long, value_name = "FILE")]
    pub(crate) outbound_ca: Option<String>,
    /// Whether hosts that callers name may be at loopback and private addresses: on or off
    /// [env: ALCAZAR_OUTBOUND_PRIVATE] [default: off]
    #[arg(long, value_name = "SWITCH")]
    pub(crate) outbound_private: Option<String>,
    /// Where hosts outside are, whatever their names resolve to [env: ALCAZAR_OUTBOUND_HOSTS]
    #[arg(long, value_name = "NAME=ADDRESS:PORT,…")]
    pub(crate) outbound_hosts: Option<String>,
    /// Most records held in memory, opened [env: ALCAZAR_CACHED_RECORDS] [default: 262144]
    #[arg(long, value_name = "NUMBER")]
    pub(crate) cached_records: Option<String>,
}

/// What a new data directory is made with.
#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    /// Address and port to listen on [env: ALCAZAR_LISTEN] [default: 127.0.0.1:4566]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) listen: Option<String>,
    /// Twelve-digit id of the first account; counts at the first start only [env: ALCAZAR_ACCOUNT] [default: random]
    #[arg(long, value_name = "ACCOUNT")]
    pub(crate) account: Option<String>,
}

/// `alcazar init`.
#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    #[command(flatten)]
    pub(crate) common: CommonArgs,
    #[command(flatten)]
    pub(crate) new: NewArgs,
    /// Keep the root of trust under a passphrase, which every start of the server then asks for
    #[arg(long)]
    pub(crate) passphrase: bool,
}

/// `alcazar status`.
#[derive(Debug, Args)]
pub(crate) struct StatusArgs {
    #[command(flatten)]
    pub(crate) common: CommonArgs,
    /// Print one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

/// `alcazar cost`.
#[derive(Debug, Args)]
pub(crate) struct CostArgs {
    #[command(flatten)]
    pub(crate) common: CommonArgs,
    /// Month, as 2026-11 is one, in UTC [default: this month, as far as it has passed]
    #[arg(long, value_name = "YYYY-MM")]
    pub(crate) month: Option<Month>,
    /// Only what this account pays
    #[arg(long, value_name = "ACCOUNT")]
    pub(crate) account: Option<AccountId>,
    /// Only this region
    #[arg(long, value_name = "REGION")]
    pub(crate) region: Option<Region>,
    /// Only this key, by its id or ARN
    #[arg(long, value_name = "KEY")]
    pub(crate) key: Option<String>,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t = CostFormat::Table)]
    pub(crate) format: CostFormat,
}

/// The forms of `alcazar cost`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CostFormat {
    /// A line for each key and for each region's parameters, and totals.
    Table,
    /// One JSON object; amounts are texts, so that they stay exact.
    Json,
}

/// `alcazar backup`.
#[derive(Debug, Args)]
pub(crate) struct BackupArgs {
    #[command(flatten)]
    pub(crate) common: CommonArgs,
    /// File to write; it must not exist
    pub(crate) file: PathBuf,
    /// Do not write a copy of the root of trust to FILE.root-key
    #[arg(long)]
    pub(crate) without_root: bool,
}

/// `alcazar restore`.
#[derive(Debug, Args)]
pub(crate) struct RestoreArgs {
    #[command(flatten)]
    pub(crate) common: CommonArgs,
    /// The backup
    pub(crate) file: PathBuf,
    /// The root of trust that opens the backup [default: FILE.root-key]
    #[arg(long, value_name = "FILE")]
    pub(crate) root_key: Option<PathBuf>,
}

/// `alcazar credentials`.
#[derive(Debug, Args)]
pub(crate) struct CredentialsArgs {
    #[command(flatten)]
    pub(crate) common: CommonArgs,
    /// Show the secret too
    #[arg(long)]
    pub(crate) show_secret: bool,
    /// Print shell commands that set the AWS variables, secret included
    #[arg(long, conflicts_with = "show_secret")]
    pub(crate) env: bool,
    /// Give the administrator a new access key and drop the old one; the server must be stopped
    #[arg(long)]
    pub(crate) rotate: bool,
}

/// `alcazar rotate-root`.
#[derive(Debug, Args)]
pub(crate) struct RotateRootArgs {
    #[command(flatten)]
    pub(crate) common: CommonArgs,
    /// Keep the new root under a passphrase
    #[arg(long)]
    pub(crate) passphrase: bool,
    /// Keep the new root in a file without a passphrase
    #[arg(long, conflicts_with = "passphrase")]
    pub(crate) plain: bool,
    /// File whose first line is the new passphrase [env: the passphrase itself in ALCAZAR_NEW_PASSPHRASE]
    #[arg(long, value_name = "FILE", conflicts_with = "plain")]
    pub(crate) new_passphrase_file: Option<PathBuf>,
}

/// `alcazar audit`.
#[derive(Debug, Args)]
pub(crate) struct AuditArgs {
    #[command(flatten)]
    pub(crate) common: CommonArgs,
    /// Begin at this place in the log, counted from 0
    #[arg(long, value_name = "SEQUENCE", default_value_t = 0)]
    pub(crate) from_sequence: u64,
    /// Print so many records at most [default: all]
    #[arg(long, value_name = "RECORDS")]
    pub(crate) limit: Option<u64>,
    /// Print each record's place in the log with it
    #[arg(long)]
    pub(crate) with_sequence: bool,
}

/// How to reach Parameter Store.
#[derive(Debug, Clone, Args)]
pub(crate) struct AwsArgs {
    /// Profile of the AWS configuration [env: AWS_PROFILE]
    #[arg(long, value_name = "PROFILE")]
    pub(crate) profile: Option<String>,
    /// Region [env: AWS_REGION]
    #[arg(long, value_name = "REGION")]
    pub(crate) region: Option<String>,
    /// Endpoint [env: AWS_ENDPOINT_URL_SSM, AWS_ENDPOINT_URL]
    #[arg(long, value_name = "URL")]
    pub(crate) endpoint_url: Option<String>,
    /// Data directory of a server on this machine, to call it as its administrator
    #[arg(long, value_name = "DIRECTORY", conflicts_with = "profile")]
    pub(crate) data_dir: Option<String>,
}

/// `alcazar exec`.
#[derive(Debug, Args)]
pub(crate) struct ExecArgs {
    #[command(flatten)]
    pub(crate) aws: AwsArgs,
    /// Path whose parameters become variables; may be repeated, and later ones win
    #[arg(long = "path", value_name = "PATH", required = true)]
    pub(crate) paths: Vec<ParameterPath>,
    /// Only the level right below each path
    #[arg(long, overrides_with = "recursive")]
    pub(crate) no_recursive: bool,
    /// All levels below each path; this is the default
    #[arg(long, overrides_with = "no_recursive")]
    pub(crate) recursive: bool,
    /// Begin the name of each variable with this
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) prefix: String,
    /// Leave letters as they are, instead of making them capitals
    #[arg(long)]
    pub(crate) preserve_case: bool,
    /// Give the program these variables alone, and none of the environment's
    #[arg(long)]
    pub(crate) pristine: bool,
    /// Leave variables alone that the environment has already
    #[arg(long, conflicts_with_all = ["pristine", "strict"])]
    pub(crate) no_override: bool,
    /// Refuse variables that two paths give, or that the environment has already
    #[arg(long)]
    pub(crate) strict: bool,
    /// The program and its arguments
    #[arg(last = true, required = true, value_name = "COMMAND")]
    pub(crate) command: Vec<OsString>,
}

/// `alcazar params`.
#[derive(Debug, Subcommand)]
pub(crate) enum ParamsCommand {
    /// Write the parameters below a path to a file
    ///
    /// JSON and YAML hold all there is to know of parameters; dotenv holds names and values alone, named as `alcazar
    /// exec` names variables. Values of SecureStrings are written only with --decrypt.
    #[command(after_help = "Examples:
  alcazar params export --path /app/prod
  alcazar params export --path /app/prod --decrypt --output prod.yaml
  alcazar params export --path /app/prod --format dotenv --decrypt --output .env")]
    Export(ExportArgs),
    /// Make and change parameters after a file
    ///
    /// Writes only what differs, so that an import that was interrupted goes on when it is run again. What the file leaves
    /// out of a parameter stays as it is.
    #[command(after_help = "Examples:
  alcazar params import prod.yaml --dry-run
  alcazar params import prod.yaml --path /app/staging
  alcazar params import prod.yaml --overwrite --delete
  alcazar params import .env --path /app/prod --overwrite")]
    Import(ImportArgs),
}

/// The forms of files of parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ParamsFormat {
    /// One JSON object.
    Json,
    /// One YAML document.
    Yaml,
    /// A line NAME='value' for each parameter.
    Dotenv,
}

/// `alcazar params export`.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    #[command(flatten)]
    pub(crate) aws: AwsArgs,
    /// Path whose parameters are written
    #[arg(long, value_name = "PATH")]
    pub(crate) path: ParameterPath,
    /// Form of the file [default: by the file's name, else json]
    #[arg(long, value_enum)]
    pub(crate) format: Option<ParamsFormat>,
    /// File to write, for its owner's eyes only; - is standard output [default: -]
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Only the level right below the path
    #[arg(long)]
    pub(crate) no_recursive: bool,
    /// Write the values of SecureStrings, in the clear; needs --output
    #[arg(long, requires = "output")]
    pub(crate) decrypt: bool,
}

/// `alcazar params import`.
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    #[command(flatten)]
    pub(crate) aws: AwsArgs,
    /// File to read; - is standard input
    pub(crate) file: PathBuf,
    /// Path to put the parameters below [default: the file's own]
    #[arg(long, value_name = "PATH")]
    pub(crate) path: Option<ParameterPath>,
    /// Form of the file [default: by the file's name, else json]
    #[arg(long, value_enum)]
    pub(crate) format: Option<ParamsFormat>,
    /// Show what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Change parameters that are there and differ; without this nothing is done if some do
    #[arg(long)]
    pub(crate) overwrite: bool,
    /// Delete parameters below the path that are not in the file
    #[arg(long)]
    pub(crate) delete: bool,
    /// KMS key of all SecureStrings, whatever the file says
    #[arg(long, value_name = "KEY")]
    pub(crate) key_id: Option<String>,
    /// Type of what a dotenv file adds
    #[arg(long = "type", value_name = "TYPE", value_enum, default_value_t = Kind::SecureString)]
    pub(crate) kind: Kind,
    /// Tier of what is added, where the file names none
    #[arg(long, value_name = "TIER", value_enum)]
    pub(crate) tier: Option<Tier>,
}

/// Reads the command line.
///
/// # Errors
/// It is not one of ours, or asks for help; clap's error knows how to tell.
pub(crate) fn parse() -> Result<Cli, clap::Error> {
    Cli::from_arg_matches(&Cli::command().try_get_matches()?)
}

/// The settings that a command line sets, by their keys.
pub(crate) type Flags = Vec<(&'static str, String)>;

fn flags<const N: usize>(flags: [(&'static str, &Option<String>); N]) -> Flags {
    flags.into_iter().filter_map(|(key, text)| Some((key, text.clone()?))).collect()
}

impl CommonArgs {
    /// The settings that are set.
    pub(crate) fn flags(&self) -> Flags {
        flags([("data_dir", &self.data_dir), ("passphrase_file", &self.passphrase_file)])
    }
}

impl NewArgs {
    /// The settings that are set.
    pub(crate) fn flags(&self) -> Flags {
        flags([("listen", &self.listen), ("account", &self.account)])
    }
}

impl ServeArgs {
    /// The settings that are set.
    pub(crate) fn flags(&self) -> Flags {
        let mut all = flags([
            ("tls_cert", &self.tls_cert),
            ("tls_key", &self.tls_key),
            ("metrics_listen", &self.metrics_listen),
            ("log_level", &self.log_level),
            ("log_format", &self.log_format),
            ("attestation_roots", &self.attestation_roots),
            ("outbound_ca", &self.outbound_ca),
            ("outbound_private", &self.outbound_private),
            ("outbound_hosts", &self.outbound_hosts),
            ("cached_records", &self.cached_records),
            ("request_rates", &self.request_rates),
        ]);
        if !self.quotas.is_empty() {
            all.push(("quotas", self.quotas.join(",")));
        }
        let switches = [("dev", self.dev), ("allow_plain_http", self.allow_plain_http)];
        all.extend(switches.into_iter().filter(|(_, on)| *on).map(|(key, _)| (key, "true".to_owned())));
        all.extend(self.common.flags());
        all.extend(self.new.flags());
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_setting_of_the_server_is_passed_on() {
        let line = "alcazar serve --listen a --account b --dev --tls-cert c --tls-key d --allow-plain-http \
                    --metrics-listen e --log-level f --log-format g --cached-records h --data-dir i \
                    --passphrase-file j --quotas k --request-rates l --attestation-roots m --outbound-ca n \
                    --outbound-private on --outbound-hosts o";
        let Command::Serve(arguments) = Cli::parse_from(line.split_whitespace()).command else {
            panic!("another command")
        };
        let mut set: Vec<_> = arguments.flags().into_iter().map(|(key, _)| key).collect();
        let mut all: Vec<_> = crate::config::setting::SETTINGS.iter().map(|setting| setting.key).collect();
        set.sort_unstable();
        all.sort_unstable();
        assert_eq!(set, all);
    }
}
