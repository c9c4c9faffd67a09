//! Cron expressions: minutes, hours, day of month, month, day of week, year.
//!
//! Either the day of the month or the day of the week is `?`. The next time is looked for month by month, at most
//! through all the years there are.
//!
//! Source: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cron-expressions.html>

use alcazar_base::Timestamp;
use time::{Date, Month, OffsetDateTime, Time};

use super::field::{DAYS, HOURS, MINUTES, MONTHS, Set, WEEKDAYS, YEARS, number};

/// A cron expression, ready to be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cron {
    minutes: Set,
    hours: Set,
    days: Days,
    months: Set,
    years: Set,
}

/// Which days of a month. Days of the week count from 1, Sunday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Days {
    OfMonth(Set),
    /// `L`
    Last,
    /// `LW`
    LastWorkday,
    /// `3W`: the workday next to a day, in the same month.
    Workday(u32),
    OfWeek(Set),
    /// `6L`: the last of its kind in a month.
    LastOfWeek(u32),
    /// `6#3`: the third of its kind in a month.
    Nth {
        weekday: u32,
        nth: u32,
    },
}

impl Cron {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut fields = text.split_ascii_whitespace();
        let (minutes, hours, day) = (fields.next()?, fields.next()?, fields.next()?);
        let (month, weekday, year) = (fields.next()?, fields.next()?, fields.next()?);
        if fields.next().is_some() {
            return None;
        }
        Some(Self {
            minutes: MINUTES.set(minutes)?,
            hours: HOURS.set(hours)?,
            days: match (day, weekday) {
                ("?", "?") => return None,
                (day, "?") => day_of_month(day)?,
                ("?", weekday) => day_of_week(weekday)?,
                _ => return None,
            },
            months: MONTHS.set(month)?,
            years: YEARS.set(year)?,
        })
    }

    pub(super) fn next_after(&self, now: Timestamp) -> Option<Timestamp> {
        // There is nothing before the first year.
        let minute = now.as_secs().max(-60).div_euclid(60) + 1;
        let from = OffsetDateTime::from_unix_timestamp(minute.checked_mul(60)?).ok()?;
        let mut moment = Moment::of(from)?;
        while let Some(year) = YEARS.next(&self.years, moment.year) {
            if year > moment.year {
                moment = Moment::start_of(year, 1);
            }
            if let Some(due) = self.next_in_year(moment) {
                return Some(due);
            }
            moment = Moment::start_of(year + 1, 1);
        }
        None
    }

    fn next_in_year(&self, mut moment: Moment) -> Option<Timestamp> {
        while let Some(month) = MONTHS.next(&self.months, moment.month) {
            if month > moment.month {
                moment = Moment::start_of(moment.year, month);
            }
            if let Some(due) = self.next_in_month(moment) {
                return Some(due);
            }
            moment = Moment::start_of(moment.year, month + 1);
        }
        None
    }

    fn next_in_month(&self, moment: Moment) -> Option<Timestamp> {
        let month = MonthOfYear::new(moment.year, moment.month)?;
        for day in moment.day..=month.length {
            if !self.days.contain(day, &month) {
                continue;
            }
            let from = if day == moment.day { (moment.hour, moment.minute) } else { (0, 0) };
            if let Some((hour, minute)) = self.next_in_day(from) {
                let time = Time::from_hms(u8::try_from(hour).ok()?, u8::try_from(minute).ok()?, 0).ok()?;
                let due = month.date(day)?.with_time(time).assume_utc();
                return Some(Timestamp::from_secs(due.unix_timestamp()));
            }
        }
        None
    }

    fn next_in_day(&self, (hour, minute): (u32, u32)) -> Option<(u32, u32)> {
        if HOURS.has(&self.hours, hour)
            && let Some(minute) = MINUTES.next(&self.minutes, minute)
        {
            return Some((hour, minute));
        }
        Some((HOURS.next(&self.hours, hour + 1)?, MINUTES.next(&self.minutes, 0)?))
    }
}

fn day_of_month(text: &str) -> Option<Days> {
    let upper = text.to_ascii_uppercase();
    match upper.as_str() {
        "L" => return Some(Days::Last),
        "LW" => return Some(Days::LastWorkday),
        _ => {}
    }
    match upper.strip_suffix('W') {
        Some(day) => DAYS.value(day).map(Days::Workday),
        None => DAYS.set(&upper).map(Days::OfMonth),
    }
}

fn day_of_week(text: &str) -> Option<Days> {
    let upper = text.to_ascii_uppercase();
    if let Some((weekday, nth)) = upper.split_once('#') {
        let nth = number(nth).filter(|nth| (1..=5).contains(nth))?;
        return Some(Days::Nth { weekday: WEEKDAYS.value(weekday)?, nth });
    }
    // The last day of the week.
    let upper = if upper == "L" { "SAT".to_owned() } else { upper };
    match upper.strip_suffix('L') {
        Some(weekday) => WEEKDAYS.value(weekday).map(Days::LastOfWeek),
        None => WEEKDAYS.set(&upper).map(Days::OfWeek),
    }
}

impl Days {
    fn contain(&self, day: u32, month: &MonthOfYear) -> bool {
        match self {
            Self::OfMonth(days) => DAYS.has(days, day),
            Self::Last => day == month.length,
            Self::LastWorkday => Some(day) == month.workday_near(month.length),
            Self::Workday(wanted) => Some(day) == month.workday_near(*wanted),
            Self::OfWeek(weekdays) => WEEKDAYS.has(weekdays, month.weekday(day)),
            Self::LastOfWeek(weekday) => month.weekday(day) == *weekday && day + 7 > month.length,
            Self::Nth { weekday, nth } => month.weekday(day) == *weekday && day.div_ceil(7) == *nth,
        }
    }
}

/// A minute of the calendar.
#[derive(Clone, Copy)]
struct Moment {
    year: u32,
    month: u32,
    day: u32,
    hour: u32,
    minute: u32,
}

impl Moment {
    fn of(moment: OffsetDateTime) -> Option<Self> {
        Some(Self {
            year: u32::try_from(moment.year()).ok()?,
            month: u32::from(u8::from(moment.month())),
            day: u32::from(moment.day()),
            hour: u32::from(moment.hour()),
            minute: u32::from(moment.minute()),
        })
    }

    fn start_of(year: u32, month: u32) -> Self {
        Self { year, month, day: 1, hour: 0, minute: 0 }
    }
}

/// A month and where its weeks begin.
struct MonthOfYear {
    year: i32,
    month: Month,
    length: u32,
    /// The day of the week of its first day.
    first: u32,
}

impl MonthOfYear {
    fn new(year: u32, month: u32) -> Option<Self> {
        let year = i32::try_from(year).ok()?;
        let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
        let first = Date::from_calendar_date(year, month, 1).ok()?.weekday();
        let first = u32::from(first.number_from_sunday());
        Some(Self { year, month, length: u32::from(month.length(year)), first })
    }

    fn weekday(&self, day: u32) -> u32 {
        (self.first + day + 5) % 7 + 1
    }

    /// The day from Monday to Friday that is next to `day` in this month, if it has that day.
    fn workday_near(&self, day: u32) -> Option<u32> {
        if day > self.length {
            return None;
        }
        Some(match self.weekday(day) {
            7 if day == 1 => 3,
            7 => day - 1,
            1 if day == self.length => day - 2,
            1 => day + 1,
            _ => day,
        })
    }

    fn date(&self, day: u32) -> Option<Date> {
        Date::from_calendar_date(self.year, self.month, u8::try_from(day).ok()?).ok()
    }
}
