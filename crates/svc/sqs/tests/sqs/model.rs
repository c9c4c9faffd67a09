//! What a queue does, compared with a simple model of it, step by step.

use std::collections::BTreeMap;
use std::time::Duration;

use alcazar_testkit::{TestCaller, TestCloud};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value as Json, json};

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

/// A queue beside its model.
struct Both {
    cloud: TestCloud,
    root: TestCaller,
    url: String,
    is_fifo: bool,
    model: Model,
}

impl Both {
    async fn new(seed: u64, is_fifo: bool) -> Self {
        let cloud = TestCloud::new(seed);
        let root = cloud.root(ACCOUNT);
        let (name, attributes) =
            if is_fifo { ("q.fifo", json!({"FifoQueue": "true"})) } else { ("q", json!({})) };
        let url = Client::new(&cloud, &root).new_queue_with(name, attributes).await;
        Self { cloud, root, url, is_fifo, model: Model::default() }
    }

    fn sqs(&self) -> Client<'_> {
        Client::new(&self.cloud, &self.root)
    }

    async fn step(&mut self, number: usize, step: Step) {
        match step {
            Step::Send { group, delay } => self.send(number, group, delay).await,
            Step::Receive(most) => self.receive(most.into()).await,
            Step::Delete(which) => self.delete(which).await,
            Step::Hide(which, seconds) => self.hide(which, seconds.into()).await,
            Step::Pass(seconds) => {
                self.cloud.advance(Duration::from_secs(seconds.into())).await;
                self.model.now += i64::from(seconds);
            }
            Step::Restart => self.cloud = self.cloud.another_node(),
        }
        let (counts, expected) = (self.sqs().counts(&self.url).await, self.model.counts());
        if self.is_fifo {
            // A group counts as in flight with all that was given out of it at once, so these two are approximate.
            assert_eq!(
                (counts.0 + counts.2, counts.1),
                (expected.0 + expected.2, expected.1),
                "{:?}",
                self.model
            );
        } else {
            assert_eq!(counts, expected, "{:?}", self.model);
        }
    }

    async fn send(&mut self, number: usize, group: u8, delay: u8) {
        let mut input = json!({"QueueUrl": self.url, "MessageBody": number.to_string()});
        let mut visible = self.model.now;
        if self.is_fifo {
            input["MessageGroupId"] = json!(group.to_string());
            input["MessageDeduplicationId"] = json!(number.to_string());
        } else {
            input["DelaySeconds"] = json!(delay);
            visible += i64::from(delay);
        }
        self.sqs().ok("SendMessage", input).await;
        self.model.messages.insert(number, Message { group, visible, in_flight: false, handle: None });
    }

    async fn receive(&mut self, most: usize) {
        let received = self.sqs().receive(&self.url, most).await;
        let messages = received["Messages"].as_array().cloned().unwrap_or_default();
        let number = |message: &Json| message["Body"].as_str().unwrap().parse().unwrap();
        let numbers: Vec<usize> = messages.iter().map(number).collect();
        self.model.check_received(&numbers, most, self.is_fifo);
        for message in &messages {
            let held = self.model.messages.get_mut(&number(message)).unwrap();
            held.visible = self.model.now + HIDDEN;
            held.in_flight = true;
            held.handle = Some(handle(message));
            self.model.handles.push((number(message), handle(message)));
        }
    }

    /// One of the handles that were given out, and the number of its message.
    fn handle(&self, which: u8) -> Option<(usize, String)> {
        let count = self.model.handles.len().max(1);
        self.model.handles.get(usize::from(which) % count).cloned()
    }

    async fn delete(&mut self, which: u8) {
        let Some((number, handle)) = self.handle(which) else { return };
        let input = json!({"QueueUrl": self.url, "ReceiptHandle": handle});
        let answer = self.sqs().call("DeleteMessage", input).await;
        let held = self.model.messages.get(&number);
        let is_held = held.is_none_or(|message| {
            message.handle.as_ref() == Some(&handle) && message.visible > self.model.now
        });
        assert_eq!(answer.is_ok(), is_held || !self.is_fifo, "{answer:?} {:?}", self.model);
        if answer.is_ok() {
            self.model.messages.remove(&number);
        }
    }

    async fn hide(&mut self, which: u8, seconds: i64) {
        let Some((number, handle)) = self.handle(which) else { return };
        let input = json!({"QueueUrl": self.url, "ReceiptHandle": handle, "VisibilityTimeout": seconds});
        let answer = self.sqs().call("ChangeMessageVisibility", input).await;
        let (now, is_fifo) = (self.model.now, self.is_fifo);
        let held = self.model.messages.get_mut(&number).filter(|message| {
            message.handle.as_ref() == Some(&handle) && (!is_fifo || message.visible > now)
        });
        assert_eq!(answer.is_ok(), held.is_some(), "{answer:?}");
        if let Some(message) = held {
            message.visible = now + seconds;
        }
    }
}

async fn run(seed: u64, is_fifo: bool, steps: Vec<Step>) {
    let mut both = Both::new(seed, is_fifo).await;
    for (number, step) in steps.into_iter().enumerate() {
        both.step(number, step).await;
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
