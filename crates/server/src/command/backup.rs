//! `alcazar backup`: written by the server if one runs, and by this process otherwise.

use std::path::absolute;

use super::{Context, Result};
use crate::cli::BackupArgs;
use crate::control::Client;
use crate::data_dir::{root_key_path, write_backup};
use crate::output;
use crate::progress::Progress;

pub(super) async fn run(arguments: BackupArgs) -> Result<()> {
    let context = Context::common(&arguments.common)?;
    let (file, with_root) = (absolute(&arguments.file)?, !arguments.without_root);
    match Client::connect(context.data_dir.path()) {
        Some(server) => {
            let progress = Progress::begin("backup");
            server.backup(&file, with_root, &mut |done, total| progress.set(done, total))?;
        }
        None => {
            let opened = context.data_dir.open(&context.secrets, &context.ports).await?;
            let (held, to) = (opened.clone(), file.clone());
            let work = tokio::task::spawn_blocking(move || {
                let progress = Progress::begin("backup");
                write_backup(&held, &to, with_root, &mut |done, total| progress.set(done, total))
            });
            let written = work.await.map_err(std::io::Error::other)?;
            opened.close().await?;
            written?;
        }
    }
    output::answer(format_args!("The backup is in {}.", file.display()));
    output::answer(if with_root {
        format!(
            "It opens only with the root of trust, of which a copy is in {}.\nMove that copy to another place: whoever \
             has both can read everything.",
            root_key_path(&file).display()
        )
    } else {
        format!(
            "It opens only with the root of trust as it is now, {}.\nKeep a copy of that in another place.",
            context.data_dir.root_file().display()
        )
    });
    Ok(())
}
