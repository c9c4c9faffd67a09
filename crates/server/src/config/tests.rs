use super::setting::SETTINGS;
use super::*;

fn read(
    file: Option<&str>,
    variables: &[(&str, &str)],
    flags: &[(&'static str, &str)],
) -> Result<Settings, String> {
    let home = tempfile::tempdir().unwrap();
    if let Some(text) = file {
        std::fs::write(home.path().join(DEFAULT_FILE), text).unwrap();
    }
    let variable = |name: &str| {
        let found = variables.iter().find(|(found, _)| *found == name);
        found.map(|(_, text)| (*text).to_owned())
    };
    let flags = flags.iter().map(|(key, text)| (*key, (*text).to_owned())).collect();
    let sources = Sources { file: None, flags, variable: &variable, directory: home.path() };
    Settings::read_for_serving(sources).map_err(|error| error.to_string())
}

#[test]
fn nothing_set_is_a_server_for_this_machine_alone() {
    let settings = read(None, &[], &[]).unwrap();
    assert_eq!(settings.listen.to_string(), "127.0.0.1:4566");
    assert_eq!(settings.data_dir, Some("./alcazar-data".into()));
    assert_eq!((settings.dev, settings.log_level), (false, LevelFilter::INFO));
}

#[test]
fn flags_count_before_the_environment_and_that_before_the_file() {
    let file = Some("listen = '127.0.0.1:1'\nlog_format = 'json'\ncached_records = 7");
    let settings = |variables: &[_], flags: &[_]| read(file, variables, flags).unwrap();
    assert_eq!(settings(&[], &[]).listen.port(), 1);
    assert_eq!(settings(&[("ALCAZAR_LISTEN", "127.0.0.1:2")], &[]).listen.port(), 2);
    let all = settings(&[("ALCAZAR_LISTEN", "127.0.0.1:2")], &[("listen", "127.0.0.1:3")]);
    assert_eq!((all.listen.port(), all.log_format, all.engine.cached_records), (3, LogFormat::Json, 7));
}

#[test]
fn every_kind_of_value_can_come_from_the_environment() {
    let settings = read(
        None,
        &[
            ("ALCAZAR_DEV", "true"),
            ("ALCAZAR_ACCOUNT", "000000000042"),
            ("ALCAZAR_CACHED_RECORDS", "9"),
            ("ALCAZAR_DATA_DIR", "d"),
            ("ALCAZAR_METRICS_LISTEN", "[::1]:9"),
        ],
        &[],
    )
    .unwrap();
    assert!(settings.dev && settings.engine.cached_records == 9 && settings.data_dir == Some("d".into()));
    assert_eq!(settings.account, Some(AccountId::from_number(42)));
    assert_eq!(settings.metrics_listen.unwrap().port(), 9);
}

#[test]
fn an_error_names_the_setting_and_what_set_it() {
    let refused = |file, variables: &[_], flags: &[_]| read(file, variables, flags).unwrap_err();
    assert!(refused(None, &[], &[("listen", "nowhere")]).starts_with("--listen: "));
    let message = refused(None, &[("ALCAZAR_DEV", "perhaps")], &[]);
    assert!(message.starts_with("ALCAZAR_DEV in the environment: "), "{message}");
    let message = refused(Some("cached_records = 'many'"), &[], &[]);
    assert!(message.starts_with("`cached_records` in ") && message.contains("alcazar.toml: "), "{message}");
    let message = refused(Some("log_format = 'xml'"), &[], &[]);
    assert!(message.starts_with("`log_format` in "), "{message}");
    assert!(
        refused(None, &[("ALCAZAR_ACCOUNT", "1")], &[]).starts_with("ALCAZAR_ACCOUNT in the environment")
    );
    assert!(refused(None, &[("ALCAZAR_LOG_LEVEL", "loud")], &[]).contains("\"loud\" is not off, error"));
}

#[test]
fn a_key_of_the_file_that_is_no_setting_is_refused() {
    let message = read(Some("listne = '127.0.0.1:1'"), &[], &[]).unwrap_err();
    assert!(message.starts_with("`listne` in "), "{message}");
    assert!(read(Some("[listen]\na = 1"), &[], &[]).is_err());
    assert!(read(Some("listen ="), &[], &[]).unwrap_err().contains("cannot be read"));
}

#[test]
fn a_file_that_is_named_must_be_there() {
    assert!(read(None, &[("ALCAZAR_CONFIG", "/nonexistent/a.toml")], &[]).is_err());
}

#[test]
fn development_mode_keeps_nothing_unless_told_where() {
    assert_eq!(read(None, &[], &[("dev", "true")]).unwrap().data_dir, None);
    assert_eq!(read(None, &[], &[("dev", "true"), ("data_dir", "d")]).unwrap().data_dir, Some("d".into()));
}

#[test]
fn development_mode_is_for_loopback_only() {
    for address in ["0.0.0.0:1", "[::]:1", "192.0.2.1:1", "[::ffff:192.0.2.1]:1"] {
        let message = read(None, &[], &[("dev", "true"), ("listen", address)]).unwrap_err();
        assert!(message.contains("loopback"), "{message}");
        assert!(read(None, &[], &[("dev", "true"), ("metrics_listen", address)]).is_err());
    }
    for address in ["127.0.0.1:1", "[::1]:1", "127.9.9.9:1", "[::ffff:127.0.0.1]:1"] {
        read(None, &[], &[("dev", "true"), ("listen", address)]).unwrap();
    }
}

#[test]
fn plain_http_beyond_loopback_is_refused_unless_it_is_wanted() {
    let listen = ("listen", "0.0.0.0:1");
    let message = read(None, &[], &[listen]).unwrap_err();
    assert!(message.contains("--tls-cert") && message.contains("--allow-plain-http"), "{message}");
    read(None, &[], &[listen, ("allow_plain_http", "true")]).unwrap();
    read(None, &[], &[listen, ("tls_cert", "c"), ("tls_key", "k")]).unwrap();
}

#[test]
fn a_certificate_and_its_key_go_together() {
    let message = read(None, &[("ALCAZAR_TLS_CERT", "c")], &[]).unwrap_err();
    assert_eq!(message, "ALCAZAR_TLS_CERT in the environment needs --tls-key too");
    assert!(read(None, &[], &[("tls_key", "k")]).unwrap_err().contains("--tls-cert"));
}

#[test]
fn the_log_level_follows_the_usual_variables_as_far_as_they_are_levels() {
    let level = |variables: &[_]| read(None, variables, &[]).unwrap().log_level;
    assert_eq!(level(&[("RUST_LOG", "trace")]), LevelFilter::TRACE);
    assert_eq!(level(&[("RUST_LOG", "hyper=debug")]), LevelFilter::INFO);
    assert_eq!(level(&[("RUST_LOG", "trace"), ("ALCAZAR_LOG", "warn")]), LevelFilter::WARN);
    assert_eq!(level(&[("ALCAZAR_LOG_LEVEL", "error"), ("ALCAZAR_LOG", "warn")]), LevelFilter::ERROR);
}

/// The table of the documentation, from the table of the code.
fn table() -> String {
    let mut table =
        String::from("| Flag | Environment | Key in the file | Default | Meaning |\n|---|---|---|---|---|\n");
    for setting in SETTINGS {
        let (flag, variable) = (setting.flag(), setting.variable());
        let row = format!(
            "| `{flag}` | `{variable}` | `{}` | {} | {} |\n",
            setting.key, setting.default, setting.meaning
        );
        table.push_str(&row);
    }
    table
}

#[test]
fn the_documentation_has_the_table_of_settings_as_it_is() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/CONFIGURATION.md");
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.contains(&table()), "docs/CONFIGURATION.md should have this table:\n{}", table());
}

#[test]
fn every_setting_is_a_flag_of_the_server() {
    use clap::CommandFactory;
    let command = crate::cli::Cli::command();
    let serve = command.find_subcommand("serve").unwrap();
    let flags: Vec<_> = serve.get_arguments().filter_map(|argument| argument.get_long()).collect();
    for setting in SETTINGS {
        assert!(flags.contains(&setting.flag().trim_start_matches("--")), "{}", setting.flag());
    }
}

#[test]
fn quotas_come_from_every_layer_each_on_its_own() {
    let file =
        Some("[quotas]\nkms.keys = 1\n\"kms.aliases-per-key\" = 'unlimited'\nkms.rate.create-key = 0.5");
    let quotas =
        read(file, &[("ALCAZAR_QUOTAS", "kms.keys=2, kms.tags-per-key=3")], &[("quotas", "kms.keys=4")]);
    let quotas = quotas.unwrap().engine.quotas;
    let rate = alcazar_engine::Rate::thousandths(500);
    let expected = [
        ("kms.aliases-per-key", Limit::Unlimited),
        ("kms.keys", Limit::Resource(4)),
        ("kms.rate.create-key", Limit::Rate(rate)),
        ("kms.tags-per-key", Limit::Resource(3)),
    ];
    assert_eq!(quotas, QuotaSettings { request_rates: false, limits: expected.into() });
    let on = |setting: &str| {
        read(None, &[], &[("request_rates", setting)]).map(|settings| settings.engine.quotas.request_rates)
    };
    assert_eq!((on("on"), on("off")), (Ok(true), Ok(false)));
    assert!(on("perhaps").unwrap_err().starts_with("--request-rates: "));
}

#[test]
fn a_quota_that_there_is_not_is_refused_with_those_that_there_are() {
    let refused = |file, variables: &[_], flags: &[_]| read(file, variables, flags).unwrap_err();
    let message = refused(None, &[], &[("quotas", "kms.kyes=1")]);
    assert!(message.starts_with("--quotas: \"kms.kyes\" is no quota; there are "), "{message}");
    assert!(message.contains(" iam.users, ") && message.contains(" kms.keys, "), "{message}");
    let message = refused(None, &[("ALCAZAR_QUOTAS", "kms.keys")], &[]);
    assert!(message.starts_with("ALCAZAR_QUOTAS in the environment: \"\" is no value of"), "{message}");
    let message = refused(Some("[quotas]\nkms.keys = -1"), &[], &[]);
    assert!(message.starts_with("`quotas` in ") && message.contains("\"-1\" is no value"), "{message}");
    assert!(refused(Some("quotas = 5"), &[], &[]).contains("a table of names and values"));
    assert!(refused(Some("[quotas]\nkms = 5"), &[], &[]).contains("\"kms\" is no quota"));
}
