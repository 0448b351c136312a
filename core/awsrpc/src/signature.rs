//! The arithmetic of SigV4, shared by signing and verifying: canonical request, text to sign, key, signature.

use crate::Head;
use crate::head::escaped;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

pub(crate) const ALGORITHM: &str = "AWS4-HMAC-SHA256";
pub(crate) const TERMINATOR: &str = "aws4_request";
pub(crate) const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

/// Day, region and service that a signature is good for.
#[derive(Clone, Debug)]
pub(crate) struct Scope {
    pub(crate) day: String,
    pub(crate) region: String,
    pub(crate) service: String,
}

impl Scope {
    pub(crate) fn text(&self) -> String {
        format!("{}/{}/{}/{TERMINATOR}", self.day, self.region, self.service)
    }
}

/// The signature of a request in lower-case hexadecimal digits.
pub(crate) fn signature(
    head: &Head<'_>,
    signed_headers: &[&str],
    payload_hash: &str,
    (secret, scope, moment): (&str, &Scope, &str),
) -> String {
    let canonical = canonical_request(head, signed_headers, payload_hash);
    let text = format!(
        "{ALGORITHM}\n{moment}\n{}\n{}",
        scope.text(),
        hex(&Sha256::digest(canonical.as_bytes()))
    );
    let mut key = mac(format!("AWS4{secret}").as_bytes(), scope.day.as_bytes());
    for part in [&scope.region, &scope.service, TERMINATOR] {
        key = mac(&key, part.as_bytes());
    }
    hex(&mac(&key, text.as_bytes()))
}

pub(crate) fn hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

pub(crate) fn mac(key: &[u8], text: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of every length");
    mac.update(text);
    mac.finalize().into_bytes().into()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Compares in a time that does not tell where the first difference is.
pub(crate) fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

fn canonical_request(head: &Head<'_>, signed_headers: &[&str], payload_hash: &str) -> String {
    let path = if head.path.is_empty() { "/" } else { head.path };
    let mut text = format!(
        "{}\n{}\n{}\n",
        head.method,
        escaped(path, true),
        canonical_query(head)
    );
    for name in signed_headers {
        let values: Vec<String> = head
            .all(name)
            .map(|value| value.split_ascii_whitespace().collect::<Vec<_>>().join(" "))
            .collect();
        text.push_str(&format!("{name}:{}\n", values.join(",")));
    }
    text.push_str(&format!("\n{}\n{payload_hash}", signed_headers.join(";")));
    text
}

/// Sorted by name and value, without the signature itself.
fn canonical_query(head: &Head<'_>) -> String {
    let mut parameters: Vec<(String, String)> = head
        .parameters()
        .into_iter()
        .filter(|(name, _)| name != "X-Amz-Signature")
        .map(|(name, value)| (escaped(&name, false), escaped(&value, false)))
        .collect();
    parameters.sort();
    let parts: Vec<String> = parameters
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    parts.join("&")
}
