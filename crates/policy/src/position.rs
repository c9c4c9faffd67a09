//! Where statements stand in the text of a policy, as the policy simulators tell it: from behind the opening brace to
//! behind the closing one.
//!
//! Sources: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_Statement.html>,
//! <https://docs.aws.amazon.com/cli/latest/reference/iam/simulate-custom-policy.html>, whose example shows it

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::document::PolicyDocument;

/// A place in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, counted from one.
    pub line: usize,
    /// The character of the line, counted from one.
    pub column: usize,
}

/// Where a statement stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    /// What follows its opening brace.
    pub start: Position,
    /// What follows its closing brace.
    pub end: Position,
}

/// The member of a document that is looked for; what else stands in it is passed over.
#[derive(Deserialize)]
struct Statements<'t> {
    #[serde(borrow, rename = "Statement")]
    statement: &'t RawValue,
}

impl PolicyDocument {
    /// Where each of the statements stands in the text that the document was read from. There are none for a text
    /// that is no policy.
    #[must_use]
    pub fn statement_spans(text: &str) -> Vec<Span> {
        let Ok(Statements { statement }) = serde_json::from_str(text) else { return Vec::new() };
        let pieces: Vec<&RawValue> = match serde_json::from_str(statement.get()) {
            Ok(items) => items,
            Err(_) => vec![statement],
        };
        let mut reader = Reader { text, read: 0, position: Position { line: 1, column: 1 } };
        pieces.iter().filter_map(|piece| reader.span(piece.get())).collect()
    }
}

/// Counts lines and columns through a text, once for all pieces.
struct Reader<'t> {
    text: &'t str,
    /// How many bytes have been read.
    read: usize,
    /// What follows them.
    position: Position,
}

impl Reader<'_> {
    /// The span of a piece that is borrowed from the text, behind those that were asked for before.
    fn span(&mut self, piece: &str) -> Option<Span> {
        let start = piece.as_ptr().addr().checked_sub(self.text.as_ptr().addr())?;
        Some(Span { start: self.read_to(start + 1)?, end: self.read_to(start + piece.len())? })
    }

    fn read_to(&mut self, end: usize) -> Option<Position> {
        for character in self.text.get(self.read..end)?.chars() {
            match character {
                '\n' => self.position = Position { line: self.position.line + 1, column: 1 },
                _ => self.position.column += 1,
            }
        }
        self.read = end;
        Some(self.position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(text: &str) -> Vec<(usize, usize, usize, usize)> {
        let spans = PolicyDocument::statement_spans(text);
        spans.iter().map(|Span { start, end }| (start.line, start.column, end.line, end.column)).collect()
    }

    #[test]
    fn statements_are_found_where_they_stand() {
        let text = "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": {\n    \"Sid\": \"\u{e9}\"\n  }\n}";
        assert_eq!(spans(text), [(3, 17, 5, 4)]);
        assert_eq!(spans(r#"{"Statement": [{"Sid": "é"}, {}]}"#), [(1, 17, 1, 28), (1, 31, 1, 32)]);
        assert_eq!(spans("{\"Statement\": [\r\n {},\n\t{\n}]}"), [(2, 3, 2, 4), (3, 3, 4, 2)]);
    }

    #[test]
    fn the_example_of_the_command_line_interface_is_told_alike() {
        let text = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"dynamodb:*","Resource":"*","Condition":{"DateGreaterThan":{"aws:CurrentTime":"2018-08-16T12:00:00Z"}}}}"#;
        assert_eq!(spans(text), [(1, 38, 1, 167)]);
    }

    #[test]
    fn what_is_no_policy_has_no_statements() {
        for text in ["", "{", "[]", r#"{"statement": {}}"#] {
            assert_eq!(spans(text), [], "{text}");
        }
    }
}
