//! Idempotency tokens of CreateGameSession: the same token with the same parameters means the same session, for as long as
//! the session is remembered.

use serde::{Deserialize, Serialize};

/// A token and what was asked for with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Token {
    pub(super) text: String,
    fingerprint: String,
}

impl Token {
    /// `input` names the fleet and the location in full, so that it does not matter how the caller named them.
    pub(super) fn new(text: String, input: &api::CreateGameSessionInput) -> Self {
        Self {
            text,
            fingerprint: fingerprint(input),
        }
    }
}

/// 128 bits of FNV-1a over everything that makes a session; the order of the properties does not.
fn fingerprint(input: &api::CreateGameSessionInput) -> String {
    let mut properties = input.game_properties.clone().unwrap_or_default();
    properties.sort_by(|a, b| a.key.cmp(&b.key));
    let request = api::CreateGameSessionInput {
        game_properties: Some(properties),
        // The token itself is compared before; the two members for it mean the same.
        game_session_id: None,
        idempotency_token: None,
        ..input.clone()
    };
    let text = serde_json::to_string(&request).expect("a request has text keys and whole numbers");
    let hash = text.bytes().fold(
        0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128,
        |hash, byte| {
            (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
        },
    );
    format!("{hash:032x}")
}
