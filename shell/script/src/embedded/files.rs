//! What embedded scripts see of the disk: modules within the package, `fs` within the game directory, reading only.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::UNIX_EPOCH;

use rquickjs::context::EvalOptions;
use rquickjs::{Ctx, Exception, Function, IntoJs, Object, Result, TypedArray, Value};

use super::Shared;
use crate::loaded::{ES_MODULES, Lacking};
use crate::source::Source;

/// Bytes of one file that a script may read.
const FILE_MAX: u64 = 64 << 20;
/// Entries of one folder that a script may list.
const ENTRIES_MAX: usize = 100_000;

/// Adds the functions to `native`.
pub(super) fn install<'js>(
    ctx: &Ctx<'js>,
    native: &Object<'js>,
    shared: &Rc<Shared>,
    source: &Rc<Source>,
) -> Result<()> {
    let files = || Rc::clone(source);
    let here = files();
    native.set(
        "kind",
        Function::new(ctx.clone(), move |path: String| {
            kind(&here.module_root, Path::new(&path))
        }),
    )?;
    let here = files();
    native.set(
        "kindOutside",
        Function::new(ctx.clone(), move |path: String| {
            let path = Path::new(&path);
            path.exists() && kind(&here.module_root, path) == 0
        }),
    )?;
    let here = files();
    native.set(
        "realpath",
        Function::new(ctx.clone(), move |path: String| {
            match real(&here.module_root, Path::new(&path)) {
                Some(real) => real.to_string_lossy().into_owned(),
                None => path,
            }
        }),
    )?;
    let here = files();
    native.set(
        "relative",
        Function::new(ctx.clone(), move |path: String| {
            here.shown(&path).to_owned()
        }),
    )?;
    let here = files();
    native.set(
        "readText",
        Function::new(ctx.clone(), move |ctx: Ctx<'js>, path: String| {
            let bytes = read(&here.module_root, Path::new(&path)).map_err(|code| {
                Exception::throw_message(&ctx, &format!("{code}: cannot read {path}"))
            })?;
            Ok::<_, rquickjs::Error>(String::from_utf8_lossy(&bytes).into_owned())
        }),
    )?;
    let here = files();
    let known = Rc::clone(shared);
    native.set(
        "compile",
        Function::new(
            ctx.clone(),
            move |ctx: Ctx<'js>, path: String, code: String| {
                compile(&ctx, &known, here.shown(&path), &path, &code)
            },
        ),
    )?;
    install_fs(ctx, native, source)
}

/// Answers are values, or the code of an error after a "!".
fn install_fs<'js>(ctx: &Ctx<'js>, native: &Object<'js>, source: &Rc<Source>) -> Result<()> {
    let here = Rc::clone(source);
    native.set(
        "readFile",
        Function::new(
            ctx.clone(),
            move |ctx: Ctx<'js>, path: String| -> Result<Value<'js>> {
                match read(&here.game_dir, Path::new(&path)) {
                    Ok(bytes) => TypedArray::<u8>::new_copy(ctx.clone(), bytes)?.into_js(&ctx),
                    Err(code) => format!("!{code}").into_js(&ctx),
                }
            },
        ),
    )?;
    let here = Rc::clone(source);
    native.set(
        "stat",
        Function::new(ctx.clone(), move |path: String| {
            stat(&here.game_dir, Path::new(&path)).unwrap_or_else(|code| format!("!{code}"))
        }),
    )?;
    let here = Rc::clone(source);
    native.set(
        "list",
        Function::new(ctx.clone(), move |path: String| {
            list(&here.game_dir, Path::new(&path)).unwrap_or_else(|code| format!("!{code}"))
        }),
    )
}

/// The file behind a path, when it lies inside.
fn real(root: &Path, path: &Path) -> Option<PathBuf> {
    fs::canonicalize(path)
        .ok()
        .filter(|real| real.starts_with(root))
}

fn allowed(root: &Path, path: &Path) -> std::result::Result<PathBuf, &'static str> {
    let real = fs::canonicalize(path).map_err(|_| {
        if path.starts_with(root) {
            "ENOENT"
        } else {
            "EACCES"
        }
    })?;
    if real.starts_with(root) {
        Ok(real)
    } else {
        Err("EACCES")
    }
}

/// 1 is a file, 2 a folder, 0 neither.
fn kind(root: &Path, path: &Path) -> u8 {
    match real(root, path).and_then(|real| fs::metadata(real).ok()) {
        Some(about) if about.is_file() => 1,
        Some(about) if about.is_dir() => 2,
        Some(_) | None => 0,
    }
}

fn read(root: &Path, path: &Path) -> std::result::Result<Vec<u8>, &'static str> {
    let real = allowed(root, path)?;
    let about = fs::metadata(&real).map_err(|_| "ENOENT")?;
    if about.is_dir() {
        return Err("EISDIR");
    }
    // Reading a pipe or a device could block the event loop.
    if !about.is_file() {
        return Err("EACCES");
    }
    if about.len() > FILE_MAX {
        return Err("EFBIG");
    }
    fs::read(real).map_err(|_| "EIO")
}

fn stat(root: &Path, path: &Path) -> std::result::Result<String, &'static str> {
    let real = allowed(root, path)?;
    let about = fs::metadata(&real).map_err(|_| "ENOENT")?;
    let modified = about
        .modified()
        .ok()
        .and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    let modified = modified
        .map_or(0.0, |since| since.as_secs_f64() * 1e3)
        .floor();
    let kind = if about.is_dir() {
        2
    } else {
        i32::from(about.is_file())
    };
    Ok(serde_json::json!([kind, about.len(), modified, about.permissions().mode()]).to_string())
}

fn list(root: &Path, path: &Path) -> std::result::Result<String, &'static str> {
    let real = allowed(root, path)?;
    if !real.is_dir() {
        return Err("ENOTDIR");
    }
    let mut entries: Vec<_> = fs::read_dir(&real)
        .map_err(|_| "EIO")?
        .filter_map(std::result::Result::ok)
        .take(ENTRIES_MAX)
        .map(|entry| {
            let kind = if entry.path().is_dir() { 2 } else { 1 };
            (entry.file_name().to_string_lossy().into_owned(), kind)
        })
        .collect();
    entries.sort();
    let entries: Vec<_> = entries
        .into_iter()
        .map(|(name, kind)| serde_json::json!({ "name": name, "kind": kind }))
        .collect();
    Ok(serde_json::Value::from(entries).to_string())
}

/// Makes a module's file a function, as Node.js does: lines keep their numbers.
fn compile<'js>(
    ctx: &Ctx<'js>,
    shared: &Shared,
    shown: &str,
    path: &str,
    code: &str,
) -> Result<Function<'js>> {
    let code = code.trim_start_matches('\u{feff}');
    let comment = if code.starts_with("#!") { "//" } else { "" };
    let wrapped = format!(
        "(function (exports, require, module, __filename, __dirname) {{{comment}{code}\n}})"
    );
    let mut options = EvalOptions::default();
    options.strict = false;
    options.filename = Some(path.to_owned());
    ctx.eval_with_options::<Function<'_>, _>(wrapped, options)
        .inspect_err(|_| {
            if is_es_module(path, code) {
                shared.lacking.borrow_mut().push(Lacking {
                    module: ES_MODULES.to_owned(),
                    from: shown.to_owned(),
                    node_has_it: true,
                });
            }
        })
}

/// Whether a file that does not compile is meant as an ES module.
fn is_es_module(path: &str, code: &str) -> bool {
    let statement = |line: &str| {
        let line = line.trim_start();
        [
            "import ", "import{", "import\"", "import'", "import*", "export ", "export{", "export*",
        ]
        .iter()
        .any(|start| line.starts_with(start))
    };
    path.ends_with(".mjs") || code.lines().any(statement)
}
