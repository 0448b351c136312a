//! Objects behind `StorageLocation`: in folders below the data folder, or at S3-compatible endpoints that the operator names.

use std::io;
use std::path::{Component, Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use http_body_util::Empty;
use hyper::body::{Bytes, Incoming};
use hyper::header::{ETAG, HOST};
use hyper::{Method, Request, Response, StatusCode, Uri};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::time::timeout;

use crate::clock;
use crate::http::{BodyError, read};
use crate::settings::Bucket;
use crate::sign;

/// For the head of an answer, and for a pause within a body.
const PATIENCE: Duration = Duration::from_secs(20);

/// Names an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ObjectName {
    pub(crate) bucket: String,
    pub(crate) key: String,
    /// A version that never changes, when the caller names one.
    pub(crate) version: Option<String>,
}

/// An object and what tells it from a changed one.
#[derive(Debug)]
pub(crate) struct Object {
    pub(crate) bytes: Bytes,
    pub(crate) etag: String,
}

/// Why an object was not read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ObjectError {
    /// Not there, or not for us.
    #[error("Provided resource is not accessible")]
    NotAccessible,
    /// It is larger than a script may be.
    #[error("The object is larger than {0} bytes, which is the most")]
    TooLarge(u64),
    /// The endpoint does not answer as it should.
    #[error("Provided resource is not accessible: {0}")]
    Endpoint(String),
}

type HttpClient = Client<HttpsConnector<HttpConnector>, Empty<Bytes>>;

/// Every bucket.
pub(crate) struct Buckets {
    folder: PathBuf,
    remote: Vec<Bucket>,
    client: HttpClient,
    bytes_max: u64,
}

impl Buckets {
    /// Buckets that are not in `remote` are folders below `folder`.
    pub(crate) fn open(folder: PathBuf, remote: Vec<Bucket>, bytes_max: u64) -> io::Result<Self> {
        std::fs::create_dir_all(&folder)?;
        let connector = hyper_rustls::HttpsConnectorBuilder::new()
            .with_provider_and_webpki_roots(tokio_rustls::rustls::crypto::ring::default_provider())
            .map_err(io::Error::other)?
            .https_or_http()
            .enable_http1()
            .build();
        let client = Client::builder(TokioExecutor::new()).build(connector);
        Ok(Self {
            folder,
            remote,
            client,
            bytes_max,
        })
    }

    /// Reads an object.
    pub(crate) async fn fetch(&self, name: &ObjectName) -> Result<Object, ObjectError> {
        match self.remote(&name.bucket) {
            Some(bucket) => {
                let answer = self.ask(bucket, Method::GET, name).await?;
                let etag = etag_of(&answer);
                let bytes_max = usize::try_from(self.bytes_max).unwrap_or(usize::MAX);
                let bytes = read(answer.into_body(), bytes_max, PATIENCE).await;
                let bytes = bytes.map_err(|error| match error {
                    BodyError::TooLarge => ObjectError::TooLarge(self.bytes_max),
                    BodyError::TooSlow | BodyError::Lost => {
                        ObjectError::Endpoint("the object did not come through".into())
                    }
                })?;
                Ok(Object { bytes, etag })
            }
            None => {
                let path = self.path(name)?;
                // The mark is taken first: an object that changes meanwhile is seen as changed the next time.
                let etag = mark_of(&path).await?;
                let size = tokio::fs::metadata(&path)
                    .await
                    .map_err(not_accessible)?
                    .len();
                if size > self.bytes_max {
                    return Err(ObjectError::TooLarge(self.bytes_max));
                }
                let bytes = tokio::fs::read(&path).await.map_err(not_accessible)?;
                Ok(Object {
                    bytes: bytes.into(),
                    etag,
                })
            }
        }
    }

    /// What tells whether an object has changed, without reading it.
    pub(crate) async fn etag(&self, name: &ObjectName) -> Result<String, ObjectError> {
        match self.remote(&name.bucket) {
            Some(bucket) => Ok(etag_of(&self.ask(bucket, Method::HEAD, name).await?)),
            None => mark_of(&self.path(name)?).await,
        }
    }

    fn remote(&self, bucket: &str) -> Option<&Bucket> {
        self.remote.iter().find(|remote| remote.name == bucket)
    }

    async fn ask(
        &self,
        bucket: &Bucket,
        method: Method,
        name: &ObjectName,
    ) -> Result<Response<Incoming>, ObjectError> {
        let trouble = |error: &dyn std::fmt::Display| ObjectError::Endpoint(error.to_string());
        let key: Vec<String> = name.key.split('/').map(sign::percent_encoded).collect();
        let version = name.version.as_ref().map_or_else(String::new, |version| {
            format!("?versionId={}", sign::percent_encoded(version))
        });
        let endpoint = bucket.endpoint.trim_end_matches('/');
        let address = format!(
            "{endpoint}/{}/{}{version}",
            sign::percent_encoded(&bucket.name),
            key.join("/")
        );
        let uri: Uri = address.parse().map_err(|error| trouble(&error))?;
        let host = uri.authority().map(ToString::to_string).unwrap_or_default();
        let mut request = Request::builder()
            .method(method)
            .uri(uri)
            .header(HOST, host)
            .body(Empty::new())
            .map_err(|error| trouble(&error))?;
        if let Some(key) = &bucket.access_key {
            sign::sign_s3(&mut request, key, &bucket.region, clock::now())
                .map_err(|error| trouble(&error))?;
        }
        let answer = timeout(PATIENCE, self.client.request(request)).await;
        let answer = answer
            .map_err(|_| trouble(&"no answer in time"))?
            .map_err(|error| trouble(&error))?;
        match answer.status() {
            status if status.is_success() => Ok(answer),
            StatusCode::NOT_FOUND | StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED => {
                Err(ObjectError::NotAccessible)
            }
            status => Err(trouble(&format!("{} answers {status}", bucket.endpoint))),
        }
    }

    fn path(&self, name: &ObjectName) -> Result<PathBuf, ObjectError> {
        let relative = Path::new(&name.bucket).join(&name.key);
        let inside = relative
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        let one_folder =
            !name.bucket.is_empty() && !name.bucket.contains('/') && !name.key.is_empty();
        if inside && one_folder && !name.key.starts_with('/') {
            Ok(self.folder.join(relative))
        } else {
            Err(ObjectError::NotAccessible)
        }
    }
}

fn not_accessible(_: io::Error) -> ObjectError {
    ObjectError::NotAccessible
}

fn etag_of<B>(answer: &Response<B>) -> String {
    let value = answer
        .headers()
        .get(ETAG)
        .and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_owned()
}

async fn mark_of(path: &Path) -> Result<String, ObjectError> {
    use std::os::unix::fs::MetadataExt as _;
    let file = tokio::fs::metadata(path).await.map_err(not_accessible)?;
    if !file.is_file() {
        return Err(ObjectError::NotAccessible);
    }
    let modified = file
        .modified()
        .ok()
        .and_then(|at| at.duration_since(UNIX_EPOCH).ok())
        .unwrap_or_default();
    Ok(format!(
        "{:x}-{:x}-{:x}",
        modified.as_nanos(),
        file.len(),
        file.ino()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(bucket: &str, key: &str) -> ObjectName {
        ObjectName {
            bucket: bucket.into(),
            key: key.into(),
            version: None,
        }
    }

    #[tokio::test]
    async fn a_folder_is_a_bucket_and_nothing_outside_is_read() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("buckets/scripts/v1")).unwrap();
        std::fs::write(folder.path().join("buckets/scripts/v1/a.zip"), "one").unwrap();
        std::fs::write(folder.path().join("secret"), "secret").unwrap();
        let buckets = Buckets::open(folder.path().join("buckets"), Vec::new(), 10).unwrap();
        let object = buckets.fetch(&name("scripts", "v1/a.zip")).await.unwrap();
        assert_eq!(object.bytes, "one");
        assert_eq!(
            buckets.etag(&name("scripts", "v1/a.zip")).await.unwrap(),
            object.etag
        );
        std::fs::write(folder.path().join("buckets/scripts/v1/a.zip"), "two!").unwrap();
        assert_ne!(
            buckets.etag(&name("scripts", "v1/a.zip")).await.unwrap(),
            object.etag
        );
        for (bucket, key) in [
            ("scripts", "none"),
            ("scripts", "v1"),
            ("..", "secret"),
            ("scripts", "../../secret"),
            ("", "secret"),
            ("scripts", "/etc/passwd"),
            ("scripts/v1", "a.zip"),
        ] {
            let error = buckets.fetch(&name(bucket, key)).await.unwrap_err();
            assert_eq!(
                error.to_string(),
                "Provided resource is not accessible",
                "{bucket} {key}"
            );
        }
        std::fs::write(
            folder.path().join("buckets/scripts/v1/a.zip"),
            "more than ten",
        )
        .unwrap();
        let error = buckets
            .fetch(&name("scripts", "v1/a.zip"))
            .await
            .unwrap_err();
        assert!(matches!(error, ObjectError::TooLarge(10)));
    }
}
