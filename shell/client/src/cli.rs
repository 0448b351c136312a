//! `hoist player`: a player for the terminal and for scripts. Commands come as lines, events go out as lines of JSON.

use std::fmt::Write as _;
use std::future::Future;
use std::io;

use bytes::Bytes;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncWrite, AsyncWriteExt};

use crate::{Client, ConnectError, Event, Intent, Options, SendError, Statistics, Target, connect};

/// Longer lines are refused.
const LINE_BYTES_MAX: u64 = 64 * 1024;

/// One command of the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// `send OP server|peer N|group N [fast|reliable] [TEXT|hex:..]`
    Send {
        /// Any number.
        op_code: i32,
        /// To whom.
        target: Target,
        /// How; fast when not said, as in every Realtime client.
        intent: Intent,
        /// What.
        payload: Bytes,
    },
    /// `join N`
    Join(i32),
    /// `leave N`
    Leave(i32),
    /// `members N`
    Members(i32),
    /// `stats`
    Stats,
    /// `disconnect`
    Disconnect,
}

const USAGE: &str = "commands are: send OP server|peer N|group N [fast|reliable] TEXT|hex:.., join N, leave N, members N, stats, disconnect";

/// Reads one command; the error says what was expected.
pub fn parse(line: &str) -> Result<Command, String> {
    let mut words = Words(line.trim());
    let command = match words.next() {
        Some("send") => return parse_send(words),
        Some("join") => Command::Join(words.number("a group")?),
        Some("leave") => Command::Leave(words.number("a group")?),
        Some("members") => Command::Members(words.number("a group")?),
        Some("stats") => Command::Stats,
        Some("disconnect") => Command::Disconnect,
        Some(other) => return Err(format!("unknown command {other:?}; {USAGE}")),
        None => return Err(format!("empty line; {USAGE}")),
    };
    match words.next() {
        None => Ok(command),
        Some(extra) => Err(format!("{extra:?} is too much; {USAGE}")),
    }
}

fn parse_send(mut words: Words<'_>) -> Result<Command, String> {
    let op_code = words.number("an op code")?;
    let target = match words.next() {
        Some("server") => Target::Server,
        Some("peer") => Target::Player(words.number("a peer id")?),
        Some("group") => Target::Group(words.number("a group")?),
        Some(other) => {
            return Err(format!(
                "{other:?} is no target: use server, peer N or group N"
            ));
        }
        None => return Err("send needs a target: server, peer N or group N".into()),
    };
    let intent = words.intent().unwrap_or(Intent::Fast);
    let text = words.0;
    let payload = match text.strip_prefix("hex:") {
        Some(digits) => Bytes::from(unhex(digits)?),
        None => Bytes::copy_from_slice(text.as_bytes()),
    };
    Ok(Command::Send {
        op_code,
        target,
        intent,
        payload,
    })
}

/// Words of a line, and what is left of it as it stands.
struct Words<'a>(&'a str);

impl<'a> Words<'a> {
    fn next(&mut self) -> Option<&'a str> {
        let rest = self.0.trim_start();
        if rest.is_empty() {
            return None;
        }
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let (word, rest) = rest.split_at(end);
        self.0 = rest.trim_start();
        Some(word)
    }

    fn number(&mut self, what: &str) -> Result<i32, String> {
        let word = self
            .next()
            .ok_or_else(|| format!("{what} is missing; {USAGE}"))?;
        word.parse()
            .map_err(|_| format!("{word:?} is not {what}: use a whole number of 32 bits"))
    }

    fn intent(&mut self) -> Option<Intent> {
        let before = self.0;
        match self.next() {
            Some("fast") => Some(Intent::Fast),
            Some("reliable") => Some(Intent::Reliable),
            Some(_) | None => {
                self.0 = before;
                None
            }
        }
    }
}

fn unhex(digits: &str) -> Result<Vec<u8>, String> {
    let bad = || format!("{digits:?} is not hexadecimal: use pairs of 0-9 and a-f");
    let digits: Vec<u8> = digits
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    if !digits.len().is_multiple_of(2) {
        return Err(bad());
    }
    let nibble = |byte: u8| char::from(byte).to_digit(16).ok_or_else(bad);
    digits
        .chunks_exact(2)
        .map(|pair| Ok((nibble(pair[0])? * 16 + nibble(pair[1])?) as u8))
        .collect()
}

/// Connects, then carries out commands and reports events until the connection or the user ends it. The end of the input is not
/// the end of the player: it goes on listening until the server or [`Command::Disconnect`] ends it.
///
/// # Errors
/// When there is no connection, or the output is gone.
pub async fn run(
    options: Options,
    input: impl AsyncBufRead + Unpin,
    mut output: impl AsyncWrite + Unpin,
    stop: impl Future<Output = ()>,
) -> Result<(), Failure> {
    let (client, mut events) = connect(options).await?;
    let logged_in = object("loggedIn").number("peerId", client.peer_id()).end();
    write(&mut output, &logged_in).await?;
    let mut lines = Lines(Some(input));
    let mut stop = std::pin::pin!(stop);
    let mut stopping = false;
    loop {
        tokio::select! {
            event = events.next() => {
                let closed = matches!(event, None | Some(Event::Closed { .. }));
                if let Some(event) = event {
                    write(&mut output, &event_line(&event)).await?;
                }
                if closed {
                    return Ok(());
                }
            }
            line = lines.next(), if !stopping => {
                let answer = match line? {
                    Ok(line) => obey(&client, &line, &mut stopping).await,
                    Err(reason) => Some(error_line(&reason)),
                };
                if let Some(answer) = answer {
                    write(&mut output, &answer).await?;
                }
            }
            () = &mut stop, if !stopping => {
                stopping = true;
                let _ = client.disconnect().await;
            }
        }
    }
}

/// Why `hoist player` ended without success.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// No connection.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// Input or output are gone.
    #[error("standard input or output is gone: {0}")]
    Io(#[from] io::Error),
}

async fn obey(client: &Client, line: &str, stopping: &mut bool) -> Option<String> {
    if line.trim().is_empty() {
        return None;
    }
    let outcome: Result<(), SendError> = match parse(line) {
        Err(reason) => return Some(error_line(&reason)),
        Ok(Command::Send {
            op_code,
            target,
            intent,
            payload,
        }) => client.send(op_code, target, intent, payload).await,
        Ok(Command::Join(group)) => client.join_group(group).await,
        Ok(Command::Leave(group)) => client.leave_group(group).await,
        Ok(Command::Members(group)) => client.request_group_membership(group).await,
        Ok(Command::Stats) => return Some(stats_line(&client.statistics())),
        Ok(Command::Disconnect) => {
            *stopping = true;
            client.disconnect().await
        }
    };
    outcome.err().map(|error| error_line(&error.to_string()))
}

/// Lines of bounded length.
struct Lines<R>(Option<R>);

impl<R: AsyncBufRead + Unpin> Lines<R> {
    /// The next line, or why it is refused. Waits for ever after the end.
    async fn next(&mut self) -> io::Result<Result<String, String>> {
        let Some(reader) = &mut self.0 else {
            return std::future::pending().await;
        };
        let mut line = Vec::new();
        let mut too_long = false;
        loop {
            let part = reader.fill_buf().await?;
            if part.is_empty() {
                self.0 = None;
                break;
            }
            let end = part.iter().position(|byte| *byte == b'\n');
            let taken = end.map_or(part.len(), |end| end + 1);
            too_long |= (line.len() + taken) as u64 > LINE_BYTES_MAX;
            if !too_long {
                line.extend_from_slice(&part[..taken]);
            }
            reader.consume(taken);
            if end.is_some() {
                break;
            }
        }
        if too_long {
            return Ok(Err(format!(
                "line longer than {LINE_BYTES_MAX} bytes refused"
            )));
        }
        Ok(String::from_utf8(line).map_err(|_| "line is not UTF-8; use hex: for bytes".into()))
    }
}

async fn write(output: &mut (impl AsyncWrite + Unpin), line: &str) -> io::Result<()> {
    output.write_all(line.as_bytes()).await?;
    output.write_all(b"\n").await?;
    output.flush().await
}

/// The event as one line of JSON.
pub fn event_line(event: &Event) -> String {
    match event {
        Event::Message(message) => {
            let line = object("message")
                .number("sender", message.sender)
                .number("opCode", message.op_code)
                .number("targetPlayer", message.target_player)
                .number("targetGroup", message.target_group)
                .raw("reliable", if message.reliable { "true" } else { "false" });
            let line = match std::str::from_utf8(&message.payload) {
                Ok(text) => line.text("text", text),
                Err(_) => line,
            };
            line.text("hex", &hex(&message.payload)).end()
        }
        Event::GroupMembership {
            group,
            players,
            sender,
        } => {
            let players: Vec<String> = players.iter().map(i32::to_string).collect();
            object("members")
                .number("group", *group)
                .raw("players", &format!("[{}]", players.join(",")))
                .number("sender", *sender)
                .end()
        }
        Event::FastChannel { open } => object("fastChannel")
            .raw("open", if *open { "true" } else { "false" })
            .end(),
        Event::Closed { code, reason } => {
            let line = object("closed");
            let line = match code {
                Some(code) => line.number("code", i32::from(*code)),
                None => line,
            };
            line.text("reason", reason).end()
        }
    }
}

fn stats_line(statistics: &Statistics) -> String {
    let mut line = object("stats");
    for (name, value) in statistics.named() {
        line = line.raw(name, &value.to_string());
    }
    line.end()
}

fn error_line(message: &str) -> String {
    object("error").text("message", message).end()
}

/// A line of JSON under construction.
struct Object(String);

fn object(event: &str) -> Object {
    Object(format!("{{\"event\":\"{event}\""))
}

impl Object {
    fn raw(mut self, name: &str, value: &str) -> Self {
        let _ = write!(self.0, ",\"{name}\":{value}");
        self
    }

    fn number(self, name: &str, value: i32) -> Self {
        self.raw(name, &value.to_string())
    }

    fn text(self, name: &str, value: &str) -> Self {
        let mut quoted = String::with_capacity(value.len() + 2);
        quoted.push('"');
        for c in value.chars() {
            match c {
                '"' => quoted.push_str("\\\""),
                '\\' => quoted.push_str("\\\\"),
                c if c.is_control() => {
                    let _ = write!(quoted, "\\u{:04x}", c as u32);
                }
                c => quoted.push(c),
            }
        }
        quoted.push('"');
        self.raw(name, &quoted)
    }

    fn end(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn send(op_code: i32, target: Target, intent: Intent, payload: &[u8]) -> Command {
        Command::Send {
            op_code,
            target,
            intent,
            payload: Bytes::copy_from_slice(payload),
        }
    }

    #[test]
    fn good_commands() {
        use Intent::{Fast, Reliable};
        let cases = [
            (
                "send 1 server hello  world ",
                send(1, Target::Server, Fast, b"hello  world"),
            ),
            (
                "send -500 peer 2 reliable hi",
                send(-500, Target::Player(2), Reliable, b"hi"),
            ),
            (
                "send 3 group -1 fast hex:00ff 10",
                send(3, Target::Group(-1), Fast, &[0, 255, 16]),
            ),
            ("  send 4 group 7", send(4, Target::Group(7), Fast, b"")),
            (
                "send 5 server reliable",
                send(5, Target::Server, Reliable, b""),
            ),
            (
                "send 6 server faster",
                send(6, Target::Server, Fast, b"faster"),
            ),
            ("join 1", Command::Join(1)),
            ("leave 1", Command::Leave(1)),
            ("members -1", Command::Members(-1)),
            ("stats", Command::Stats),
            ("disconnect", Command::Disconnect),
        ];
        for (line, command) in cases {
            assert_eq!(parse(line), Ok(command), "{line}");
        }
    }

    #[test]
    fn bad_commands_say_what_was_expected() {
        let cases = [
            ("", "empty line"),
            ("jump", "unknown command \"jump\""),
            ("send", "an op code is missing"),
            ("send x server", "\"x\" is not an op code"),
            ("send 1", "needs a target"),
            ("send 1 everybody hi", "\"everybody\" is no target"),
            ("send 1 peer", "a peer id is missing"),
            ("send 1 server hex:0", "not hexadecimal"),
            ("send 1 server hex:zz", "not hexadecimal"),
            ("send 99999999999 server", "32 bits"),
            ("join", "a group is missing"),
            ("join 1 2", "\"2\" is too much"),
        ];
        for (line, part) in cases {
            let error = parse(line).unwrap_err();
            assert!(error.contains(part), "{line}: {error}");
        }
    }

    #[test]
    fn event_lines_are_json() {
        let message = crate::Received {
            op_code: 10,
            sender: -1,
            target_player: 2,
            target_group: 0,
            reliable: true,
            payload: Bytes::from_static(b"a \"b\"\n"),
        };
        let cases = [
            (
                Event::Message(message.clone()),
                r#"{"event":"message","sender":-1,"opCode":10,"targetPlayer":2,"targetGroup":0,"reliable":true,"text":"a \"b\"\u000a","hex":"61202262220a"}"#,
            ),
            (
                Event::Message(crate::Received {
                    payload: Bytes::from_static(&[0xff]),
                    ..message
                }),
                r#"{"event":"message","sender":-1,"opCode":10,"targetPlayer":2,"targetGroup":0,"reliable":true,"hex":"ff"}"#,
            ),
            (
                Event::GroupMembership {
                    group: 3,
                    players: vec![1, 2],
                    sender: 1,
                },
                r#"{"event":"members","group":3,"players":[1,2],"sender":1}"#,
            ),
            (
                Event::FastChannel { open: true },
                r#"{"event":"fastChannel","open":true}"#,
            ),
            (
                Event::Closed {
                    code: Some(1000),
                    reason: "bye".into(),
                },
                r#"{"event":"closed","code":1000,"reason":"bye"}"#,
            ),
        ];
        for (event, line) in cases {
            assert_eq!(event_line(&event), line);
        }
    }
}
