//! A branch as a tree, and its match with an event.
//!
//! Arrays of objects are matched consistently, as AWS does it: all that a branch says below an array must be found in
//! one of its items. Fields come in the order of their names; the first that is found in an item fixes the item for those
//! that follow. Until then a field that must be missing has to be missing in every item.
//!
//! Where nothing is found yet nothing is fixed, and where something is found it is fixed: so nothing is taken back, and
//! each part of the event is looked at once for each name of the branch. Only where a branch asks for a value and for
//! members under one name, by a dot, is it once for each array around it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::compile::Branch;
use super::leaf::{Found, Leaf};

/// A branch, ready to be matched.
#[derive(Debug, Clone)]
pub(crate) struct Tree {
    /// Those without children first: most events fail by them, and they are matched quickest.
    root: Node,
}

#[derive(Debug, Clone, Default)]
struct Node {
    leaf: Option<Arc<Leaf>>,
    /// Sorted by name.
    children: BTreeMap<Box<str>, Node>,
    /// Whether the node and all below it may be missing.
    optional: bool,
}

/// How a part of an event meets a part of a branch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Met {
    /// It does not.
    No,
    /// All that the branch asks for is that things are missing, and they are.
    Missing,
    /// Something was found.
    Present,
}

/// The same for several objects of which one is to be chosen.
enum Choice {
    /// All is missing in all of them, and that will do.
    Missing,
    /// Any of these will do.
    Of(Vec<usize>),
}

type Object = Map<String, Value>;

impl Tree {
    pub(crate) fn of(branch: Branch) -> Self {
        let mut root = Node::default();
        for (path, leaf) in branch {
            let mut node = &mut root;
            for step in path.split('.') {
                node = node.children.entry(step.into()).or_default();
            }
            node.leaf = Some(leaf);
        }
        root.finish();
        Self { root }
    }

    pub(crate) fn matches(&self, event: &Object) -> bool {
        self.root.meet_object(event) != Met::No
    }
}

impl Node {
    fn finish(&mut self) {
        self.children.values_mut().for_each(Self::finish);
        self.optional = self.leaf.as_ref().is_none_or(|leaf| leaf.may_be_absent())
            && self.children.values().all(|child| child.optional);
    }

    /// Matches what is below this node with one object. In one object the order does not matter.
    fn meet_object(&self, object: &Object) -> Met {
        let mut met = Met::Missing;
        for quick in [true, false] {
            for (name, child) in &self.children {
                if child.children.is_empty() != quick {
                    continue;
                }
                match child.meet(object.get(&**name)) {
                    Met::No => return Met::No,
                    Met::Present => met = Met::Present,
                    Met::Missing => {}
                }
            }
        }
        met
    }

    /// Matches this node with the value that has its name.
    fn meet(&self, value: Option<&Value>) -> Met {
        let Some(value) = value else {
            return if self.optional { Met::Missing } else { Met::No };
        };
        let Some(leaf) = &self.leaf else { return self.meet_below(value) };
        match leaf.find(value) {
            Found::Fit if self.children.is_empty() || self.meet_beside(leaf, value) => Met::Present,
            Found::Nothing if leaf.may_be_absent() => self.meet_below(value),
            Found::Fit | Found::Nothing | Found::Unfit => Met::No,
        }
    }

    /// Whether what is below this node is found beside a value that fits: in the same innermost array, or further within.
    fn meet_beside(&self, leaf: &Leaf, value: &Value) -> bool {
        let Value::Array(items) = value else {
            return leaf.find(value) == Found::Fit && self.meet_below(value) != Met::No;
        };
        let fits_here = items.iter().any(|item| !item.is_array() && leaf.find(item) == Found::Fit);
        (fits_here && self.meet_below(value) != Met::No)
            || items.iter().any(|item| item.is_array() && self.meet_beside(leaf, item))
    }

    /// Matches what is below this node with the objects in `value`.
    fn meet_below(&self, value: &Value) -> Met {
        match value {
            Value::Object(object) => self.meet_object(object),
            Value::Array(_) => {
                let mut objects = Vec::new();
                gather(value, 0, &mut objects);
                match self.choose(&objects) {
                    Choice::Missing => Met::Missing,
                    Choice::Of(chosen) if chosen.is_empty() => Met::No,
                    Choice::Of(_) => Met::Present,
                }
            }
            _ if self.children.values().all(|child| child.optional) => Met::Missing,
            _ => Met::No,
        }
    }

    /// Which of several objects all that is below this node can be found in. Each object has an index of its own to be
    /// told by; objects with the same index follow each other.
    fn choose(&self, objects: &[(usize, &Object)]) -> Choice {
        let mut chosen: Option<Vec<(usize, &Object)>> = None;
        for (name, child) in &self.children {
            match &mut chosen {
                None => match child.choose_value(name, objects) {
                    Choice::Missing => {}
                    Choice::Of(places) => {
                        chosen =
                            Some(places.iter().filter_map(|place| objects.get(*place).copied()).collect());
                    }
                },
                Some(chosen) => chosen.retain(|(_, object)| child.meet(object.get(&**name)) != Met::No),
            }
            if chosen.as_ref().is_some_and(Vec::is_empty) {
                break;
            }
        }
        match chosen {
            None => Choice::Missing,
            Some(chosen) => {
                let mut indices: Vec<usize> = chosen.into_iter().map(|(index, _)| index).collect();
                indices.dedup();
                Choice::Of(indices)
            }
        }
    }

    /// In which of `objects`, by their places, this node is found under its name.
    fn choose_value(&self, name: &str, objects: &[(usize, &Object)]) -> Choice {
        let values =
            || objects.iter().enumerate().filter_map(|(place, (_, object))| Some((place, object.get(name)?)));
        if let Some(leaf) = &self.leaf {
            let (mut present, mut fit) = (false, Vec::new());
            for (place, value) in values() {
                let found = leaf.find(value);
                present |= found != Found::Nothing;
                if found == Found::Fit {
                    fit.push(place);
                }
            }
            if present || !leaf.may_be_absent() {
                // A value that fits fixes the object that it is in.
                fit.retain(|place| {
                    let value = objects.get(*place).and_then(|(_, object)| object.get(name));
                    self.children.is_empty() || value.is_some_and(|value| self.meet_beside(leaf, value))
                });
                return Choice::Of(fit);
            }
        }
        let mut below = Vec::new();
        values().for_each(|(place, value)| gather(value, place, &mut below));
        self.choose(&below)
    }
}

/// The objects in a value: itself, or those in arrays, however these are nested.
fn gather<'v>(value: &'v Value, index: usize, objects: &mut Vec<(usize, &'v Object)>) {
    match value {
        Value::Object(object) => objects.push((index, object)),
        Value::Array(items) => items.iter().for_each(|item| gather(item, index, objects)),
        _ => {}
    }
}
