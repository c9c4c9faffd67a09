//! `alcazar init`: makes what the first start of the server would.

use super::{Context, Result};
use crate::cli::InitArgs;
use crate::data_dir::{DataDirError, NewStore, RootForm};
use crate::output;

pub(super) async fn run(arguments: &InitArgs) -> Result<()> {
    let mut flags = arguments.common.flags();
    flags.extend(arguments.new.flags());
    let context = Context::new(&arguments.common, flags)?;
    if context.data_dir.holds_data() {
        return Err(DataDirError::Exists(context.data_dir.path().to_owned()).into());
    }
    let new = NewStore {
        account: context.settings.account,
        root: if arguments.passphrase { RootForm::Passphrase } else { RootForm::Plain },
        endpoint_url: context.endpoint_url(),
    };
    let opened = context.data_dir.open_or_init(&context.secrets, &context.ports, &new).await?;
    opened.close().await?;
    let (path, profile) = (context.data_dir.path().display(), opened.profile_path.display());
    output::answer(format_args!("The data directory {path} is made, with the account {}.", opened.account));
    output::answer(format_args!("The administrator's access key {} is in {profile}.", opened.access_key_id));
    output::answer(format_args!(
        "Keep a copy of {} in another place: nothing opens without it.",
        context.data_dir.root_file().display()
    ));
    output::answer(format_args!("To start the server: alcazar serve --data-dir {path}"));
    Ok(())
}
