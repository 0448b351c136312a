//! Follows a log file for somebody who watches: what is there already, then what is written, in pieces of whole lines.

use std::path::PathBuf;
use std::time::Duration;

use tokio::fs::File;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _, SeekFrom};
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval};

const LOOK_EVERY: Duration = Duration::from_millis(200);
/// Text of one message.
const PIECE_BYTES_MAX: u64 = 64 * 1024;
/// Of what is there already, at most so much is sent.
const BACKLOG_BYTES_MAX: u64 = 1024 * 1024;

/// Sends a file's text until the task is ended or nobody listens.
pub(crate) async fn follow(path: PathBuf, pieces: mpsc::Sender<String>) {
    let mut looks = interval(LOOK_EVERY);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut at: Option<u64> = None;
    loop {
        looks.tick().await;
        // A file that is not there yet will come; one that was cut starts again from its new beginning.
        let Ok(metadata) = tokio::fs::metadata(&path).await else {
            continue;
        };
        let length = metadata.len();
        let mut from = at.unwrap_or_else(|| length.saturating_sub(BACKLOG_BYTES_MAX));
        if length < from {
            from = 0;
        }
        while from < length {
            let Some(text) = piece(&path, from).await else {
                break;
            };
            from += text.len() as u64;
            if pieces
                .send(String::from_utf8_lossy(&text).into_owned())
                .await
                .is_err()
            {
                return;
            }
        }
        at = Some(from);
    }
}

/// Whole lines from there; a line longer than a piece comes in parts. None: there is no whole line yet.
async fn piece(path: &PathBuf, from: u64) -> Option<Vec<u8>> {
    let mut file = File::open(path).await.ok()?;
    file.seek(SeekFrom::Start(from)).await.ok()?;
    let mut bytes = Vec::new();
    file.take(PIECE_BYTES_MAX)
        .read_to_end(&mut bytes)
        .await
        .ok()?;
    let end = bytes.iter().rposition(|byte| *byte == b'\n');
    match end {
        Some(end) => bytes.truncate(end + 1),
        None if bytes.len() as u64 == PIECE_BYTES_MAX => {}
        None => return None,
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    #[tokio::test]
    async fn lines_come_whole_and_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let (send, mut pieces) = mpsc::channel(16);
        let task = tokio::spawn(follow(path.clone(), send));
        let mut file = std::fs::File::create(&path).unwrap();
        file.write_all(b"one\ntw").unwrap();
        assert_eq!(pieces.recv().await.unwrap(), "one\n");
        file.write_all(b"o\nthree\n").unwrap();
        assert_eq!(pieces.recv().await.unwrap(), "two\nthree\n");
        file.set_len(0).unwrap();
        drop(file);
        let mut file = std::fs::File::create(&path).unwrap();
        file.write_all(b"four\n").unwrap();
        assert_eq!(pieces.recv().await.unwrap(), "four\n");
        task.abort();
    }
}
