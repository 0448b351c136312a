//! CBOR (RFC 8949) as Smithy RPC v2 uses it, straight from and to trees of JSON values. The shape says what JSON cannot:
//! moments carry tag 1, floats are never written as whole numbers, bytes are base64 in the tree.

use crate::{Kind, Shape};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Number, Value};

/// Deeper nesting is refused: the deepest shape of the model has seven levels.
const DEPTH_MAX: usize = 32;

/// The tag of a moment in seconds.
const TAG_EPOCH: u64 = 1;

/// Reads one item; what follows it, or anything that JSON has no word for, is a problem.
pub(crate) fn read<S: Shape>(bytes: &[u8], shape: Option<S>) -> Result<Value, &'static str> {
    let mut reader = Reader { rest: bytes };
    let value = reader.item(shape, 0)?;
    if reader.rest.is_empty() {
        return Ok(value);
    }
    Err("something follows the body")
}

struct Reader<'a> {
    rest: &'a [u8],
}

/// The first byte of an item and the number that follows it; `None` for an indefinite length.
struct Header {
    major: u8,
    low: u8,
    number: Option<u64>,
}

impl<'a> Reader<'a> {
    fn item<S: Shape>(&mut self, shape: Option<S>, depth: usize) -> Result<Value, &'static str> {
        if depth > DEPTH_MAX {
            return Err("nested too deeply");
        }
        let header = self.header()?;
        match header.major {
            0 => header
                .number
                .map(Value::from)
                .ok_or("a number without a value"),
            1 => {
                let number = header.number.and_then(|number| i64::try_from(number).ok());
                number
                    .map(|number| Value::from(-1 - number))
                    .ok_or("a number out of range")
            }
            2 => self.blob(&header, shape),
            3 => self.text(&header).map(Value::String),
            4 => self.list(&header, shape, depth),
            5 => self.map(&header, shape, depth),
            6 if header.number == Some(TAG_EPOCH) || shape.is_none() => self.item(shape, depth + 1),
            6 => Err("an unknown tag"),
            _ => simple(&header),
        }
    }

    fn header(&mut self) -> Result<Header, &'static str> {
        let [first, ..] = *self.take(1)? else {
            return Err("cut off");
        };
        let low = first & 0x1f;
        let number = match low {
            0..=23 => Some(u64::from(low)),
            24..=27 => {
                let bytes = self.take(1 << (low - 24))?;
                Some(
                    bytes
                        .iter()
                        .fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
                )
            }
            31 => None,
            _ => return Err("a reserved length"),
        };
        Ok(Header {
            major: first >> 5,
            low,
            number,
        })
    }

    fn take(&mut self, count: u64) -> Result<&'a [u8], &'static str> {
        let count = usize::try_from(count).map_err(|_| "cut off")?;
        let (taken, rest) = self.rest.split_at_checked(count).ok_or("cut off")?;
        self.rest = rest;
        Ok(taken)
    }

    /// The bytes of a text or byte string, whole or in pieces.
    fn bytes(&mut self, header: &Header) -> Result<Vec<u8>, &'static str> {
        if let Some(length) = header.number {
            return self.take(length).map(<[u8]>::to_vec);
        }
        let mut bytes = Vec::new();
        while !self.at_break() {
            let piece = self.header()?;
            if piece.major != header.major {
                return Err("a piece of another kind");
            }
            let length = piece.number.ok_or("a piece without a length")?;
            bytes.extend_from_slice(self.take(length)?);
        }
        Ok(bytes)
    }

    fn text(&mut self, header: &Header) -> Result<String, &'static str> {
        String::from_utf8(self.bytes(header)?).map_err(|_| "a text that is not UTF-8")
    }

    fn blob<S: Shape>(&mut self, header: &Header, shape: Option<S>) -> Result<Value, &'static str> {
        let bytes = self.bytes(header)?;
        match shape.map(Shape::kind) {
            None => Ok(Value::Null),
            Some(Kind::Blob) => Ok(Value::String(STANDARD.encode(bytes))),
            Some(_) => Err("bytes where the shape has none"),
        }
    }

    fn list<S: Shape>(
        &mut self,
        header: &Header,
        shape: Option<S>,
        depth: usize,
    ) -> Result<Value, &'static str> {
        let element = shape
            .filter(|shape| shape.kind() == Kind::List)
            .and_then(Shape::element);
        let mut values = Vec::new();
        let mut left = header.number;
        while self.more(&mut left) {
            values.push(self.checked(element, depth + 1)?);
        }
        Ok(Value::Array(values))
    }

    fn map<S: Shape>(
        &mut self,
        header: &Header,
        shape: Option<S>,
        depth: usize,
    ) -> Result<Value, &'static str> {
        let mut members = Map::new();
        let mut left = header.number;
        while self.more(&mut left) {
            let key = self.header()?;
            if key.major != 3 {
                return Err("a key that is not a text");
            }
            let name = self.text(&key)?;
            let inner = shape.and_then(|shape| inside(shape, &name));
            let value = self.checked(inner, depth + 1)?;
            members.insert(name, value);
        }
        Ok(Value::Object(members))
    }

    /// An item whose JSON form would hide that it is of the wrong kind: a text in place of bytes.
    fn checked<S: Shape>(&mut self, shape: Option<S>, depth: usize) -> Result<Value, &'static str> {
        let major = self.rest.first().map(|first| first >> 5);
        if major == Some(3) && shape.is_some_and(|shape| shape.kind() == Kind::Blob) {
            return Err("a text where the shape has bytes");
        }
        self.item(shape, depth)
    }

    /// Whether a list or map goes on; `left` counts down when its length is known.
    fn more(&mut self, left: &mut Option<u64>) -> bool {
        match left {
            Some(0) => false,
            Some(count) => {
                *count -= 1;
                true
            }
            None => !self.at_break(),
        }
    }

    fn at_break(&mut self) -> bool {
        let found = self.rest.first() == Some(&0xff);
        if found {
            self.rest = &self.rest[1..];
        }
        found
    }
}

/// The shape of what a structure or map holds under a name.
fn inside<S: Shape>(shape: S, name: &str) -> Option<S> {
    if shape.kind() == Kind::Structure {
        return shape.member(name);
    }
    shape.element().filter(|_| shape.kind() == Kind::Map)
}

/// True, false, null and floats.
fn simple(header: &Header) -> Result<Value, &'static str> {
    let bits = header.number.ok_or("a break outside of a list or map")?;
    let float = match header.low {
        20 => return Ok(Value::Bool(false)),
        21 => return Ok(Value::Bool(true)),
        22 | 23 => return Ok(Value::Null),
        25 => half(bits as u16),
        26 => f64::from(f32::from_bits(bits as u32)),
        27 => f64::from_bits(bits),
        _ => return Err("an unknown simple value"),
    };
    Number::from_f64(float)
        .map(Value::Number)
        .ok_or("a number that is not finite")
}

/// A float of 16 bits (RFC 8949, appendix D).
fn half(bits: u16) -> f64 {
    let exponent = i32::from(bits >> 10 & 0x1f);
    let fraction = f64::from(bits & 0x3ff);
    let size = match exponent {
        0 => fraction * 2f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (fraction + 1024.0) * 2f64.powi(exponent - 25),
    };
    if bits & 0x8000 == 0 { size } else { -size }
}

/// Writes a tree. Where it does not fit its shape, it is written as its JSON form suggests.
pub(crate) fn written<S: Shape>(value: &Value, shape: Option<S>) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(value, shape, &mut bytes);
    bytes
}

fn write<S: Shape>(value: &Value, shape: Option<S>, out: &mut Vec<u8>) {
    let kind = shape.map(Shape::kind);
    match value {
        Value::Null => out.push(0xf6),
        Value::Bool(false) => out.push(0xf4),
        Value::Bool(true) => out.push(0xf5),
        Value::Number(number) => write_number(number, kind, out),
        Value::String(text) => {
            let blob = (kind == Some(Kind::Blob))
                .then(|| STANDARD.decode(text).ok())
                .flatten();
            let (major, bytes) = match &blob {
                Some(bytes) => (2, bytes.as_slice()),
                None => (3, text.as_bytes()),
            };
            write_header(major, bytes.len() as u64, out);
            out.extend_from_slice(bytes);
        }
        Value::Array(values) => {
            let element = shape.and_then(Shape::element);
            write_header(4, values.len() as u64, out);
            for value in values {
                write(value, element, out);
            }
        }
        Value::Object(members) => {
            write_header(5, members.len() as u64, out);
            for (name, value) in members {
                write_header(3, name.len() as u64, out);
                out.extend_from_slice(name.as_bytes());
                let inner = shape.and_then(|shape| inside(shape, name));
                write(value, inner, out);
            }
        }
    }
}

fn write_number(number: &Number, kind: Option<Kind>, out: &mut Vec<u8>) {
    let is_float = matches!(kind, Some(Kind::Float | Kind::Timestamp));
    if kind == Some(Kind::Timestamp) {
        write_header(6, TAG_EPOCH, out);
    }
    if let Some(whole) = number.as_u64().filter(|_| !is_float) {
        write_header(0, whole, out);
    } else if let Some(whole) = number.as_i64().filter(|_| !is_float) {
        // A negative number n is written as -1 - n, which its complement is.
        write_header(1, !whole as u64, out);
    } else {
        let float = number
            .as_f64()
            .expect("a JSON number without arbitrary precision is a float");
        out.push(0xfb);
        out.extend_from_slice(&float.to_be_bytes());
    }
}

fn write_header(major: u8, number: u64, out: &mut Vec<u8>) {
    let major = major << 5;
    if number < 24 {
        out.push(major | number as u8);
    } else if let Ok(number) = u8::try_from(number) {
        out.extend_from_slice(&[major | 24, number]);
    } else if let Ok(number) = u16::try_from(number) {
        out.push(major | 25);
        out.extend_from_slice(&number.to_be_bytes());
    } else if let Ok(number) = u32::try_from(number) {
        out.push(major | 26);
        out.extend_from_slice(&number.to_be_bytes());
    } else {
        out.push(major | 27);
        out.extend_from_slice(&number.to_be_bytes());
    }
}

#[cfg(test)]
#[path = "cbor_tests.rs"]
mod tests;
