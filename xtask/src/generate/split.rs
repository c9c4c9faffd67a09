//! Files that stay small: many items in one file, or in one file for a range of initial letters.

use std::collections::{BTreeMap, BTreeSet};

/// The greatest number of lines of one generated file, counted before it is formatted, which makes fewer.
const LINES_MAX: usize = 520;

/// One item: its name, which sorts it, its text, and the types that the text uses.
pub(super) struct Item {
    pub(super) name: String,
    pub(super) text: String,
    pub(super) uses: BTreeSet<String>,
}

/// The items of one file, and what the file is called (`a_to_d`); without a name where one file holds them all.
pub(super) struct Part {
    pub(super) name: Option<String>,
    pub(super) items: Vec<Item>,
}

impl Part {
    /// The first and the last item's name.
    pub(super) fn range(&self) -> String {
        let name = |item: Option<&Item>| item.map_or("", |item| item.name.as_str()).to_owned();
        format!("`{}` to `{}`", name(self.items.first()), name(self.items.last()))
    }
}

/// How many lines the items take, with a blank one after each.
pub(super) fn lines(items: &[Item]) -> usize {
    items.iter().map(|item| item.text.lines().count() + 1).sum()
}

/// Spreads the items over files. Items of one initial letter stay together, so that adding one moves little.
pub(super) fn split(items: Vec<Item>) -> Vec<Part> {
    if lines(&items) <= LINES_MAX {
        return vec![Part { name: None, items }];
    }
    let mut letters: BTreeMap<char, Vec<Item>> = BTreeMap::new();
    for item in items {
        let initial = item.name.chars().next().unwrap_or('_').to_ascii_lowercase();
        letters.entry(initial).or_default().push(item);
    }
    let mut parts: Vec<(char, char, Vec<Item>)> = Vec::new();
    for (letter, more) in letters {
        match parts.last_mut() {
            Some((_, last, items)) if lines(items) + lines(&more) <= LINES_MAX => {
                *last = letter;
                items.extend(more);
            }
            _ => parts.push((letter, letter, more)),
        }
    }
    parts
        .into_iter()
        .flat_map(|(first, last, items)| {
            let name = if first == last { first.to_string() } else { format!("{first}_to_{last}") };
            cut(name, items)
        })
        .collect()
}

/// Cuts a letter that is too much for one file into numbered files.
fn cut(name: String, items: Vec<Item>) -> Vec<Part> {
    let mut files: Vec<(usize, Vec<Item>)> = Vec::new();
    for item in items {
        let more = item.text.lines().count() + 1;
        match files.last_mut() {
            Some((lines, items)) if *lines + more <= LINES_MAX => {
                *lines += more;
                items.push(item);
            }
            _ => files.push((more, vec![item])),
        }
    }
    let many = files.len() > 1;
    let named = |index: usize| if many { format!("{name}_{}", index + 1) } else { name.clone() };
    files
        .into_iter()
        .enumerate()
        .map(|(index, (_, items))| Part { name: Some(named(index)), items })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(name: &str, lines: usize) -> Item {
        Item { name: name.to_owned(), text: "line\n".repeat(lines), uses: BTreeSet::new() }
    }

    fn names(items: Vec<Item>) -> Vec<Option<String>> {
        split(items).into_iter().map(|part| part.name).collect()
    }

    #[test]
    fn little_stays_in_one_file() {
        assert_eq!(names(vec![item("A", 100), item("B", 100)]), [None]);
    }

    #[test]
    fn much_is_split_by_letters_and_then_by_number() {
        let items = vec![item("A", 300), item("B", 200), item("C", 500), item("D", 400), item("Dz", 300)];
        let expected = ["a_to_b", "c", "d_1", "d_2"].map(|name| Some(name.to_owned()));
        assert_eq!(names(items), expected);
    }
}
