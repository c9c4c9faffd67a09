//! A text with secrets while it is written.
//!
//! What always holds: it leaves no copy behind, neither when it grows nor when it is dropped.

use std::{fmt, io};

use zeroize::Zeroizing;

/// How much room there is at first, in bytes.
const CAPACITY: usize = 4096;

/// Bytes that are wiped when the buffer grows and when it is dropped.
pub(crate) struct SecretBuffer(Zeroizing<Vec<u8>>);

impl SecretBuffer {
    /// An empty one.
    pub(crate) fn new() -> Self {
        Self(Zeroizing::new(Vec::with_capacity(CAPACITY)))
    }

    /// What was written.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Adds bytes.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        let length = self.0.len() + bytes.len();
        if length > self.0.capacity() {
            let mut larger = Zeroizing::new(Vec::with_capacity(length.max(self.0.capacity() * 2)));
            larger.extend_from_slice(&self.0);
            // The old bytes are wiped as they are dropped.
            self.0 = larger;
        }
        self.0.extend_from_slice(bytes);
    }
}

impl io::Write for SecretBuffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.push(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl fmt::Write for SecretBuffer {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.push(text.as_bytes());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_there_however_often_it_grew() {
        let mut buffer = SecretBuffer::new();
        let mut expected = Vec::new();
        for number in 0..3000_u32 {
            buffer.push(&number.to_be_bytes());
            expected.extend_from_slice(&number.to_be_bytes());
        }
        assert_eq!(buffer.bytes(), expected);
    }
}
