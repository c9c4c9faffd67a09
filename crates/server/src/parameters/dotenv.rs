//! Dotenv files: a line `NAME='value'` for each variable.
//!
//! They are read by a library. What always holds of what is written: the library reads the same value back, whatever is
//! in it, and so does a shell, which runs nothing of it. Other readers take one pair of quotes round a value, which all
//! values have but those with a quote or a backslash beside a `$` or a backtick; and some put variables in where they
//! read `${…}`, however it is quoted.

use alcazar_base::SecretString;
use thiserror::Error;
use zeroize::Zeroizing;

use super::secret_buffer::SecretBuffer;

/// The mark of an encoding that some editors put in front.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// A file that is no dotenv file. What stands in it is not told: it may be a secret.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum DotenvError {
    /// A line is not `NAME=value`.
    #[error("what follows {after} is no variable, or its quotes do not close")]
    Line {
        /// The variable before it.
        after: String,
    },
    /// Two lines set one variable.
    #[error("the variable {0} is set twice")]
    Twice(String),
}

/// Adds a variable.
pub(crate) fn write(buffer: &mut SecretBuffer, name: &str, value: &SecretString) {
    let value = value.expose();
    buffer.push(name.as_bytes());
    buffer.push(b"=");
    if is_plain(value) {
        buffer.push(value.as_bytes());
    } else if !value.contains(['\'', '\\']) {
        buffer.push(b"'");
        buffer.push(value.as_bytes());
        buffer.push(b"'");
    } else if !value.contains(['$', '`']) {
        double_quoted(buffer, value);
    } else {
        // Between single quotes nothing has a meaning, so only what cannot stand there goes between double ones.
        for piece in value.split_inclusive(['\'', '\\']) {
            let (text, last) = match piece.char_indices().next_back() {
                Some((at, '\'' | '\\')) => piece.split_at(at),
                _ => (piece, ""),
            };
            for part in [b"'".as_slice(), text.as_bytes(), b"'"] {
                buffer.push(part);
            }
            if !last.is_empty() {
                double_quoted(buffer, last);
            }
        }
    }
    buffer.push(b"\n");
}

/// Writes what no variable and no command is put into where it is read.
fn double_quoted(buffer: &mut SecretBuffer, value: &str) {
    buffer.push(b"\"");
    for letter in value.chars() {
        if matches!(letter, '\\' | '"') {
            buffer.push(b"\\");
        }
        buffer.push(letter.encode_utf8(&mut [0; 4]).as_bytes());
    }
    buffer.push(b"\"");
}

/// Whether it needs no quotes anywhere.
fn is_plain(value: &str) -> bool {
    !value.is_empty()
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-./:@%+,".contains(&byte))
}

/// Reads a file's variables, in their order.
///
/// # Errors
/// It is no dotenv file, or sets a variable twice.
pub(crate) fn read(text: &str) -> Result<Vec<(String, SecretString)>, DotenvError> {
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let mut variables: Vec<(String, SecretString)> = Vec::new();
    for line in dotenvy::from_read_iter(text.as_bytes()) {
        let Ok((name, value)) = line.map_err(wiped) else {
            let after = variables.last().map_or("the beginning", |(name, _)| name);
            return Err(DotenvError::Line { after: after.to_owned() });
        };
        if variables.iter().any(|(other, _)| *other == name) {
            return Err(DotenvError::Twice(name));
        }
        variables.push((name, SecretString::new(value)));
    }
    Ok(variables)
}

/// The library's error holds the line.
fn wiped(error: dotenvy::Error) {
    if let dotenvy::Error::LineParse(line, _) = error {
        drop(Zeroizing::new(line));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(value: &str) -> String {
        let mut buffer = SecretBuffer::new();
        write(&mut buffer, "BEFORE", &SecretString::new("x".to_owned()));
        write(&mut buffer, "A", &SecretString::new(value.to_owned()));
        write(&mut buffer, "AFTER", &SecretString::new("y z".to_owned()));
        let text = String::from_utf8(buffer.bytes().to_vec()).unwrap();
        let read = read(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let names: Vec<_> = read.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["BEFORE", "A", "AFTER"], "{text}");
        read[1].1.expose().to_owned()
    }

    #[test]
    fn every_value_reads_back_the_same() {
        for value in [
            "",
            "plain",
            "with space",
            " around ",
            "tab\t",
            "#hash",
            "a #b",
            "a=b",
            "'",
            "''",
            "\"",
            "\\",
            "a\\",
            "\\'",
            "a'b",
            "it's \"so\"",
            "$HOME",
            "${HOME}",
            "it's $HOME",
            "`id`",
            "it's `id`",
            "a\nb",
            "a\nb'c\n",
            "\n",
            "\r\n",
            "a\\nb",
            "\\\\",
            "{\"json\": \"it's\"}",
            "-----BEGIN KEY-----\nab+/==\n-----END KEY-----\n",
            "ünï",
            "a\u{feff}",
            "'$",
            "$",
            "$$",
            "\\$",
            "a'\n#b\n",
            "x=1\nB=2",
            "export",
            "~",
            "*",
            "!",
            "a'!b",
            "it's\\",
            "\u{1}\u{7f}",
        ] {
            assert_eq!(round(value), value, "{value:?}");
        }
    }

    #[test]
    fn files_of_others_are_read() {
        let text = "\u{feff}# comment\nexport A=1\n\nB = 'two words' # why\nC=\"x\\ny\"\nD=\n";
        let read = read(text).unwrap();
        let read: Vec<_> = read.iter().map(|(name, value)| (name.as_str(), value.expose())).collect();
        assert_eq!(read, [("A", "1"), ("B", "two words"), ("C", "x\ny"), ("D", "")]);
    }

    #[test]
    fn what_is_no_dotenv_file_is_refused_without_telling_what_is_in_it() {
        let error = read("A=1\nB='hunter2").unwrap_err().to_string();
        assert!(error.contains("follows A") && !error.contains("hunter2"), "{error}");
        assert_eq!(read("A=1\nA=2").unwrap_err(), DotenvError::Twice("A".to_owned()));
        assert!(read("hunter2").is_err());
    }
}
