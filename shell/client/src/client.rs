//! The game's handles of a connection.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::net::{TcpStream, UdpSocket, lookup_host};
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use crate::task::{Command, Task};
use crate::{ConnectError, Event, Fast, Intent, Options, SendError, Statistics, Target};

/// Payload bytes that a message may have.
pub(crate) const PAYLOAD_BYTES_MAX: usize = 4096;
/// Larger messages of the server end the connection.
const MESSAGE_BYTES_MAX: usize = 4 * 1024 * 1024;

/// The sending side of a connection; cheap to clone. When every clone is dropped the connection is closed.
#[derive(Clone, Debug)]
pub struct Client {
    peer_id: i32,
    commands: mpsc::Sender<Command>,
    statistics: Arc<Mutex<Statistics>>,
}

/// The receiving side of a connection.
#[derive(Debug)]
pub struct Events(mpsc::Receiver<Event>);

/// Connects and logs in. The connection is served by a task on the current tokio runtime.
///
/// # Errors
/// Each says what to do about it; see [`ConnectError`].
pub async fn connect(options: Options) -> Result<(Client, Events), ConnectError> {
    let limit = options.connect_timeout;
    match tokio::time::timeout(limit, connect_in_time(options)).await {
        Ok(outcome) => outcome,
        Err(_) => Err(ConnectError::TimedOut {
            seconds: limit.as_secs(),
        }),
    }
}

async fn connect_in_time(options: Options) -> Result<(Client, Events), ConnectError> {
    let (socket, server) = dial(&options).await?;
    let udp = match options.fast {
        Fast::Off => None,
        Fast::AnyPort => Some(listen(server, 0).await?),
        Fast::Port(port) => Some(listen(server, port).await?),
    };
    let (event_sender, events) = mpsc::channel(options.events_max.max(1));
    let (commands, command_receiver) = mpsc::channel(options.commands_max.max(1));
    let statistics = Arc::new(Mutex::new(Statistics::default()));
    let mut task = Task::new(&options, socket, server, udp, Arc::clone(&statistics));
    let peer_id = task.log_in().await?;
    tokio::spawn(task.run(command_receiver, event_sender));
    let client = Client {
        peer_id,
        commands,
        statistics,
    };
    Ok((client, Events(events)))
}

/// Tries every address of the host in turn.
async fn dial(options: &Options) -> Result<(WebSocketStream<TcpStream>, SocketAddr), ConnectError> {
    let host = options.host.trim_matches(['[', ']']);
    let no_address = || ConnectError::NoAddress {
        host: options.host.clone(),
    };
    let addresses = lookup_host((host, options.tcp_port))
        .await
        .map_err(|_| no_address())?;
    let mut last = no_address();
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => return upgrade(stream, address).await,
            Err(source) => {
                last = ConnectError::Unreachable {
                    address: address.to_string(),
                    source,
                };
            }
        }
    }
    Err(last)
}

async fn upgrade(
    stream: TcpStream,
    address: SocketAddr,
) -> Result<(WebSocketStream<TcpStream>, SocketAddr), ConnectError> {
    // Fails only on a connection that is gone, which the next step finds out.
    let _ = stream.set_nodelay(true);
    let config = WebSocketConfig::default()
        .read_buffer_size(16 * 1024)
        .max_message_size(Some(MESSAGE_BYTES_MAX))
        .max_frame_size(Some(MESSAGE_BYTES_MAX));
    let url = format!("ws://{address}/websocket");
    match client_async_with_config(url, stream, Some(config)).await {
        Ok((socket, _)) => Ok((socket, address)),
        Err(error) => Err(ConnectError::NotRealtime {
            address: address.to_string(),
            reason: error.to_string(),
        }),
    }
}

async fn listen(server: SocketAddr, port: u16) -> Result<UdpSocket, ConnectError> {
    let any: SocketAddr = if server.is_ipv4() {
        ([0, 0, 0, 0], port).into()
    } else {
        ([0; 8], port).into()
    };
    UdpSocket::bind(any)
        .await
        .map_err(|source| ConnectError::UdpPort { port, source })
}

impl Client {
    /// The player's own peer id in the game session.
    pub const fn peer_id(&self) -> i32 {
        self.peer_id
    }

    /// Sends a message. Waits when the queue of commands is full.
    ///
    /// # Errors
    /// When it is too large or the connection is closed. A fast message that is lost on its way is no error.
    pub async fn send(
        &self,
        op_code: i32,
        target: Target,
        intent: Intent,
        payload: impl Into<Bytes>,
    ) -> Result<(), SendError> {
        let payload = payload.into();
        if payload.len() > PAYLOAD_BYTES_MAX {
            return Err(SendError::TooLarge {
                size: payload.len(),
            });
        }
        self.command(Command::Send {
            op_code,
            target,
            intent,
            payload,
        })
        .await
    }

    /// Asks to be a member of a group (above 0). The answer is an [`Event::GroupMembership`], with or without us in it.
    ///
    /// # Errors
    /// When the group cannot be joined at all or the connection is closed.
    pub async fn join_group(&self, group: i32) -> Result<(), SendError> {
        self.group_command(group, Command::Join(group)).await
    }

    /// Asks to leave a group. The answer is an [`Event::GroupMembership`].
    ///
    /// # Errors
    /// As [`Client::join_group`].
    pub async fn leave_group(&self, group: i32) -> Result<(), SendError> {
        self.group_command(group, Command::Leave(group)).await
    }

    /// Asks who is in a group; -1 is everybody. The answer is an [`Event::GroupMembership`].
    ///
    /// # Errors
    /// When the connection is closed.
    pub async fn request_group_membership(&self, group: i32) -> Result<(), SendError> {
        self.command(Command::Members(group)).await
    }

    /// Leaves the game session: what was sent before is delivered first. The last event tells when it is done.
    ///
    /// # Errors
    /// When the connection is closed already.
    pub async fn disconnect(&self) -> Result<(), SendError> {
        self.command(Command::Disconnect).await
    }

    /// What the connection has done so far.
    pub fn statistics(&self) -> Statistics {
        *self
            .statistics
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    async fn group_command(&self, group: i32, command: Command) -> Result<(), SendError> {
        if group <= 0 {
            return Err(SendError::BadGroup { group });
        }
        self.command(command).await
    }

    async fn command(&self, command: Command) -> Result<(), SendError> {
        self.commands
            .send(command)
            .await
            .map_err(|_| SendError::Closed)
    }
}

impl Events {
    /// The next event; `None` after [`Event::Closed`].
    pub async fn next(&mut self) -> Option<Event> {
        self.0.recv().await
    }

    /// The next event, unless none comes in time.
    pub async fn next_within(&mut self, limit: Duration) -> Option<Event> {
        tokio::time::timeout(limit, self.next())
            .await
            .ok()
            .flatten()
    }

    /// The next event that has come already.
    pub fn try_next(&mut self) -> Option<Event> {
        self.0.try_recv().ok()
    }
}
