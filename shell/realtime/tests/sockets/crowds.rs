//! Many connections, slow ones and silent ones: the others notice nothing, and everything stays bounded.

use crate::support::*;
use nix::sys::resource::{Resource, getrlimit};
use std::io::Write;
use std::sync::mpsc;
use wire::peer;

#[test]
fn r01_a_thousand_idle_sockets_keep_nobody_out() {
    let server = draft(RELAY)
        .with(|settings| settings.limits.upgrades_max = 100)
        .start();
    // The server has raised the limit of open files; each idle socket takes two of this process.
    let (limit, _) = getrlimit(Resource::RLIMIT_NOFILE).unwrap();
    let count = limit.saturating_sub(600).min(2000) / 2;
    let mut idle = Vec::new();
    for n in 0..count {
        let mut stream = tcp(server.tcp);
        if n % 2 == 0 {
            stream.write_all(b"GET / HTTP/1.1\r\n").unwrap();
        }
        idle.push(stream);
        if n % 250 == 0 {
            // Players come in between and play.
            let mut player = server.player(&format!("p{n}"));
            assert!(player.barrier().is_empty());
        }
    }
    let mut last = server.player("last");
    assert!(last.barrier().is_empty());
}

#[test]
fn c07_the_next_after_max_players_is_refused() {
    let server = serve("exports.ssExports = { configuration: { maxPlayers: 2 }, init() {} };");
    let mut a = server.player("a");
    let _b = server.player("b");
    let mut third = Raw::open(server.tcp);
    third.packet(&login("c"));
    assert_eq!(third.close_code(), 1013);
    assert!(a.barrier().is_empty());
    // A seat that becomes free can be taken.
    a.ws.send(&Frame {
        fin: true,
        opcode: CLOSE,
        payload: vec![],
    });
    a.ws.end();
    server.player("d");
}

/// A player who never reads is cut off when his queue is full; a player who reads gets everything meanwhile.
#[test]
fn a_slow_reader_is_cut_off_and_others_get_everything() {
    let mut server = draft(RELAY)
        .with(|settings| settings.rules.ws_queue_bytes_max = 256 * 1024)
        .start();
    let mut sender = server.player("sender");
    let slow = server.player("slow");
    let mut reader = server.player("reader");
    let to = (slow.peer, reader.peer);
    let (progress, arrived) = mpsc::channel();
    let reading = std::thread::spawn(move || {
        let mut count = 0;
        while reader.ws.received().op_code == 1 {
            count += 1;
            let _ = progress.send(count);
        }
        count
    });
    let payload = [9; 4096];
    let mut sent = 0;
    // The kernel's buffers take a few megabytes before the server notices; they are bounded.
    let cut_off = format!("Player {} disconnected", to.0);
    let mut noticed = false;
    while !noticed {
        assert!(sent < 50_000, "the slow reader was never cut off");
        for _ in 0..200 {
            sender.ws.packet(&to_peer(1, to.0, &payload));
            sender.ws.packet(&to_peer(1, to.1, &payload));
            sent += 1;
        }
        sender.barrier();
        // The reader is given its time, however loaded the machine is.
        while arrived.recv_timeout(PATIENCE).unwrap() < sent {}
        noticed = server.log_so_far(&cut_off);
    }
    sender.ws.packet(&to_peer(2, to.1, b"end"));
    assert_eq!(reading.join().unwrap(), sent);
}

/// C21, short: a connection that only answers pings stays up; one that does not is cut off.
#[test]
fn c21_pings_keep_a_silent_player_and_silence_loses_him() {
    let server =
        draft("exports.ssExports = { configuration: { pingIntervalTime: 100 }, init() {} };")
            .with(|settings| settings.rules.liveness_floor_ms = 3_000)
            .start();
    let mut silent = server.player("silent");
    let mut alive = server.player("alive");
    let mut mute = server.player("mute");
    mute.ws.answers = false;
    // The mute one reads its pings and answers none until it is cut off; the others go on reading and answering meanwhile.
    let reading = std::thread::spawn(move || {
        silent.ws.end();
    });
    let mut witnesses = 0;
    while mute.ws.frame().is_some() {
        alive.barrier();
        witnesses += 1;
    }
    assert!(witnesses > 0);
    assert!(!reading.is_finished(), "answered pings are life enough");
    alive.ws.packet(&to_group(1, peer::ALL_PLAYERS, b"x"));
    assert_eq!(alive.ws.received().payload, "x");
    drop(server);
    reading.join().unwrap();
}

/// A player who floods pings and never reads costs a bounded buffer, and then the connection.
#[test]
fn a_flood_of_pings_from_a_deaf_player_is_bounded() {
    let server = serve(RELAY);
    let mut deaf = server.player("deaf");
    let mut other = server.player("other");
    let ping = encode_frame(
        &Frame {
            fin: true,
            opcode: PING,
            payload: vec![0; 125],
        },
        true,
    );
    let flood: Vec<u8> = ping.repeat(2000);
    deaf.ws
        .stream
        .set_write_timeout(Some(std::time::Duration::from_millis(200)))
        .unwrap();
    for _ in 0..200 {
        if deaf.ws.stream.write_all(&flood).is_err() {
            break;
        }
    }
    assert!(other.barrier().is_empty());
}
