//! The canonical form of an encryption context, which ciphertexts authenticate.
//!
//! Pairs stand in the byte order of their names, each name and each value after its length (8 bytes, big-endian), so
//! that different contexts never share a form. A context without pairs is the same as none and has the empty form.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html> (pairs in any order are the
//! same context; names and values are case-sensitive).

use std::collections::BTreeMap;

/// The canonical form of `context`.
#[must_use]
pub fn canonical(context: &BTreeMap<String, String>) -> Vec<u8> {
    let bytes = context.iter().map(|(name, value)| 2 * size_of::<u64>() + name.len() + value.len()).sum();
    let mut form = Vec::with_capacity(bytes);
    for text in context.iter().flat_map(|(name, value)| [name, value]) {
        form.extend_from_slice(&(text.len() as u64).to_be_bytes());
        form.extend_from_slice(text.as_bytes());
    }
    form
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    pub(crate) fn context(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn contexts_whose_joined_text_is_the_same_have_different_forms() {
        let contexts: [&[(&str, &str)]; 9] = [
            &[("a", "bc")],
            &[("ab", "c")],
            &[("abc", "")],
            &[("", "abc")],
            &[("a", "b"), ("c", "")],
            &[("a", ""), ("b", "c")],
            &[("a", "b"), ("", "c")],
            &[("A", "bc")],
            &[],
        ];
        let forms: std::collections::BTreeSet<_> = contexts.map(|pairs| canonical(&context(pairs))).into();
        assert_eq!(forms.len(), contexts.len());
    }

    #[test]
    fn the_form_is_lengths_and_texts_in_the_order_of_the_names() {
        assert_eq!(canonical(&context(&[])), b"");
        let expected = b"\0\0\0\0\0\0\0\x01a\0\0\0\0\0\0\0\x02bc\0\0\0\0\0\0\0\x01b\0\0\0\0\0\0\0\0";
        assert_eq!(canonical(&context(&[("b", ""), ("a", "bc")])), expected);
    }

    proptest! {
        #[test]
        fn two_contexts_have_the_same_form_only_if_they_are_the_same(
            one in proptest::collection::btree_map("[ab\0]{0,3}", "[ab\0]{0,3}", 0..3),
            two in proptest::collection::btree_map("[ab\0]{0,3}", "[ab\0]{0,3}", 0..3),
        ) {
            prop_assert_eq!(canonical(&one) == canonical(&two), one == two);
        }
    }
}
