//! `native`: what embedded.js, session.js and the core modules can ask of the engine.

use std::rc::Rc;

use bytes::Bytes;
use rquickjs::{Ctx, Function, Object, Result, TypedArray};
use session::{Ask, CallId, GameMessage, LogLevel, LogLine, Outcome, ScriptEvent};

use super::pace::Cut;
use super::{Shared, body, codec, files};
use crate::loaded::Lacking;
use crate::raw;

/// The core modules of the embedded engine; names with "hoist/" are not for scripts.
const CORE: &[(&str, &str)] = &[
    ("assert", include_str!("../js/lib/assert.js")),
    ("buffer", include_str!("../js/lib/buffer.js")),
    ("crypto", include_str!("../js/lib/crypto.js")),
    ("events", include_str!("../js/lib/events.js")),
    ("fs", include_str!("../js/lib/fs.js")),
    ("hoist/equal", include_str!("../js/lib/equal.js")),
    ("hoist/inspect", include_str!("../js/lib/inspect.js")),
    ("hoist/web", include_str!("../js/lib/web.js")),
    ("module", include_str!("../js/lib/module.js")),
    ("os", include_str!("../js/lib/os.js")),
    ("path", include_str!("../js/lib/path.js")),
    ("perf_hooks", include_str!("../js/lib/perf_hooks.js")),
    ("process", include_str!("../js/lib/process.js")),
    ("querystring", include_str!("../js/lib/querystring.js")),
    (
        "string_decoder",
        include_str!("../js/lib/string_decoder.js"),
    ),
    ("timers", include_str!("../js/lib/timers.js")),
    ("url", include_str!("../js/lib/url.js")),
    ("util", include_str!("../js/lib/util.js")),
];

/// Modules that are parts of others.
const PARTS: &[(&str, &str)] = &[
    ("assert/strict", "core('assert').strict"),
    (
        "console",
        "Object.assign(console, { Console: console.constructor })",
    ),
    ("constants", "core('fs').constants"),
    ("fs/promises", "core('fs').promises"),
    ("path/posix", "core('path')"),
    ("sys", "core('util')"),
    ("timers/promises", "core('timers').promises"),
    ("util/types", "core('util').types"),
];

/// Core modules of Node.js that the embedded engine lacks.
const NODE_ONLY: &[&str] = &[
    "async_hooks",
    "child_process",
    "cluster",
    "dgram",
    "diagnostics_channel",
    "dns",
    "dns/promises",
    "domain",
    "http",
    "http2",
    "https",
    "inspector",
    "inspector/promises",
    "net",
    "path/win32",
    "punycode",
    "readline",
    "readline/promises",
    "repl",
    "sea",
    "sqlite",
    "stream",
    "stream/consumers",
    "stream/promises",
    "stream/web",
    "test",
    "test/reporters",
    "tls",
    "trace_events",
    "tty",
    "v8",
    "vm",
    "wasi",
    "worker_threads",
    "zlib",
];

/// Whether scripts can require this core module here.
pub(crate) fn has_core(name: &str) -> bool {
    !name.starts_with("hoist/") && CORE.iter().chain(PARTS).any(|(known, _)| *known == name)
}

/// Whether it is a core module of Node.js that is not here.
pub(crate) fn is_node_only(name: &str) -> bool {
    NODE_ONLY.contains(&name)
}

/// Makes `native`.
pub(super) fn make<'js>(
    ctx: &Ctx<'js>,
    shared: &Rc<Shared>,
    plan: &body::Plan,
) -> Result<Object<'js>> {
    let native = Object::new(ctx.clone())?;
    native.set("level", plan.log_level as u8)?;
    install_session(ctx, &native, shared)?;
    install_answers(ctx, &native, shared)?;
    install_clock(ctx, &native, shared)?;
    install_modules(ctx, &native, shared)?;
    install_about(ctx, &native, plan)?;
    codec::install(ctx, &native)?;
    files::install(ctx, &native, shared, &plan.source)?;
    Ok(native)
}

/// What session.js passes on to the session.
fn install_session<'js>(ctx: &Ctx<'js>, native: &Object<'js>, shared: &Rc<Shared>) -> Result<()> {
    let known = Rc::clone(shared);
    let send = move |to_group: bool,
                     to: i32,
                     op_code: i32,
                     sender: i32,
                     reliable: bool,
                     payload: TypedArray<'js, u8>| {
        let message = GameMessage {
            op_code,
            sender,
            target_player: if to_group { 0 } else { to },
            target_group: if to_group { to } else { 0 },
            reliable,
            payload: Bytes::from(raw::copy_of(&payload)),
        };
        known.emit(ScriptEvent::Asked(if to_group {
            Ask::SendToGroup { group: to, message }
        } else {
            Ask::SendToPlayer { peer: to, message }
        }));
    };
    native.set("send", Function::new(ctx.clone(), send))?;
    let known = Rc::clone(shared);
    native.set(
        "membership",
        Function::new(ctx.clone(), move |show: i32, to: i32| {
            known.emit(ScriptEvent::Asked(Ask::BroadcastMembership { show, to }));
        }),
    )?;
    let known = Rc::clone(shared);
    native.set(
        "ending",
        Function::new(ctx.clone(), move || {
            known.emit(ScriptEvent::Asked(Ask::ProcessEnding))
        }),
    )?;
    let known = Rc::clone(shared);
    native.set(
        "exit",
        Function::new(ctx.clone(), move |code: i32| body::exit(&known, code)),
    )
}

/// What session.js says about calls, and for the log.
fn install_answers<'js>(ctx: &Ctx<'js>, native: &Object<'js>, shared: &Rc<Shared>) -> Result<()> {
    let known = Rc::clone(shared);
    native.set(
        "returned",
        Function::new(ctx.clone(), move |id: f64, value: bool| {
            known.emit(ScriptEvent::Returned(call_id(id), Outcome::Returned(value)));
        }),
    )?;
    let known = Rc::clone(shared);
    native.set(
        "threw",
        Function::new(ctx.clone(), move |id: f64, text: rquickjs::String<'js>| {
            known.emit(ScriptEvent::Returned(
                call_id(id),
                Outcome::Threw(plain(&text)),
            ));
        }),
    )?;
    let known = Rc::clone(shared);
    native.set(
        "crashed",
        Function::new(ctx.clone(), move |text: rquickjs::String<'js>| {
            known.end(ScriptEvent::Crashed(plain(&text)), Cut::Crash);
        }),
    )?;
    let known = Rc::clone(shared);
    let log =
        move |level: u8, file: rquickjs::String<'js>, line: f64, text: rquickjs::String<'js>| {
            let line = LogLine {
                level: log_level(level),
                file: plain(&file),
                line: if line >= 0.0 && line <= f64::from(u32::MAX) {
                    line as u32
                } else {
                    0
                },
                text: plain(&text),
            };
            known.emit(ScriptEvent::Log(line));
        };
    native.set("log", Function::new(ctx.clone(), log))
}

/// Text of a script. Lone surrogates are no text; session.js and the core modules leave none, but an id may have some.
fn plain(text: &rquickjs::String<'_>) -> String {
    text.to_string()
        .unwrap_or_else(|_| "(text with broken UTF-16)".to_owned())
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "session.js hands back the number that it was given"
)]
fn call_id(id: f64) -> CallId {
    CallId(id as u64)
}

/// The log level of a number in session.js.
pub(crate) fn log_level(number: u8) -> LogLevel {
    match number {
        0 => LogLevel::Debug,
        1 => LogLevel::Info,
        2 => LogLevel::Warn,
        3 => LogLevel::Error,
        4 => LogLevel::Fatal,
        _ => LogLevel::CxFatal,
    }
}

fn install_clock<'js>(ctx: &Ctx<'js>, native: &Object<'js>, shared: &Rc<Shared>) -> Result<()> {
    let known = Rc::clone(shared);
    native.set(
        "now",
        Function::new(ctx.clone(), move || known.pace.now_ms()),
    )?;
    let known = Rc::clone(shared);
    native.set(
        "nanos",
        Function::new(ctx.clone(), move || (known.pace.now_ms() * 1e6).floor()),
    )?;
    let known = Rc::clone(shared);
    native.set(
        "wake",
        Function::new(ctx.clone(), move |at: f64| known.wake_at.set(at)),
    )?;
    let known = Rc::clone(shared);
    native.set(
        "ticking",
        Function::new(ctx.clone(), move || known.ticking.set(true)),
    )?;
    let limit = shared.budgets.memory;
    let known = Rc::clone(shared);
    native.set(
        "memory",
        Function::new(ctx.clone(), move || vec![known.memory.used(), limit]),
    )?;
    let known = Rc::clone(shared);
    native.set(
        "starved",
        Function::new(ctx.clone(), move || known.memory.denied.get()),
    )
}

fn install_modules<'js>(ctx: &Ctx<'js>, native: &Object<'js>, shared: &Rc<Shared>) -> Result<()> {
    native.set(
        "builtin",
        Function::new(
            ctx.clone(),
            |ctx: Ctx<'js>, name: String| -> Result<Option<Function<'js>>> {
                if let Some((name, code)) = CORE.iter().find(|(known, _)| *known == name) {
                    return body::evaluate(&ctx, code, &format!("hoist:{name}")).map(Some);
                }
                let Some((name, part)) = PARTS.iter().find(|(known, _)| *known == name) else {
                    return Ok(None);
                };
                let code = format!("(function (module, core) {{ module.exports = {part}; }})");
                body::evaluate(&ctx, &code, &format!("hoist:{name}")).map(Some)
            },
        ),
    )?;
    native.set(
        "builtinNames",
        Function::new(ctx.clone(), || {
            let names = CORE.iter().chain(PARTS).map(|(name, _)| *name);
            names
                .filter(|name| !name.starts_with("hoist/"))
                .collect::<Vec<_>>()
        }),
    )?;
    native.set(
        "isNodeCore",
        Function::new(ctx.clone(), |name: String| is_node_only(&name)),
    )?;
    let known = Rc::clone(shared);
    native.set(
        "lacking",
        Function::new(
            ctx.clone(),
            move |module: String, from: String, node_has_it: bool| {
                let mut lacking = known.lacking.borrow_mut();
                if lacking.len() < 100 {
                    lacking.push(Lacking {
                        module,
                        from,
                        node_has_it,
                    });
                }
            },
        ),
    )
}

fn install_about<'js>(ctx: &Ctx<'js>, native: &Object<'js>, plan: &body::Plan) -> Result<()> {
    let mut argv = vec![
        "node".to_owned(),
        plan.source.entry.to_string_lossy().into_owned(),
    ];
    argv.extend(plan.params.iter().cloned());
    let cwd = plan.source.game_dir.to_string_lossy().into_owned();
    let env: serde_json::Map<_, _> = std::env::vars_os()
        .filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?.into()))
        })
        // Our own settings may have secrets.
        .filter(|(name, _): &(String, serde_json::Value)| !name.starts_with("HOIST_"))
        .collect();
    let system = nix::sys::utsname::uname().ok();
    let name =
        |part: Option<&std::ffi::OsStr>| part.map(|text| text.to_string_lossy().into_owned());
    let about = serde_json::json!({
        "argv": argv,
        "cwd": cwd,
        "env": env,
        "pid": std::process::id(),
        "ppid": nix::unistd::getppid().as_raw(),
        "uid": nix::unistd::getuid().as_raw(),
        "gid": nix::unistd::getgid().as_raw(),
        "arch": match std::env::consts::ARCH { "x86_64" => "x64", "aarch64" => "arm64", other => other },
        "cpus": std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        "hostname": name(system.as_ref().map(|system| system.nodename())).unwrap_or_default(),
        "release": name(system.as_ref().map(|system| system.release())).unwrap_or_default(),
        "version": env!("CARGO_PKG_VERSION"),
    })
    .to_string();
    native.set("about", Function::new(ctx.clone(), move || about.clone()))?;
    native.set("cwd", Function::new(ctx.clone(), move || cwd.clone()))
}
