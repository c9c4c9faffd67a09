//! A client of IAM that speaks documents.

use alcazar_testkit::{TestCaller, TestCloud};
use serde_json::{Value as Json, json};

/// The account that most tests call from.
pub(crate) const ACCOUNT: &str = "111122223333";
/// Another account.
pub(crate) const OTHER_ACCOUNT: &str = "444455556666";

/// A policy that allows to list KMS keys.
pub(crate) const POLICY: &str =
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"kms:ListKeys","Resource":"*"}}"#;

/// A client: a cloud and who calls.
#[derive(Clone, Copy)]
pub(crate) struct Client<'a> {
    pub(crate) cloud: &'a TestCloud,
    pub(crate) caller: &'a TestCaller,
}

impl<'a> Client<'a> {
    pub(crate) fn new(cloud: &'a TestCloud, caller: &'a TestCaller) -> Self {
        Self { cloud, caller }
    }

    /// Calls an operation that must succeed.
    pub(crate) async fn ok(&self, operation: &str, input: Json) -> Json {
        let answer = self.cloud.ask(self.caller, "iam", operation, &input).await;
        answer.unwrap_or_else(|error| panic!("{operation} {input}: {error:?}"))
    }

    /// Calls an operation that must be refused, and gives back `<code>: <message>`.
    pub(crate) async fn refused(&self, operation: &str, input: Json) -> String {
        match self.cloud.ask(self.caller, "iam", operation, &input).await {
            Ok(output) => panic!("{operation} {input} must be refused, but: {output}"),
            Err(error) => {
                format!("{}: {}", error.model().query_code, error.message().unwrap_or_default())
            }
        }
    }

    /// All items of a list, page by page, `most` on each.
    pub(crate) async fn pages(&self, operation: &str, input: Json, items: &str, most: usize) -> Vec<Json> {
        let (mut all, mut input) = (Vec::new(), input);
        input["MaxItems"] = json!(most);
        loop {
            let page = self.ok(operation, input.clone()).await;
            let found = page[items].as_array().unwrap();
            assert!(found.len() <= most);
            all.extend(found.iter().cloned());
            assert_eq!(page["IsTruncated"], json!(page.get("Marker").is_some()));
            match page.get("Marker") {
                Some(marker) => input["Marker"] = marker.clone(),
                None => return all,
            }
        }
    }
}

/// The values that items have in a member.
pub(crate) fn each(items: &[Json], member: &str) -> Vec<String> {
    items.iter().map(|item| item[member].as_str().unwrap().to_owned()).collect()
}
