//! What happens after a commit.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use alcazar_engine::Result;
use alcazar_engine::outbox::{Message, Receiver};
use alcazar_engine::port::BoxFuture;
use alcazar_testkit::TestCloud;

use crate::ledger::{ACCOUNT, AddAndFail, SERVICE, Tell, about, refusal, with};

/// Takes messages down, unless it is told to refuse them.
#[derive(Default)]
struct Listener {
    topic: &'static str,
    refuses: AtomicBool,
    taken: Mutex<Vec<String>>,
}

impl Listener {
    fn of(topic: &'static str) -> Arc<Self> {
        Arc::new(Self { topic, ..Self::default() })
    }

    fn taken(&self) -> Vec<String> {
        self.taken.lock().unwrap().clone()
    }

    fn refuse(&self, refuses: bool) {
        self.refuses.store(refuses, Ordering::SeqCst);
    }
}

impl Receiver for Listener {
    fn topic(&self) -> &'static str {
        self.topic
    }

    fn receive<'a>(&'a self, message: &'a Message) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            if self.refuses.load(Ordering::SeqCst) {
                return Err(refusal().into());
            }
            self.taken.lock().unwrap().push(String::from_utf8(message.payload.clone()).unwrap());
            Ok(())
        })
    }
}

fn cloud(seed: u64) -> (TestCloud, Arc<Listener>, Arc<Listener>) {
    let (added, other) = (Listener::of("added"), Listener::of("other"));
    let builder = TestCloud::builder(seed).service(&SERVICE);
    (builder.receiver(added.clone()).receiver(other.clone()).build(), added, other)
}

async fn deliver_all(cloud: &TestCloud) {
    while cloud.cloud().deliver().await.unwrap() > 0 {}
}

#[tokio::test]
async fn messages_are_delivered_in_the_order_of_writing_and_once_when_all_goes_well() {
    let (cloud, added, other) = cloud(60);
    let root = cloud.root(ACCOUNT);
    let texts: Vec<String> = (0..200).map(|number| number.to_string()).collect();
    cloud.call::<Tell>(&root, with("added", &texts.join(","))).await.unwrap();
    assert!(added.taken().is_empty());
    deliver_all(&cloud).await;
    deliver_all(&cloud).await;
    assert_eq!(added.taken(), texts);
    assert!(other.taken().is_empty());
    assert!(cloud.store().names("outbox").await.is_empty());
}

#[tokio::test]
async fn a_call_that_fails_sends_nothing() {
    let (cloud, added, _) = cloud(61);
    cloud.call::<AddAndFail>(&cloud.root(ACCOUNT), about("a")).await.unwrap_err();
    deliver_all(&cloud).await;
    assert!(added.taken().is_empty());
}

#[tokio::test]
async fn a_message_that_is_not_taken_is_offered_again_and_holds_up_its_topic_alone() {
    let (cloud, added, other) = cloud(62);
    let root = cloud.root(ACCOUNT);
    let texts: Vec<String> = (0..200).map(|number| number.to_string()).collect();
    added.refuse(true);
    cloud.call::<Tell>(&root, with("added", &texts.join(","))).await.unwrap();
    cloud.advance(std::time::Duration::from_secs(1)).await;
    cloud.call::<Tell>(&root, with("other", "x,y")).await.unwrap();
    deliver_all(&cloud).await;
    assert!(added.taken().is_empty());
    assert_eq!(other.taken(), ["x", "y"]);
    added.refuse(false);
    // A restart loses none of it.
    deliver_all(&cloud.another_node()).await;
    assert_eq!(added.taken(), texts);
}

#[tokio::test]
async fn a_message_whose_taking_could_not_be_noted_comes_again() {
    let (cloud, added, _) = cloud(63);
    cloud.call::<Tell>(&cloud.root(ACCOUNT), with("added", "x")).await.unwrap();
    cloud.store().fail_commits(true);
    cloud.cloud().deliver().await.unwrap_err();
    cloud.store().fail_commits(false);
    deliver_all(&cloud).await;
    assert_eq!(added.taken(), ["x", "x"]);
}
