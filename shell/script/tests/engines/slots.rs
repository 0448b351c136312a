//! Several scripts on one event loop.

use std::time::Duration;

use script::{Budgets, Options};
use session::{CallId, Hook, Outcome, ScriptEvent, ToScript};

use super::{call, embedded, load, message, node, on_one_loop};

const RELAY: &str = "exports.ssExports = { init() {}, onHealthCheck: () => true };";
const LOOP: &str = "exports.ssExports = { init() {}, onMessage() { for (;;); } };";

/// Three slots, one of which loops for ever: the others answer a thousand calls each before the first is cut off.
#[test]
fn a_script_that_loops_holds_up_no_other() {
    on_one_loop(async {
        for looping in [embedded(), node()] {
            // So long that the others are through, however slow the machine.
            let budgets = Budgets {
                callback: Duration::from_secs(3600),
                ..Budgets::default()
            };
            let (mut first, _a) = load(LOOP, &Options { budgets, ..looping }).await;
            let (mut second, _b) = load(RELAY, &embedded()).await;
            let (mut third, _c) = load(RELAY, &embedded()).await;
            first.send(ToScript::Call(CallId(1), message("x")));
            let ask = async |engine: &mut script::Engine| {
                for number in 0..1000 {
                    let outcome = call(engine, number, Hook::HealthCheck).await;
                    assert_eq!(outcome, Ok(Outcome::Returned(true)));
                    tokio::task::yield_now().await;
                }
            };
            let mut events = Vec::new();
            tokio::select! {
                () = first.next(&mut events) => panic!("the loop ended: {events:?}"),
                ((), ()) = async { tokio::join!(ask(&mut second), ask(&mut third)) } => {}
            }
        }
    });
}

/// A slice ends after about a millisecond of running, so one `run` of an endless loop comes back.
#[test]
fn a_slice_comes_back_from_an_endless_loop() {
    on_one_loop(async {
        let (mut engine, _folder) = load(LOOP, &embedded()).await;
        engine.send(ToScript::Call(CallId(1), message("x")));
        let mut events = Vec::new();
        for _ in 0..20 {
            assert!(engine.run(&mut events), "it has more to do");
            assert!(events.is_empty());
        }
    });
}

/// `next` may be dropped at any time: that is what `select!` does.
#[test]
fn waiting_can_be_given_up_without_loss() {
    on_one_loop(async {
        for options in [embedded(), node()] {
            let code = "let s; exports.ssExports = { init(session) { s = session; }, onMessage(m) { setTimeout(() => s.getLogger().info('late ' + m.payload), 20); } };";
            let (mut engine, _folder) = load(code, &options).await;
            call(&mut engine, 0, Hook::Init).await.unwrap();
            engine.send(ToScript::Call(CallId(1), message("one")));
            engine.send(ToScript::Call(CallId(2), message("two")));
            let mut seen = Vec::new();
            while seen.len() < 4 {
                let mut events = Vec::new();
                tokio::select! {
                    biased;
                    () = engine.next(&mut events) => {}
                    () = tokio::task::yield_now() => {}
                }
                seen.append(&mut events);
            }
            let late = seen.iter().filter(
                |event| matches!(event, ScriptEvent::Log(line) if line.text.starts_with("late")),
            );
            assert_eq!(late.count(), 2, "{seen:?}");
        }
    });
}

/// A child never outlives its engine, even when its script blocks.
#[test]
fn a_node_child_ends_with_its_engine() {
    on_one_loop(async {
        let code = "exports.ssExports = { init(s) { s.getLogger().info(process.pid); }, onMessage() { for (;;); } };";
        let (mut engine, _folder) = load(code, &node()).await;
        engine.send(ToScript::Call(CallId(1), Hook::Init));
        let mut events = Vec::new();
        let pid = loop {
            engine.next(&mut events).await;
            let pid = events.iter().find_map(|event| match event {
                ScriptEvent::Log(line) => line.text.parse::<i32>().ok(),
                ScriptEvent::Asked(_) | ScriptEvent::Returned(..) | ScriptEvent::Crashed(_) => None,
            });
            if let Some(pid) = pid {
                break pid;
            }
        };
        engine.send(ToScript::Call(CallId(2), message("x")));
        engine.run(&mut events);
        engine.end();
        let state = format!("/proc/{pid}/stat");
        // Gone, or dead and not yet collected.
        while std::fs::read_to_string(&state).is_ok_and(|text| !text.contains(") Z ")) {
            tokio::task::yield_now().await;
        }
    });
}

#[test]
fn a_child_that_is_killed_is_a_crash() {
    on_one_loop(async {
        let code = "exports.ssExports = { init() {}, onMessage() { process.kill(process.pid, 'SIGKILL'); } };";
        let (mut engine, _folder) = load(code, &node()).await;
        let text = call(&mut engine, 1, message("x")).await.unwrap_err();
        assert!(text.contains("signal: 9"), "{text}");
    });
}

#[test]
fn output_past_the_console_reaches_the_log() {
    on_one_loop(async {
        let code = "exports.ssExports = { init() {}, onMessage() { process.stdout.write('raw out\\n'); process.stderr.write('raw err\\n'); } };";
        for options in [embedded(), node()] {
            let (mut engine, _folder) = load(code, &options).await;
            engine.send(ToScript::Call(CallId(1), message("x")));
            let mut lines = Vec::new();
            while lines.len() < 2 {
                let mut events = Vec::new();
                engine.next(&mut events).await;
                lines.extend(events.into_iter().filter_map(|event| match event {
                    ScriptEvent::Log(line) => {
                        Some(format!("{:?} {} {}", line.level, line.file, line.text))
                    }
                    ScriptEvent::Asked(_) | ScriptEvent::Returned(..) | ScriptEvent::Crashed(_) => {
                        None
                    }
                }));
            }
            lines.sort();
            assert_eq!(lines, ["Error console raw err", "Info console raw out"]);
        }
    });
}
