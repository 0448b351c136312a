//! Ports: bound before anything is promised. Without a given address one socket serves both IP families.

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use nix::errno::Errno;
use socket2::{Domain, Protocol, Socket, Type};

use crate::Error;

/// The two sockets of a slot, not yet on an event loop.
pub(crate) struct Ports {
    pub(crate) tcp: std::net::TcpListener,
    pub(crate) udp: std::net::UdpSocket,
    pub(crate) tcp_port: u16,
    pub(crate) udp_port: u16,
}

pub(crate) fn bind(ip: Option<IpAddr>, tcp_port: u16, udp_port: u16) -> Result<Ports, Error> {
    let tcp = socket(ip, tcp_port, Type::STREAM)?;
    let udp = socket(ip, udp_port, Type::DGRAM)?;
    let tcp: std::net::TcpListener = tcp.into();
    let udp: std::net::UdpSocket = udp.into();
    let local = |address: std::io::Result<SocketAddr>| {
        address
            .map(|address| address.port())
            .map_err(Error::Runtime)
    };
    Ok(Ports {
        tcp_port: local(tcp.local_addr())?,
        udp_port: local(udp.local_addr())?,
        tcp,
        udp,
    })
}

fn socket(ip: Option<IpAddr>, port: u16, kind: Type) -> Result<Socket, Error> {
    let bound = match ip {
        Some(ip) => open(SocketAddr::new(ip, port), kind),
        None => {
            let both = SocketAddr::new(IpAddr::V6(Ipv6Addr::UNSPECIFIED), port);
            open(both, kind).or_else(|(address, source)| {
                let without_ipv6 = source.raw_os_error() == Some(Errno::EAFNOSUPPORT as i32)
                    || source.kind() == ErrorKind::AddrNotAvailable;
                if without_ipv6 {
                    open(
                        SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), port),
                        kind,
                    )
                } else {
                    Err((address, source))
                }
            })
        }
    };
    bound.map_err(|(address, source)| Error::Bind {
        protocol: if kind == Type::STREAM { "TCP" } else { "UDP" },
        address,
        source,
    })
}

fn open(address: SocketAddr, kind: Type) -> Result<Socket, (SocketAddr, std::io::Error)> {
    const BACKLOG: i32 = 1024;
    const UDP_BUFFER_BYTES: usize = 1024 * 1024;
    let stream = kind == Type::STREAM;
    let attempt = || {
        let protocol = if stream { Protocol::TCP } else { Protocol::UDP };
        let socket = Socket::new(Domain::for_address(address), kind, Some(protocol))?;
        socket.set_nonblocking(true)?;
        if address.ip() == IpAddr::V6(Ipv6Addr::UNSPECIFIED) {
            socket.set_only_v6(false)?;
        }
        if stream {
            // A port whose last connections still linger in TIME_WAIT may be taken again.
            socket.set_reuse_address(true)?;
            socket.bind(&address.into())?;
            socket.listen(BACKLOG)?;
        } else {
            // Best effort: the system caps it.
            let _ = socket.set_recv_buffer_size(UDP_BUFFER_BYTES);
            let _ = socket.set_send_buffer_size(UDP_BUFFER_BYTES);
            socket.bind(&address.into())?;
        }
        Ok(socket)
    };
    attempt().map_err(|source| (address, source))
}
