//! What the figures are compared with: the least that does the same work over the same sockets, without rules, limits or scripts.

use anyhow::Result;
use bytes::Bytes;
use futures_util::{SinkExt as _, StreamExt as _};
use http_body_util::{BodyExt as _, Full};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::rc::Rc;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::LocalSet;
use tokio_tungstenite::accept_async;
use tokio_tungstenite::tungstenite::protocol::Message as WsMessage;
use wire::{Message, Packet, op, peer};

type Everybody = Rc<RefCell<BTreeMap<i32, UnboundedSender<Bytes>>>>;

async fn listen() -> Result<TcpListener> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    let mut out = std::io::stdout();
    writeln!(out, r#"{{"event":"ready","tcpPort":{port}}}"#)?;
    out.flush()?;
    Ok(listener)
}

/// Lets everybody in and passes on every message as it came, to one or to all.
pub(crate) async fn relay() -> Result<()> {
    let listener = listen().await?;
    let everybody = Everybody::default();
    let serve = async {
        for peer_id in 1.. {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            tokio::task::spawn_local(player(stream, peer_id, Rc::clone(&everybody)));
        }
        Ok(())
    };
    LocalSet::new().run_until(serve).await
}

/// A player whose connection breaks is gone; that is all there is to say about it.
async fn player(stream: TcpStream, peer_id: i32, everybody: Everybody) {
    let Ok(socket) = accept_async(stream).await else {
        return;
    };
    let (sink, mut stream) = socket.split();
    let (to_me, for_me) = unbounded_channel();
    tokio::task::spawn_local(write(sink, for_me));
    while let Some(Ok(message)) = stream.next().await {
        let WsMessage::Binary(bytes) = message else {
            continue;
        };
        let Ok(packet) = wire::decode(&mut bytes.clone()) else {
            break;
        };
        if packet.op_code == op::LOGIN {
            everybody.borrow_mut().insert(peer_id, to_me.clone());
            let _ = to_me.send(welcome(peer_id));
            continue;
        }
        let others = everybody.borrow();
        if packet.target_group == peer::ALL_PLAYERS {
            for other in others.values() {
                let _ = other.send(bytes.clone());
            }
        } else if let Some(other) = others.get(&packet.target_player) {
            let _ = other.send(bytes);
        }
    }
    everybody.borrow_mut().remove(&peer_id);
}

type Sink =
    futures_util::stream::SplitSink<tokio_tungstenite::WebSocketStream<TcpStream>, WsMessage>;

async fn write(mut sink: Sink, mut for_me: UnboundedReceiver<Bytes>) {
    while let Some(bytes) = for_me.recv().await {
        if sink.feed(WsMessage::Binary(bytes)).await.is_err() {
            return;
        }
        while let Ok(bytes) = for_me.try_recv() {
            if sink.feed(WsMessage::Binary(bytes)).await.is_err() {
                return;
            }
        }
        if sink.flush().await.is_err() {
            return;
        }
    }
}

fn welcome(peer_id: i32) -> Bytes {
    wire::encode(&Packet {
        op_code: op::LOGIN_RESPONSE,
        target_player: peer_id,
        sender: peer::SERVER,
        reliable: true,
        message: Some(Message::LoginResult {
            success: true,
            reconnect_token: "t".into(),
            peer_id,
            fast_port: 1,
            ca_cert: Bytes::new(),
            connect_token: String::new(),
        }),
        ..Packet::default()
    })
}

/// Answers every request with the same small object.
pub(crate) async fn http() -> Result<()> {
    let listener = listen().await?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let answer = service_fn(|request: Request<hyper::body::Incoming>| async {
            request.into_body().collect().await?;
            Ok::<_, hyper::Error>(Response::new(Full::new(Bytes::from_static(
                br#"{"PlayerSession":{"PlayerSessionId":"psess-1","Status":"RESERVED"}}"#,
            ))))
        });
        tokio::spawn(
            hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), answer),
        );
    }
}
