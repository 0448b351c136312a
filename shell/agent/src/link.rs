//! One WebSocket to the control plane that comes back whenever it is lost. What is sent while it is down is gone: whoever uses
//! it says everything anew when it is up again.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::sync::{Notify, mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error as WsError, Message};
use tracing::{debug, info, warn};

use crate::net::{Dialer, Stream};

const FIRST_PAUSE: Duration = Duration::from_millis(100);
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
/// Control pings every 30 s; silence for longer than this means that the way is dead, whatever TCP believes.
const SILENCE_MAX: Duration = Duration::from_secs(90);
const MESSAGE_BYTES_MAX: usize = 16 * 1024 * 1024;

/// What a link tells its owner.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum LinkEvent {
    /// Connected; nothing of before counts any more.
    Up,
    /// A message.
    Text(String),
    /// Lost; it is being made anew.
    Down,
    /// Closed by control for good (1000).
    Ended,
    /// Control answers with this HTTP status; it is tried again.
    Refused(u16),
}

/// What an owner makes of the events, for the one channel on which it hears everything.
pub(crate) type Tell<E> = fn(&str, LinkEvent) -> E;

/// The owner's end.
pub(crate) struct Link {
    outbox: mpsc::Sender<String>,
    url: watch::Sender<String>,
    cut: Arc<Notify>,
    task: JoinHandle<()>,
}

/// How a link behaves.
#[derive(Clone)]
pub(crate) struct LinkOptions {
    pub(crate) dialer: Dialer,
    pub(crate) outbox_max: usize,
    pub(crate) pause_max: Duration,
    /// For log lines.
    pub(crate) name: String,
}

impl Link {
    /// Starts to connect. Events go to the sender, in order.
    pub(crate) fn start<E: Send + 'static>(
        url: String,
        options: LinkOptions,
        events: mpsc::Sender<E>,
        tell: Tell<E>,
    ) -> Self {
        let (outbox, to_send) = mpsc::channel(options.outbox_max);
        let (url, urls) = watch::channel(url);
        let cut = Arc::new(Notify::new());
        let events = Events {
            name: options.name.clone(),
            events,
            tell,
        };
        let task = tokio::spawn(keep(options, urls, (to_send, Arc::clone(&cut)), events));
        Self {
            outbox,
            url,
            cut,
            task,
        }
    }

    /// Sends a message, if there is a connection. One that does not keep up is cut and made anew.
    pub(crate) fn send(&self, text: String) {
        if self.outbox.try_send(text).is_err() {
            self.cut.notify_one();
        }
    }

    /// The address for the next connects.
    pub(crate) fn set_url(&self, url: String) {
        self.url.send_replace(url);
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Events<E> {
    name: String,
    events: mpsc::Sender<E>,
    tell: Tell<E>,
}

impl<E> Events<E> {
    async fn send(&self, event: LinkEvent) -> Result<(), ()> {
        self.events
            .send((self.tell)(&self.name, event))
            .await
            .map_err(drop)
    }
}

async fn keep<E>(
    options: LinkOptions,
    urls: watch::Receiver<String>,
    (mut to_send, cut): (mpsc::Receiver<String>, Arc<Notify>),
    events: Events<E>,
) {
    let mut pause = FIRST_PAUSE;
    loop {
        let url = urls.borrow().clone();
        let event = match connect(&options, &url).await {
            Ok(socket) => {
                pause = FIRST_PAUSE;
                while to_send.try_recv().is_ok() {}
                info!(link = options.name, "connected to control");
                if events.send(LinkEvent::Up).await.is_err() {
                    return;
                }
                pump(socket, &mut to_send, &cut, &events).await
            }
            Err(event) => event,
        };
        let ended = event == LinkEvent::Ended;
        if let LinkEvent::Refused(status) = event {
            warn!(
                link = options.name,
                status, "control refuses the connection; trying again"
            );
        } else {
            debug!(link = options.name, ?event, "no connection to control");
        }
        if events.send(event).await.is_err() || ended {
            return;
        }
        sleep(pause).await;
        pause = (pause * 2).min(options.pause_max);
    }
}

type Socket = WebSocketStream<Box<dyn Stream>>;

async fn connect(options: &LinkOptions, url: &str) -> Result<Socket, LinkEvent> {
    let uri = url.parse().map_err(|_| LinkEvent::Down)?;
    let stream = options
        .dialer
        .connect(&uri)
        .await
        .map_err(|_| LinkEvent::Down)?;
    let config = WebSocketConfig::default()
        .max_message_size(Some(MESSAGE_BYTES_MAX))
        .max_frame_size(Some(MESSAGE_BYTES_MAX));
    let handshake = tokio_tungstenite::client_async_with_config(url, stream, Some(config));
    match timeout(HANDSHAKE_TIMEOUT, handshake).await {
        Ok(Ok((socket, _))) => Ok(socket),
        Ok(Err(WsError::Http(answer))) => Err(LinkEvent::Refused(answer.status().as_u16())),
        Ok(Err(_)) | Err(_) => Err(LinkEvent::Down),
    }
}

/// Moves messages both ways until the connection is lost.
async fn pump<E>(
    mut socket: Socket,
    to_send: &mut mpsc::Receiver<String>,
    cut: &Notify,
    events: &Events<E>,
) -> LinkEvent {
    let mut heard = Instant::now();
    loop {
        tokio::select! {
            message = socket.next() => {
                heard = Instant::now();
                match message {
                    Some(Ok(Message::Text(text))) => {
                        if events.send(LinkEvent::Text(text.as_str().to_owned())).await.is_err() {
                            return LinkEvent::Ended;
                        }
                    }
                    Some(Ok(Message::Close(frame))) => {
                        let normal = frame.is_some_and(|frame| u16::from(frame.code) == 1000);
                        return if normal { LinkEvent::Ended } else { LinkEvent::Down };
                    }
                    Some(Ok(Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                    Some(Err(_)) | None => return LinkEvent::Down,
                }
            }
            text = to_send.recv() => {
                let Some(text) = text else { return LinkEvent::Ended };
                if socket.send(Message::text(text)).await.is_err() {
                    return LinkEvent::Down;
                }
            }
            () = cut.notified() => {
                warn!("a link does not keep up and is made anew");
                return LinkEvent::Down;
            }
            () = sleep_until(heard + SILENCE_MAX) => return LinkEvent::Down,
        }
    }
}
