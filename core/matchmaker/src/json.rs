//! A small JSON reader that remembers where everything stood, so that a complaint can point at the place.
//! Comments are skipped (published rule sets contain them); depth is limited.

/// How deep arrays and objects may nest; a rule set needs five.
const DEPTH_MAX: usize = 32;

/// A value and the byte at which it starts.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) at: usize,
    pub(crate) value: Value,
}

#[derive(Debug)]
pub(crate) enum Value {
    Null,
    Bool,
    Number(f64),
    Text(String),
    List(Vec<Node>),
    Object(Vec<Member>),
}

#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) key: String,
    pub(crate) at: usize,
    pub(crate) value: Node,
}

impl Value {
    /// The name of the kind, for messages.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "a string",
            Self::List(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}

/// Why a text is not JSON.
#[derive(Debug)]
pub(crate) struct SyntaxError {
    pub(crate) at: usize,
    pub(crate) message: String,
}

/// A parsed text, and what was noticed on the way.
pub(crate) struct Parsed {
    pub(crate) root: Node,
    /// Where an earlier member of the same name was overwritten.
    pub(crate) duplicates: Vec<(usize, String)>,
    /// Where the first comment starts.
    pub(crate) comment: Option<usize>,
}

/// Reads one JSON value that fills the whole text.
pub(crate) fn parse(text: &str) -> Result<Parsed, SyntaxError> {
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        at: 0,
        duplicates: Vec::new(),
        comment: None,
    };
    reader.skip()?;
    let root = reader.value(0)?;
    reader.skip()?;
    if reader.at < text.len() {
        return reader.fail("unexpected text after the end of the document; remove it");
    }
    Ok(Parsed {
        root,
        duplicates: reader.duplicates,
        comment: reader.comment,
    })
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    duplicates: Vec<(usize, String)>,
    comment: Option<usize>,
}

impl Reader<'_> {
    fn fail<T>(&self, message: impl Into<String>) -> Result<T, SyntaxError> {
        Err(SyntaxError {
            at: self.at,
            message: message.into(),
        })
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Steps over white space and comments.
    fn skip(&mut self) -> Result<(), SyntaxError> {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\r' | b'\n') => self.at += 1,
                Some(b'/') => self.skip_comment()?,
                _ => return Ok(()),
            }
        }
    }

    fn skip_comment(&mut self) -> Result<(), SyntaxError> {
        let rest = &self.text[self.at..];
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some(inside) = rest.strip_prefix("/*") {
            match inside.find("*/") {
                Some(end) => end + 4,
                None => return self.fail("this comment is never closed; end it with */"),
            }
        } else {
            return self.fail("unexpected '/'; a comment starts with // or /*");
        };
        self.comment.get_or_insert(self.at);
        self.at += length;
        Ok(())
    }

    fn value(&mut self, depth: usize) -> Result<Node, SyntaxError> {
        if depth > DEPTH_MAX {
            return self.fail(format!("nested deeper than {DEPTH_MAX} levels"));
        }
        let at = self.at;
        let value = match self.peek() {
            None => return self.fail("the text ends where a value is expected"),
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.list(depth)?,
            Some(b'"') => Value::Text(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b'a'..=b'z' | b'A'..=b'Z') => self.word()?,
            Some(_) => return self.fail("a value is expected here"),
        };
        Ok(Node { at, value })
    }

    fn word(&mut self) -> Result<Value, SyntaxError> {
        let rest = &self.text[self.at..];
        for (word, value) in [
            ("true", Value::Bool),
            ("false", Value::Bool),
            ("null", Value::Null),
        ] {
            if rest.starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
        }
        self.fail("a value is expected here; texts need quotation marks")
    }

    fn number(&mut self) -> Result<Value, SyntaxError> {
        let start = self.at;
        while matches!(
            self.peek(),
            Some(b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')
        ) {
            self.at += 1;
        }
        let text = &self.text[start..self.at];
        let digits = text.strip_prefix('-').unwrap_or(text);
        let starts_with_digit = digits.starts_with(|c: char| c.is_ascii_digit());
        let zero_first = digits
            .strip_prefix('0')
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        let bare_point = [".", ".e", ".E"]
            .iter()
            .any(|point| digits.ends_with(point) || (point.len() > 1 && digits.contains(point)));
        let grammatical = starts_with_digit && !zero_first && !bare_point;
        match text.parse::<f64>() {
            Ok(number) if grammatical && number.is_finite() => Ok(Value::Number(number)),
            _ => {
                self.at = start;
                self.fail(format!("'{text}' is not a number that JSON allows"))
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Value, SyntaxError> {
        let mut items = Vec::new();
        self.at += 1;
        self.skip()?;
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            if self.separator(b']', "array")? {
                return Ok(Value::List(items));
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, SyntaxError> {
        let mut members: Vec<Member> = Vec::new();
        self.at += 1;
        self.skip()?;
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Value::Object(members));
        }
        loop {
            let at = self.at;
            if self.peek() != Some(b'"') {
                return self.fail("a property name in quotation marks is expected here");
            }
            let key = self.string()?;
            self.skip()?;
            if self.peek() != Some(b':') {
                return self.fail(format!("':' is expected after the property name \"{key}\""));
            }
            self.at += 1;
            self.skip()?;
            let value = self.value(depth + 1)?;
            // The last of equal names wins, as in every JSON parser; the position lets the writer know.
            if let Some(earlier) = members.iter().position(|member| member.key == key) {
                let earlier = members.remove(earlier);
                self.duplicates.push((earlier.at, key.clone()));
            }
            members.push(Member { key, at, value });
            if self.separator(b'}', "object")? {
                return Ok(Value::Object(members));
            }
        }
    }

    /// Reads a comma (false) or the end of the collection (true).
    fn separator(&mut self, end: u8, what: &str) -> Result<bool, SyntaxError> {
        self.skip()?;
        match self.peek() {
            Some(byte) if byte == end => {
                self.at += 1;
                Ok(true)
            }
            Some(b',') => {
                let comma = self.at;
                self.at += 1;
                self.skip()?;
                if self.peek() == Some(end) {
                    self.at = comma;
                    return self.fail(format!(
                        "trailing comma; remove it or add another item to the {what}"
                    ));
                }
                Ok(false)
            }
            Some(_) => self.fail(format!(
                "',' or '{}' is expected in this {what}",
                char::from(end)
            )),
            None => self.fail(format!(
                "the text ends inside an {what}; '{}' is missing",
                char::from(end)
            )),
        }
    }

    fn string(&mut self) -> Result<String, SyntaxError> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            let rest = &self.text[self.at..];
            let Some(length) = rest.find(|c: char| c == '"' || c == '\\' || c < ' ') else {
                self.at = start;
                return self.fail("this string is never closed");
            };
            text.push_str(&rest[..length]);
            self.at += length;
            match self.bytes[self.at] {
                b'"' => {
                    self.at += 1;
                    return Ok(text);
                }
                b'\\' => text.push(self.escape()?),
                _ => {
                    return self.fail(
                        "line breaks and control characters must be escaped inside a string",
                    );
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, SyntaxError> {
        let character = match self.bytes.get(self.at + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            _ => return self.fail("unknown escape sequence"),
        };
        self.at += 2;
        Ok(character)
    }

    fn unicode_escape(&mut self) -> Result<char, SyntaxError> {
        let high = self.code_unit(self.at)?;
        let mut length = 6;
        let mut code = u32::from(high);
        if (0xd800..0xdc00).contains(&high) {
            let low = u32::from(self.code_unit(self.at + 6)?);
            if !(0xdc00..0xe000).contains(&low) {
                return self.fail("half of a surrogate pair");
            }
            code = 0x1_0000 + ((code - 0xd800) << 10) + (low - 0xdc00);
            length = 12;
        }
        let Some(character) = char::from_u32(code) else {
            return self.fail("half of a surrogate pair");
        };
        self.at += length;
        Ok(character)
    }

    fn code_unit(&self, at: usize) -> Result<u16, SyntaxError> {
        let digits = self
            .text
            .get(at..at + 6)
            .and_then(|text| text.strip_prefix("\\u"));
        match digits.map(|digits| u16::from_str_radix(digits, 16)) {
            Some(Ok(unit)) => Ok(unit),
            _ => self.fail("\\u needs four hexadecimal digits"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(node: &Node) -> String {
        match &node.value {
            Value::Null => "null".into(),
            Value::Bool => "bool".into(),
            Value::Number(number) => number.to_string(),
            Value::Text(text) => format!("{text:?}"),
            Value::List(items) => {
                format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(","))
            }
            Value::Object(members) => {
                let members: Vec<_> = members
                    .iter()
                    .map(|m| format!("{}@{}:{}", m.key, m.at, show(&m.value)))
                    .collect();
                format!("{{{}}}", members.join(","))
            }
        }
    }

    fn outcome(text: &str) -> String {
        match parse(text) {
            Ok(parsed) => show(&parsed.root),
            Err(error) => format!("{}: {}", error.at, error.message),
        }
    }

    #[test]
    fn values_and_errors() {
        let deep = "[".repeat(40);
        for (text, expected) in [
            ("  1.5e3 ", "1500"),
            (
                r#"{"a": [1, true, null], "b": "x\u00e4\ud83d\ude00\n"}"#,
                r#"{a@1:[1,bool,null],b@23:"xä😀\n"}"#,
            ),
            ("// c\n[/* x */1]", "[1]"),
            (r#"{"a":1,"a":2}"#, "{a@7:2}"),
            (
                "[1,]",
                "2: trailing comma; remove it or add another item to the array",
            ),
            (
                "{\"a\" 1}",
                "5: ':' is expected after the property name \"a\"",
            ),
            (
                "{a:1}",
                "1: a property name in quotation marks is expected here",
            ),
            ("[1 2]", "3: ',' or ']' is expected in this array"),
            ("[1", "2: the text ends inside an array; ']' is missing"),
            ("\"abc", "0: this string is never closed"),
            (
                "\"a\nb\"",
                "2: line breaks and control characters must be escaped inside a string",
            ),
            ("01", "0: '01' is not a number that JSON allows"),
            ("1e999", "0: '1e999' is not a number that JSON allows"),
            ("\"\\ud800x\"", "1: \\u needs four hexadecimal digits"),
            ("/* x", "0: this comment is never closed; end it with */"),
            ("", "0: the text ends where a value is expected"),
            (
                "1 1",
                "2: unexpected text after the end of the document; remove it",
            ),
            (deep.as_str(), "33: nested deeper than 32 levels"),
        ] {
            assert_eq!(outcome(text), expected, "{text}");
        }
    }
}
