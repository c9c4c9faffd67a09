//! Policies in users, groups and roles: the operations on them are alike.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html>

use alcazar_engine::{Cx, Quota, Reads, Result};
use alcazar_identity::document::{InlinePolicy, counted_characters};
use alcazar_identity::entity::EntityKind;

use crate::named::{Holder, Named};
use crate::page::{self, Asked, Page};
use crate::{document, error, quota};

/// Puts a policy into what is named, in the place of one of the same name.
///
/// # Errors
/// It is no policy, or all policies in it would be too long together.
pub(crate) fn put<H: Holder>(cx: &mut Cx<'_>, named: &Named<H>, name: &str, text: &str) -> Result<()> {
    let mut holder = named.to_changed()?;
    let document = document::read(text)?;
    let policies = holder.inline_mut();
    policies.retain(|policy| policy.name != name);
    policies.push(InlinePolicy { name: name.to_owned(), document });
    let length: usize = policies.iter().map(|policy| counted_characters(&policy.document.text)).sum();
    if let Some(most) = cx.quota(size_quota(H::KIND)).filter(|most| length as u64 > *most) {
        return Err(error::inline_too_long(H::KIND, holder.name(), most).into());
    }
    holder.put(cx)
}

/// Takes a policy away.
///
/// # Errors
/// There is none of the name.
pub(crate) fn delete<H: Holder>(cx: &mut Cx<'_>, named: &Named<H>, name: &str) -> Result<()> {
    let mut holder = named.to_changed()?;
    let before = holder.inline().len();
    holder.inline_mut().retain(|policy| policy.name != name);
    if holder.inline().len() == before {
        return Err(error::no_such_inline_policy(H::KIND, name).into());
    }
    holder.put(cx)
}

/// The policy of a name, as answers have it.
///
/// # Errors
/// There is none.
pub(crate) fn get<H: Holder>(named: &Named<H>, name: &str) -> Result<String> {
    let found = named.existing()?.inline().iter().find(|policy| policy.name == name);
    let policy = found.ok_or_else(|| error::no_such_inline_policy(H::KIND, name))?;
    Ok(document::shown(&policy.document))
}

/// A page of the names of the policies.
///
/// # Errors
/// There is no such holder, or the marker is none that a page of this list ended with.
pub(crate) fn list<H: Holder>(reads: &Reads<'_>, named: &Named<H>, asked: Asked<'_>) -> Result<Page<String>> {
    let names = named.existing()?.inline().iter().map(|policy| policy.name.clone()).collect();
    page::of(reads, "inline policies", asked, names, Clone::clone)
}

fn size_quota(kind: EntityKind) -> &'static Quota {
    match kind {
        EntityKind::User => &quota::USER_INLINE_CHARACTERS,
        EntityKind::Group => &quota::GROUP_INLINE_CHARACTERS,
        EntityKind::Role => &quota::ROLE_INLINE_CHARACTERS,
    }
}
