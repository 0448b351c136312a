//! Bodies: what is read has a largest size and a slowest pace; what is sent is in memory or comes from a file piece by piece.

use std::io;
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::stream;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full, StreamBody};
use hyper::body::{Body as HttpBody, Bytes, Frame, SizeHint};
use tokio::fs::File;
use tokio::io::AsyncReadExt as _;
use tokio::time::{Instant, timeout_at};

/// Slower than this many bytes a second, a sender is taken for stuck.
const SLOWEST_PACE: usize = 16 * 1024;
const PIECE: usize = 64 * 1024;

/// A response's body.
#[derive(Debug)]
pub(crate) struct Body(UnsyncBoxBody<Bytes, io::Error>);

impl Default for Body {
    fn default() -> Self {
        Self::full(Bytes::new())
    }
}

impl Body {
    /// A body in memory.
    pub(crate) fn full(bytes: impl Into<Bytes>) -> Self {
        Self(
            Full::new(bytes.into())
                .map_err(|never| match never {})
                .boxed_unsync(),
        )
    }

    /// Pieces as they come.
    pub(crate) fn pieces(pieces: impl futures_util::Stream<Item = Bytes> + Send + 'static) -> Self {
        let frames = futures_util::StreamExt::map(pieces, |piece| Ok(Frame::data(piece)));
        Self(StreamBody::new(frames).boxed_unsync())
    }

    /// A file, read as it is sent, and its size.
    pub(crate) async fn file(path: &Path) -> io::Result<(Self, u64)> {
        let file = File::open(path).await?;
        let size = file.metadata().await?.len();
        let pieces = stream::unfold(file, |mut file| async move {
            let mut piece = vec![0; PIECE];
            match file.read(&mut piece).await {
                Ok(0) => None,
                Ok(length) => {
                    piece.truncate(length);
                    Some((Ok(Frame::data(Bytes::from(piece))), file))
                }
                Err(error) => Some((Err(error), file)),
            }
        });
        Ok((Self(StreamBody::new(pieces).boxed_unsync()), size))
    }
}

impl HttpBody for Body {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        Pin::new(&mut self.0).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.size_hint()
    }
}

/// A body that was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyError {
    /// It has more bytes than are taken.
    TooLarge,
    /// It did not come in time.
    TooSlow,
    /// The connection was lost in the middle.
    Lost,
}

/// Reads a body: at most so many bytes, and not slower than a pace after the first wait.
pub(crate) async fn read<B>(
    mut body: B,
    bytes_max: usize,
    patience: Duration,
) -> Result<Bytes, BodyError>
where
    B: HttpBody<Data = Bytes> + Unpin,
{
    if body.size_hint().lower() > bytes_max as u64 {
        return Err(BodyError::TooLarge);
    }
    let started = Instant::now();
    let mut pieces: Vec<u8> = Vec::new();
    loop {
        let earned = Duration::from_secs((pieces.len() / SLOWEST_PACE) as u64);
        let frame = timeout_at(started + patience + earned, body.frame()).await;
        let frame = match frame.map_err(|_| BodyError::TooSlow)? {
            None => return Ok(Bytes::from(pieces)),
            Some(frame) => frame.map_err(|_| BodyError::Lost)?,
        };
        if let Some(bytes) = frame.data_ref() {
            if pieces.len() + bytes.len() > bytes_max {
                return Err(BodyError::TooLarge);
            }
            pieces.extend_from_slice(bytes);
        }
    }
}
