//! What the envelope must know about shapes to turn a tree into CBOR and back: which values are moments, floats and bytes.

/// What values of a shape look like on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Named members, each with a shape of its own.
    Structure,
    /// Elements of one shape.
    List,
    /// Keys, and values of one shape.
    Map,
    /// A text.
    Text,
    /// A whole number.
    Whole,
    /// A number that CBOR always writes as a float.
    Float,
    /// True or false.
    Boolean,
    /// A moment: seconds in JSON, seconds with a tag in CBOR.
    Timestamp,
    /// Bytes: base64 in JSON, a byte string in CBOR.
    Blob,
}

/// A shape, as a small handle on tables that somebody else owns.
pub trait Shape: Copy {
    /// What its values look like.
    fn kind(self) -> Kind;
    /// The shape of a member of a structure; `None` when there is no such member.
    fn member(self, name: &str) -> Option<Self>;
    /// The shape of the elements of a list or of the values of a map; `None` for everything else.
    fn element(self) -> Option<Self>;
}
