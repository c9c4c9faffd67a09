//! Doc comments: the name on the wire and the constraints. None of them is AWS's prose.

use crate::model::{Reference, Shape};

/// The longest pattern that is quoted.
const PATTERN_MAX: usize = 80;

/// The sentence for a structure's member.
pub(super) fn member(name: &str, reference: &Reference, shape: &Shape, required: bool) -> String {
    let mut facts = Vec::new();
    if required {
        facts.push("required".to_owned());
    }
    facts.extend(constraints(shape));
    if reference.deprecated {
        facts.push("deprecated".to_owned());
    }
    let wire = match &reference.location_name {
        Some(other) if other != name => format!("`{name}`, in XML `{other}`"),
        _ => format!("`{name}`"),
    };
    if facts.is_empty() { format!("{wire}.") } else { format!("{wire}: {}.", facts.join("; ")) }
}

/// What a shape asks of a value.
fn constraints(shape: &Shape) -> Vec<String> {
    let unit = match shape.kind.as_str() {
        "string" => " characters",
        "blob" => " bytes",
        "list" | "map" => " entries",
        _ => "",
    };
    let range = match (shape.min, shape.max) {
        (Some(min), Some(max)) if min == max => Some(format!("{min}{unit}")),
        (Some(min), Some(max)) => Some(format!("{min} to {max}{unit}")),
        (Some(min), None) => Some(format!("at least {min}{unit}")),
        (None, Some(max)) => Some(format!("at most {max}{unit}")),
        (None, None) => None,
    };
    let pattern = shape.pattern.as_ref().map(|pattern| {
        let quotable = pattern.len() <= PATTERN_MAX && !pattern.contains('`') && !pattern.contains('\n');
        if quotable { format!("matches `{pattern}`") } else { "matches a pattern".to_owned() }
    });
    range.into_iter().chain(pattern).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_is_described_by_its_facts() {
        let reference = |text: &str| serde_json::from_str::<Reference>(text).unwrap();
        let shape: Shape =
            serde_json::from_str(r#"{"type":"string","min":1,"max":2048,"pattern":"^a+$"}"#).unwrap();
        let plain = reference(r#"{"shape":"A"}"#);
        assert_eq!(
            member("KeyId", &plain, &shape, true),
            "`KeyId`: required; 1 to 2048 characters; matches `^a+$`."
        );
        let renamed = reference(r#"{"shape":"A","locationName":"key","deprecated":true}"#);
        let flag: Shape = serde_json::from_str(r#"{"type":"boolean"}"#).unwrap();
        assert_eq!(member("Key", &renamed, &flag, false), "`Key`, in XML `key`: deprecated.");
    }
}
