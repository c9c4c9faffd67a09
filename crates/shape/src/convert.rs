//! How generated types are made from a [`Value`] and turned into one.

use std::collections::BTreeMap;

use alcazar_base::{SecretBytes, SecretString, Timestamp};
use thiserror::Error;

use crate::schema::Schema;
use crate::value::Value;

/// A value that is not of the shape it was taken for. Validated input never gives one.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the value is not of the expected shape")]
pub struct Mismatch;

/// A Rust type that stands for a shape.
pub trait Shape: Sized + Send + Sync + 'static {
    /// Makes it from a value that was validated against the shape's schema.
    ///
    /// # Errors
    /// `Mismatch` if the value is of another shape.
    fn from_value(value: Value) -> Result<Self, Mismatch>;

    /// Turns it into a value of the shape.
    fn into_value(self) -> Value;
}

/// A generated structure, which has a schema of its own.
pub trait Structure: Shape {
    /// Its schema.
    const SCHEMA: &'static Schema;
}

/// The slots of a structure while a generated type takes them, one by one in the schema's order.
#[derive(Debug)]
pub struct Slots(std::vec::IntoIter<Option<Value>>);

impl Slots {
    /// Opens a structure.
    ///
    /// # Errors
    /// `Mismatch` if it is none.
    pub fn open(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::Structure(slots) => Ok(Self(slots.into_iter())),
            _ => Err(Mismatch),
        }
    }

    /// The next slot, which must be filled.
    ///
    /// # Errors
    /// `Mismatch` if it is empty or of another shape.
    pub fn required<T: Shape>(&mut self) -> Result<T, Mismatch> {
        T::from_value(self.0.next().flatten().ok_or(Mismatch)?)
    }

    /// The next slot, which may be empty.
    ///
    /// # Errors
    /// `Mismatch` if it is of another shape.
    pub fn optional<T: Shape>(&mut self) -> Result<Option<T>, Mismatch> {
        self.0.next().flatten().map(T::from_value).transpose()
    }
}

macro_rules! scalar {
    ($type:ty, $($variant:ident)|+, $into:ident) => {
        impl Shape for $type {
            fn from_value(value: Value) -> Result<Self, Mismatch> {
                match value {
                    $(Value::$variant(inner) => inner.try_into().map_err(|_| Mismatch),)+
                    _ => Err(Mismatch),
                }
            }

            fn into_value(self) -> Value {
                Value::$into(self.into())
            }
        }
    };
}

scalar!(bool, Boolean, Boolean);
scalar!(i32, Integer, Integer);
scalar!(i64, Integer, Integer);
scalar!(f64, Double, Double);
scalar!(String, String, String);
scalar!(SecretString, SecretString, SecretString);
scalar!(Vec<u8>, Blob, Blob);
scalar!(SecretBytes, SecretBlob, SecretBlob);
scalar!(Timestamp, Timestamp, Timestamp);

/// A shape that holds itself has to be boxed.
impl<T: Shape> Shape for Box<T> {
    fn from_value(value: Value) -> Result<Self, Mismatch> {
        T::from_value(value).map(Self::new)
    }

    fn into_value(self) -> Value {
        (*self).into_value()
    }
}

/// A list of a shape, apart from `Vec<u8>`, which is a blob.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List<T>(pub Vec<T>);

/// An empty list needs no default of what it would hold.
impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> From<Vec<T>> for List<T> {
    fn from(items: Vec<T>) -> Self {
        Self(items)
    }
}

impl<T> std::ops::Deref for List<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: Shape> Shape for List<T> {
    fn from_value(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::List(items) => items.into_iter().map(T::from_value).collect::<Result<_, _>>().map(Self),
            _ => Err(Mismatch),
        }
    }

    fn into_value(self) -> Value {
        Value::List(self.0.into_iter().map(T::into_value).collect())
    }
}

impl<T: Shape> Shape for BTreeMap<String, T> {
    fn from_value(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::Map(entries) => {
                entries.into_iter().map(|(key, value)| Ok((key, T::from_value(value)?))).collect()
            }
            _ => Err(Mismatch),
        }
    }

    fn into_value(self) -> Value {
        Value::Map(self.into_iter().map(|(key, value)| (key, value.into_value())).collect())
    }
}
