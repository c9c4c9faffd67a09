//! No file is so long that nobody can hold it in mind. Functions are clippy's (`too_many_lines`).

use super::Source;

/// The greatest number of lines of a file, generated or not.
const LINES_MAX: usize = 600;

pub(super) fn check(sources: &[Source]) -> Vec<String> {
    sources
        .iter()
        .map(|source| (source, source.text.lines().count()))
        .filter(|(_, lines)| *lines > LINES_MAX)
        .map(|(source, lines)| format!("{}: {lines} lines are more than {LINES_MAX}: split it", source.path))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_file_is_found() {
        let file = |lines: usize| Source { path: "a.rs".to_owned(), text: "\n".repeat(lines) };
        assert!(check(&[file(LINES_MAX)]).is_empty());
        assert_eq!(check(&[file(LINES_MAX + 1)]).len(), 1);
    }
}
