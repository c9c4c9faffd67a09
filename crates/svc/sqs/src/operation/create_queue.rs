//! `CreateQueue`: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html>

use alcazar_api_sqs::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_shape::ApiError;
use serde_json::Value as Json;

use crate::attribute::{self, POLICY, REDRIVE_POLICY, Settings, Texts};
use crate::deletion::{self, DeletedQueue};
use crate::queue::{self, Queue};
use crate::target::Target;
use crate::{error, policy, redrive, tag, url};

/// Makes a queue, or tells of one that is as asked.
pub struct CreateQueue;

const NAME_CHARACTERS_MAX: usize = 80;
const FIFO_SUFFIX: &str = ".fifo";

impl Operation for CreateQueue {
    type Api = api::CreateQueue;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::CreateQueueRequest) -> Result<Target> {
        let (account, region) = (reads.account(), reads.region().clone());
        Target::of(reads, account, region, &input.queue_name).await
    }

    fn access(call: &CallInfo, input: &api::CreateQueueRequest, target: &Target) -> Access {
        let check = |action| target.check_of_owner(call, action);
        let tags = input.tags.iter().flatten().map(|(key, value)| (key.as_str(), value.as_str()));
        Access::creation(check("sqs:CreateQueue"), || check("sqs:TagQueue"), tags)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::CreateQueueRequest,
        target: Allowed<Target>,
    ) -> Result<api::CreateQueueResult> {
        let none = Texts::new();
        let given = input.attributes.as_ref().unwrap_or(&none);
        check_name(&input.queue_name, attribute::is_fifo(given)?)?;
        match target.found() {
            Some(queue) => check_same(queue, given)?,
            None => create(cx, input, given, &target).await?,
        }
        let queue_url = Some(url::of(cx.call(), target.account, &target.name));
        Ok(api::CreateQueueResult { queue_url })
    }
}

fn check_name(name: &str, is_fifo: bool) -> Result<(), ApiError> {
    let (own, refused) = match is_fifo {
        true => (name.strip_suffix(FIFO_SUFFIX), error::fifo_queue_name as fn() -> ApiError),
        false => (Some(name), error::queue_name as fn() -> ApiError),
    };
    let is_plain = |own: &&str| own.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    let is_name =
        own.filter(is_plain).is_some_and(|own| !own.is_empty()) && name.len() <= NAME_CHARACTERS_MAX;
    if is_name { Ok(()) } else { Err(refused()) }
}

/// Passes if a queue has all attributes that are asked for.
fn check_same(queue: &Queue, given: &Texts) -> Result<()> {
    let mut asked = queue.settings.clone();
    asked.set(given)?;
    let (asked, has) = (asked.shown(), queue.settings.shown());
    let differs = |name: &&String| match name.as_str() {
        POLICY => !is_same_policy(queue, given.get(*name).map_or("", String::as_str)),
        name => asked.get(name) != has.get(name),
    };
    match given.keys().find(differs) {
        Some(name) => Err(error::queue_name_exists(name).into()),
        None => Ok(()),
    }
}

fn is_same_policy(queue: &Queue, given: &str) -> bool {
    let has = queue.policy.as_ref().map_or("", |policy| policy.text.as_str());
    let read = |text| serde_json::from_str::<Json>(text).ok();
    has == given || read(has).is_some_and(|has| read(given) == Some(has))
}

async fn create(
    cx: &mut Cx<'_>,
    input: &api::CreateQueueRequest,
    given: &Texts,
    target: &Target,
) -> Result<()> {
    let (now, keyring) = (cx.now(), cx.keyring());
    let deleted = deletion::record_name(&keyring, target.account, &target.region, &target.name);
    if let Some(record) = cx.get::<DeletedQueue>(&deleted).await? {
        if now < record.at + deletion::WAIT {
            return Err(error::queue_deleted_recently().into());
        }
        cx.delete(deleted)?;
    }
    let mut settings = Settings::new(attribute::is_fifo(given)?);
    settings.set(given)?;
    let none = Texts::new();
    let queue = Queue {
        account: target.account,
        region: target.region.clone(),
        name: target.name.clone(),
        queue_id: queue::new_id(cx)?,
        contents_id: queue::new_id(cx)?,
        created: now,
        modified: now,
        settings,
        policy: match given.get(POLICY) {
            Some(text) => policy::read(cx, text).await?,
            None => None,
        },
        tags: tag::put_on(cx, &target.name, &[], input.tags.as_ref().unwrap_or(&none))?,
        purged: None,
    };
    if let Some(text) = given.get(REDRIVE_POLICY) {
        redrive::check(cx, &queue, text).await?;
    }
    redrive::note(cx, None, Some(&queue))?;
    cx.put(queue.record_name(&keyring), queue)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_up_to_80_of_few_characters() {
        for (name, is_fifo) in [("a", false), ("A-9_z", false), ("a.fifo", true), (&"x".repeat(80), false)] {
            check_name(name, is_fifo).unwrap();
        }
        let long_fifo = format!("{}.fifo", "x".repeat(76));
        for (name, is_fifo) in [
            ("", false),
            ("a.fifo", false),
            ("a b", false),
            ("é", false),
            (&"x".repeat(81), false),
            ("a", true),
            (".fifo", true),
            ("a.b.fifo", true),
            (&long_fifo, true),
        ] {
            let said = check_name(name, is_fifo).unwrap_err();
            assert_eq!(said.model().query_code, "InvalidParameterValue", "{name}");
            assert_eq!(said.message().unwrap().contains("FIFO"), is_fifo);
        }
    }
}
