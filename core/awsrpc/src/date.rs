//! Moments as SigV4 writes them: `20261123T031632Z`.

/// Seconds since the epoch of a text like `20261123T031632Z`.
pub(crate) fn parsed(text: &str) -> Option<u64> {
    let bytes = text.as_bytes();
    if bytes.len() != 16 || bytes[8] != b'T' || bytes[15] != b'Z' {
        return None;
    }
    let number = |from: usize, to: usize| -> Option<u64> {
        let digits = &bytes[from..to];
        digits.iter().try_fold(0, |sum: u64, digit| {
            digit
                .is_ascii_digit()
                .then(|| sum * 10 + u64::from(digit - b'0'))
        })
    };
    let (year, month, day) = (number(0, 4)?, number(4, 6)?, number(6, 8)?);
    let (hour, minute, second) = (number(9, 11)?, number(11, 13)?, number(13, 15)?);
    let in_range = year >= 1970
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && hour < 24
        && minute < 60
        && second <= 60;
    in_range.then(|| days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second)
}

/// The text of a moment, in seconds since the epoch.
pub(crate) fn written(seconds: u64) -> String {
    let (year, month, day) = date(seconds / 86400);
    let rest = seconds % 86400;
    format!(
        "{year:04}{month:02}{day:02}T{:02}{:02}{:02}Z",
        rest / 3600,
        rest / 60 % 60,
        rest % 60
    )
}

/// Days since the epoch. Years are counted from March, so that the day of the leap is the last.
fn days(year: u64, month: u64, day: u64) -> u64 {
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let of_year = (153 * month + 2) / 5 + day - 1;
    year * 365 + year / 4 - year / 100 + year / 400 + of_year - 719_468
}

/// The date of a day since the epoch.
fn date(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let era = days / 146_097;
    let of_era = days % 146_097;
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let year = year + era * 400;
    if month < 10 {
        (year, month + 3, day)
    } else {
        (year + 1, month - 9, day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_as_they_are_read() {
        let cases = [
            ("19700101T000000Z", 0),
            ("20000229T235959Z", 951_868_799),
            ("20261123T031632Z", 1_795_403_792),
            ("20991231T000000Z", 4_102_358_400),
        ];
        for (text, seconds) in cases {
            assert_eq!(parsed(text), Some(seconds));
            assert_eq!(written(seconds), text);
        }
    }

    #[test]
    fn every_day_of_some_centuries_comes_back() {
        for day in (0..200_000).step_by(7) {
            let seconds = day * 86400 + day % 86400;
            assert_eq!(parsed(&written(seconds)), Some(seconds));
        }
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "",
            "20261123",
            "20261323T031632Z",
            "20261123T251632Z",
            "2026112xT031632Z",
            "ä0261123T03163Z",
        ] {
            assert_eq!(parsed(text), None, "{text}");
        }
    }
}
