//! Times and sizes as people write them.

/// `250ms`, `10s`, `5m`, `2h`, `1d` or `0`, as milliseconds.
pub(crate) fn parse_millis(text: &str) -> Result<u64, String> {
    let factors = [
        ("ms", 1),
        ("s", 1000),
        ("m", 60_000),
        ("h", 3_600_000),
        ("d", 86_400_000),
    ];
    scaled(text, &factors)
        .ok_or_else(|| format!("`{text}` is no time; write for example 250ms, 10s, 5m, 2h or 0"))
}

/// `4096`, `16KiB` or `1MiB`, as bytes.
pub(crate) fn parse_size(text: &str) -> Result<usize, String> {
    let factors = [
        ("KiB", 1024),
        ("MiB", 1024 * 1024),
        ("GiB", 1024 * 1024 * 1024),
    ];
    text.parse()
        .ok()
        .or_else(|| scaled(text, &factors).and_then(|bytes| usize::try_from(bytes).ok()))
        .ok_or_else(|| format!("`{text}` is no size; write for example 4096, 16KiB or 1MiB"))
}

fn scaled(text: &str, factors: &[(&str, u64)]) -> Option<u64> {
    if text == "0" {
        return Some(0);
    }
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(digits);
    let (_, factor) = factors.iter().find(|(name, _)| *name == unit)?;
    number.parse::<u64>().ok()?.checked_mul(*factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        for (text, ms) in [
            ("0", 0),
            ("250ms", 250),
            ("10s", 10_000),
            ("5m", 300_000),
            ("1d", 86_400_000),
        ] {
            assert_eq!(parse_millis(text), Ok(ms), "{text}");
        }
        for text in [
            "",
            "10",
            "s",
            "10 s",
            "-1s",
            "1.5s",
            "99999999999999999999s",
            "18446744073709551615d",
        ] {
            assert!(parse_millis(text).is_err(), "{text}");
        }
    }

    #[test]
    fn sizes() {
        for (text, bytes) in [
            ("0", 0),
            ("4096", 4096),
            ("16KiB", 16_384),
            ("1MiB", 1 << 20),
        ] {
            assert_eq!(parse_size(text), Ok(bytes), "{text}");
        }
        for text in ["", "KiB", "1kb", "-1"] {
            assert!(parse_size(text).is_err(), "{text}");
        }
    }
}
