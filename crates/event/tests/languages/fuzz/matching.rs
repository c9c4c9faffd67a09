//! The matcher: it answers as the reference does, whatever the pattern and the event.

use alcazar_event::{Event, Pattern};
use serde_json::{Value, json};

use super::choices::Choices;
use super::question::{event, pattern};
use crate::reference;

/// Asks one pattern about a few events. Says how many it matched, and how many it was asked about.
pub(crate) fn run(bytes: &[u8]) -> (usize, usize) {
    let mut choices = Choices::new(bytes);
    let pattern = pattern(&mut choices);
    let compiled = match Pattern::parse(&pattern.to_string()) {
        Ok(compiled) => compiled,
        // Choices can make a pattern that is beyond the limits, though few do.
        Err(error) if error.reason.contains("too long") || error.reason.contains("too complex") => {
            return (0, 0);
        }
        Err(error) => panic!("{pattern}: {error}"),
    };
    let events = choices.several(1, 4, event);
    for event in &events {
        let expected = reference::pattern::matches(&pattern, event);
        assert_eq!(compiled.matches(event), expected, "{pattern}\nand\n{event}");
        assert_eq!(compiled.matches_event(&Event::new(event)), expected);
    }
    negated(&events, &mut choices);
    (events.iter().filter(|event| compiled.matches(event)).count(), events.len())
}

/// `anything-but` matches a single value exactly where what it leaves out does not.
fn negated(events: &[Value], choices: &mut Choices<'_>) {
    let matcher = match choices.below(5) {
        0 => json!({"prefix": "a"}),
        1 => json!({"suffix": "b"}),
        2 => json!({"equals-ignore-case": "ab"}),
        3 => json!({"wildcard": "a*b"}),
        _ => json!("ab"),
    };
    let [plain, negated] = [json!({"a": [matcher]}), json!({"a": [{"anything-but": matcher}]})]
        .map(|pattern| Pattern::parse(&pattern.to_string()).unwrap());
    for event in events {
        let single = event.get("a").is_some_and(|value| !value.is_array() && !value.is_object());
        if single {
            assert_ne!(plain.matches(event), negated.matches(event), "{matcher} and {event}");
        }
    }
}
