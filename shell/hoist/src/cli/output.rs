//! Tables and details for people, JSON for programs.

use crate::print::out;
use serde_json::Value;

/// How to show an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// Tables and `name: value` lines.
    Human,
    /// What the API answered.
    Json,
    /// Only ids, one a line, for shell scripts.
    Ids,
}

/// Members that are ids; the first that a thing has is its own.
const IDS: [&str; 5] = [
    "PlayerSessionId",
    "GameSessionId",
    "AliasId",
    "FleetId",
    "ScriptId",
];

/// A column: its heading and the path of its value, members parted by dots.
pub(crate) type Column = (&'static str, &'static str);

/// Shows a list.
pub(crate) fn list(format: Format, items: &[Value], columns: &[Column]) {
    match format {
        Format::Json => out(&pretty(&Value::Array(items.to_vec()))),
        Format::Human => table(items, columns).iter().for_each(|line| out(line)),
        Format::Ids => items.iter().for_each(|item| out(&id(item))),
    }
}

/// Shows one thing, member by member.
pub(crate) fn thing(format: Format, value: &Value) {
    match format {
        Format::Json => out(&pretty(value)),
        Format::Human => details(value).iter().for_each(|line| out(line)),
        Format::Ids => out(&id(value)),
    }
}

/// Says that something is done; as JSON the answer itself.
pub(crate) fn done(format: Format, answer: &Value, text: &str) {
    match format {
        Format::Json => out(&pretty(answer)),
        Format::Human => out(text),
        Format::Ids => {}
    }
}

fn id(value: &Value) -> String {
    IDS.iter()
        .find_map(|name| value[*name].as_str())
        .unwrap_or_default()
        .to_owned()
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).expect("a JSON value can always be written")
}

/// Columns as wide as their widest cell.
pub(crate) fn table(items: &[Value], columns: &[Column]) -> Vec<String> {
    let mut rows: Vec<Vec<String>> = vec![
        columns
            .iter()
            .map(|(heading, _)| (*heading).to_owned())
            .collect(),
    ];
    rows.extend(
        items
            .iter()
            .map(|item| columns.iter().map(|(_, path)| cell(item, path)).collect()),
    );
    let width = |index: usize| {
        rows.iter()
            .map(|row| row[index].chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns.len()).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells: Vec<String> = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:<width$}"))
            .collect();
        cells.join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}

fn cell(item: &Value, path: &str) -> String {
    let mut value = item;
    for member in path.split('.').filter(|member| !member.is_empty()) {
        value = &value[member];
    }
    if path.ends_with("Time") {
        time(value)
    } else {
        short(value)
    }
}

fn short(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(short).collect::<Vec<_>>().join(","),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}

/// Epoch seconds as a UTC date and time.
fn time(value: &Value) -> String {
    let Some(seconds) = value.as_f64() else {
        return short(value);
    };
    utc(seconds as u64)
}

/// A moment as `2026-01-31 23:59:59`, UTC.
pub(crate) fn utc(seconds: u64) -> String {
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    let (year, month, day) = civil(days);
    format!(
        "{year:04}-{month:02}-{day:02} {:02}:{:02}:{:02}",
        rest / 3600,
        rest / 60 % 60,
        rest % 60
    )
}

/// Days since 1970-01-01 as year, month and day: the months are counted from March, so that the leap day is the last.
fn civil(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let (month, year) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    (era * 400 + year_of_era + year, month, day)
}

fn details(value: &Value) -> Vec<String> {
    let Value::Object(members) = value else {
        return vec![short(value)];
    };
    let width = members.keys().map(String::len).max().unwrap_or(0);
    let mut lines = Vec::new();
    for (name, member) in members {
        let text = if name.ends_with("Time") {
            time(member)
        } else {
            short(member)
        };
        lines.push(format!("{name:<width$}  {text}"));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let items = [
            json!({"Id": "a", "Size": {"Count": 12}}),
            json!({"Id": "longer"}),
        ];
        let lines = table(&items, &[("ID", "Id"), ("COUNT", "Size.Count")]);
        assert_eq!(lines, ["ID      COUNT", "a       12", "longer  -"]);
    }

    #[test]
    fn a_thing_is_named_by_its_own_id() {
        assert_eq!(
            id(&json!({"GameSessionId": "g", "FleetId": "f", "PlayerSessionId": "p"})),
            "p"
        );
        assert_eq!(id(&json!({"ScriptId": "s", "FleetId": "f"})), "f");
        assert_eq!(id(&json!({"EventId": "e"})), "");
    }

    #[test]
    fn a_thing_is_shown_member_by_member() {
        let lines =
            details(&json!({"Name": "x", "CreationTime": 951_782_400.5, "Ids": ["a", "b"]}));
        assert_eq!(
            lines,
            [
                "Name          x",
                "CreationTime  2000-02-29 00:00:00",
                "Ids           a,b"
            ]
        );
    }

    #[test]
    fn dates_are_right_at_the_edges() {
        assert_eq!(utc(0), "1970-01-01 00:00:00");
        assert_eq!(utc(1_798_761_599), "2026-12-31 23:59:59");
        assert_eq!(utc(4_107_542_400), "2100-03-01 00:00:00");
    }
}
