//! The names of records.
//!
//! A name is its table, a zero byte, and parts. A plain part (an identifier, which never holds a zero byte)
//! ends with a zero byte; a time is eight bytes, so that names order by it; a blind part (a text that a user
//! chose) is a keyed hash of 16 bytes, so that a thief of the disk cannot read it. Names with the same leading
//! parts stand together, which is what ranges are for.

use alcazar_base::Timestamp;
use alcazar_crypto::{Keyring, PrefixCode};
use bytes::Bytes;

use crate::port::store::NameRange;

/// The name of one record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Bytes);

impl Name {
    /// Begins a name in `table`.
    #[must_use]
    pub fn table(table: &'static str) -> NameBuilder {
        let mut bytes = Vec::with_capacity(96);
        bytes.extend_from_slice(table.as_bytes());
        bytes.push(0);
        NameBuilder(bytes)
    }

    /// A name as the store gave it back.
    #[must_use]
    pub fn from_stored(bytes: Bytes) -> Self {
        Self(bytes)
    }

    /// The name as the store knows it.
    #[must_use]
    pub fn as_bytes(&self) -> &Bytes {
        &self.0
    }

    /// The table it belongs to, for messages.
    #[must_use]
    pub fn table_name(&self) -> &str {
        let end = self.0.iter().position(|byte| *byte == 0).unwrap_or(self.0.len());
        self.0.get(..end).and_then(|table| std::str::from_utf8(table).ok()).unwrap_or("?")
    }
}

/// A name in the making.
#[derive(Debug, Clone)]
pub struct NameBuilder(Vec<u8>);

impl NameBuilder {
    /// Adds an identifier. It must not hold a zero byte; no identifier does.
    #[must_use]
    pub fn part(mut self, identifier: &str) -> Self {
        if identifier.contains('\0') {
            self.0.extend(identifier.bytes().filter(|byte| *byte != 0));
        } else {
            self.0.extend_from_slice(identifier.as_bytes());
        }
        self.0.push(0);
        self
    }

    /// Adds a time; later times order after earlier ones.
    #[must_use]
    pub fn time(mut self, time: Timestamp) -> Self {
        // Flipping the sign bit orders negative numbers before positive ones.
        let ordered = time.as_millis().cast_unsigned() ^ (1 << 63);
        self.0.extend_from_slice(&ordered.to_be_bytes());
        self
    }

    /// Adds a text that a user chose, so that it cannot be read from the store.
    #[must_use]
    pub fn blind(mut self, keyring: &Keyring, text: &str) -> Self {
        let hidden = keyring.blind(&self.0, text.as_bytes());
        self.0.extend_from_slice(&hidden);
        self
    }

    /// Adds a number; larger ones order after smaller ones.
    #[must_use]
    pub fn number(mut self, number: u64) -> Self {
        self.0.extend_from_slice(&number.to_be_bytes());
        self
    }

    /// Adds what a text that a user chose begins with, so that it cannot be read from the store, and yet all names
    /// whose texts begin alike stand together: one byte for each of the text's, which is never zero. Other texts may
    /// stand among them; see [`PrefixCode`].
    #[must_use]
    pub fn blind_prefix(mut self, code: &PrefixCode, text: &str) -> Self {
        let code = code.of(&self.0, text.as_bytes());
        self.0.extend(code);
        self
    }

    /// Ends what [`Self::blind_prefix`] added: names whose text ends here stand before those where it goes on.
    #[must_use]
    pub fn end(mut self) -> Self {
        self.0.push(0);
        self
    }

    /// Adds what stands in another name behind `beginning`: so names of several lists are in one order.
    #[must_use]
    pub fn followed_by(mut self, beginning: &NameBuilder, other: &NameBuilder) -> Self {
        self.0.extend_from_slice(other.0.strip_prefix(&beginning.0[..]).unwrap_or_default());
        self
    }

    /// The name is complete.
    #[must_use]
    pub fn name(self) -> Name {
        Name(self.0.into())
    }

    /// What all names begin with that have these parts.
    #[must_use]
    pub fn prefix(&self) -> Bytes {
        Bytes::copy_from_slice(&self.0)
    }

    /// All names that begin with these parts.
    #[must_use]
    pub fn range(&self) -> NameRange {
        NameRange::prefix(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_into_each_other() {
        let one = Name::table("t").part("a").part("bc").name();
        let other = Name::table("t").part("ab").part("c").name();
        assert_ne!(one, other);
        assert_eq!(one.table_name(), "t");
    }

    #[test]
    fn names_order_by_time() {
        let at = |millis| Name::table("due").time(Timestamp::from_millis(millis)).part("x").name();
        assert!(at(-5) < at(0) && at(0) < at(1) && at(255) < at(256));
    }

    #[test]
    fn names_of_texts_that_begin_alike_stand_together() {
        let keyring = Keyring::generate(&alcazar_crypto::SeededEntropy::new(7)).unwrap();
        let code = keyring.prefix_code();
        let named = |text| Name::table("t").part("a").blind_prefix(&code, text);
        let range = named("/app/").range();
        assert!(range.contains(named("/app/prod").end().number(3).name().as_bytes()));
        assert!(range.contains(named("/app/").end().blind_prefix(&code, "x").name().as_bytes()));
        assert!(!range.contains(named("/apx/").name().as_bytes()));
        assert!(!range.contains(Name::table("t").part("b").blind_prefix(&code, "/app/x").name().as_bytes()));
        assert!(named("/app").end().name() < named("/app").blind_prefix(&code, "x").name());
    }

    #[test]
    fn a_range_holds_what_shares_its_parts() {
        let range = Name::table("t").part("a").range();
        assert!(range.contains(Name::table("t").part("a").part("x").name().as_bytes()));
        assert!(!range.contains(Name::table("t").part("ab").part("x").name().as_bytes()));
        assert!(!range.contains(Name::table("tt").part("a").name().as_bytes()));
    }
}
