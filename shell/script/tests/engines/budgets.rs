//! Scripts that use up what they have.

use std::time::Duration;

use script::{Budgets, Kind, Options};
use session::{CallId, Hook, Outcome, ScriptEvent, ToScript};

use super::{call, embedded, load, message, node, on_one_loop};

fn with_memory(options: Options, mib: usize) -> Options {
    let budgets = Budgets {
        memory: mib << 20,
        callback: Duration::from_secs(60),
        ..options.budgets
    };
    Options { budgets, ..options }
}

#[test]
fn a_memory_bomb_ends_an_embedded_script() {
    let bombs = [
        "const all = []; for (;;) all.push({ a: [1, 2, 3] });",
        "const all = []; for (;;) all.push('x'.repeat(1e5) + all.length);",
        "const all = []; for (;;) all.push(Buffer.alloc(1 << 20));",
        "const all = new Map(); for (let at = 0; ; at += 1) all.set(at, String(at));",
        "const all = []; return (async () => { for (;;) { all.push(new Array(1000).fill(0)); await null; } })();",
        "const all = []; process.nextTick(() => { for (;;) all.push([]); });",
    ];
    on_one_loop(async {
        for bomb in bombs {
            let code = format!("exports.ssExports = {{ init() {{}}, onMessage() {{ {bomb} }} }};");
            let (mut engine, _folder) = load(&code, &with_memory(embedded(), 16)).await;
            let mut text = call(&mut engine, 1, message("x")).await;
            if text.is_ok() {
                // The bomb goes off after the callback.
                text = call(&mut engine, 2, message("x")).await;
            }
            let text = text.expect_err(bomb);
            assert!(text.contains("out of memory"), "{bomb}: {text}");
        }
    });
}

#[test]
fn one_allocation_that_is_too_large_is_an_error_of_the_script() {
    on_one_loop(async {
        let code = "exports.ssExports = { init() {}, onMessage() { try { Buffer.alloc(1 << 30); } catch (e) { return 'caught'; } } };";
        let (mut engine, _folder) = load(code, &with_memory(embedded(), 16)).await;
        assert_eq!(
            call(&mut engine, 1, message("x")).await,
            Ok(Outcome::Returned(true))
        );
    });
}

#[test]
fn a_memory_bomb_ends_a_node_child() {
    on_one_loop(async {
        let code = "exports.ssExports = { init() {}, onMessage() { const all = []; for (;;) all.push({ a: [1, 2, 3] }); } };";
        let (mut engine, _folder) = load(code, &with_memory(node(), 24)).await;
        let text = call(&mut engine, 1, message("x")).await.unwrap_err();
        assert!(
            text.contains("the Node.js process of the script ended"),
            "{text}"
        );
        assert!(text.contains("heap"), "{text}");
    });
}

#[test]
fn a_runaway_callback_is_reported_with_its_stack() {
    on_one_loop(async {
        let code = "function spin() {\n  for (;;) {}\n}\nexports.ssExports = { init() {}, onMessage() { spin(); } };";
        for options in [embedded(), node()] {
            let budgets = Budgets {
                callback: Duration::from_secs(1),
                ..Budgets::default()
            };
            let (mut engine, _folder) = load(code, &Options { budgets, ..options }).await;
            let text = call(&mut engine, 1, message("x")).await.unwrap_err();
            assert!(text.contains("more than 1000 ms"), "{text}");
            assert!(text.contains("onMessage"), "{text}");
            assert!(
                text.contains("at spin (") || engine.kind() == Kind::Node,
                "{text}"
            );
        }
    });
}

#[test]
fn messages_that_nobody_takes_are_too_many_some_time() {
    on_one_loop(async {
        for options in [embedded(), node()] {
            let budgets = Budgets {
                backlog: 100_000,
                callback: Duration::from_secs(60),
                ..Budgets::default()
            };
            let code = "exports.ssExports = { init() {}, onMessage() { for (;;); } };";
            let (mut engine, _folder) = load(code, &Options { budgets, ..options }).await;
            let mut events = Vec::new();
            // A blocked child's socket takes a few hundred kilobytes before anything waits here.
            for number in 0..1_000_000 {
                engine.send(ToScript::Call(
                    CallId(number),
                    message("some bytes that wait"),
                ));
                engine.run(&mut events);
                if !events.is_empty() {
                    break;
                }
            }
            let [ScriptEvent::Crashed(text)] = events.as_slice() else {
                panic!("{events:?}")
            };
            assert!(text.contains("does not keep up"), "{text}");
        }
    });
}

#[test]
fn ending_a_script_that_loops_takes_no_time_budget() {
    on_one_loop(async {
        for options in [embedded(), node()] {
            let budgets = Budgets {
                callback: Duration::from_secs(3600),
                ..Budgets::default()
            };
            let code = "exports.ssExports = { init() {}, onMessage() { for (;;) { try { for (;;); } finally { continue; } } } };";
            let (mut engine, _folder) = load(code, &Options { budgets, ..options }).await;
            engine.send(ToScript::Call(CallId(1), message("x")));
            let mut events = Vec::new();
            engine.run(&mut events);
            engine.run(&mut events);
            engine.end();
        }
    });
}

#[test]
fn a_long_callback_within_its_budget_goes_on() {
    on_one_loop(async {
        let code = "exports.ssExports = { init() {}, onHealthCheck() { let n = 0; for (let i = 0; i < 3e6; i++) n += i; return n > 0; } };";
        let (mut engine, _folder) = load(code, &embedded()).await;
        assert_eq!(
            call(&mut engine, 1, Hook::HealthCheck).await,
            Ok(Outcome::Returned(true))
        );
    });
}
