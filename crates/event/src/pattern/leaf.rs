//! What must hold where a path of a pattern ends: one of several tests.

use serde_json::Value;

use super::test::Test;

/// The tests of a field, of which one must pass.
#[derive(Debug, Clone)]
pub(crate) struct Leaf {
    /// Whether it will do that there is no value.
    absent: bool,
    /// The texts that will do, sorted.
    texts: Box<[Box<str>]>,
    others: Box<[Test]>,
    /// How many tests were written, and how deep they stand.
    size: Size,
}

/// What a field counts for where the size of patterns is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) tests: usize,
    /// How many objects there are around the tests, counting the outermost.
    pub(crate) depth: usize,
}

/// What was found of a field in an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    /// No value at all.
    Nothing,
    /// Values, none of which passes.
    Unfit,
    /// A value that passes.
    Fit,
}

impl Leaf {
    pub(crate) fn of(tests: Vec<Test>, depth: usize) -> Self {
        let size = Size { tests: tests.len(), depth };
        let mut leaf = Self { absent: false, texts: Box::default(), others: Box::default(), size };
        let (mut texts, mut others) = (Vec::new(), Vec::new());
        for test in tests {
            match test {
                Test::Absent => leaf.absent = true,
                Test::Text(text) => texts.push(text),
                other => others.push(other),
            }
        }
        texts.sort_unstable();
        texts.dedup();
        leaf.texts = texts.into();
        leaf.others = others.into();
        leaf
    }

    pub(crate) fn size(&self) -> Size {
        self.size
    }

    /// Whether the field may be missing.
    pub(crate) fn may_be_absent(&self) -> bool {
        self.absent
    }

    /// Looks at a value and, if it is an array, at the values in it. An object is no value of the field.
    pub(crate) fn find(&self, value: &Value) -> Found {
        match value {
            Value::Object(_) => Found::Nothing,
            Value::Array(items) => {
                let mut found = Found::Nothing;
                for item in items {
                    match self.find(item) {
                        Found::Fit => return Found::Fit,
                        Found::Unfit => found = Found::Unfit,
                        Found::Nothing => {}
                    }
                }
                found
            }
            value if self.passes(value) => Found::Fit,
            _ => Found::Unfit,
        }
    }

    fn passes(&self, value: &Value) -> bool {
        if let Value::String(text) = value
            && self.texts.binary_search_by(|one| (**one).cmp(text)).is_ok()
        {
            return true;
        }
        self.others.iter().any(|test| test.passes(value))
    }
}
