//! No record holds a value that the model marks sensitive, wherever it stands in what was taken or answered.

use alcazar_engine::audit::render::to_cloudtrail;
use alcazar_shape::{Kind, OperationModel, Schema};
use alcazar_testkit::TestCloud;
use serde_json::Value as Json;

use crate::sample::{self, Things};

const ACCOUNT: &str = "111122223333";

/// Shorter values stand anywhere by chance.
const LENGTH_MIN: usize = 6;

/// The sensitive texts of a document.
fn secrets(schema: &Schema, value: &Json, found: &mut Vec<String>) {
    if schema.sensitive {
        // What every ARN has is no secret, even where a model says so: the account, and the organization's id.
        let is_account = |text: &str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
        let is_known = |text: &str| is_account(text) || text.starts_with("o-");
        let text = value.as_str().filter(|text| text.len() >= LENGTH_MIN && !is_known(text));
        found.extend(text.map(str::to_owned));
    }
    match (&schema.kind, value) {
        (Kind::Structure { members, .. }, Json::Object(values)) => {
            for member in *members {
                if let Some(value) = values.get(member.name) {
                    secrets(member.schema, value, found);
                }
            }
        }
        (Kind::List { member, .. }, Json::Array(items)) => {
            items.iter().for_each(|item| secrets(member.schema, item, found));
        }
        (Kind::Map { value: member, .. }, Json::Object(entries)) => {
            entries.values().for_each(|value| secrets(member.schema, value, found));
        }
        _ => {}
    }
}

/// Looks for the secrets of one call in all that it leaves, and gives back how many it had.
async fn leaves_none(operation: &'static OperationModel) -> usize {
    let cloud = TestCloud::new(43);
    let root = cloud.root(ACCOUNT);
    let things = Things::of(operation.service.name, &cloud, &root).await;
    let before = cloud.events().len();
    let input = sample::of(operation, &things);
    let answer = cloud.ask(things.caller(operation), operation.service.name, operation.name, &input).await;
    let answer = answer.unwrap_or_else(|error| panic!("{}: {error:?}", operation.name));
    let mut found = Vec::new();
    secrets(operation.input, &input, &mut found);
    secrets(operation.output, &answer, &mut found);
    for event in &cloud.events()[before..] {
        let (kept, shown) = (format!("{event:?}"), to_cloudtrail(event, event.recipient()).to_string());
        for secret in &found {
            let leaks = kept.contains(secret) || shown.contains(secret);
            assert!(!leaks, "{} leaves {secret} in {shown}", operation.name);
        }
    }
    found.len()
}

#[tokio::test]
async fn no_record_holds_what_the_model_marks_sensitive() {
    let (mut faults, mut looked_for) = (Vec::new(), 0);
    for operation in sample::models(&TestCloud::new(43)) {
        match tokio::spawn(leaves_none(operation)).await {
            Ok(count) => looked_for += count,
            Err(_) => faults.push(operation.name),
        }
    }
    assert!(faults.is_empty(), "{faults:?}");
    assert!(looked_for > 40, "{looked_for}");
}
