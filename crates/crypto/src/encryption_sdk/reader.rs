//! Reads a message from its beginning, a field at a time. Nothing is read past the end, and nothing is copied.

/// What of a message is not read yet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'b>(&'b [u8]);

impl<'b> Reader<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self(bytes)
    }

    /// What is left.
    pub(super) fn rest(self) -> &'b [u8] {
        self.0
    }

    pub(super) fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// The next bytes, if there are so many.
    pub(super) fn bytes(&mut self, count: usize) -> Option<&'b [u8]> {
        let (bytes, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(bytes)
    }

    /// The next bytes, as many as the type says.
    pub(super) fn array<const N: usize>(&mut self) -> Option<&'b [u8; N]> {
        let (bytes, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(bytes)
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        self.array().map(|&[byte]| byte)
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        self.array().copied().map(u16::from_be_bytes)
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        self.array().copied().map(u32::from_be_bytes)
    }

    pub(super) fn u64(&mut self) -> Option<u64> {
        self.array().copied().map(u64::from_be_bytes)
    }

    /// The bytes that stand after their length, in two bytes.
    pub(super) fn counted(&mut self) -> Option<&'b [u8]> {
        let count = self.u16()?;
        self.bytes(usize::from(count))
    }

    /// The text that stands after its length, in two bytes.
    pub(super) fn text(&mut self) -> Option<String> {
        self.counted().and_then(|bytes| std::str::from_utf8(bytes).ok()).map(str::to_owned)
    }
}
