//! Access policies of topics: the default one, what is checked before one is stored, and adding to one.
//!
//! Source: <https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html>

use alcazar_base::AccountId;
use alcazar_engine::{Error, Reads, Result};
use alcazar_identity::document::Document;
use alcazar_policy::{PolicyDocument, PolicyKind, PrincipalId};
use serde_json::{Map, Value as Json, json};

use crate::arn::TopicArn;
use crate::error;

/// How long a topic's policy may be.
///
/// Source: <https://docs.aws.amazon.com/general/latest/gr/sns.html>
const POLICY_BYTES_MAX: usize = 30 * 1024;

/// The actions that topics' policies may be about.
const ACTIONS: [&str; 9] = [
    "GetTopicAttributes",
    "SetTopicAttributes",
    "AddPermission",
    "RemovePermission",
    "DeleteTopic",
    "Subscribe",
    "ListSubscriptionsByTopic",
    "Publish",
    "Receive",
];

/// The elements of a policy and of a statement, in the order in which they are told.
const POLICY_ELEMENTS: [&str; 3] = ["Version", "Id", "Statement"];
const STATEMENT_ELEMENTS: [&str; 9] = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

/// The policy of a topic that was made without one. No caller brings the condition key, so it lets nobody do anything
/// beyond what identity policies say.
pub(crate) fn default_text(arn: &TopicArn) -> String {
    let account = arn.account;
    let actions = ACTIONS.iter().filter(|action| **action != "Receive");
    let actions: Vec<String> = actions.map(|action| format!("\"SNS:{action}\"")).collect();
    format!(
        r#"{{"Version":"2008-10-17","Id":"__default_policy_ID","Statement":[{{"Sid":"__default_statement_ID","Effect":"Allow","Principal":{{"AWS":"*"}},"Action":[{}],"Resource":"{arn}","Condition":{{"StringEquals":{{"AWS:SourceOwner":"{account}"}}}}}}]}}"#,
        actions.join(",")
    )
}

/// The default policy of a topic.
///
/// # Errors
/// Never: it is a policy.
pub(crate) fn default_of(arn: &TopicArn) -> Result<Document> {
    Document::parse(&default_text(arn), PolicyKind::Resource)
        .map_err(|error| Error::invariant(format!("the default policy of topics is none: {error}")))
}

/// Reads a policy for a topic.
///
/// # Errors
/// It is none that a topic may have, or it names someone who does not exist.
pub(crate) async fn read(reads: &mut Reads<'_>, text: &str) -> Result<Document> {
    let policy = PolicyDocument::parse(text, PolicyKind::Resource).map_err(|_| error::topic::policy())?;
    if text.len() > POLICY_BYTES_MAX {
        return Err(error::topic::policy().into());
    }
    for statement in policy.statements() {
        if !statement.actions.patterns.iter().all(|pattern| is_in_scope(pattern)) {
            return Err(error::topic::policy_action().into());
        }
        for id in statement.principals.iter().flat_map(|principals| &principals.ids) {
            let exists = match id {
                PrincipalId::Account(account) => reads.account_exists(*account).await?,
                PrincipalId::Identity(arn) => reads.principal_exists(arn).await?,
                _ => true,
            };
            if !exists {
                return Err(error::topic::policy_principal().into());
            }
        }
    }
    Document::of_bound(reads, text, &policy).await
}

/// Whether a pattern of actions is about SNS, and about some action of topics.
fn is_in_scope(pattern: &str) -> bool {
    let Some((service, name)) = pattern.split_once(':') else { return false };
    service.eq_ignore_ascii_case("sns")
        && (name.contains(['*', '?']) || ACTIONS.iter().any(|action| action.eq_ignore_ascii_case(name)))
}

/// The policy with one more statement, which lets `accounts` do `actions`.
///
/// # Errors
/// There is a statement of this label, or the actions are none of topics.
pub(crate) fn with_permission(
    text: &str,
    arn: &TopicArn,
    label: &str,
    accounts: &[AccountId],
    actions: &[String],
) -> Result<String> {
    let policy = parsed(text)?;
    let mut statements = statements(&policy);
    if statements.iter().any(|statement| statement["Sid"] == label) {
        return Err(error::topic::statement_exists().into());
    }
    let mut named = Vec::new();
    for action in actions {
        let known = ACTIONS.iter().find(|known| known.eq_ignore_ascii_case(action));
        named.push(format!("SNS:{}", known.ok_or_else(error::topic::policy_action)?));
    }
    let partition = arn.region.partition().as_str();
    let roots = accounts.iter().map(|account| format!("arn:{partition}:iam::{account}:root")).collect();
    statements.push(json!({
        "Sid": label, "Effect": "Allow", "Principal": {"AWS": one_or_all(roots)},
        "Action": one_or_all(named), "Resource": arn.to_string(),
    }));
    Ok(written(&policy, &statements))
}

/// The policy without the statement of this label, an empty text if there is no other; `None` if it has none of it.
///
/// # Errors
/// What is stored is no policy.
pub(crate) fn without_permission(text: &str, label: &str) -> Result<Option<String>> {
    let policy = parsed(text)?;
    let mut statements = statements(&policy);
    let before = statements.len();
    statements.retain(|statement| statement["Sid"] != label);
    let changed = before != statements.len();
    Ok(changed.then(|| if statements.is_empty() { String::new() } else { written(&policy, &statements) }))
}

fn parsed(text: &str) -> Result<Map<String, Json>> {
    serde_json::from_str(text)
        .map_err(|error| Error::invariant(format!("a stored policy does not parse: {error}")))
}

/// The statements of a policy, of which there may be one that stands alone.
fn statements(policy: &Map<String, Json>) -> Vec<Json> {
    match policy.get("Statement") {
        Some(Json::Array(statements)) => statements.clone(),
        Some(statement) => vec![statement.clone()],
        None => Vec::new(),
    }
}
fn one_or_all(mut texts: Vec<String>) -> Json {
    match texts.len() {
        1 => Json::from(texts.remove(0)),
        _ => Json::from(texts),
    }
}

/// The policy as a text, in the usual order of its elements.
fn written(policy: &Map<String, Json>, statements: &[Json]) -> String {
    let statements: Vec<String> = statements
        .iter()
        .map(|statement| match statement {
            Json::Object(members) => {
                let members = STATEMENT_ELEMENTS
                    .iter()
                    .filter_map(|name| Some((*name, members.get(*name)?.to_string())));
                object(members)
            }
            other => other.to_string(),
        })
        .collect();
    object(POLICY_ELEMENTS.iter().filter_map(|name| match *name {
        "Statement" => Some((*name, format!("[{}]", statements.join(",")))),
        name => Some((name, policy.get(name)?.to_string())),
    }))
}

fn object<'a>(members: impl Iterator<Item = (&'a str, String)>) -> String {
    let members: Vec<String> = members.map(|(name, value)| format!("\"{name}\":{value}")).collect();
    format!("{{{}}}", members.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arn() -> TopicArn {
        TopicArn::parse("arn:aws:sns:eu-west-1:111122223333:orders", "TopicArn").unwrap()
    }

    #[test]
    fn the_default_policy_is_a_policy() {
        let document = default_of(&arn()).unwrap();
        assert!(document.text.starts_with(r#"{"Version":"2008-10-17","Id":"__default_policy_ID""#));
        assert!(document.text.contains(r#"{"StringEquals":{"AWS:SourceOwner":"111122223333"}}"#));
    }

    #[test]
    fn permissions_are_added_and_taken_away() {
        let accounts: Vec<AccountId> = vec!["444455556666".parse().unwrap()];
        let text = with_permission(&default_text(&arn()), &arn(), "one", &accounts, &["publish".to_owned()])
            .unwrap();
        assert!(text.starts_with(
            r#"{"Version":"2008-10-17","Id":"__default_policy_ID","Statement":[{"Sid":"__default"#
        ));
        assert!(text.ends_with(
            r#"{"Sid":"one","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:root"},"Action":"SNS:Publish","Resource":"arn:aws:sns:eu-west-1:111122223333:orders"}]}"#
        ), "{text}");
        let again = with_permission(&text, &arn(), "one", &accounts, &["Publish".to_owned()]);
        assert!(again.unwrap_err().to_string().contains("Statement already exists"));
        let bad = with_permission(&text, &arn(), "two", &accounts, &["CreateTopic".to_owned()]);
        assert!(bad.unwrap_err().to_string().contains("out of service scope"));
        assert_eq!(without_permission(&text, "other").unwrap(), None);
        assert_eq!(without_permission(&text, "one").unwrap(), Some(default_text(&arn())));
        let none = without_permission(&default_text(&arn()), "__default_statement_ID").unwrap();
        assert_eq!(none, Some(String::new()));
    }

    #[test]
    fn policies_are_about_topics_alone() {
        for (pattern, is_in) in [
            ("SNS:Publish", true),
            ("sns:*", true),
            ("SNS:CreateTopic", false),
            ("*", false),
            ("sqs:*", false),
        ] {
            assert_eq!(is_in_scope(pattern), is_in, "{pattern}");
        }
    }
}
