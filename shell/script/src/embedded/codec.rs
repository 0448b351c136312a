//! Text codecs, hashes and random bytes of embedded scripts.

use std::io::Read;

use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use hmac::{Mac, SimpleHmac};
use rquickjs::{Ctx, Exception, Function, Object, Result, TypedArray};
use sha2::Digest;

use crate::raw::copy_of;

type Bytes<'js> = TypedArray<'js, u8>;

/// Adds the functions to `native`.
pub(super) fn install<'js>(ctx: &Ctx<'js>, native: &Object<'js>) -> Result<()> {
    native.set("encode", Function::new(ctx.clone(), encode))?;
    native.set("decode", Function::new(ctx.clone(), decode))?;
    native.set("hash", Function::new(ctx.clone(), hash))?;
    native.set("hmac", Function::new(ctx.clone(), mac))?;
    native.set("random", Function::new(ctx.clone(), random))
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the engine hands arguments over"
)]
fn encode<'js>(ctx: Ctx<'js>, text: rquickjs::String<'js>, encoding: String) -> Result<Bytes<'js>> {
    let text = text.to_string().unwrap_or_default();
    TypedArray::new_copy(ctx, encoded(&text, &encoding))
}

fn encoded(text: &str, encoding: &str) -> Vec<u8> {
    match encoding {
        "hex" => from_hex(text.as_bytes()),
        "base64" | "base64url" => from_base64(text),
        // The low byte of each UTF-16 unit.
        "latin1" | "ascii" => text
            .encode_utf16()
            .map(|unit| unit.to_le_bytes()[0])
            .collect(),
        "utf16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        _ => text.as_bytes().to_vec(),
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the engine hands arguments over"
)]
fn decode(bytes: Bytes<'_>, encoding: String) -> String {
    decoded(&copy_of(&bytes), &encoding)
}

fn decoded(bytes: &[u8], encoding: &str) -> String {
    match encoding {
        "hex" => bytes
            .iter()
            .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
            .collect(),
        "base64" => base64::engine::general_purpose::STANDARD.encode(bytes),
        "base64url" => base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes),
        "latin1" => bytes.iter().map(|byte| char::from(*byte)).collect(),
        "ascii" => bytes.iter().map(|byte| char::from(byte & 0x7f)).collect(),
        "utf16le" => {
            let (units, _) = bytes.as_chunks::<2>();
            String::from_utf16_lossy(
                &units
                    .iter()
                    .map(|unit| u16::from_le_bytes(*unit))
                    .collect::<Vec<_>>(),
            )
        }
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

fn digit(value: u8) -> char {
    char::from_digit(value.into(), 16).unwrap_or('0')
}

/// Up to the first pair that is no hex, as Node.js does.
fn from_hex(text: &[u8]) -> Vec<u8> {
    let (pairs, _) = text.as_chunks::<2>();
    let value = |digit: u8| char::from(digit).to_digit(16);
    pairs
        .iter()
        .map_while(|[high, low]| u8::try_from(value(*high)? * 16 + value(*low)?).ok())
        .collect()
}

/// Either alphabet, with or without padding, white space anywhere, as Node.js does.
fn from_base64(text: &str) -> Vec<u8> {
    const LENIENT: GeneralPurpose = GeneralPurpose::new(
        &base64::alphabet::STANDARD,
        GeneralPurposeConfig::new()
            .with_decode_padding_mode(DecodePaddingMode::Indifferent)
            .with_decode_allow_trailing_bits(true),
    );
    let mut plain: Vec<u8> = text
        .bytes()
        .take_while(|byte| *byte != b'=')
        .filter_map(|byte| match byte {
            b'-' => Some(b'+'),
            b'_' => Some(b'/'),
            b'+' | b'/' => Some(byte),
            _ if byte.is_ascii_alphanumeric() => Some(byte),
            _ => None,
        })
        .collect();
    if plain.len() % 4 == 1 {
        plain.pop();
    }
    LENIENT.decode(plain).unwrap_or_default()
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the engine hands arguments over"
)]
fn hash<'js>(ctx: Ctx<'js>, name: String, data: Bytes<'js>) -> Result<Bytes<'js>> {
    let data = copy_of(&data);
    let made = match name.as_str() {
        "md5" => md5::Md5::digest(&data).to_vec(),
        "sha1" => sha1::Sha1::digest(&data).to_vec(),
        "sha256" => sha2::Sha256::digest(&data).to_vec(),
        "sha512" => sha2::Sha512::digest(&data).to_vec(),
        _ => return Err(Exception::throw_message(&ctx, "unknown digest")),
    };
    TypedArray::new_copy(ctx, made)
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the engine hands arguments over"
)]
fn mac<'js>(ctx: Ctx<'js>, name: String, key: Bytes<'js>, data: Bytes<'js>) -> Result<Bytes<'js>> {
    let (key, data) = (copy_of(&key), copy_of(&data));
    let made = match name.as_str() {
        "md5" => keyed::<md5::Md5>(&key, &data),
        "sha1" => keyed::<sha1::Sha1>(&key, &data),
        "sha256" => keyed::<sha2::Sha256>(&key, &data),
        "sha512" => keyed::<sha2::Sha512>(&key, &data),
        _ => return Err(Exception::throw_message(&ctx, "unknown digest")),
    };
    TypedArray::new_copy(ctx, made)
}

fn keyed<D: Digest + sha2::digest::core_api::BlockSizeUser>(key: &[u8], data: &[u8]) -> Vec<u8> {
    let mut mac =
        <SimpleHmac<D> as Mac>::new_from_slice(key).expect("an HMAC key may have any length");
    mac.update(data);
    mac.finalize().into_bytes().to_vec()
}

/// Bytes from the operating system; scripts ask for at most 64 KiB at once.
fn random(ctx: Ctx<'_>, size: usize) -> Result<Bytes<'_>> {
    let mut bytes = vec![0; size.min(65536)];
    let filled =
        std::fs::File::open("/dev/urandom").and_then(|mut file| file.read_exact(&mut bytes));
    if let Err(error) = filled {
        return Err(Exception::throw_message(
            &ctx,
            &format!("no random bytes: {error}"),
        ));
    }
    TypedArray::new_copy(ctx, bytes)
}

#[cfg(test)]
mod tests {
    use super::{decoded, encoded};

    #[test]
    fn codecs_are_as_forgiving_as_those_of_node() {
        let cases: &[(&str, &str, &[u8])] = &[
            ("6869zz00", "hex", b"hi"),
            ("686", "hex", b"h"),
            ("aGk", "base64", b"hi"),
            ("aG k=\n", "base64", b"hi"),
            ("_-8", "base64url", &[0xff, 0xef]),
            ("_-8=", "base64", &[0xff, 0xef]),
            ("a", "base64", b""),
            ("é€", "latin1", &[0xe9, 0xac]),
            ("hé", "utf16le", &[b'h', 0, 0xe9, 0]),
        ];
        for (text, encoding, bytes) in cases {
            assert_eq!(encoded(text, encoding), *bytes, "{text} {encoding}");
        }
        assert_eq!(decoded(&[0xff, 0x41], "utf8"), "\u{fffd}A");
        assert_eq!(decoded(&[0xff, 0x41], "ascii"), "\u{7f}A");
        assert_eq!(decoded(&[0xfb, 0xff], "base64url"), "-_8");
        assert_eq!(decoded(&[0x68, 0, 0x69], "utf16le"), "h");
    }
}
