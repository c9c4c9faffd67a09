//! Encoded authorization messages: what a denial was about, sealed into the text that its caller is told, and opened
//! again by `DecodeAuthorizationMessage` for those who may know.
//!
//! A message opens in the account of the caller who was denied, and nowhere else.
//!
//! Source: <https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html>

use alcazar_base::AccountId;
use alcazar_crypto::{Domain, Entropy, Keyring};
use alcazar_policy::{Decision, DecisionRequest, Effect, PrincipalKind, Verdict, explain};
use alcazar_shape::ApiError;
use alcazar_shape::common_error::UNAUTHORIZED_OPERATION;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value as Json, json};

use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::context::Reads;
use crate::error::Result;

/// The longest message that AWS decodes, in characters.
const MESSAGE_LENGTH_MAX: usize = 10_240;

/// What a service that encodes its denials answers. `reason` is what others tell of the denial.
///
/// # Errors
/// Sealing failed.
pub(crate) fn unauthorized(
    reads: &Reads<'_>,
    request: &DecisionRequest<'_>,
    reason: &str,
) -> Result<ApiError> {
    let caller = &reads.call().caller;
    let (keyring, entropy) = (reads.keyring(), reads.entropy());
    let mut message = seal(&keyring, entropy, caller.account, &details(caller, request, true))?;
    if message.len() > MESSAGE_LENGTH_MAX {
        message = seal(&keyring, entropy, caller.account, &details(caller, request, false))?;
    }
    Ok(UNAUTHORIZED_OPERATION.because(format!(
        "You are not authorized to perform this operation. {reason}. Encoded authorization failure message: {message}"
    )))
}

impl Cloud {
    /// Encodes what a denial was about, for those of the account of the caller who was denied.
    ///
    /// # Errors
    /// Sealing failed.
    pub fn sealed_authorization_message(&self, account: AccountId, details: &Json) -> Result<String> {
        seal(&self.keyring(), self.entropy(), account, details)
    }
}

impl Reads<'_> {
    /// What an encoded authorization message says, as JSON; none if it is none that someone of the caller's account was
    /// told.
    #[must_use]
    pub fn decoded_authorization_message(&self, message: &str) -> Option<String> {
        if message.len() > MESSAGE_LENGTH_MAX {
            return None;
        }
        let sealed = URL_SAFE_NO_PAD.decode(message).ok()?;
        let opened = self.keyring().open(Domain::Token, &bound_to(self.account()), &sealed).ok()?;
        String::from_utf8(opened.expose().to_vec()).ok()
    }
}

fn seal(keyring: &Keyring, entropy: &dyn Entropy, account: AccountId, details: &Json) -> Result<String> {
    let plain = details.to_string();
    let sealed = keyring.seal(Domain::Token, entropy, &bound_to(account), plain.as_bytes())?;
    Ok(URL_SAFE_NO_PAD.encode(sealed))
}

/// What a message is bound to. No access key id, which session tokens are bound to, begins so.
fn bound_to(account: AccountId) -> Vec<u8> {
    format!("\0authorization message {account}").into_bytes()
}

/// What a message says, with or without the condition keys.
fn details(caller: &Caller, request: &DecisionRequest<'_>, with_conditions: bool) -> Json {
    let explanation = explain(request);
    let denying = explanation.findings.iter().filter(|finding| finding.verdict == Verdict::ExplicitDeny);
    let statements = denying.clone().flat_map(|finding| &finding.statements);
    let statements = statements.filter(|found| found.effect == Effect::Deny).map(|found| {
        json!({
            "statementId": found.statement.sid.unwrap_or_default(),
            "effect": "DENY",
            "principals": items([json!({"value": caller.principal_id})]),
            "principalGroups": items([]),
            "actions": items([json!({"value": request.request.action})]),
            "resources": items([json!({"value": request.request.resource})]),
            "conditions": items([]),
        })
    });
    let mut principal = json!({"id": caller.principal_id, "arn": caller.arn()});
    if let (PrincipalKind::User, Some((_, name))) = (&caller.principal.kind, caller.arn().rsplit_once('/'))
        && let Some(fields) = principal.as_object_mut()
    {
        fields.insert("name".to_owned(), json!(name));
    }
    json!({
        "allowed": explanation.decision == Decision::Allowed,
        "explicitDeny": denying.clone().next().is_some(),
        "matchedStatements": items(statements),
        "failures": items([]),
        "context": {
            "principal": principal,
            "action": request.request.action,
            "resource": request.request.resource,
            "conditions": items(with_conditions.then(|| conditions(request)).into_iter().flatten()),
        },
    })
}

/// The condition keys of a request, each with all its values.
fn conditions(request: &DecisionRequest<'_>) -> Vec<Json> {
    let context = request.request.context;
    let mut keys: Vec<&str> = Vec::new();
    for (key, _) in context.iter() {
        if !keys.iter().any(|known| known.eq_ignore_ascii_case(key)) {
            keys.push(key);
        }
    }
    let condition = |key: &str| {
        let values = context.iter().filter(|(other, _)| other.eq_ignore_ascii_case(key));
        json!({"key": key, "values": items(values.map(|(_, value)| json!({"value": value.text()})))})
    };
    keys.into_iter().map(condition).collect()
}

fn items(items: impl IntoIterator<Item = Json>) -> Json {
    json!({"items": items.into_iter().collect::<Vec<_>>()})
}
