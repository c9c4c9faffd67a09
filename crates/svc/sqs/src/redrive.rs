//! Redrive policies: where messages go that are received too often, and whose may come.
//!
//! Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html>

use alcazar_base::{AccountId, Region};
use alcazar_crypto::Keyring;
use alcazar_engine::port::store::NameRange;
use alcazar_engine::{Cx, Name, Result};
use alcazar_shape::ApiError;
use minicbor::{Decode, Encode};
use serde_json::{Map, Value as Json, json};

use crate::attribute::{REDRIVE_ALLOW_POLICY, REDRIVE_POLICY};
use crate::error;
use crate::queue::{self, Queue};

const SOURCES: &str = "sqs.dead_letter_source";

/// How often a message may be received at most before it goes.
pub(crate) const RECEIVE_COUNT_MAX: u32 = 1000;

/// How many source queues a policy names at most.
const SOURCES_NAMED_MAX: usize = 10;

/// Where messages go that are received too often. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct RedrivePolicy {
    /// The dead-letter queue's ARN.
    #[n(0)]
    pub(crate) dead_letter_target_arn: String,
    /// How often a message is received before it goes there instead.
    #[n(1)]
    pub(crate) max_receive_count: u32,
}

/// Whose messages may come here. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct RedriveAllowPolicy {
    /// Whose.
    #[n(0)]
    pub(crate) permission: RedrivePermission,
    /// The ARNs of the queues, if they are named.
    #[n(1)]
    pub(crate) source_queue_arns: Vec<String>,
}

/// Whose messages may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub(crate) enum RedrivePermission {
    /// Those of every queue.
    #[n(0)]
    AllowAll,
    /// Those of none.
    #[n(1)]
    DenyAll,
    /// Those of the named queues.
    #[n(2)]
    ByQueue,
}

impl RedrivePolicy {
    /// Reads what a caller gives; nothing takes the policy away.
    ///
    /// # Errors
    /// It is no redrive policy.
    pub(crate) fn read(text: &str) -> Result<Option<Self>, ApiError> {
        if text.is_empty() {
            return Ok(None);
        }
        let refused = |reason: &str| error::parameter_value(text, REDRIVE_POLICY, reason);
        let policy = object(text).ok_or_else(|| refused(error::REDRIVE_NOT_JSON))?;
        let target = policy.get("deadLetterTargetArn");
        let target = target.ok_or_else(|| refused(error::REDRIVE_WITHOUT_TARGET))?;
        let count = policy.get("maxReceiveCount");
        let count = count.ok_or_else(|| refused(error::REDRIVE_WITHOUT_COUNT))?;
        let target = target.as_str().filter(|arn| queue::parse_arn(arn).is_some());
        let target = target.ok_or_else(|| refused(error::REDRIVE_TARGET))?;
        let said = count.as_str().map_or_else(|| count.to_string(), str::to_owned);
        let count = said.parse().ok().filter(|count| (1..=RECEIVE_COUNT_MAX).contains(count));
        let max_receive_count = count.ok_or_else(|| refused(&error::redrive_count(&said)))?;
        Ok(Some(Self { dead_letter_target_arn: target.to_owned(), max_receive_count }))
    }

    /// The policy as callers are told it.
    #[must_use]
    pub(crate) fn shown(&self) -> String {
        let Self { dead_letter_target_arn, max_receive_count } = self;
        json!({ "deadLetterTargetArn": dead_letter_target_arn, "maxReceiveCount": max_receive_count })
            .to_string()
    }
}

impl RedriveAllowPolicy {
    /// Reads what a caller gives; nothing takes the policy away.
    ///
    /// # Errors
    /// It is no redrive allow policy.
    pub(crate) fn read(text: &str) -> Result<Option<Self>, ApiError> {
        if text.is_empty() {
            return Ok(None);
        }
        let refused = |reason: &str| error::parameter_value(text, REDRIVE_ALLOW_POLICY, reason);
        let policy = object(text).ok_or_else(|| refused(error::REDRIVE_ALLOW_FORMAT))?;
        let permission = match policy.get("redrivePermission").and_then(Json::as_str) {
            Some("allowAll") => RedrivePermission::AllowAll,
            Some("denyAll") => RedrivePermission::DenyAll,
            Some("byQueue") => RedrivePermission::ByQueue,
            _ => return Err(refused(error::REDRIVE_ALLOW_FORMAT)),
        };
        let named = match policy.get("sourceQueueArns") {
            None => Vec::new(),
            Some(Json::Array(arns)) => arns
                .iter()
                .map(|arn| arn.as_str().map(str::to_owned))
                .collect::<Option<_>>()
                .ok_or_else(|| refused(error::REDRIVE_ALLOW_FORMAT))?,
            Some(_) => return Err(refused(error::REDRIVE_ALLOW_FORMAT)),
        };
        let is_by_queue = permission == RedrivePermission::ByQueue;
        let are_queues = named.iter().all(|arn: &String| queue::parse_arn(arn).is_some());
        if is_by_queue == named.is_empty() || named.len() > SOURCES_NAMED_MAX || !are_queues {
            return Err(refused(error::REDRIVE_ALLOW_FORMAT));
        }
        Ok(Some(Self { permission, source_queue_arns: named }))
    }

    /// Whether messages of a queue may come.
    #[must_use]
    pub(crate) fn allows(&self, source_arn: &str) -> bool {
        match self.permission {
            RedrivePermission::AllowAll => true,
            RedrivePermission::DenyAll => false,
            RedrivePermission::ByQueue => self.source_queue_arns.iter().any(|arn| arn == source_arn),
        }
    }

    /// The policy as callers are told it.
    #[must_use]
    pub(crate) fn shown(&self) -> String {
        let permission = match self.permission {
            RedrivePermission::AllowAll => "allowAll",
            RedrivePermission::DenyAll => "denyAll",
            RedrivePermission::ByQueue => {
                let arns = &self.source_queue_arns;
                return json!({ "redrivePermission": "byQueue", "sourceQueueArns": arns }).to_string();
            }
        };
        json!({ "redrivePermission": permission }).to_string()
    }
}

fn object(text: &str) -> Option<Map<String, Json>> {
    match serde_json::from_str(text) {
        Ok(Json::Object(members)) => Some(members),
        _ => None,
    }
}

/// A queue that names another as its dead-letter queue, kept with the other.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Source {
    /// The name of the queue whose messages come.
    #[n(0)]
    pub(crate) name: String,
}

fn source_name(keyring: &Keyring, target: &str, source: &Queue) -> Name {
    let target = Name::table(SOURCES)
        .part(source.account.as_str())
        .part(source.region.as_str())
        .blind(keyring, target);
    target.blind(keyring, &source.name).name()
}

/// All queues whose dead-letter queue this is.
#[must_use]
pub(crate) fn sources(keyring: &Keyring, account: AccountId, region: &Region, name: &str) -> NameRange {
    Name::table(SOURCES).part(account.as_str()).part(region.as_str()).blind(keyring, name).range()
}

/// Notes with its dead-letter queue whose messages come there, after `queue`'s settings were changed from those of
/// `before`.
///
/// # Errors
/// The transaction is too large.
pub(crate) fn note(cx: &mut Cx<'_>, before: Option<&Queue>, after: Option<&Queue>) -> Result<()> {
    let target = |queue: Option<&Queue>| {
        let policy = queue?.settings.redrive.as_ref()?;
        queue::parse_arn(&policy.dead_letter_target_arn).map(|(_, _, name)| name)
    };
    let (old, new) = (target(before), target(after));
    if old == new {
        return Ok(());
    }
    let keyring = cx.keyring();
    if let (Some(target), Some(queue)) = (old, before) {
        cx.delete(source_name(&keyring, &target, queue))?;
    }
    if let (Some(target), Some(queue)) = (new, after) {
        cx.put(source_name(&keyring, &target, queue), Source { name: queue.name.clone() })?;
    }
    Ok(())
}

/// Checks the dead-letter queue that a queue names: it must be there, of the same account, region and type, and let
/// this queue's messages come.
///
/// # Errors
/// It is not so.
pub(crate) async fn check(cx: &mut Cx<'_>, source: &Queue, text: &str) -> Result<()> {
    let Some(policy) = &source.settings.redrive else { return Ok(()) };
    let refused = |reason: &str| error::parameter_value(text, REDRIVE_POLICY, reason);
    let Some((account, region, name)) = queue::parse_arn(&policy.dead_letter_target_arn) else {
        return Err(refused(error::REDRIVE_TARGET).into());
    };
    if (account, &region) != (source.account, &source.region) {
        return Err(refused(error::REDRIVE_TARGET_ELSEWHERE).into());
    }
    let Some(target) = queue::find(cx, account, &region, &name).await? else {
        return Err(refused(error::REDRIVE_TARGET_ABSENT).into());
    };
    if target.is_fifo() != source.is_fifo() {
        return Err(refused(error::REDRIVE_TARGET_TYPE).into());
    }
    if target.settings.redrive_allow.as_ref().is_some_and(|policy| !policy.allows(&source.arn())) {
        return Err(refused(error::REDRIVE_NOT_ALLOWED).into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARN: &str = "arn:aws:sqs:eu-west-1:111122223333:dead";

    #[test]
    fn a_redrive_policy_names_a_queue_and_a_count() {
        for count in ["3", "\"3\""] {
            let text = format!(r#"{{"maxReceiveCount": {count}, "deadLetterTargetArn": "{ARN}"}}"#);
            let policy = RedrivePolicy::read(&text).unwrap().unwrap();
            assert_eq!(policy.max_receive_count, 3);
            assert_eq!(policy.shown(), format!(r#"{{"deadLetterTargetArn":"{ARN}","maxReceiveCount":3}}"#));
        }
        assert_eq!(RedrivePolicy::read("").unwrap(), None);
        let text = r#"{"deadLetterTargetArn": "dummy", "maxReceiveCount": 42}"#;
        assert_eq!(
            RedrivePolicy::read(text).unwrap_err().message().unwrap(),
            format!(
                "Value {text} for parameter RedrivePolicy is invalid. Reason: Invalid value for deadLetterTargetArn."
            )
        );
        for (text, reason) in [
            ("[]", "is not a valid JSON map"),
            ("{", "is not a valid JSON map"),
            (r#"{"maxReceiveCount": 1}"#, "mandatory attribute: deadLetterTargetArn"),
            (r#"{"deadLetterTargetArn": "x"}"#, "mandatory attribute: maxReceiveCount"),
            (
                r#"{"deadLetterTargetArn": "arn:aws:sqs:eu-west-1:111122223333:dead", "maxReceiveCount": 1001}"#,
                "Invalid value for maxReceiveCount: 1001, valid values are from 1 to 1000 both inclusive.",
            ),
        ] {
            let refused = RedrivePolicy::read(text).unwrap_err();
            assert!(refused.message().unwrap().contains(reason), "{refused}");
        }
    }

    #[test]
    fn a_redrive_allow_policy_lets_all_none_or_the_named_queues() {
        let read = |text: &str| RedriveAllowPolicy::read(text).unwrap().unwrap();
        assert!(read(r#"{"redrivePermission": "allowAll"}"#).allows(ARN));
        assert!(!read(r#"{"redrivePermission": "denyAll"}"#).allows(ARN));
        let by_queue = format!(r#"{{"redrivePermission":"byQueue","sourceQueueArns":["{ARN}"]}}"#);
        assert!(read(&by_queue).allows(ARN));
        assert!(!read(&by_queue).allows("arn:aws:sqs:eu-west-1:111122223333:other"));
        assert_eq!(read(&by_queue).shown(), by_queue);
        for bad in [
            "x",
            "{}",
            r#"{"redrivePermission": "some"}"#,
            r#"{"redrivePermission": "byQueue"}"#,
            r#"{"redrivePermission": "byQueue", "sourceQueueArns": "x"}"#,
            r#"{"redrivePermission": "byQueue", "sourceQueueArns": ["x"]}"#,
            r#"{"redrivePermission": "allowAll", "sourceQueueArns": ["arn:aws:sqs:eu-west-1:111122223333:q"]}"#,
        ] {
            assert!(RedriveAllowPolicy::read(bad).is_err(), "{bad}");
        }
    }
}
