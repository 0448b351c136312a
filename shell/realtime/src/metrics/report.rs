//! The names of everything that a slot counts, unit last; labels come from closed sets.

use std::collections::BTreeMap;
use std::time::Duration;

use session::{CallId, Counts, DropCounts};
use tokio::time::Instant;

/// Takes one number: name, kind, help, label, value.
pub(crate) type Put<'a> = &'a mut dyn FnMut(
    &'static str,
    &'static str,
    &'static str,
    Option<(&'static str, &'static str)>,
    f64,
);

const COUNTER: &str = "counter";
const GAUGE: &str = "gauge";

/// Numbers of the sockets.
pub(crate) fn report_traffic(traffic: &Traffic, put: Put<'_>) {
    let counters = [
        (
            "hoist_tcp_received_bytes_total",
            "Bytes read from players' WebSockets.",
            traffic.tcp_in_bytes,
        ),
        (
            "hoist_tcp_sent_bytes_total",
            "Bytes written to players' WebSockets.",
            traffic.tcp_out_bytes,
        ),
        (
            "hoist_udp_received_datagrams_total",
            "Datagrams that came in, good or bad.",
            traffic.udp_in,
        ),
        (
            "hoist_udp_received_bytes_total",
            "Bytes of datagrams that came in.",
            traffic.udp_in_bytes,
        ),
        (
            "hoist_udp_sent_datagrams_total",
            "Datagrams queued for players.",
            traffic.udp_out,
        ),
        (
            "hoist_udp_sent_bytes_total",
            "Bytes of datagrams queued for players.",
            traffic.udp_out_bytes,
        ),
        (
            "hoist_udp_unsent_datagrams_total",
            "Datagrams that the full queue or the system refused.",
            traffic.udp_out_lost,
        ),
    ];
    for (name, help, value) in counters {
        put(name, COUNTER, help, None, value as f64);
    }
    for (reason, count) in &traffic.upgrades_refused {
        put(
            "hoist_upgrades_refused_total",
            COUNTER,
            "TCP connections that did not become WebSockets, by reason.",
            Some(("reason", reason)),
            *count as f64,
        );
    }
}

/// Numbers of the slot around the session.
pub(crate) fn report_shell(sockets: usize, calls_waiting: usize, log_lost: u64, put: Put<'_>) {
    put(
        "hoist_sockets",
        GAUGE,
        "Open WebSockets.",
        None,
        sockets as f64,
    );
    put(
        "hoist_control_calls_waiting",
        GAUGE,
        "Calls on their way to the control plane.",
        None,
        calls_waiting as f64,
    );
    put(
        "hoist_log_lines_lost_total",
        COUNTER,
        "Log lines that could not be written.",
        None,
        log_lost as f64,
    );
}

/// Numbers of the session.
pub(crate) fn report_session(counts: &Counts, put: Put<'_>) {
    report_players(counts, put);
    report_channels(counts, put);
    report_drops(&counts.dropped, put);
    for (name, help, count) in [
        (
            "hoist_callbacks_total",
            "Calls into the script.",
            counts.calls,
        ),
        (
            "hoist_callback_errors_total",
            "Callbacks that threw or were rejected.",
            counts.callback_errors,
        ),
        (
            "hoist_callback_timeouts_total",
            "Callbacks that did not settle in time.",
            counts.callback_timeouts,
        ),
    ] {
        put(name, COUNTER, help, None, count as f64);
    }
}

fn report_channels(counts: &Counts, put: Put<'_>) {
    const PACKETS_IN: &str = "hoist_packets_received_total";
    const PACKETS_OUT: &str = "hoist_packets_sent_total";
    const BYTES_IN: &str = "hoist_payload_received_bytes_total";
    const BYTES_OUT: &str = "hoist_payload_sent_bytes_total";
    for (packets, bytes, channel, traffic) in [
        (PACKETS_IN, BYTES_IN, "reliable", counts.reliable_in),
        (PACKETS_IN, BYTES_IN, "fast", counts.fast_in),
        (PACKETS_OUT, BYTES_OUT, "reliable", counts.reliable_out),
        (PACKETS_OUT, BYTES_OUT, "fast", counts.fast_out),
    ] {
        let label = Some(("channel", channel));
        let help = "Packets between players and server, by channel.";
        put(packets, COUNTER, help, label, traffic.packets as f64);
        let help = "Payload bytes between players and server, by channel.";
        put(bytes, COUNTER, help, label, traffic.bytes as f64);
    }
}

fn report_drops(dropped: &DropCounts, put: Put<'_>) {
    for (reason, count) in [
        ("malformed", dropped.malformed),
        ("too_large", dropped.too_large),
        ("no_target", dropped.no_target),
        ("not_a_member", dropped.not_a_member),
        ("refused_by_script", dropped.refused_by_script),
        ("forged", dropped.forged),
        ("late_or_doubled", dropped.late_or_doubled),
        ("foreign_datagram", dropped.foreign_datagram),
        ("queue_full", dropped.queue_full),
        ("script_busy", dropped.script_busy),
    ] {
        put(
            "hoist_packets_dropped_total",
            COUNTER,
            "Packets that were dropped, by reason.",
            Some(("reason", reason)),
            count as f64,
        );
    }
}

fn report_players(counts: &Counts, put: Put<'_>) {
    put(
        "hoist_players",
        GAUGE,
        "Players that are in.",
        None,
        counts.players as f64,
    );
    put(
        "hoist_healthy",
        GAUGE,
        "Whether the last health check was good.",
        None,
        f64::from(u8::from(counts.healthy)),
    );
    for (state, count) in [
        ("none", counts.fast.none),
        ("acknowledged", counts.fast.acknowledged),
        ("verified", counts.fast.verified),
        ("idle", counts.fast.idle),
    ] {
        put(
            "hoist_players_by_fast_channel",
            GAUGE,
            "Players by the state of their UDP channel.",
            Some(("state", state)),
            count as f64,
        );
    }
    let refused = &counts.refused;
    for (outcome, count) in [
        ("ok", counts.logins),
        ("not_active", refused.not_active),
        ("full", refused.full),
        ("by_service", refused.by_service),
        ("by_script", refused.by_script),
        ("no_login", refused.no_login),
    ] {
        put(
            "hoist_logins_total",
            COUNTER,
            "Logins by outcome.",
            Some(("outcome", outcome)),
            count as f64,
        );
    }
}

/// How long callbacks took, from the call to the settled outcome.
pub(crate) fn report_callbacks(times: &CallbackTimes, put: Put<'_>) {
    put(
        "hoist_callback_seconds_total",
        COUNTER,
        "Time from calls into the script to their settled outcomes.",
        None,
        times.sum.as_secs_f64(),
    );
    put(
        "hoist_callbacks_settled_total",
        COUNTER,
        "Calls into the script that have settled.",
        None,
        times.count as f64,
    );
}

/// Bytes and datagrams of one slot's sockets.
#[derive(Clone, Debug, Default)]
pub(crate) struct Traffic {
    pub(crate) tcp_in_bytes: u64,
    pub(crate) tcp_out_bytes: u64,
    pub(crate) udp_in: u64,
    pub(crate) udp_in_bytes: u64,
    pub(crate) udp_out: u64,
    pub(crate) udp_out_bytes: u64,
    pub(crate) udp_out_lost: u64,
    pub(crate) upgrades_refused: BTreeMap<&'static str, u64>,
}

/// Measures callbacks, when somebody reads the metrics.
#[derive(Debug, Default)]
pub(crate) struct CallbackTimes {
    sum: Duration,
    count: u64,
    running: BTreeMap<CallId, Instant>,
}

impl CallbackTimes {
    pub(crate) fn called(&mut self, call: CallId) {
        self.running.insert(call, Instant::now());
    }

    pub(crate) fn returned(&mut self, call: CallId) {
        if let Some(start) = self.running.remove(&call) {
            self.sum += start.elapsed();
            self.count += 1;
        }
    }
}
