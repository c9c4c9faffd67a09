//! Names in Rust's manner for names in a model's.

/// Type names that generated code uses for something else.
const TAKEN_TYPES: [&str; 29] = [
    "ApiError",
    "BTreeMap",
    "Box",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Err",
    "ErrorCode",
    "ErrorModel",
    "FromStr",
    "Hash",
    "Kind",
    "List",
    "Member",
    "Mismatch",
    "None",
    "Ok",
    "Option",
    "Result",
    "Schema",
    "SecretBytes",
    "SecretString",
    "Shape",
    "Slots",
    "Some",
    "String",
    "Structure",
    "Timestamp",
];

/// More of them.
const TAKEN_TYPES_TOO: [&str; 4] = ["Self", "TimestampFormat", "Value", "Vec"];

/// Rust's keywords, as far as a member could be called so.
const KEYWORDS: [&str; 38] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "type",
    "use",
];

/// More of them.
const KEYWORDS_TOO: [&str; 9] =
    ["mut", "true", "try", "typeof", "unsafe", "unsized", "virtual", "where", "while"];

/// The words of a name: `KMSKeyId`, `KMS_KEY_ID` and `kms-key-id` are three words each.
fn words(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let at = |index: usize| letters.get(index).copied();
    let mut words = vec![String::new()];
    for (index, &letter) in letters.iter().enumerate() {
        if !letter.is_ascii_alphanumeric() {
            words.push(String::new());
            continue;
        }
        let before = index.checked_sub(1).and_then(at).unwrap_or(' ');
        let ends_acronym = before.is_ascii_uppercase()
            && at(index + 1).is_some_and(|next| next.is_ascii_lowercase())
            // The s of `CMKs` belongs to what stands before it.
            && !(at(index + 1) == Some('s') && at(index + 2).is_none_or(|after| after.is_ascii_uppercase()));
        let begins_word = before.is_ascii_lowercase() || before.is_ascii_digit() || ends_acronym;
        if letter.is_ascii_uppercase() && begins_word {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(letter.to_ascii_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// A module or static-like name: `key_id`.
pub(super) fn snake(name: &str) -> String {
    words(name).join("_")
}

/// A field's name, escaped where it is a keyword.
pub(super) fn field(name: &str) -> String {
    let snake = snake(name);
    match snake.as_str() {
        "self" | "super" | "crate" => format!("{snake}_"),
        word if KEYWORDS.contains(&word) || KEYWORDS_TOO.contains(&word) => format!("r#{word}"),
        _ => snake,
    }
}

/// A static's name: `KEY_ID`.
pub(super) fn constant(name: &str) -> String {
    snake(name).to_ascii_uppercase()
}

/// A type's name. Models write them in camel case already, and acronyms stay as they are.
pub(super) fn type_name(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    let camel: String = first.into_iter().chain(letters).collect();
    let taken = TAKEN_TYPES.contains(&camel.as_str()) || TAKEN_TYPES_TOO.contains(&camel.as_str());
    if taken { camel + "Shape" } else { camel }
}

/// The variant for an enum's value: `SymmetricDefault` for `SYMMETRIC_DEFAULT`.
pub(super) fn variant(value: &str) -> String {
    let camel: String = words(value)
        .iter()
        .flat_map(|word| {
            let mut letters = word.chars();
            letters.next().map(|letter| letter.to_ascii_uppercase()).into_iter().chain(letters)
        })
        .collect();
    match camel.as_str() {
        "Self" => "Self_".to_owned(),
        _ if camel.starts_with(|letter: char| letter.is_ascii_digit()) => format!("V{camel}"),
        "" => "Empty".to_owned(),
        _ => camel,
    }
}

/// What stands before a function that has a line for each of `count` names, where that makes it long.
pub(super) fn allow_long(count: usize) -> &'static str {
    const LINES_MAX: usize = 60;
    let long = "#[allow(clippy::too_many_lines, reason = \"it is a table\")]\n";
    if count > LINES_MAX { long } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_every_style() {
        for (name, snake_name) in [
            ("KeyId", "key_id"),
            ("AWSAccountId", "aws_account_id"),
            ("KMSInternalException", "kms_internal_exception"),
            ("CustomKeyStoreHasCMKsException", "custom_key_store_has_cmks_exception"),
            ("RSAES_OAEP_SHA_256", "rsaes_oaep_sha_256"),
            ("Sha256Digest", "sha256_digest"),
            ("aws:kms", "aws_kms"),
        ] {
            assert_eq!(snake(name), snake_name);
        }
    }

    #[test]
    fn a_name_that_means_something_to_rust_is_changed() {
        assert_eq!(field("Type"), "r#type");
        assert_eq!(field("Self"), "self_");
        assert_eq!(type_name("tokenType"), "TokenType");
        assert_eq!(type_name("Member"), "MemberShape");
        assert_eq!(variant("SYMMETRIC_DEFAULT"), "SymmetricDefault");
        assert_eq!(variant("1.2"), "V12");
        assert_eq!(variant("RetireGrant"), "RetireGrant");
    }
}
