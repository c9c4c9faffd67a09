//! `alcazar credentials`: how to use the administrator's access key.
//!
//! The secret is printed only where the command line asks for it.

use super::{Context, Result};
use crate::cli::CredentialsArgs;
use crate::data_dir::{PROFILE, Profile, REGION, rotate_administrator, write_profile};
use crate::output;

pub(super) async fn run(arguments: &CredentialsArgs) -> Result<()> {
    let context = Context::common(&arguments.common)?;
    context.data_dir.check_is_store()?;
    let path = context.data_dir.profile_path();
    let profile = match Profile::read(&path) {
        Ok(Some(profile)) if !arguments.rotate => profile,
        Err(error) if !arguments.rotate => return Err(error.into()),
        found => {
            let endpoint_url =
                found.ok().flatten().map_or_else(|| context.endpoint_url(), |found| found.endpoint_url);
            write(&context, arguments.rotate, &endpoint_url).await?
        }
    };
    show(&context, &profile, arguments);
    Ok(())
}

/// Writes the profile from the store, with a new access key if one is wanted.
async fn write(context: &Context, rotate: bool, endpoint_url: &str) -> Result<Profile> {
    let opened = context.data_dir.open(&context.secrets, &context.ports).await?;
    let written = if rotate {
        rotate_administrator(&opened, endpoint_url).await
    } else {
        write_profile(&opened, endpoint_url).await
    };
    opened.close().await?;
    Ok(written?)
}

fn show(context: &Context, profile: &Profile, arguments: &CredentialsArgs) {
    let Profile { access_key_id, secret_access_key, endpoint_url } = profile;
    if arguments.env {
        output::answer(format_args!("export AWS_ACCESS_KEY_ID={access_key_id}"));
        output::answer(format_args!("export AWS_SECRET_ACCESS_KEY={}", secret_access_key.expose()));
        // SDKs differ in which of the two they read.
        output::answer(format_args!("export AWS_REGION={REGION} AWS_DEFAULT_REGION={REGION}"));
        output::answer(format_args!("export AWS_ENDPOINT_URL={endpoint_url}"));
        return;
    }
    let path = context.data_dir.profile_path();
    let path = std::path::absolute(&path).unwrap_or(path);
    output::answer(format_args!("access key id      {access_key_id}"));
    if arguments.show_secret {
        output::answer(format_args!("secret access key  {}", secret_access_key.expose()));
    }
    output::answer(format_args!("profile file       {}", path.display()));
    output::answer("");
    output::answer("To use it with the AWS CLI and SDKs:");
    output::answer(format_args!(
        "  export AWS_SHARED_CREDENTIALS_FILE='{}' AWS_PROFILE={PROFILE}",
        path.display()
    ));
    output::answer("  aws kms list-keys");
}
