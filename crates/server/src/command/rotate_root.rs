//! `alcazar rotate-root`: a new root of trust, and new keys for what is sealed from now on.

use super::{Context, Result};
use crate::cli::RotateRootArgs;
use crate::data_dir::{NewRoot, rotate_root};
use crate::output;

pub(super) async fn run(arguments: RotateRootArgs) -> Result<()> {
    let mut context = Context::common(&arguments.common)?;
    let new = match (arguments.plain, arguments.passphrase || arguments.new_passphrase_file.is_some()) {
        (true, _) => NewRoot::Plain,
        (false, true) => NewRoot::NewPassphrase,
        (false, false) => NewRoot::AsBefore,
    };
    context.secrets = context.secrets.with_new(arguments.new_passphrase_file);
    let opened = context.data_dir.open(&context.secrets, &context.ports).await?;
    let rotated = rotate_root(&opened, &context.secrets, new);
    opened.close().await?;
    let form = rotated?;
    let root = context.data_dir.root_file();
    output::answer(format_args!("The root of trust is new: {}, {}.", form.as_str(), root.display()));
    output::answer(
        "Keep a copy of it in another place: nothing opens without it. Backups made before now open",
    );
    output::answer("with the old one.");
    Ok(())
}
