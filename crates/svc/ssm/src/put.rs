//! What a parameter becomes when it is put.
//!
//! Nothing is written before all of the request was found right. What an overwrite leaves out stays as it was.
//!
//! Source: <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html>

use alcazar_api_ssm::operation::PutParameterRequest;
use alcazar_engine::{Cx, Result};
use alcazar_shape::ApiError;

use crate::parameter::Parameter;
use crate::tier::{self, Wanted};
use crate::version::{Kind, VERSIONS_MAX, Value, Version};
use crate::{allowed_pattern, data_type, error, policy, reference::Reference, secure, version};

/// The key of a secure string, where the caller names none.
const DEFAULT_KEY: &str = "alias/aws/ssm";

/// Checks what can be checked of a request by itself, for a parameter that may be there. A value that is to be secret is not
/// told again: an error's text goes into the audit log, too.
///
/// # Errors
/// It is not right.
pub(crate) fn check_request(input: &PutParameterRequest, before: Option<&Parameter>) -> Result<(), ApiError> {
    let value = input.value.expose();
    if input.overwrite == Some(true) && input.tags.as_ref().is_some_and(|tags| !tags.is_empty()) {
        return Err(error::put::tags_with_overwrite());
    }
    if value.is_empty() {
        return Err(error::put::empty_value());
    }
    if value.find("{{").is_some_and(|start| value.get(start..).is_some_and(|rest| rest.contains("}}"))) {
        let kind = input.r#type.map(Kind::read).or(before.map(|before| before.latest.kind));
        let is_secret = kind.is_none_or(|kind| kind == Kind::SecureString);
        return Err(error::put::nested_value(Some(value).filter(|_| !is_secret)));
    }
    Ok(())
}

/// The version that a request makes, after what was there before.
///
/// # Errors
/// The request is not right, a quota does not leave room, or KMS refuses to encrypt the value.
pub(crate) async fn version(
    cx: &mut Cx<'_>,
    reference: &Reference,
    input: &PutParameterRequest,
    before: Option<&Parameter>,
) -> Result<Version> {
    let latest = before.map(|before| &before.latest);
    let text = input.value.expose();
    let kind = input.r#type.map(Kind::read).or(latest.map(|latest| latest.kind));
    let kind = kind.ok_or_else(error::put::no_type)?;
    if kind != Kind::SecureString && input.key_id.is_some() {
        return Err(error::put::key_without_secure_string().into());
    }
    let allowed_pattern = given_or_kept(&input.allowed_pattern, latest, |latest| &latest.allowed_pattern);
    allowed_pattern::check(allowed_pattern.as_deref(), kind, text)?;
    let data_type = given_or_kept(&input.data_type, latest, |latest| &latest.data_type);
    let data_type = data_type.unwrap_or_else(|| data_type::DEFAULT.to_owned());
    data_type::check(&data_type, kind, &reference.name, text, latest)?;
    let policies = policy::given(cx, input.policies.as_deref(), latest)?;
    let wanted = Wanted {
        asked: input.tier,
        bytes: text.len(),
        has_policies: !policies.is_empty(),
        is_advanced_data_type: data_type::is_advanced(&data_type),
    };
    let tier = tier::choose(cx, reference, &wanted, latest.map(|latest| latest.tier)).await?;
    let key_id = match kind {
        Kind::SecureString => {
            let kept = latest.and_then(|latest| latest.key_id.clone());
            Some(input.key_id.clone().or(kept).unwrap_or_else(|| DEFAULT_KEY.to_owned()))
        }
        Kind::String | Kind::StringList => None,
    };
    let value = match &key_id {
        Some(key_id) => secure::seal(cx, &reference.arn(), tier, key_id, &input.value).await?,
        None => Value::Plain(input.value.clone()),
    };
    Ok(Version {
        number: latest.map_or(0, |latest| latest.number) + 1,
        kind,
        value,
        modified: cx.now(),
        modified_by: cx.call().caller.arn().to_owned(),
        description: given_or_kept(&input.description, latest, |latest| &latest.description),
        key_id,
        allowed_pattern,
        tier,
        data_type,
        policies,
    })
}

/// What was given, or else what was there; an empty text is none.
fn given_or_kept<T>(
    given: &Option<String>,
    latest: Option<&Version>,
    kept: impl Fn(&Version) -> &T,
) -> Option<String>
where
    T: Clone + Into<Option<String>>,
{
    let given = given.clone().or_else(|| latest.and_then(|latest| kept(latest).clone().into()));
    given.filter(|text| !text.is_empty())
}

/// Keeps the version that is the latest no longer, and lets go of the oldest if there are as many as there may be. Gives
/// the number of the oldest that is there then.
///
/// # Errors
/// The oldest has a label.
pub(crate) fn keep_latest(cx: &mut Cx<'_>, before: &Parameter) -> Result<u64> {
    let keyring = cx.keyring();
    let mut oldest = before.oldest;
    if before.latest.number + 1 - oldest >= VERSIONS_MAX {
        if before.labels_of(oldest).next().is_some() {
            return Err(error::version::oldest_has_label(&before.name, oldest).into());
        }
        cx.delete(version::record_name(&keyring, before, oldest))?;
        oldest += 1;
    }
    cx.put(version::record_name(&keyring, before, before.latest.number), before.latest.clone())?;
    Ok(oldest)
}
