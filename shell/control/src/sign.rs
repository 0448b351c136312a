//! Signatures around SigV4 that are not API calls: connects of server processes (server-sdk.md 1) and reads of S3-compatible
//! buckets. Who may call the API is decided by `awsrpc` with the keys that are kept here.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use awsrpc::{Checks, Key, Trust};
use hmac::{Hmac, Mac as _};
use hyper::Request;
use hyper::header::{self, HeaderValue, InvalidHeaderValue};
use ids::Time;
use serversdk::SigV4;
use sha2::{Digest as _, Sha256};

use crate::settings::AccessKey;
use crate::{Settings, clock};

const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// The keys of this control plane.
pub(crate) struct Keys {
    /// Whom API calls are taken from.
    pub(crate) trust: Trust,
    /// How strictly.
    pub(crate) checks: Checks,
    skew: Duration,
    secrets: BTreeMap<String, String>,
}

impl Keys {
    pub(crate) fn new(settings: &Settings) -> Self {
        let account = settings.account.clone();
        let trust = if settings.access_keys.is_empty() {
            Trust::Anyone {
                account,
                region: settings.region.clone(),
            }
        } else {
            let key = |key: &AccessKey| {
                let known = Key {
                    secret: key.secret.clone(),
                    account: account.clone(),
                    session: None,
                };
                (key.id.clone(), known)
            };
            Trust::Keys(settings.access_keys.iter().map(key).collect())
        };
        let secrets = settings
            .access_keys
            .iter()
            .map(|key| (key.id.clone(), key.secret.clone()));
        Self {
            trust,
            checks: Checks {
                skew_secs: settings.clock_skew.as_secs(),
            },
            skew: settings.clock_skew,
            secrets: secrets.collect(),
        }
    }

    /// Whether a connect is signed by a key of ours. `Err`: words for the developer.
    pub(crate) fn check_connect(
        &self,
        signature: &SigV4,
        canonical_query: &str,
    ) -> Result<(), String> {
        if self.secrets.is_empty() {
            return Ok(());
        }
        let secret = self
            .secrets
            .get(signature.access_key_id())
            .ok_or("the access key is not known")?;
        let now = clock::now();
        let moment = |at: Time| amz_date(at.as_millis() / 1000);
        let skew = ids::Span::from_millis(u64::try_from(self.skew.as_millis()).unwrap_or(u64::MAX));
        // Dates of this form sort like the moments they name.
        let current = (moment(now - skew)..=moment(now + skew)).contains(&signature.date);
        let scope: Vec<&str> = signature.scope().split('/').collect();
        let [day, region, service, "aws4_request"] = scope[..] else {
            return Err("X-Amz-Credential must be KEY/DAY/REGION/gamelift/aws4_request".to_owned());
        };
        if signature.algorithm != ALGORITHM || !current || !signature.date.starts_with(day) {
            return Err(
                "the signature is too old, or its algorithm or day does not fit".to_owned(),
            );
        }
        let text = signature.string_to_sign(&hex(&sha256(canonical_query.as_bytes())));
        let right = hex(&mac(
            &derived_key(secret, day, region, service),
            text.as_bytes(),
        ));
        if same(right.as_bytes(), signature.signature.as_bytes()) {
            Ok(())
        } else {
            Err("the signature does not match: check the secret access key".to_owned())
        }
    }
}

/// Signs a request without a body for an S3-compatible endpoint; `host` must be set.
pub(crate) fn sign_s3<B>(
    request: &mut Request<B>,
    key: &AccessKey,
    region: &str,
    now: Time,
) -> Result<(), InvalidHeaderValue> {
    let moment = amz_date(now.as_millis() / 1000);
    let empty = hex(&sha256(b""));
    let host = request
        .headers()
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default();
    let canonical = format!(
        "{}\n{}\n{}\nhost:{host}\nx-amz-content-sha256:{empty}\nx-amz-date:{moment}\n\nhost;x-amz-content-sha256;x-amz-date\n{empty}",
        request.method(),
        request.uri().path(),
        request.uri().query().unwrap_or_default(),
    );
    let (day, _) = moment.split_at(8);
    let scope = format!("{day}/{region}/s3/aws4_request");
    let text = format!(
        "{ALGORITHM}\n{moment}\n{scope}\n{}",
        hex(&sha256(canonical.as_bytes()))
    );
    let signature = hex(&mac(
        &derived_key(&key.secret, day, region, "s3"),
        text.as_bytes(),
    ));
    let authorization = format!(
        "{ALGORITHM} Credential={}/{scope}, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature={signature}",
        key.id
    );
    let headers = request.headers_mut();
    headers.insert("x-amz-date", HeaderValue::from_str(&moment)?);
    headers.insert("x-amz-content-sha256", HeaderValue::from_str(&empty)?);
    headers.insert(
        header::AUTHORIZATION,
        HeaderValue::from_str(&authorization)?,
    );
    Ok(())
}

/// Compares in a time that does not tell where the first difference is.
pub(crate) fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

/// SHA-256.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Everything but letters, digits and `-._~` as `%XX`.
pub(crate) fn percent_encoded(text: &str) -> String {
    text.bytes()
        .fold(String::with_capacity(text.len()), |mut out, byte| {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                out.push(char::from(byte));
            } else {
                let _ = write!(out, "%{byte:02X}");
            }
            out
        })
}

fn derived_key(secret: &str, day: &str, region: &str, service: &str) -> [u8; 32] {
    let first = mac(format!("AWS4{secret}").as_bytes(), day.as_bytes());
    [region, service, "aws4_request"]
        .iter()
        .fold(first, |key, part| mac(&key, part.as_bytes()))
}

fn mac(key: &[u8], text: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of every length");
    mac.update(text);
    mac.finalize().into_bytes().into()
}

fn hex(bytes: &[u8]) -> String {
    crate::files::hex(bytes)
}

/// `20261123T031632Z` of seconds since the epoch (days to civil date after Howard Hinnant's well-known arithmetic).
fn amz_date(seconds: u64) -> String {
    let days = seconds / 86_400 + 719_468;
    let of_era = days % 146_097;
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year_of_era + days / 146_097 * 400 + u64::from(month <= 2);
    let rest = seconds % 86_400;
    format!(
        "{year:04}{month:02}{day:02}T{:02}{:02}{:02}Z",
        rest / 3600,
        rest / 60 % 60,
        rest % 60
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> Keys {
        let mut settings = Settings::new("unused");
        settings.access_keys = vec![AccessKey {
            id: "AKID".into(),
            secret: "secret".into(),
        }];
        Keys::new(&settings)
    }

    fn signed(at: u64, secret: &str, query: &str) -> SigV4 {
        let date = amz_date(at);
        let day = date[..8].to_owned();
        let mut signature = SigV4 {
            algorithm: ALGORITHM.into(),
            credential: format!("AKID/{day}/us-east-1/gamelift/aws4_request"),
            date,
            security_token: None,
            signature: String::new(),
        };
        let text = signature.string_to_sign(&hex(&sha256(query.as_bytes())));
        let key = derived_key(secret, &day, "us-east-1", "gamelift");
        signature.signature = hex(&mac(&key, text.as_bytes()));
        signature
    }

    #[test]
    fn connects_are_taken_with_a_fresh_signature_of_a_known_key_only() {
        let (keys, query) = (keys(), "ComputeId=c&FleetId=f&pID=p");
        let now = clock::now().as_millis() / 1000;
        let check = |signature: &SigV4, query| keys.check_connect(signature, query).is_ok();
        assert!(check(&signed(now, "secret", query), query));
        assert!(!check(&signed(now, "other", query), query));
        assert!(!check(
            &signed(now, "secret", query),
            "ComputeId=c&FleetId=f&pID=q"
        ));
        assert!(!check(&signed(now - 3600, "secret", query), query));
        assert!(!check(&signed(now + 3600, "secret", query), query));
        let mut stranger = signed(now, "secret", query);
        stranger.credential = stranger.credential.replace("AKID", "OTHER");
        assert!(!check(&stranger, query));
        let mut crooked = signed(now, "secret", query);
        crooked.credential = "AKID".into();
        assert!(!check(&crooked, query));
    }

    #[test]
    fn reads_of_buckets_are_signed_as_in_the_published_example() {
        let key = AccessKey {
            id: "AKIAIOSFODNN7EXAMPLE".into(),
            secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".into(),
        };
        let request =
            Request::get("/?lifecycle=").header(header::HOST, "examplebucket.s3.amazonaws.com");
        let mut request = request.body(()).unwrap();
        let now = Time::from_millis(1_369_353_600_000);
        sign_s3(&mut request, &key, "us-east-1", now).unwrap();
        let header = request.headers()[header::AUTHORIZATION].to_str().unwrap();
        let signature = "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543";
        assert!(header.ends_with(signature), "{header}");
    }

    #[test]
    fn dates_are_written_as_aws_writes_them() {
        let cases = [
            (0, "19700101T000000Z"),
            (951_868_799, "20000229T235959Z"),
            (1_795_403_792, "20261123T031632Z"),
        ];
        for (seconds, expected) in cases {
            assert_eq!(amz_date(seconds), expected);
        }
    }
}
