//! Texts whose case does not count.

/// A text in which upper and lower case are one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Folded(Box<str>);

impl Folded {
    pub(crate) fn new(text: &str) -> Self {
        Self(fold(text).into())
    }

    pub(crate) fn equals(&self, text: &str) -> bool {
        if text.is_ascii() { self.0.eq_ignore_ascii_case(text) } else { fold(text) == *self.0 }
    }

    pub(crate) fn begins(&self, text: &str) -> bool {
        if text.is_ascii() {
            let front = text.as_bytes().get(..self.0.len());
            front.is_some_and(|front| front.eq_ignore_ascii_case(self.0.as_bytes()))
        } else {
            fold(text).starts_with(&*self.0)
        }
    }

    pub(crate) fn ends(&self, text: &str) -> bool {
        if text.is_ascii() {
            let start = text.len().checked_sub(self.0.len());
            let back = start.and_then(|start| text.as_bytes().get(start..));
            back.is_some_and(|back| back.eq_ignore_ascii_case(self.0.as_bytes()))
        } else {
            fold(text).ends_with(&*self.0)
        }
    }
}

/// Each character by itself, so that a part of a text is folded as it is in the whole.
fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_does_not_count() {
        for (one, other) in [("abc", "ABC"), ("Ärger", "äRGER"), ("ΣΑΣ", "σας"), ("K", "\u{212a}")] {
            assert!(Folded::new(one).equals(other), "{one} and {other}");
            assert!(Folded::new(other).equals(one), "{other} and {one}");
        }
        assert!(Folded::new("EventB").begins("EVENTBRIDGE"));
        assert!(Folded::new("TBridge").ends("eventbridge"));
        assert!(Folded::new("É").begins("été") && Folded::new("É").ends("TÉ"));
        assert!(!Folded::new("abc").begins("ab") && !Folded::new("abc").ends("bc"));
    }
}
