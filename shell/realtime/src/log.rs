//! The log of one slot: lines in the format that operators' tools know (realtime.md 4.4), to a file of bounded size and to the
//! console. A full disk loses lines, never a session.

use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use ids::Time;
use session::{LogLevel, LogLine};

/// Where a finished line goes besides the file.
pub(crate) type Tap = Box<dyn Fn(&str)>;

/// Writes lines at or above a level.
pub(crate) struct Log {
    level: LogLevel,
    file: Option<Bounded>,
    tap: Option<Tap>,
    /// Lines that could not be written.
    pub(crate) lost: u64,
}

impl Log {
    pub(crate) fn new(level: LogLevel, file: Option<Bounded>, tap: Option<Tap>) -> Self {
        Self {
            level,
            file,
            tap,
            lost: 0,
        }
    }

    pub(crate) fn write(&mut self, now: Time, line: &LogLine) {
        if line.level < self.level {
            return;
        }
        let mut text = format_line(now, line);
        if let Some(tap) = &self.tap {
            tap(&text);
        }
        if let Some(file) = &mut self.file {
            text.push('\n');
            if file.append(text.as_bytes()).is_err() {
                self.lost += 1;
            }
        }
    }

    /// A line of the server itself; `file` names the part that speaks.
    pub(crate) fn say(&mut self, now: Time, level: LogLevel, file: &str, text: impl Into<String>) {
        self.write(
            now,
            &LogLine {
                level,
                file: file.to_owned(),
                line: 0,
                text: text.into(),
            },
        );
    }
}

/// The level that the launch parameters ask for, and a warning when they ask for an unknown one. The token
/// `loggingLevel:LEVEL` may stand anywhere, set off by any character that is neither alphanumeric nor a comma.
pub(crate) fn level_of(params: &str) -> (LogLevel, Option<String>) {
    const KEY: &str = "logginglevel:";
    let lower = params.to_ascii_lowercase();
    let separates = |c: char| !c.is_alphanumeric() && c != ',';
    for (at, _) in lower.match_indices(KEY) {
        if lower[..at]
            .chars()
            .next_back()
            .is_some_and(|c| !separates(c))
        {
            continue;
        }
        let word: &str = lower[at + KEY.len()..]
            .split(separates)
            .next()
            .unwrap_or_default();
        let level = match word {
            "debug" => LogLevel::Debug,
            "info" => LogLevel::Info,
            "warn" => LogLevel::Warn,
            "error" => LogLevel::Error,
            "fatal" => LogLevel::Fatal,
            "cxfatal" => LogLevel::CxFatal,
            unknown => {
                let warning = format!(
                    "loggingLevel {unknown:?} is unknown, using info. Choose debug, info, warn, error, fatal or cxfatal"
                );
                return (LogLevel::Info, Some(warning));
            }
        };
        return (level, None);
    }
    (LogLevel::Info, None)
}

const fn level_name(level: LogLevel) -> &'static str {
    match level {
        LogLevel::Debug => "DEBUG",
        LogLevel::Info => "INFO",
        LogLevel::Warn => "WARN",
        LogLevel::Error => "ERROR",
        LogLevel::Fatal => "FATAL",
        LogLevel::CxFatal => "CXFATAL",
    }
}

/// `09 Sep 2021 11:46:32,970 [INFO] (gamelift.js) 215: text`, UTC, milliseconds without leading zeros.
fn format_line(now: Time, line: &LogLine) -> String {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let ms = now.as_millis();
    let seconds = ms / 1000;
    let (year, month, day) = date_of(seconds / 86_400);
    let mut text = String::with_capacity(48 + line.file.len() + line.text.len());
    let _ = write!(
        text,
        "{day:02} {} {year} {:02}:{:02}:{:02},{} [{}] ({}) {}: {}",
        MONTHS[month as usize - 1],
        seconds / 3600 % 24,
        seconds / 60 % 60,
        seconds % 60,
        ms % 1000,
        level_name(line.level),
        line.file,
        line.line,
        line.text
    );
    text
}

/// Year, month (from 1) and day (from 1) of a day since the epoch, in the proleptic Gregorian calendar. Years are counted from
/// March, so that the leap day is the last one of a year.
const fn date_of(day: u64) -> (u64, u64, u64) {
    const DAYS_OF_400_YEARS: u64 = 146_097;
    let day = day + 719_468; // days from 1 March of year 0 to 1 January 1970
    let era = day / DAYS_OF_400_YEARS;
    let day_of_era = day % DAYS_OF_400_YEARS;
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = era * 400 + year_of_era + if month <= 2 { 1 } else { 0 };
    (year, month, day_of_month)
}

/// A file that never grows past its limit: when it would, the middle is left out, so that the start of the session and its end
/// stay.
pub(crate) struct Bounded {
    file: File,
    size: u64,
    size_max: u64,
    /// Bytes left out so far.
    left_out: u64,
    /// Where the kept beginning ends, once something was left out.
    head: u64,
}

impl Bounded {
    pub(crate) fn create(path: &Path, size_max: u64) -> std::io::Result<Self> {
        let file = OpenOptions::new()
            .create(true)
            .truncate(true)
            .read(true)
            .write(true)
            .open(path)?;
        Ok(Self {
            file,
            size: 0,
            size_max: size_max.max(4096),
            left_out: 0,
            head: 0,
        })
    }

    pub(crate) fn append(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        // One line must leave room for what is kept around it.
        let room = usize::try_from(self.size_max / 4).unwrap_or(usize::MAX);
        let bytes = &bytes[..bytes.len().min(room)];
        if self.size + bytes.len() as u64 > self.size_max {
            self.leave_out_middle()?;
        }
        self.file.write_all(bytes)?;
        self.size += bytes.len() as u64;
        Ok(())
    }

    /// Keeps the first half and the last eighth of the limit. The cost is one copy of an eighth for every quarter written.
    fn leave_out_middle(&mut self) -> std::io::Result<()> {
        if self.head == 0 {
            self.head = self.line_start_before(self.size_max / 2)?;
        }
        let tail_start = self.line_start_before(self.size - (self.size_max / 8).min(self.size))?;
        let tail_start = tail_start.max(self.head);
        let mut tail = Vec::new();
        self.file.seek(SeekFrom::Start(tail_start))?;
        self.file.read_to_end(&mut tail)?;
        self.left_out += tail_start - self.head;
        let note = format!(
            "... {} bytes left out, the log reached its limit of {} bytes ...\n",
            self.left_out, self.size_max
        );
        self.file.set_len(self.head)?;
        self.file.seek(SeekFrom::Start(self.head))?;
        self.file.write_all(note.as_bytes())?;
        self.file.write_all(&tail)?;
        self.size = self.head + note.len() as u64 + tail.len() as u64;
        Ok(())
    }

    /// The start of the line that holds the byte at `at`, looking back at most 4 KiB.
    fn line_start_before(&mut self, at: u64) -> std::io::Result<u64> {
        let from = at.saturating_sub(4096);
        let mut window = vec![0; usize::try_from(at - from).unwrap_or(0)];
        self.file.seek(SeekFrom::Start(from))?;
        self.file.read_exact(&mut window)?;
        let start = window.iter().rposition(|byte| *byte == b'\n');
        Ok(start.map_or(at, |line_end| from + line_end as u64 + 1))
    }
}

/// The log file of a slot.
pub(crate) fn path_of(folder: &Path, process_id: &str) -> PathBuf {
    // A process id comes from the launcher; whatever it holds, the file stays in the folder.
    let name: String = process_id
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '-' || c == '_' {
                c
            } else {
                '_'
            }
        })
        .collect();
    folder.join(format!("{name}.log"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(level: LogLevel, text: &str) -> LogLine {
        LogLine {
            level,
            file: "gamelift.js".into(),
            line: 215,
            text: text.into(),
        }
    }

    #[test]
    fn line_format_is_the_known_one() {
        let cases = [
            (
                1_631_187_992_970,
                "09 Sep 2021 11:46:32,970 [INFO] (gamelift.js) 215: x",
            ),
            (
                1_631_187_993_015,
                "09 Sep 2021 11:46:33,15 [INFO] (gamelift.js) 215: x",
            ),
            (0, "01 Jan 1970 00:00:00,0 [INFO] (gamelift.js) 215: x"),
            (
                951_782_400_000,
                "29 Feb 2000 00:00:00,0 [INFO] (gamelift.js) 215: x",
            ),
            (
                4_107_542_399_999,
                "28 Feb 2100 23:59:59,999 [INFO] (gamelift.js) 215: x",
            ),
            (
                4_107_542_400_000,
                "01 Mar 2100 00:00:00,0 [INFO] (gamelift.js) 215: x",
            ),
        ];
        for (ms, expected) in cases {
            assert_eq!(
                format_line(Time::from_millis(ms), &line(LogLevel::Info, "x")),
                expected
            );
        }
    }

    #[test]
    fn levels_from_launch_parameters() {
        use LogLevel::*;
        let cases = [
            ("loggingLevel:error +map Winter444", Error, false),
            ("+map X;loggingLevel:DEBUG", Debug, false),
            ("LOGGINGLEVEL:cxfatal", CxFatal, false),
            ("a|loggingLevel:warn|b", Warn, false),
            ("loggingLevel:fatal", Fatal, false),
            ("", Info, false),
            ("+map logging", Info, false),
            ("loggingLevel:loud", Info, true),
            ("loggingLevel:", Info, true),
            ("xloggingLevel:debug", Info, false),
            ("loggingLevel:debug,x", Info, true),
            ("x,loggingLevel:debug", Info, false),
            ("ü loggingLevel:debug", Debug, false),
        ];
        for (params, level, warns) in cases {
            let (found, warning) = level_of(params);
            assert_eq!((found, warning.is_some()), (level, warns), "{params}");
        }
    }

    #[test]
    fn only_lines_at_or_above_the_level_are_written() {
        use std::cell::RefCell;
        use std::rc::Rc;
        let seen = Rc::new(RefCell::new(Vec::new()));
        let tap = {
            let seen = Rc::clone(&seen);
            Box::new(move |line: &str| seen.borrow_mut().push(line.to_owned()))
        };
        let mut log = Log::new(LogLevel::Warn, None, Some(tap));
        log.write(Time::ZERO, &line(LogLevel::Info, "no"));
        log.write(Time::ZERO, &line(LogLevel::Warn, "yes"));
        assert_eq!(
            *seen.borrow(),
            ["01 Jan 1970 00:00:00,0 [WARN] (gamelift.js) 215: yes"]
        );
    }

    #[test]
    fn a_full_log_keeps_its_start_and_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = path_of(folder.path(), "../p:1");
        assert_eq!(path.parent(), Some(folder.path()));
        let mut file = Bounded::create(&path, 8192).unwrap();
        for n in 0..10_000 {
            file.append(format!("line {n}\n").as_bytes()).unwrap();
        }
        file.append(&[b'x'; 100_000]).unwrap();
        file.append(b"\nlast\n").unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.len() <= 8192, "{}", text.len());
        assert!(text.starts_with("line 0\nline 1\n"));
        assert!(text.ends_with("\nlast\n"));
        assert_eq!(text.matches("bytes left out").count(), 1);
        assert!(text.contains("line 9999\n"));
    }
}
