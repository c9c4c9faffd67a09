//! The parsers: they take any text, refuse it with words of their own or make something that can be used.

use alcazar_base::Timestamp;
use alcazar_event::{
    FilterPolicy, FilterPolicyScope, InputPath, InputTransformer, MessageAttribute, PATTERN_CHARACTERS_MAX,
    Pattern, Schedule, TransformerInput,
};
use serde_json::{Value, json};

use super::choices::Choices;
use super::question::{event, pattern};

/// Parses the bytes as they are, and a pattern that they spoil here and there. Says how many texts were valid patterns.
pub(crate) fn run(bytes: &[u8]) -> usize {
    let raw = String::from_utf8_lossy(bytes).into_owned();
    let mut choices = Choices::new(bytes);
    let mut spoilt = pattern(&mut choices);
    for _ in 0..choices.below(4) {
        spoil(&mut spoilt, &mut choices);
    }
    let event = event(&mut choices);
    schedules(&raw);
    transformers(&raw, &event.to_string());
    [raw, spoilt.to_string()].iter().filter(|text| patterns(text, &event)).count()
}

/// Whether `text` is a valid pattern.
fn patterns(text: &str, event: &Value) -> bool {
    for scope in [FilterPolicyScope::MessageAttributes, FilterPolicyScope::MessageBody] {
        match FilterPolicy::parse(text, scope) {
            Ok(policy) => {
                let attributes = [
                    ("a", MessageAttribute::String(text)),
                    ("b", MessageAttribute::Number(text)),
                    ("c", MessageAttribute::StringArray(text)),
                ];
                let _ = policy.matches_body(event) || policy.matches_attributes(attributes);
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
    match Pattern::parse(text) {
        Ok(pattern) => {
            // Spaces do not count. A value has each name once and sorted, so only texts that are such are compared.
            let value: Value = serde_json::from_str(text).unwrap_or(Value::Null);
            let (compact, spaced) = (value.to_string(), format!("{value:#}"));
            if compact == text && spaced.len() <= PATTERN_CHARACTERS_MAX {
                let spaced = Pattern::parse(&spaced).expect("a pattern with spaces is a pattern");
                assert_eq!(pattern.matches(event), spaced.matches(event), "{text}");
            }
            true
        }
        Err(error) => {
            assert!(!error.reason.is_empty());
            false
        }
    }
}

fn schedules(text: &str) {
    let now = Timestamp::from_secs(1_700_000_000);
    for text in [text.to_owned(), format!("rate({text})"), format!("cron({text})")] {
        if let Ok(schedule) = Schedule::parse(&text) {
            assert!(schedule.next_after(now, now).is_none_or(|next| next > now), "{text}");
        }
    }
}

fn transformers(text: &str, event: &str) {
    for path in [text.to_owned(), format!("$.{text}"), format!("$[{text}]")] {
        if let Ok(path) = InputPath::parse(&path)
            && let Some(json) = path.select(event)
        {
            assert!(serde_json::from_str::<Value>(&json).is_ok(), "{json}");
        }
    }
    for template in [text.to_owned(), format!("\"{text}\""), format!("{{\"a\": <{text}>}}")] {
        match InputTransformer::parse([("a", "$.a"), ("b", "$.b[*].c")], &template) {
            Ok(transformer) => {
                let ingestion_time = Timestamp::from_secs(0);
                let input = TransformerInput { event, rule_arn: "arn", rule_name: "name", ingestion_time };
                assert!(transformer.apply(&input).is_ok(), "{template}");
            }
            Err(error) => assert!(!error.message("target").is_empty()),
        }
    }
}

/// Puts something odd somewhere into a pattern.
fn spoil(json: &mut Value, choices: &mut Choices<'_>) {
    let stop = choices.once_in(4);
    match json {
        Value::Object(object) if !stop && !object.is_empty() => {
            let name = object.keys().nth(choices.below(object.len())).expect("a member").clone();
            if choices.once_in(4) {
                let value = object.remove(&name).expect("a member");
                object.insert(odd(choices).as_str().unwrap_or("exists").to_owned(), value);
            } else {
                spoil(&mut object[&name], choices);
            }
        }
        Value::Array(items) if !stop && !items.is_empty() => {
            let index = choices.below(items.len());
            spoil(&mut items[index], choices);
        }
        other => *other = odd(choices),
    }
}

fn odd(choices: &mut Choices<'_>) -> Value {
    const TEXTS: [&str; 16] = [
        "",
        "*",
        "**",
        "\\",
        "$or",
        "a.b",
        ".",
        "numeric",
        "prefix",
        "anything-but",
        "cidr",
        "exists",
        "<=",
        "10.0.0.0/33",
        "::/129",
        "é\u{1F600}",
    ];
    match choices.below(9) {
        0 => Value::Null,
        1 => json!([]),
        2 => json!({}),
        3 => json!([[null], {"a": 1.5}]),
        4 => json!(-0.5e300),
        5 => json!(true),
        6 => json!([{"numeric": [">", 5, "<", 1]}]),
        _ => json!(choices.pick(&TEXTS)),
    }
}
