//! What a queue does, compared with a simple model of it, step by step.

use std::collections::BTreeMap;
use std::time::Duration;

use alcazar_testkit::TestCloud;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;

use crate::client::{ACCOUNT, Client, handle};

/// How long received messages are hidden, in seconds.
const HIDDEN: i64 = 30;

#[derive(Debug, Clone)]
enum Step {
    Send { group: u8, delay: u8 },
    Receive(u8),
    Delete(u8),
    Hide(u8, u8),
    Pass(u8),
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..3_u8, prop_oneof![Just(0), 1..40_u8]).prop_map(|(group, delay)| Step::Send { group, delay }),
        4 => (1..5_u8).prop_map(Step::Receive),
        3 => any::<u8>().prop_map(Step::Delete),
        2 => (any::<u8>(), 0..60_u8).prop_map(|(which, seconds)| Step::Hide(which, seconds)),
        2 => (1..40_u8).prop_map(Step::Pass),
        1 => Just(Step::Restart),
    ]
}

#[derive(Debug, Clone)]
struct Message {
    group: u8,
    visible: i64,
    in_flight: bool,
    /// The newest handle.
    handle: Option<String>,
}

/// The queue as it should be: messages by their number.
#[derive(Debug, Default)]
struct Model {
    now: i64,
    messages: BTreeMap<usize, Message>,
    handles: Vec<(usize, String)>,
}

impl Model {
    fn counts(&self) -> (u64, u64, u64) {
        let count = |is: &dyn Fn(&Message) -> bool| {
            u64::try_from(self.messages.values().filter(|message| is(message)).count()).unwrap()
        };
        let later = |message: &Message| message.visible > self.now;
        (
            count(&|message| !later(message)),
            count(&|message| later(message) && !message.in_flight),
            count(&|message| later(message) && message.in_flight),
        )
    }

    /// Whether the messages may be what one call receives.
    fn check_received(&self, numbers: &[usize], most: usize, is_fifo: bool) {
        let is_visible = |message: &Message| message.visible <= self.now;
        if !is_fifo {
            let visible = self.messages.values().filter(|message| is_visible(message)).count();
            assert_eq!(numbers.len(), visible.min(most), "{self:?}");
            assert!(numbers.iter().all(|number| is_visible(&self.messages[number])), "{self:?}");
            return;
        }
        let mut groups: BTreeMap<u8, Vec<usize>> = BTreeMap::new();
        for number in numbers {
            groups.entry(self.messages[number].group).or_default().push(*number);
        }
        let of = |group: u8| self.messages.iter().filter(move |(_, message)| message.group == group);
        for (group, received) in &groups {
            assert!(of(*group).all(|(_, message)| is_visible(message)), "the group is free: {self:?}");
            let first: Vec<usize> = of(*group).map(|(number, _)| *number).take(received.len()).collect();
            assert_eq!(received, &first, "from the first on");
        }
        if numbers.len() < most {
            let mut free: Vec<usize> = Vec::new();
            for group in 0..3 {
                if of(group).all(|(_, message)| is_visible(message)) {
                    free.extend(of(group).map(|(number, _)| *number));
                }
            }
            assert_eq!(numbers.len(), free.len(), "nothing that is free is left: {self:?}");
        }
    }
}

async fn run(seed: u64, is_fifo: bool, steps: Vec<Step>) {
    let mut cloud = TestCloud::new(seed);
    let root = cloud.root(ACCOUNT);
    let (name, attributes) =
        if is_fifo { ("q.fifo", json!({"FifoQueue": "true"})) } else { ("q", json!({})) };
    let url = Client::new(&cloud, &root).new_queue_with(name, attributes).await;
    let mut model = Model::default();
    for (number, step) in steps.into_iter().enumerate() {
        let sqs = Client::new(&cloud, &root);
        match step {
            Step::Send { group, delay } => {
                let delay = if is_fifo { 0 } else { delay };
                let mut input = json!({"QueueUrl": url, "MessageBody": number.to_string()});
                if is_fifo {
                    input["MessageGroupId"] = json!(group.to_string());
                    input["MessageDeduplicationId"] = json!(number.to_string());
                } else {
                    input["DelaySeconds"] = json!(delay);
                }
                sqs.ok("SendMessage", input).await;
                let visible = model.now + i64::from(delay);
                let message = Message { group, visible, in_flight: false, handle: None };
                model.messages.insert(number, message);
            }
            Step::Receive(most) => {
                let received = sqs.receive(&url, most.into()).await;
                let messages = received["Messages"].as_array().cloned().unwrap_or_default();
                let number = |message: &serde_json::Value| message["Body"].as_str().unwrap().parse().unwrap();
                let numbers: Vec<usize> = messages.iter().map(number).collect();
                model.check_received(&numbers, most.into(), is_fifo);
                for message in &messages {
                    let held = model.messages.get_mut(&number(message)).unwrap();
                    held.visible = model.now + HIDDEN;
                    held.in_flight = true;
                    held.handle = Some(handle(message));
                    model.handles.push((number(message), handle(message)));
                }
            }
            Step::Delete(which) => {
                let count = model.handles.len();
                let Some((number, handle)) = model.handles.get(usize::from(which) % count.max(1)).cloned()
                else {
                    continue;
                };
                let answer =
                    sqs.call("DeleteMessage", json!({"QueueUrl": url, "ReceiptHandle": handle})).await;
                let held = model.messages.get(&number);
                let is_held = held.is_none_or(|message| {
                    message.handle.as_ref() == Some(&handle) && message.visible > model.now
                });
                assert_eq!(answer.is_ok(), is_held || !is_fifo, "{answer:?} {model:?}");
                if answer.is_ok() {
                    model.messages.remove(&number);
                }
            }
            Step::Hide(which, seconds) => {
                let count = model.handles.len();
                let Some((number, handle)) = model.handles.get(usize::from(which) % count.max(1)).cloned()
                else {
                    continue;
                };
                let input = json!({"QueueUrl": url, "ReceiptHandle": handle, "VisibilityTimeout": seconds});
                let answer = sqs.call("ChangeMessageVisibility", input).await;
                let now = model.now;
                let held = model.messages.get_mut(&number).filter(|message| {
                    message.handle.as_ref() == Some(&handle) && (!is_fifo || message.visible > now)
                });
                assert_eq!(answer.is_ok(), held.is_some(), "{answer:?}");
                if let Some(message) = held {
                    message.visible = now + i64::from(seconds);
                }
            }
            Step::Pass(seconds) => {
                cloud.advance(Duration::from_secs(seconds.into())).await;
                model.now += i64::from(seconds);
            }
            Step::Restart => cloud = cloud.another_node(),
        }
        let (counts, expected) = (Client::new(&cloud, &root).counts(&url).await, model.counts());
        if is_fifo {
            // A group counts as in flight with all that was given out of it at once, so these two are approximate.
            assert_eq!((counts.0 + counts.2, counts.1), (expected.0 + expected.2, expected.1), "{model:?}");
        } else {
            assert_eq!(counts, expected, "{model:?}");
        }
    }
}

fn compare(is_fifo: bool) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut runner = TestRunner::new(Config { cases: 24, failure_persistence: None, ..Config::default() });
    let steps = prop::collection::vec(step(), 1..60);
    runner
        .run(&(any::<u64>(), steps), |(seed, steps)| {
            runtime.block_on(run(seed, is_fifo, steps));
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_standard_queue_does_as_its_model() {
    compare(false);
}

#[test]
fn a_fifo_queue_does_as_its_model() {
    compare(true);
}
