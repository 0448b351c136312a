//! A chat for the terminal: every line goes to everybody in the game session. Runs against any Realtime server, such as
//! `hoist dev examples/relay`: `cargo run -p hoist-client --example chat -- 127.0.0.1 1900 ann`.

use std::error::Error;

use hoist_client::{Event, Intent, Options, Target, connect};
use tokio::io::{AsyncBufReadExt, BufReader};

/// What our messages are called; any number will do, as long as all players agree.
const CHAT: i32 = 10;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [host, port, player_session_id] = &arguments[..] else {
        return Err("usage: chat HOST PORT PLAYER_SESSION_ID".into());
    };
    chat(Options::new(host, port.parse()?, player_session_id)).await
}

#[expect(clippy::print_stdout, reason = "a program for the terminal")]
async fn chat(options: Options) -> Result<(), Box<dyn Error>> {
    let (client, mut events) = connect(options).await?;
    println!("you are player {}", client.peer_id());
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    let mut typing = true;
    loop {
        tokio::select! {
            event = events.next() => match event {
                Some(Event::Message(message)) if message.op_code == CHAT => {
                    println!("{}: {}", message.sender, String::from_utf8_lossy(&message.payload));
                }
                Some(Event::Message(_) | Event::GroupMembership { .. } | Event::FastChannel { .. }) => {}
                Some(Event::Closed { reason, .. }) => {
                    println!("over: {reason}");
                    return Ok(());
                }
                None => return Ok(()),
            },
            line = lines.next_line(), if typing => match line? {
                Some(line) => client.send(CHAT, Target::EVERYBODY, Intent::Reliable, line).await?,
                None => {
                    typing = false;
                    client.disconnect().await?;
                }
            },
        }
    }
}
