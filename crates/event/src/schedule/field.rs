//! One field of a cron expression: numbers, names, ranges, steps and lists of them.

/// The numbers that a field takes, and their names.
pub(super) struct Domain {
    first: u32,
    last: u32,
    /// The names of the numbers from the first on; empty if they have none.
    names: &'static [&'static str],
}

pub(super) const MINUTES: Domain = Domain { first: 0, last: 59, names: &[] };
pub(super) const HOURS: Domain = Domain { first: 0, last: 23, names: &[] };
pub(super) const DAYS: Domain = Domain { first: 1, last: 31, names: &[] };
pub(super) const MONTHS: Domain = Domain {
    first: 1,
    last: 12,
    names: &["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
};
pub(super) const WEEKDAYS: Domain =
    Domain { first: 1, last: 7, names: &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"] };
pub(super) const YEARS: Domain = Domain { first: 1970, last: 2199, names: &[] };

/// The numbers that a field allows, as bits counted from the first of its domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Set([u64; 4]);

impl Set {
    fn insert(&mut self, bit: u32) {
        if let Some(word) = usize::try_from(bit / 64).ok().and_then(|word| self.0.get_mut(word)) {
            *word |= 1 << (bit % 64);
        }
    }

    fn contains(&self, bit: u32) -> bool {
        let word = usize::try_from(bit / 64).ok().and_then(|word| self.0.get(word));
        word.is_some_and(|word| word >> (bit % 64) & 1 == 1)
    }
}

impl Domain {
    /// Whether `set` has `number`.
    pub(super) fn has(&self, set: &Set, number: u32) -> bool {
        number >= self.first && number <= self.last && set.contains(number - self.first)
    }

    /// The first number of `set` that is not below `from`.
    pub(super) fn next(&self, set: &Set, from: u32) -> Option<u32> {
        (from.max(self.first)..=self.last).find(|number| self.has(set, *number))
    }

    /// Reads a number or a name.
    pub(super) fn value(&self, text: &str) -> Option<u32> {
        if let Some(index) = self.names.iter().position(|name| name.eq_ignore_ascii_case(text)) {
            return u32::try_from(index).ok().map(|index| index + self.first);
        }
        let number = number(text)?;
        (self.first..=self.last).contains(&number).then_some(number)
    }

    /// Reads a whole field.
    pub(super) fn set(&self, text: &str) -> Option<Set> {
        let mut set = Set::default();
        for part in text.split(',') {
            self.add(&mut set, part)?;
        }
        Some(set)
    }

    /// `*`, `a`, `a-b`, and each of these with `/step`. A range may go over the end: `FRI-MON`.
    fn add(&self, set: &mut Set, part: &str) -> Option<()> {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, Some(number(step).filter(|step| (1..=self.last).contains(step))?)),
            None => (part, None),
        };
        let (from, to) = match range.split_once('-') {
            Some((from, to)) => (self.value(from)?, self.value(to)?),
            None if range == "*" => (self.first, self.last),
            None => {
                let from = self.value(range)?;
                (from, if step.is_some() { self.last } else { from })
            }
        };
        let length = self.last - self.first + 1;
        let to = if to < from { to + length } else { to };
        let step = usize::try_from(step.unwrap_or(1)).ok()?;
        for number in (from..=to).step_by(step) {
            set.insert((number - self.first) % length);
        }
        Some(())
    }
}

/// A number of at most four digits.
pub(super) fn number(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}
