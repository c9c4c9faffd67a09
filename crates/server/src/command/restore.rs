//! `alcazar restore`: a new data directory from a backup.

use super::{Context, Result};
use crate::cli::RestoreArgs;
use crate::data_dir::{Restore, root_key_path, write_profile};
use crate::output;
use crate::progress::Progress;

pub(super) async fn run(arguments: &RestoreArgs) -> Result<()> {
    let context = Context::common(&arguments.common)?;
    let root_key = arguments.root_key.clone().unwrap_or_else(|| root_key_path(&arguments.file));
    {
        let progress = Progress::begin("restore");
        Restore { backup: &arguments.file, root_key: &root_key, data_dir: &context.data_dir }
            .run(&context.secrets, &mut |done, total| progress.set(done, total))?;
    }
    // The profile is not in the backup: it is written from the records.
    let opened = context.data_dir.open(&context.secrets, &context.ports).await?;
    let written = write_profile(&opened, &context.endpoint_url()).await;
    opened.close().await?;
    written?;
    let path = context.data_dir.path().display();
    output::answer(format_args!("The backup is restored to {path}."));
    output::answer(format_args!("To start the server: alcazar serve --data-dir {path}"));
    Ok(())
}
