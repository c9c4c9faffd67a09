//! Enums whose variants have the names that AWS writes, and fixed numbers that they are stored under.
//!
//! One list gives the variants, the names and the numbers, so that none can be forgotten. A number is for ever: it
//! stands in records.

/// Defines such an enum with `ALL`, `as_str` and `from_name`, encoded by its number.
macro_rules! named_enum {
    (
        $(#[$meta:meta])*
        pub enum $enum:ident { $( $(#[$doc:meta])* $number:literal $variant:ident = $name:literal, )+ }
    ) => {
        $(#[$meta])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, minicbor::Encode, minicbor::Decode,
        )]
        #[cbor(index_only)]
        pub enum $enum {
            $(
                $(#[$doc])*
                #[doc = concat!("`", $name, "`")]
                #[n($number)]
                $variant,
            )+
        }

        impl $enum {
            /// Every one of them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name that AWS writes.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// The one of this name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }

        impl std::fmt::Display for $enum {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

pub(crate) use named_enum;
