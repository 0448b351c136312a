//! A request without its body, as plain texts.

/// Method, path, query and headers of a request, as they came.
#[derive(Clone, Copy, Debug)]
pub struct Head<'a> {
    /// `POST`.
    pub method: &'a str,
    /// The path as it was sent, still percent-encoded, without the query.
    pub path: &'a str,
    /// What follows the question mark; empty when nothing does.
    pub query: &'a str,
    /// Names in any case, and values.
    pub headers: &'a [(&'a str, &'a str)],
}

impl<'a> Head<'a> {
    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&'a str> {
        self.all(name).next()
    }

    /// Every header of this name, in the order of the request.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &'a str> {
        self.headers
            .iter()
            .filter(move |(own, _)| own.eq_ignore_ascii_case(name))
            .map(|(_, value)| *value)
    }

    /// The parameters of the query, decoded, in the order of the request.
    pub(crate) fn parameters(&self) -> Vec<(String, String)> {
        self.query
            .split('&')
            .filter(|part| !part.is_empty())
            .map(|part| {
                let (name, value) = part.split_once('=').unwrap_or((part, ""));
                (unescaped(name), unescaped(value))
            })
            .collect()
    }
}

/// `%2F` → `/`; what is no escape stays as it is.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, others @ ..] = rest {
        let escape = others.first_chunk::<2>().filter(|_| *first == b'%');
        let byte = escape
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .filter(|digits| !digits.starts_with('+'))
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match byte {
            Some(byte) => {
                bytes.push(byte);
                rest = &others[2..];
            }
            None => {
                bytes.push(*first);
                rest = others;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Percent-encodes as SigV4 asks for: everything but letters, digits and `-._~`.
pub(crate) fn escaped(text: &str, keep_slash: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        let plain = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if plain || (keep_slash && byte == b'/') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone_and_done() {
        let cases = [
            ("a%2Fb", "a/b"),
            ("%", "%"),
            ("%2", "%2"),
            ("%+1", "%+1"),
            ("%zz", "%zz"),
            ("%C3%A4", "ä"),
        ];
        for (text, expected) in cases {
            assert_eq!(unescaped(text), expected);
        }
        assert_eq!(escaped("a b/ä~", false), "a%20b%2F%C3%A4~");
        assert_eq!(escaped("/a%20b", true), "/a%2520b");
    }
}
