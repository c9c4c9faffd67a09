//! From the text of a pattern to its branches.
//!
//! A branch says for each path (names joined by dots) what must hold there. Each object behind an `$or` makes a copy of
//! every branch so far. A path that comes again in a branch replaces what was said of it before, as in AWS's reader; so
//! the order of a pattern's members counts.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::expression;
use super::leaf::Leaf;
use super::test::Test;
use super::{Fault, Reason};
use crate::json::{Kind, Member, Piece, Place, Source};

/// How deep a pattern may nest.
const DEPTH_MAX: usize = 100;

/// How many branches the `$or`s of a pattern may make.
const BRANCHES_MAX: usize = 1000;

/// How many pairs of path and test the branches may hold together.
const FIELDS_MAX: usize = 32 * BRANCHES_MAX;

/// What AWS reserves inside `$or`, for operators that may come.
const RESERVED: [&str; 24] = [
    "exactly",
    "equals-ignore-case",
    "prefix",
    "suffix",
    "anything-but",
    "exists",
    "wildcard",
    "numeric",
    "cidr",
    "=",
    "<",
    "<=",
    ">",
    ">=",
    "regex",
    "not-wildcard",
    "not-equals-ignore-case",
    "date-after",
    "date-on-or-after",
    "date-before",
    "date-on-or-before",
    "in-date-range",
    "ip-address-in-range",
    "ip-address-not-in-range",
];

/// What must hold at each path.
pub(crate) type Branch = BTreeMap<String, Arc<Leaf>>;

/// Reads the branches of a pattern.
///
/// A `$or` that is none by AWS's rules (an array of two objects or more, without reserved names in them) is a field of
/// that name: so what is no pattern with `$or` may be one without.
pub(crate) fn branches(text: &str) -> Result<Vec<Branch>, Fault> {
    let source = Source::new(text);
    let read = |with_or| Reader { source, with_or }.read();
    read(true).or_else(|fault| if fault.is_final() { Err(fault) } else { read(false) })
}

/// Where an object stands.
#[derive(Clone, Copy)]
struct Scope {
    /// How many objects there are around its members, those behind `$or` among them.
    depth: usize,
    /// The same without those behind `$or`.
    steps: usize,
    in_or: bool,
}

struct Reader<'t> {
    source: Source<'t>,
    /// Whether `$or` is more than a name.
    with_or: bool,
}

impl<'t> Reader<'t> {
    fn read(&self) -> Result<Vec<Branch>, Fault> {
        let root = self.told(self.source.root())?;
        if root.kind() != Kind::Object {
            return Err(self.fault(Reason::NotObject, root.opened()));
        }
        let mut branches = vec![Branch::new()];
        self.object(&mut branches, None, root, Scope { depth: 1, steps: 1, in_or: false })?;
        Ok(branches)
    }

    fn object(
        &self,
        branches: &mut Vec<Branch>,
        path: Option<&str>,
        object: Piece<'t>,
        scope: Scope,
    ) -> Result<(), Fault> {
        if scope.depth > DEPTH_MAX {
            return Err(self.fault(Reason::TooDeep { max: DEPTH_MAX }, object.opened()));
        }
        let members = self.told(self.source.members(object))?;
        if members.is_empty() {
            return Err(self.fault(Reason::EmptyObject, object.end()));
        }
        let below = Scope { depth: scope.depth + 1, ..scope };
        for Member { name, value } in members {
            if self.with_or && name == "$or" {
                self.alternatives(branches, path, value, below)?;
                continue;
            }
            if scope.in_or && RESERVED.contains(&name.as_str()) {
                return Err(self.fault(Reason::NotOr, value.opened()));
            }
            let path = path.map_or_else(|| name.clone(), |path| format!("{path}.{name}"));
            match value.kind() {
                Kind::Object => {
                    let below = Scope { steps: scope.steps + 1, ..below };
                    self.object(branches, Some(&path), value, below)?;
                }
                Kind::Array => self.field(branches, &path, value, scope.steps)?,
                _ => return Err(self.fault(Reason::NotObjectOrArray(name), value.opened())),
            }
        }
        Ok(())
    }

    /// What follows `$or`.
    fn alternatives(
        &self,
        branches: &mut Vec<Branch>,
        path: Option<&str>,
        array: Piece<'t>,
        scope: Scope,
    ) -> Result<(), Fault> {
        if array.kind() != Kind::Array {
            return Err(self.fault(Reason::NotOr, array.opened()));
        }
        let items = self.told(self.source.items(array))?;
        let before = std::mem::take(branches);
        for item in &items {
            if item.kind() != Kind::Object {
                return Err(self.fault(Reason::NotOr, item.opened()));
            }
            let mut copies = before.clone();
            self.object(&mut copies, path, *item, Scope { in_or: true, ..scope })?;
            branches.append(&mut copies);
            if branches.len() > BRANCHES_MAX {
                return Err(Fault::plain(Reason::OrTooMany));
            }
        }
        if items.len() < 2 {
            return Err(self.fault(Reason::NotOr, array.end()));
        }
        Ok(())
    }

    /// The values of a field.
    fn field(
        &self,
        branches: &mut [Branch],
        path: &str,
        array: Piece<'t>,
        steps: usize,
    ) -> Result<(), Fault> {
        let mut tests = Vec::new();
        for item in self.told(self.source.items(array))? {
            match item.kind() {
                Kind::Object => tests.push(expression::read(&self.source, item)?),
                Kind::Array => return Err(self.fault(Reason::MatchValue, item.opened())),
                Kind::String => {
                    tests.push(Test::equals(self.told(self.source.string(item))?));
                }
                Kind::Number => tests.push(Test::equals_number(item.raw())),
                Kind::True => tests.push(Test::Bool(true)),
                Kind::False => tests.push(Test::Bool(false)),
                Kind::Null => tests.push(Test::Null),
            }
        }
        if tests.is_empty() {
            return Err(self.fault(Reason::EmptyArray, array.end()));
        }
        let leaf = Arc::new(Leaf::of(tests, steps));
        for branch in branches.iter_mut() {
            branch.insert(path.to_owned(), Arc::clone(&leaf));
        }
        if branches.iter().map(Branch::len).sum::<usize>() > FIELDS_MAX {
            return Err(Fault::plain(Reason::OrTooMany));
        }
        Ok(())
    }

    fn told<T>(&self, result: Result<T, (Reason, Place)>) -> Result<T, Fault> {
        result.map_err(|(reason, place)| self.fault(reason, place))
    }

    fn fault(&self, reason: Reason, place: Place) -> Fault {
        Fault::at(&self.source, reason, place)
    }
}
