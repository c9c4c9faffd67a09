//! Short ways to say what tests do.

use alcazar_testkit::{TestCaller, TestCloud};
use serde_json::{Value as Json, json};

pub(crate) const ACCOUNT: &str = "111122223333";

/// A cloud, and somebody in it who calls.
pub(crate) struct Client {
    pub(crate) cloud: TestCloud,
    pub(crate) root: TestCaller,
}

impl Client {
    pub(crate) fn new(seed: u64) -> Self {
        Self::of(TestCloud::new(seed))
    }

    pub(crate) fn of(cloud: TestCloud) -> Self {
        let root = cloud.root(ACCOUNT);
        Self { cloud, root }
    }

    /// What goes well, as the account's root user.
    pub(crate) async fn ok(&self, operation: &str, input: Json) -> Json {
        self.ok_as(&self.root, operation, input).await
    }

    pub(crate) async fn ok_as(&self, caller: &TestCaller, operation: &str, input: Json) -> Json {
        match self.cloud.ask(caller, "ssm", operation, &input).await {
            Ok(answer) => answer,
            Err(error) => panic!("{operation} of {input}: {error:?}"),
        }
    }

    /// The code and the text of what does not.
    pub(crate) async fn refused(&self, operation: &str, input: Json) -> (String, String) {
        self.refused_as(&self.root, operation, input).await
    }

    pub(crate) async fn refused_as(
        &self,
        caller: &TestCaller,
        operation: &str,
        input: Json,
    ) -> (String, String) {
        match self.cloud.ask(caller, "ssm", operation, &input).await {
            Ok(answer) => panic!("{operation} of {input}: {answer}"),
            Err(error) => (error.model().name.to_owned(), error.message().unwrap_or_default().to_owned()),
        }
    }

    /// Puts a text.
    pub(crate) async fn put(&self, name: &str, value: &str) {
        self.ok("PutParameter", json!({"Name": name, "Value": value, "Type": "String"})).await;
    }

    /// Puts a text, over what may be there.
    pub(crate) async fn overwrite(&self, name: &str, value: &str) -> i64 {
        let input = json!({"Name": name, "Value": value, "Type": "String", "Overwrite": true});
        self.ok("PutParameter", input).await["Version"].as_i64().unwrap()
    }

    /// A parameter as it is read.
    pub(crate) async fn read(&self, name: &str) -> Json {
        self.ok("GetParameter", json!({"Name": name})).await["Parameter"].take()
    }

    /// Calls KMS.
    pub(crate) async fn kms(&self, operation: &str, input: Json) -> Json {
        self.cloud.ask(&self.root, "kms", operation, &input).await.unwrap()
    }
}
