//! What constraints let through.

use super::*;

fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn equals(pairs: &[(&str, &str)]) -> Constraints {
    Constraints { equals: Some(map(pairs)), ..Constraints::default() }
}

fn subset(pairs: &[(&str, &str)]) -> Constraints {
    Constraints { subset: Some(map(pairs)), ..Constraints::default() }
}

/// Whether a call with this encryption context is let through.
fn lets(constraints: &Constraints, context: &[(&str, &str)]) -> bool {
    constraints.let_through(&Context::Exactly(canonical(&map(context))), None)
}

#[test]
fn equals_wants_the_same_pairs_and_no_more() {
    let constraints = equals(&[("Department", "IT"), ("Stage", "prod")]);
    assert!(lets(&constraints, &[("Stage", "prod"), ("Department", "IT")]));
    assert!(lets(&constraints, &[("stage", "prod"), ("DEPARTMENT", "IT")]));
    for other in [
        &[][..],
        &[("Department", "IT")],
        &[("Department", "it"), ("Stage", "prod")],
        &[("Department", "IT"), ("Stage", "prod"), ("x", "y")],
        &[("Department", "prod"), ("Stage", "IT")],
    ] {
        assert!(!lets(&constraints, other), "{other:?}");
    }
    assert!(lets(&equals(&[]), &[]) && !lets(&equals(&[]), &[("a", "b")]));
}

#[test]
fn a_subset_wants_its_pairs_among_others() {
    let constraints = subset(&[("Department", "IT"), ("Stage", "prod")]);
    assert!(lets(&constraints, &[("Stage", "prod"), ("Department", "IT")]));
    assert!(lets(&constraints, &[("x", "y"), ("stage", "prod"), ("department", "IT")]));
    for other in [&[][..], &[("Department", "IT")], &[("Department", "IT"), ("Stage", "PROD"), ("x", "y")]] {
        assert!(!lets(&constraints, other), "{other:?}");
    }
    assert!(lets(&subset(&[]), &[]) && lets(&subset(&[]), &[("a", "b")]));
}

#[test]
fn letters_that_only_look_the_same_do_not_widen_a_constraint() {
    // The Kelvin sign's lower case is a k.
    assert!(!lets(&subset(&[("key", "1")]), &[("\u{212a}ey", "1")]));
}

#[test]
fn a_source_wants_the_same_source() {
    let arn = "arn:aws:s3:::a-bucket";
    let constraints = Constraints { source_arn: Some(arn.to_owned()), ..Constraints::default() };
    assert!(!constraints.let_through(&Context::None, None));
    assert!(!constraints.let_through(&Context::None, Some("arn:aws:s3:::another")));
    assert!(constraints.let_through(&Context::None, Some(arn)));
}

#[test]
fn a_grant_made_by_a_grant_is_no_wider() {
    let (a, ab, ac) = (&[("a", "1")][..], &[("a", "1"), ("b", "2")][..], &[("a", "1"), ("c", "3")][..]);
    let none = Constraints::default();
    for (parent, child, allowed) in [
        (none.clone(), none.clone(), true),
        (none.clone(), subset(a), true),
        (none.clone(), equals(a), true),
        (subset(a), none.clone(), false),
        (subset(a), subset(a), true),
        (subset(a), subset(&[("A", "1")]), true),
        (subset(a), subset(ab), true),
        (subset(a), equals(ab), true),
        (subset(ab), subset(a), false),
        (subset(ab), subset(ac), false),
        (subset(ab), equals(a), false),
        (equals(a), none.clone(), false),
        (equals(a), subset(a), false),
        (equals(a), subset(ab), false),
        (equals(a), equals(a), true),
        (equals(a), equals(ab), false),
        (equals(ab), equals(a), false),
    ] {
        assert_eq!(parent.let_through(&child.context(), None), allowed, "{parent:?} {child:?}");
    }
}

#[test]
fn what_a_child_lets_through_its_parent_does_too() {
    // All constraints and contexts over two keys and two values.
    let mut maps: Vec<Vec<(&str, &str)>> = vec![Vec::new()];
    for key in ["a", "b"] {
        for map in maps.clone() {
            maps.extend(["1", "2"].map(|value| [&map[..], &[(key, value)]].concat()));
        }
    }
    let mut all = vec![Constraints::default()];
    all.extend(maps.iter().map(|map| equals(map)));
    all.extend(maps.iter().map(|map| subset(map)));
    for parent in &all {
        for child in all.iter().filter(|child| parent.let_through(&child.context(), None)) {
            for context in maps.iter().filter(|context| lets(child, context)) {
                assert!(lets(parent, context), "{parent:?} {child:?} {context:?}");
            }
        }
    }
}

#[test]
fn other_constraints_have_other_texts() {
    let texts = [
        Constraints::default(),
        equals(&[]),
        equals(&[("a", "1")]),
        subset(&[("a", "1")]),
        subset(&[("a", "1"), ("b", "2")]),
        subset(&[("a", "11:b2")]),
        subset(&[("a1", "")]),
    ]
    .map(|constraints| constraints.canonical_text());
    let distinct: std::collections::BTreeSet<_> = texts.iter().collect();
    assert_eq!(distinct.len(), texts.len(), "{texts:?}");
    assert_eq!(subset(&[("A", "1")]).canonical_text(), subset(&[("a", "1")]).canonical_text());
}

#[test]
fn constraints_have_their_limits() {
    let many: BTreeMap<_, _> = (0..9).map(|i| (i.to_string(), String::new())).collect();
    let long = map(&[("a", &"x".repeat(385))]);
    for (constraints, code) in [
        (Constraints { equals: Some(many), ..Constraints::default() }, "LimitExceededException"),
        (Constraints { subset: Some(long), ..Constraints::default() }, "LimitExceededException"),
        (Constraints { subset: Some(map(&[])), ..equals(&[]) }, "ValidationException"),
    ] {
        assert_eq!(constraints.check().unwrap_err().model().name, code);
    }
    assert!(subset(&[("a", &"x".repeat(384))]).check().is_ok());
}
