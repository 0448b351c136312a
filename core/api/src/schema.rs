//! What the model says about every shape, as plain tables: kinds, members, constraints. Validation and the wire protocols
//! walk them; nothing in them is code.

use regex_lite::Regex;
use std::sync::OnceLock;

/// A shape of the model.
pub struct Shape {
    /// Its name in the model.
    pub name: &'static str,
    /// What values of it look like.
    pub kind: Kind,
    /// The least length (texts, lists, blobs) or value (numbers).
    pub min: Option<i64>,
    /// The greatest length or value.
    pub max: Option<i64>,
    /// What texts must match.
    pub pattern: Option<&'static Pattern>,
    /// Whether its values must not be shown in messages.
    pub sensitive: bool,
}

/// What values of a shape look like.
pub enum Kind {
    /// Named members.
    Structure(&'static [Member]),
    /// Any number of elements of one shape.
    List(&'static Shape),
    /// Keys and values.
    Map(&'static Shape, &'static Shape),
    /// One word of a closed set.
    Values(&'static [&'static str]),
    /// A word of the set, or another one of the form `family.size`.
    OpenValues(&'static [&'static str]),
    /// A text.
    String,
    /// A whole number of 32 bits.
    Integer,
    /// A whole number of 64 bits.
    Long,
    /// A number with a fraction; in CBOR always a float.
    Double,
    /// True or false.
    Boolean,
    /// A moment.
    Timestamp,
    /// Bytes.
    Blob,
}

/// A member of a structure.
pub struct Member {
    /// Its name, case-sensitive.
    pub name: &'static str,
    /// Its shape.
    pub shape: &'static Shape,
    /// Whether it must be there.
    pub required: bool,
}

/// A regular expression, compiled when it is first needed.
pub struct Pattern {
    text: &'static str,
    compiled: OnceLock<Regex>,
}

impl Pattern {
    pub(crate) const fn new(text: &'static str) -> Self {
        Self {
            text,
            compiled: OnceLock::new(),
        }
    }

    /// The expression as the model writes it.
    pub const fn text(&self) -> &'static str {
        self.text
    }

    /// Whether the text matches.
    pub fn matches(&self, text: &str) -> bool {
        self.compiled
            .get_or_init(|| Regex::new(self.text).expect("a test compiles every pattern"))
            .is_match(text)
    }
}

pub(crate) const fn required(name: &'static str, shape: &'static Shape) -> Member {
    Member {
        name,
        shape,
        required: true,
    }
}

pub(crate) const fn optional(name: &'static str, shape: &'static Shape) -> Member {
    Member {
        name,
        shape,
        required: false,
    }
}

impl Shape {
    /// The member with this name; `None` too when the shape has no members.
    pub fn member(&self, name: &str) -> Option<&'static Member> {
        let Kind::Structure(members) = &self.kind else {
            return None;
        };
        members.iter().find(|member| member.name == name)
    }

    /// The shape of the elements of a list or of the values of a map.
    pub fn element(&self) -> Option<&'static Self> {
        if let Kind::List(element) | Kind::Map(_, element) = &self.kind {
            return Some(element);
        }
        None
    }

    const fn new(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            kind,
            min: None,
            max: None,
            pattern: None,
            sensitive: false,
        }
    }

    pub(crate) const fn structure(name: &'static str, members: &'static [Member]) -> Self {
        Self::new(name, Kind::Structure(members))
    }

    pub(crate) const fn list(name: &'static str, element: &'static Self) -> Self {
        Self::new(name, Kind::List(element))
    }

    pub(crate) const fn map(name: &'static str, key: &'static Self, value: &'static Self) -> Self {
        Self::new(name, Kind::Map(key, value))
    }

    pub(crate) const fn values(name: &'static str, values: &'static [&'static str]) -> Self {
        Self::new(name, Kind::Values(values))
    }

    pub(crate) const fn open_values(name: &'static str, values: &'static [&'static str]) -> Self {
        Self::new(name, Kind::OpenValues(values))
    }

    pub(crate) const fn string(name: &'static str) -> Self {
        Self::new(name, Kind::String)
    }

    pub(crate) const fn integer(name: &'static str) -> Self {
        Self::new(name, Kind::Integer)
    }

    pub(crate) const fn long(name: &'static str) -> Self {
        Self::new(name, Kind::Long)
    }

    pub(crate) const fn double(name: &'static str) -> Self {
        Self::new(name, Kind::Double)
    }

    /// In JSON and CBOR a float is written as a double is.
    pub(crate) const fn float(name: &'static str) -> Self {
        Self::double(name)
    }

    pub(crate) const fn boolean(name: &'static str) -> Self {
        Self::new(name, Kind::Boolean)
    }

    pub(crate) const fn timestamp(name: &'static str) -> Self {
        Self::new(name, Kind::Timestamp)
    }

    pub(crate) const fn blob(name: &'static str) -> Self {
        Self::new(name, Kind::Blob)
    }

    pub(crate) const fn min(mut self, min: i64) -> Self {
        self.min = Some(min);
        self
    }

    pub(crate) const fn max(mut self, max: i64) -> Self {
        self.max = Some(max);
        self
    }

    pub(crate) const fn pattern(mut self, pattern: &'static Pattern) -> Self {
        self.pattern = Some(pattern);
        self
    }

    pub(crate) const fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }
}
