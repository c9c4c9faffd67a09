//! `alcazar status`: what a data directory holds, asked of the server if one runs on it.

use indicatif::HumanBytes;

use super::{Context, Result};
use crate::cli::StatusArgs;
use crate::control::Client;
use crate::output;
use crate::status::Status;

pub(super) async fn run(arguments: &StatusArgs) -> Result<()> {
    let context = Context::common(&arguments.common)?;
    let status = match Client::connect(context.data_dir.path()) {
        Some(server) => server.status()?,
        None => {
            let opened = context.data_dir.open(&context.secrets, &context.ports).await?;
            let status = Status::of(&opened, None);
            opened.close().await?;
            status
        }
    };
    if arguments.json {
        output::answer(serde_json::to_string(&status).map_err(std::io::Error::from)?);
    } else {
        show(&status);
    }
    Ok(())
}

fn show(status: &Status) {
    let server =
        status.server_process_id.map_or("not running".to_owned(), |id| format!("running, process {id}"));
    let lines = [
        ("data directory", status.data_dir.clone()),
        ("server", server),
        ("account", status.account.clone()),
        ("store", status.store_id.clone()),
        ("format", status.format.clone()),
        ("root of trust", status.root_of_trust.clone()),
        ("revision", status.revision.to_string()),
        ("records", HumanBytes(status.records_bytes).to_string()),
        ("audit log", format!("{} records, {}", status.audit_records, HumanBytes(status.audit_bytes))),
    ];
    for (name, value) in lines {
        output::answer(format_args!("{name:<16}{value}"));
    }
}
