//! When matches are due: cron expressions on the clocks of time zones, and what becomes of times that were missed.

use super::ScheduleError;
use croner::Cron;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::str::FromStr;

/// How far before a match was first seen a time still counts: whoever starts `scc schedule run --once` by a timer of the same
/// times would else lose the first by a second.
const FIRST_GRACE_MS: i64 = 3_600_000;

/// A cron expression on the clock of a time zone.
///
/// Where clocks go forward, a daily time that does not exist comes at the first moment after the gap; where they go back, a
/// daily time that comes twice counts once, and `*` keeps its pace (Vixie cron's rules; `croner` has them).
#[derive(Clone, Debug)]
pub struct Clock {
    cron: Cron,
    zone: TimeZone,
}

impl Clock {
    /// A clock that has a time to come after `now`.
    ///
    /// # Errors
    /// [`ScheduleError::Cron`] for an expression that cannot be read or never comes, [`ScheduleError::Zone`].
    pub fn new(expression: &str, zone: &str, now: Timestamp) -> Result<Clock, ScheduleError> {
        let fail = |what: String| ScheduleError::Cron {
            expression: expression.chars().take(100).collect(),
            what,
        };
        let cron = Cron::from_str(expression).map_err(|e| fail(e.to_string()))?;
        let zone = TimeZone::get(zone).map_err(|_| ScheduleError::Zone {
            zone: zone.chars().take(100).collect(),
        })?;
        let clock = Clock { cron, zone };
        match clock.next_after(now) {
            Some(_) => Ok(clock),
            None => Err(fail("such a time never comes".to_owned())),
        }
    }

    /// The first time after `moment`.
    pub fn next_after(&self, moment: Timestamp) -> Option<Timestamp> {
        let from = moment.to_zoned(self.zone.clone());
        let next = self.cron.find_next_occurrence(&from, false);
        next.ok().map(|zoned| zoned.timestamp())
    }

    /// The latest time at or before `moment`.
    pub fn latest(&self, moment: Timestamp) -> Option<Timestamp> {
        let from = moment.to_zoned(self.zone.clone());
        let latest = self.cron.find_previous_occurrence(&from, true);
        latest.ok().map(|zoned| zoned.timestamp())
    }

    /// What is due at `now`: the latest time that has come since `last`, the due time of the last run. However many times were
    /// missed, only the latest is caught up on. Without a last run, since an hour before the match was first seen.
    pub fn due(&self, last: Option<u64>, first_seen: u64, now: Timestamp) -> Option<Timestamp> {
        let since = match last {
            Some(ms) => ms as i64,
            None => (first_seen as i64).saturating_sub(FIRST_GRACE_MS),
        };
        self.latest(now).filter(|due| due.as_millisecond() > since)
    }
}

/// A time as a run's key.
pub fn key(due: Timestamp) -> String {
    due.to_string()
}

/// Milliseconds since 1970 as a moment; the first one that there is for a number that is none.
pub fn moment(ms: u64) -> Timestamp {
    let ms = i64::try_from(ms).unwrap_or_default();
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    fn clock(expression: &str, zone: &str) -> Clock {
        Clock::new(expression, zone, at("2026-01-01T00:00:00Z")).expect("a clock")
    }

    fn times(clock: &Clock, from: &str, n: usize) -> Vec<String> {
        let mut moment = at(from);
        let next = |_| {
            moment = clock.next_after(moment).expect("a time");
            key(moment)
        };
        (0..n).map(next).collect()
    }

    #[test]
    fn daily_times_move_with_the_clocks_of_their_zone() {
        // Berlin: UTC+1 until 2026-03-29 01:00 UTC, UTC+2 until 2026-10-25 01:00 UTC (IANA time zone database).
        let nightly = clock("0 12 * * *", "Europe/Berlin");
        assert_eq!(
            times(&nightly, "2026-03-27T12:00:00Z", 3),
            [
                "2026-03-28T11:00:00Z",
                "2026-03-29T10:00:00Z",
                "2026-03-30T10:00:00Z"
            ]
        );
        let utc = clock("30 2 * * mon", "UTC");
        assert_eq!(
            times(&utc, "2026-11-29T00:00:00Z", 1),
            ["2026-11-30T02:30:00Z"]
        );
    }

    #[test]
    fn a_time_that_the_clocks_jump_over_comes_after_the_gap() {
        // 02:30 does not exist on 2026-03-29 in Berlin: 01:59:59+01:00 is followed by 03:00:00+02:00, which is 01:00 UTC.
        let nightly = clock("30 2 * * *", "Europe/Berlin");
        assert_eq!(
            times(&nightly, "2026-03-28T12:00:00Z", 2),
            ["2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"]
        );
    }

    #[test]
    fn a_time_that_comes_twice_counts_once_but_hours_keep_their_pace() {
        // 02:30 comes twice on 2026-10-25 in Berlin: at 00:30 and 01:30 UTC.
        let nightly = clock("30 2 * * *", "Europe/Berlin");
        assert_eq!(
            times(&nightly, "2026-10-24T12:00:00Z", 2),
            ["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]
        );
        let hourly = clock("30 * * * *", "Europe/Berlin");
        assert_eq!(
            times(&hourly, "2026-10-24T23:45:00Z", 3),
            [
                "2026-10-25T00:30:00Z",
                "2026-10-25T01:30:00Z",
                "2026-10-25T02:30:00Z"
            ]
        );
        // The second 02:30 is no time of its own for what looks back, either.
        let latest = nightly.latest(at("2026-10-25T02:00:00Z"));
        assert_eq!(latest.map(key).as_deref(), Some("2026-10-25T00:30:00Z"));
    }

    #[test]
    fn missed_times_are_caught_up_on_once() {
        let hourly = clock("0 * * * *", "UTC");
        let ms = |text: &str| at(text).as_millisecond() as u64;
        let seen = ms("2026-05-01T00:00:00Z");
        let due = |last: Option<&str>, now: &str| hourly.due(last.map(ms), seen, at(now)).map(key);
        let noon = "2026-05-01T12:00:00Z";
        // Down from 07:10 to 12:20: one run, for 12:00, and none more until 13:00.
        assert_eq!(
            due(Some("2026-05-01T07:00:00Z"), "2026-05-01T12:20:00Z").as_deref(),
            Some(noon)
        );
        assert_eq!(due(Some(noon), "2026-05-01T12:59:59Z"), None);
        assert_eq!(
            due(Some(noon), "2026-05-01T13:00:00Z").as_deref(),
            Some("2026-05-01T13:00:00Z")
        );
        // A clock that was set back: what was played is not due again.
        assert_eq!(due(Some(noon), "2026-05-01T10:30:00Z"), None);
    }

    #[test]
    fn the_first_run_is_due_within_an_hour_of_the_first_sight() {
        let daily = clock("0 2 * * *", "UTC");
        let due = |seen: &str, now: &str| {
            let seen = at(seen).as_millisecond() as u64;
            daily.due(None, seen, at(now)).map(key)
        };
        let two = Some("2026-05-02T02:00:00Z".to_owned());
        assert_eq!(
            due("2026-05-02T02:00:03Z", "2026-05-02T02:00:04Z"),
            two,
            "a timer's first call"
        );
        assert_eq!(
            due("2026-05-02T15:00:00Z", "2026-05-02T15:00:01Z"),
            None,
            "long past"
        );
        assert_eq!(due("2026-05-01T15:00:00Z", "2026-05-02T02:00:00Z"), two);
    }

    #[test]
    fn what_never_comes_is_refused() {
        let now = at("2026-01-01T00:00:00Z");
        let told = |expression: &str, zone: &str| {
            Clock::new(expression, zone, now)
                .expect_err("refused")
                .to_string()
        };
        assert!(told("0 0 31 2 *", "UTC").contains("never comes"));
        assert!(told("0 2 * * * * 2020", "UTC").contains("never comes"));
        assert!(told("61 * * * *", "UTC").contains("61 * * * *"));
        assert!(told("nightly", "UTC").contains("nightly"));
        assert!(told("0 2 * * *", "Mars/Olympus").contains("Mars/Olympus"));
    }
}
