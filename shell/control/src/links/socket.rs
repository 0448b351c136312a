//! One WebSocket: requests go to the writer in their order, answers and pushes come back in the order of its commits.

use std::sync::Arc;

use futures_util::{SinkExt as _, StreamExt as _};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serversdk::{BadMessage, Refusal};
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};
use tracing::debug;
use world::{LinkId, World};

use super::{Hub, Links, Outgoing};
use crate::writer::{Unanswered, Writer};

/// Who is at the other end of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peer {
    /// A server process.
    Server,
    /// The agent of a compute.
    Agent,
    /// A machine that offers itself.
    Machine,
}

type Socket = WebSocketStream<TokioIo<Upgraded>>;

impl Links {
    /// Serves a link until one of the two sides ends it.
    pub(super) async fn serve(
        self: &Arc<Self>,
        peer: Peer,
        link: LinkId,
        stream: Upgraded,
        mut to_send: mpsc::Receiver<Outgoing>,
    ) {
        let config = WebSocketConfig::default()
            // Thousands of links hold a buffer each and hardly ever speak.
            .read_buffer_size(8 * 1024)
            .max_message_size(Some(self.message_bytes_max))
            .max_frame_size(Some(self.message_bytes_max));
        let mut socket =
            WebSocketStream::from_raw_socket(TokioIo::new(stream), Role::Server, Some(config))
                .await;
        let mut pings = interval(self.ping);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut heard = Instant::now();
        loop {
            tokio::select! {
                message = socket.next() => {
                    heard = Instant::now();
                    match message {
                        Some(Ok(Message::Text(text))) => {
                            if self.take(peer, link, text.as_str()).await.is_err() {
                                break;
                            }
                        }
                        Some(Ok(Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                        Some(Ok(Message::Close(_))) | None => break,
                        Some(Err(error)) => {
                            if matches!(error, Error::Capacity(_)) {
                                self.close(&mut socket, 1009).await;
                            }
                            debug!(link = link.0, %error, "link lost");
                            break;
                        }
                    }
                }
                outgoing = to_send.recv() => match outgoing {
                    Some(Outgoing::Text(text)) => {
                        if self.send(&mut socket, text, &mut to_send).await.is_err() {
                            break;
                        }
                    }
                    Some(Outgoing::Close(code)) => {
                        self.close(&mut socket, code).await;
                        break;
                    }
                    // Cut off by the hub: no close frame, so that the SDK connects anew.
                    None => break,
                },
                _ = pings.tick() => {
                    if heard.elapsed() > self.ping * 3 {
                        debug!(link = link.0, "no sign of life, link cut off");
                        break;
                    }
                    if timeout(self.ping, socket.send(Message::Ping(Default::default()))).await.is_err() {
                        break;
                    }
                }
            }
        }
    }

    /// Sends one message and all that wait behind it, and flushes once.
    async fn send(
        &self,
        socket: &mut Socket,
        first: String,
        to_send: &mut mpsc::Receiver<Outgoing>,
    ) -> Result<(), ()> {
        let sending = async {
            socket.feed(Message::text(first)).await.map_err(drop)?;
            while let Ok(outgoing) = to_send.try_recv() {
                match outgoing {
                    Outgoing::Text(text) => socket.feed(Message::text(text)).await.map_err(drop)?,
                    Outgoing::Close(code) => {
                        self.close(socket, code).await;
                        return Err(());
                    }
                }
            }
            socket.flush().await.map_err(drop)
        };
        // A peer that takes nothing for so long is as good as gone.
        timeout(self.ping * 2, sending).await.unwrap_or(Err(()))
    }

    async fn close(&self, socket: &mut Socket, code: u16) {
        let frame = CloseFrame {
            code: CloseCode::from(code),
            reason: "".into(),
        };
        let farewell = async {
            socket.close(Some(frame)).await?;
            while socket.next().await.transpose()?.is_some() {}
            Ok::<(), Error>(())
        };
        // The peer may be gone already; then there is nobody to say farewell to.
        let _ = timeout(std::time::Duration::from_secs(2), farewell).await;
    }

    /// Hands a message to the writer.
    async fn take(&self, peer: Peer, link: LinkId, text: &str) -> Result<(), Unanswered> {
        let (writer, hub) = (&self.writer, &self.hub);
        match peer {
            Peer::Server => {
                forward(writer, hub, link, text, move |world, request, now, mint| {
                    world.server_request(link, request, now, mint)
                })
                .await
            }
            Peer::Agent => {
                forward(writer, hub, link, text, move |world, request, now, mint| {
                    world.agent_request(link, request, now, mint)
                })
                .await
            }
            Peer::Machine => {
                forward(writer, hub, link, text, move |world, request, now, mint| {
                    world.machine_request(link, request, now, mint)
                })
                .await
            }
        }
    }
}

async fn forward<Q, A, F>(
    writer: &Writer,
    hub: &Hub,
    link: LinkId,
    text: &str,
    run: F,
) -> Result<(), Unanswered>
where
    Q: DeserializeOwned + Send + 'static,
    A: Serialize + Send + 'static,
    F: FnOnce(&mut World, Q, ids::Time, &mut ids::Mint) -> Result<A, Refusal> + Send + 'static,
{
    let parsed = match serversdk::parse_request::<Q>(text) {
        Ok(parsed) => parsed,
        Err(bad) => {
            refuse(hub, link, &bad);
            return Ok(());
        }
    };
    let serversdk::Parsed {
        action,
        request_id,
        request,
    } = parsed;
    let hub = hub.clone();
    writer
        .tell(
            move |world, now, mint| run(world, request, now, mint),
            move |outcome| {
                hub.send(
                    link,
                    Outgoing::Text(serversdk::answer(&action, &request_id, &outcome)),
                )
            },
        )
        .await
}

fn refuse(hub: &Hub, link: LinkId, bad: &BadMessage) {
    debug!(link = link.0, %bad, "message not understood");
    let outcome: Result<(), Refusal> = Err(bad.refusal());
    hub.send(
        link,
        Outgoing::Text(serversdk::answer(&bad.action, &bad.request_id, &outcome)),
    );
}
