//! From the spelling of AWS to that of Rust.

/// `EC2InstanceType` → `ec2_instance_type`.
pub(super) fn snake(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut text = String::new();
    for (index, letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).map(|at| letters[at]);
        let after = letters.get(index + 1);
        let word_starts = letter.is_uppercase()
            && before.is_some_and(|before| {
                !before.is_uppercase() || after.is_some_and(|after| after.is_lowercase())
            });
        if word_starts {
            text.push('_');
        }
        text.extend(letter.to_lowercase());
    }
    text
}

/// `EC2InstanceType` → `EC2_INSTANCE_TYPE`.
pub(super) fn screaming(name: &str) -> String {
    snake(name).to_uppercase()
}

/// `ec2_instance_type` → `Ec2InstanceType`, as serde's `PascalCase` does it.
pub(super) fn pascal(snake: &str) -> String {
    snake.split('_').map(capital).collect()
}

/// `FLEET_STATE_ERROR` → `FleetStateError`; a name with small letters keeps its form.
pub(super) fn variant(value: &str) -> String {
    if value.chars().any(char::is_lowercase) {
        return capital(value);
    }
    value
        .split('_')
        .map(|word| capital(&word.to_lowercase()))
        .collect()
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_change_their_spelling() {
        let cases = [
            ("FleetId", "fleet_id"),
            ("EC2InstanceType", "ec2_instance_type"),
            ("ResourceARN", "resource_arn"),
            ("UDPEndpoint", "udp_endpoint"),
            ("S3Location", "s3_location"),
            ("DESIRED", "desired"),
            ("SDM", "sdm"),
            ("LatencyInMs", "latency_in_ms"),
        ];
        for (name, expected) in cases {
            assert_eq!(snake(name), expected);
        }
        assert_eq!(variant("AMAZON_LINUX_2023"), "AmazonLinux2023");
        assert_eq!(variant("NoProtection"), "NoProtection");
        assert_eq!(pascal("fleet_id"), "FleetId");
    }
}
