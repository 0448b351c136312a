//! What a server process counts, as Prometheus text on a loopback port (realtime.md X5).

mod report;

pub(crate) use report::{
    CallbackTimes, Put, Traffic, report_callbacks, report_session, report_shell, report_traffic,
};

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::rc::Rc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, timeout};

use crate::Error;
use crate::run::Shared;
use crate::slot::Slot;

/// The slots that are alive.
#[derive(Default)]
pub(crate) struct Registry(RefCell<Vec<(String, Rc<Slot>)>>);

impl Registry {
    pub(crate) fn add(&self, process_id: &str, slot: &Rc<Slot>) {
        self.0
            .borrow_mut()
            .push((process_id.to_owned(), Rc::clone(slot)));
    }

    pub(crate) fn remove(&self, slot: &Rc<Slot>) {
        self.0
            .borrow_mut()
            .retain(|(_, own)| !Rc::ptr_eq(own, slot));
    }
}

/// Opens the port and serves it for as long as the event loop runs.
pub(crate) fn serve(shared: &Rc<Shared>, port: u16) -> Result<(), Error> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let listener = std::net::TcpListener::bind(address)
        .and_then(|listener| {
            listener.set_nonblocking(true)?;
            TcpListener::from_std(listener)
        })
        .map_err(|source| Error::Bind {
            protocol: "TCP",
            address,
            source,
        })?;
    if let Ok(address) = listener.local_addr() {
        shared.events.tell(crate::Event::Metrics {
            port: address.port(),
        });
    }
    let lag = Rc::new(RefCell::new(Duration::ZERO));
    tokio::task::spawn_local(measure_lag(Rc::clone(&lag)));
    let shared = Rc::downgrade(shared);
    tokio::task::spawn_local(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Some(shared) = shared.upgrade() else {
                return;
            };
            let text = text(&shared, *lag.borrow());
            // One scraper at a time, and none may hold up the next for long.
            let _ = timeout(Duration::from_secs(5), answer(stream, text)).await;
        }
    });
    Ok(())
}

/// How late the event loop is: how much longer a short sleep takes than it should.
async fn measure_lag(lag: Rc<RefCell<Duration>>) {
    const EVERY: Duration = Duration::from_millis(500);
    loop {
        let start = Instant::now();
        tokio::time::sleep(EVERY).await;
        *lag.borrow_mut() = start.elapsed().saturating_sub(EVERY);
    }
}

async fn answer(mut stream: TcpStream, text: String) -> std::io::Result<()> {
    let mut request = [0; 2048];
    let mut size = 0;
    while size < request.len() {
        let count = stream.read(&mut request[size..]).await?;
        size += count;
        if count == 0 || request[..size].windows(4).any(|end| end == b"\r\n\r\n") {
            break;
        }
    }
    let (status, body) = if request[..size].starts_with(b"GET /metrics") {
        ("200 OK", text)
    } else {
        ("404 Not Found", "The metrics are at /metrics.\n".to_owned())
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/plain; version=0.0.4\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body.as_bytes()).await?;
    stream.shutdown().await
}

/// One family of numbers.
struct Family {
    name: &'static str,
    kind: &'static str,
    help: &'static str,
    samples: Vec<(String, f64)>,
}

fn text(shared: &Shared, lag: Duration) -> String {
    let mut families = BTreeMap::new();
    let mut put = |name, kind, help, labels: String, value: f64| {
        let family = families.entry(name).or_insert_with(|| Family {
            name,
            kind,
            help,
            samples: Vec::new(),
        });
        family.samples.push((labels, value));
    };
    put(
        "hoist_event_loop_lag_seconds",
        "gauge",
        "How late the event loop was at the last measurement.",
        String::new(),
        lag.as_secs_f64(),
    );
    for (process_id, slot) in shared.registry.0.borrow().iter() {
        slot.report(&mut |name, kind, help, label, value| {
            // A process id is the name of a thing that is watched, and there are few in one process.
            let mut labels = format!("process=\"{}\"", escaped(process_id));
            if let Some((key, word)) = label {
                let _ = write!(labels, ",{key}=\"{word}\"");
            }
            put(name, kind, help, labels, value);
        });
    }
    let mut text = String::new();
    for family in families.values() {
        let Family {
            name,
            kind,
            help,
            samples,
        } = family;
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
        for (labels, value) in samples {
            let braces = if labels.is_empty() {
                String::new()
            } else {
                format!("{{{labels}}}")
            };
            let _ = writeln!(text, "{name}{braces} {value}");
        }
    }
    text
}

fn escaped(label: &str) -> String {
    label
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}
