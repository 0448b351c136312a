//! `slots:N` in the launch parameters: how many logical processes one operating system process holds.

/// Nobody gains by more, and all of them die together.
const SLOTS_MAX: u32 = 50;

/// The number behind the word `slots:`, which stands alone among other parameters; 1 without it.
pub(crate) fn of_parameters(parameters: &str) -> u32 {
    let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | ',');
    parameters
        .split(|c| !word(c))
        .find_map(|part| part.strip_prefix("slots:")?.parse::<u32>().ok())
        .unwrap_or(1)
        .clamp(1, SLOTS_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_stands_alone() {
        let cases = [
            ("", 1),
            ("loggingLevel:debug", 1),
            ("slots:8", 8),
            ("loggingLevel:debug slots:8", 8),
            ("loggingLevel:debug;slots:4", 4),
            ("myslots:8", 1),
            ("slots:0", 1),
            ("slots:999", 50),
            ("slots:x", 1),
        ];
        for (parameters, slots) in cases {
            assert_eq!(of_parameters(parameters), slots, "{parameters}");
        }
    }
}
