use alcazar_base::SecretString;
use serde_json::json;

use super::*;

fn entry(kind: Kind, value: &str) -> Entry {
    let value = Some(Value(SecretString::new(value.to_owned())));
    Entry { kind: Some(kind), value, tier: Some(Tier::Standard), ..Entry::default() }
}

fn plan(found: &[(&str, Entry)], wanted: &[(&str, Entry)], delete: bool) -> Result<Plan, PlanError> {
    let map = |entries: &[(&str, Entry)]| -> BTreeMap<String, Entry> {
        entries.iter().map(|(name, entry)| ((*name).to_owned(), entry.clone())).collect()
    };
    Plan::new(&"/app".parse().unwrap(), &map(found), map(wanted), delete)
}

/// What people are shown of one parameter's change.
fn shown(found: Entry, wanted: Entry) -> String {
    let plan = plan(&[("x", found)], &[("x", wanted)], false).unwrap();
    plan.changes.iter().map(ToString::to_string).collect()
}

#[test]
fn only_what_differs_is_planned_and_deletions_are_last_and_only_if_asked_for() {
    let found = [
        ("same", entry(Kind::String, "1")),
        ("a/old", entry(Kind::String, "1")),
        ("changed", entry(Kind::String, "1")),
    ];
    let wanted = [
        ("same", entry(Kind::String, "1")),
        ("z/new", entry(Kind::String, "1")),
        ("changed", entry(Kind::String, "2")),
    ];
    let all = plan(&found, &wanted, true).unwrap();
    let told: Vec<_> = all.changes.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        ["~ /app/changed  Value \"1\" → \"2\"", "+ /app/z/new  String, \"1\"", "- /app/a/old  String"]
    );
    assert_eq!(all.counts(), Counts { added: 1, changed: 1, removed: 1, unchanged: 1 });
    assert_eq!(plan(&found, &wanted, false).unwrap().counts().removed, 0);
}

#[test]
fn no_value_of_a_secure_string_is_shown_before_or_after() {
    let told = shown(entry(Kind::SecureString, "hunter1"), entry(Kind::SecureString, "hunter2"));
    assert_eq!(told, "~ /app/x  Value (not shown)");
    let told = shown(entry(Kind::SecureString, "hunter1"), entry(Kind::String, "hunter2"));
    assert!(!told.contains("hunter"), "{told}");
    let told = shown(entry(Kind::String, "hunter1"), entry(Kind::SecureString, "hunter2"));
    assert!(!told.contains("hunter"), "{told}");
    let added = plan(&[], &[("x", entry(Kind::SecureString, "hunter2"))], false).unwrap();
    assert_eq!(added.changes[0].to_string(), "+ /app/x  SecureString, (not shown)");
}

#[test]
fn what_is_shown_of_a_value_is_short_and_cannot_act_on_a_terminal() {
    let told =
        shown(entry(Kind::String, "a"), entry(Kind::String, &format!("\u{1b}[31m{}", "b".repeat(500))));
    assert!(!told.contains('\u{1b}') && told.contains('…') && told.len() < 150, "{told}");
}

#[test]
fn what_is_left_out_stays_as_it_is_and_is_written_again_with_a_new_value() {
    let found = Entry {
        description: Some("why".to_owned()),
        allowed_pattern: Some("^.$".to_owned()),
        key_id: Some("alias/mine".to_owned()),
        tags: Some(BTreeMap::from([("a".to_owned(), "b".to_owned())])),
        ..entry(Kind::SecureString, "1")
    };
    let bare = Entry { value: found.value.clone(), ..Entry::default() };
    assert_eq!(shown(found.clone(), bare), "");
    let value = Entry { value: entry(Kind::String, "2").value, ..Entry::default() };
    let plan = plan(&[("x", found.clone())], &[("x", value.clone())], false).unwrap();
    assert_eq!(plan.changes[0].step, Step::Put(Entry { value: value.value, tags: None, ..found }));
}

#[test]
fn each_member_that_differs_is_named() {
    let found = entry(Kind::String, "1");
    let wanted = Entry {
        description: Some("new".to_owned()),
        data_type: Some("text".to_owned()),
        allowed_pattern: Some(".".to_owned()),
        tier: Some(Tier::Advanced),
        policies: Some(vec![json!({"Type": "Expiration"})]),
        tags: Some(BTreeMap::from([("a".to_owned(), "b".to_owned())])),
        ..entry(Kind::String, "1")
    };
    assert_eq!(shown(found, wanted), "~ /app/x  Description, AllowedPattern, Tier Advanced, Policies, Tags");
}

#[test]
fn a_choice_of_tier_left_to_aws_is_no_difference() {
    let wanted = Entry { tier: Some(Tier::IntelligentTiering), ..entry(Kind::String, "1") };
    assert_eq!(shown(entry(Kind::String, "1"), wanted), "");
}

#[test]
fn tags_alone_need_no_new_version() {
    let tags = |tags: &[(&str, &str)]| Entry {
        tags: Some(tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()),
        ..entry(Kind::String, "1")
    };
    let plan = plan(
        &[("x", tags(&[("a", "1"), ("b", "1"), ("c", "1")]))],
        &[("x", tags(&[("a", "2"), ("c", "1")]))],
        false,
    );
    let change = plan.unwrap().changes.remove(0);
    assert_eq!(change.step, Step::Tag);
    assert_eq!(change.tags_to_add, BTreeMap::from([("a".to_owned(), "2".to_owned())]));
    assert_eq!(change.tags_to_remove, ["b"]);
}

#[test]
fn what_cannot_be_made_is_refused_before_anything_is_done() {
    let without_value = Entry { value: None, ..entry(Kind::SecureString, "") };
    assert!(
        matches!(plan(&[], &[("x", without_value.clone())], false), Err(PlanError::NoValue(name)) if name == "/app/x")
    );
    let without_type = Entry { kind: None, ..entry(Kind::String, "1") };
    assert!(matches!(plan(&[], &[("x", without_type)], false), Err(PlanError::NoType(_))));
    // One that is there needs none.
    assert!(
        plan(&[("x", entry(Kind::SecureString, "1"))], &[("x", without_value)], false)
            .unwrap()
            .changes
            .is_empty()
    );
}
