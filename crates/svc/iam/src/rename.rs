//! What else says a user's or group's name and path, and has to follow when they change.

use alcazar_engine::credentials::{AccessKey, access_key_name};
use alcazar_engine::{Cx, Result};
use alcazar_identity::attachment::{Attachment, Usage, attachment_name};
use alcazar_identity::group::{GroupMember, member_name};
use alcazar_identity::mfa_device::{Enabled, MfaDevice};
use alcazar_identity::user::User;

use crate::named::Holder;
use crate::policy;

/// Notes the name and path with every managed policy that the holder uses.
///
/// # Errors
/// The store failed.
pub(crate) async fn note_policies<H: Holder>(cx: &mut Cx<'_>, holder: &H) -> Result<()> {
    let attached = holder.attached().iter().map(|arn| (arn.as_str(), Usage::Permissions));
    let boundary = holder.boundary().map(|arn| (arn, Usage::Boundary));
    for (arn, usage) in attached.chain(boundary) {
        if let Some(policy_id) = policy::id_of(cx, arn).await? {
            let name = attachment_name(cx.account(), &policy_id, usage, H::KIND, holder.id());
            cx.put(name, Attachment::of(holder))?;
        }
    }
    Ok(())
}

/// Has a user's access keys, group memberships and MFA devices follow its name and path.
///
/// # Errors
/// The store failed.
pub(crate) async fn note_belongings(cx: &mut Cx<'_>, user: &User) -> Result<()> {
    for id in &user.access_keys {
        let name = access_key_name(id);
        if let Some(key) = cx.get::<AccessKey>(&name).await? {
            cx.put(name, key.with_owner(user.owner()))?;
        }
    }
    for group_id in &user.groups {
        let member = GroupMember { user_name: user.name.clone() };
        cx.put(member_name(user.account, group_id, &user.user_id), member)?;
    }
    for serial_number in &user.mfa_devices {
        let device = MfaDevice::find(&mut cx.records(), user.account, serial_number).await?;
        let Some(mut device) = device.map(|device| MfaDevice::clone(&device)) else { continue };
        device.enabled = device.enabled.map(|enabled| Enabled { user_name: user.name.clone(), ..enabled });
        device.put(cx)?;
    }
    Ok(())
}
