//! Which engine a script gets, and which file of a folder is the script.

use std::path::PathBuf;

use script::{Choice, Kind, Options, Why};
use session::Hook;

use super::{call, embedded, folder, node_binary, on_one_loop};

fn auto(node: bool) -> Options {
    let node = if node {
        node_binary()
    } else {
        PathBuf::from("/nowhere/node")
    };
    Options {
        engine: Choice::Auto,
        node: Some(node),
        ..Options::default()
    }
}

#[test]
fn auto_is_embedded_until_something_is_lacking() {
    let plain = "exports.ssExports = { init() {} };";
    let cases = [
        (plain.to_owned(), Some(Kind::Embedded), Some(Kind::Embedded)),
        (
            format!("require('util'); require('node:crypto'); {plain}"),
            Some(Kind::Embedded),
            Some(Kind::Embedded),
        ),
        (format!("require('http'); {plain}"), Some(Kind::Node), None),
        (
            format!("require('node:worker_threads'); {plain}"),
            Some(Kind::Node),
            None,
        ),
        (
            format!("try {{ require('zlib'); }} catch (e) {{}} {plain}"),
            Some(Kind::Node),
            Some(Kind::Embedded),
        ),
        (
            format!("require('fs').writeFileSync(__dirname + '/out', ''); {plain}"),
            Some(Kind::Node),
            None,
        ),
        (
            format!("try {{ require('no-such-package'); }} catch (e) {{}} {plain}"),
            Some(Kind::Embedded),
            Some(Kind::Embedded),
        ),
    ];
    on_one_loop(async {
        for (code, with_node, without) in cases {
            let folder = folder(&[("index.js", &code)]);
            for (options, expected) in [(auto(true), with_node), (auto(false), without)] {
                let loaded = script::load(folder.path(), &options).await;
                assert_eq!(
                    loaded.ok().map(|(engine, _)| engine.kind()),
                    expected,
                    "{code}"
                );
            }
        }
    });
}

#[test]
fn a_module_that_no_engine_has_is_named_with_its_remedy() {
    on_one_loop(async {
        let folder = folder(&[
            (
                "index.js",
                "const net = require('./lib/net');\nexports.ssExports = { init() {} };",
            ),
            ("lib/net.js", "\nmodule.exports = require('http');"),
        ]);
        let error = script::load(folder.path(), &auto(false))
            .await
            .err()
            .unwrap();
        let Why::MissingModule {
            module,
            from,
            remedy,
            stack,
        } = &error.why
        else {
            panic!("{error}")
        };
        assert_eq!(
            (module.as_str(), from.as_deref()),
            ("http", Some("lib/net.js"))
        );
        assert!(
            remedy.contains("--engine node") && remedy.contains("--node PATH"),
            "{remedy}"
        );
        assert!(stack.contains("lib/net.js:2"), "{stack}");
        let error = script::load(
            folder.path(),
            &Options {
                engine: Choice::Node,
                ..auto(false)
            },
        )
        .await;
        let text = error.err().unwrap().to_string();
        assert!(text.contains("/nowhere/node is no program"), "{text}");
    });
}

#[test]
fn an_es_module_gets_node_or_a_hint() {
    on_one_loop(async {
        let code = "import util from 'util';\nexport const ssExports = { init() {} };";
        let folder = folder(&[("index.mjs", code)]);
        let (engine, exports) = script::load(folder.path(), &auto(true)).await.unwrap();
        assert_eq!((engine.kind(), exports.callbacks.len()), (Kind::Node, 1));
        let error = script::load(folder.path(), &auto(false))
            .await
            .err()
            .unwrap()
            .to_string();
        assert!(error.contains("looks like an ES module"), "{error}");
        assert!(error.contains("index.mjs:1"), "{error}");
    });
}

type Files<'a> = &'a [(&'a str, &'a str)];

#[test]
fn the_script_of_a_folder_is_found() {
    let script = "exports.ssExports = { init() {} };";
    let cases: &[(Files<'_>, Result<&str, &str>)] = &[
        (
            &[("index.js", script), ("other.js", script)],
            Ok("index.js"),
        ),
        (
            &[
                ("package.json", r#"{"main":"src/game"}"#),
                ("src/game.js", script),
                ("index.js", ""),
            ],
            Ok("game.js"),
        ),
        (&[("MyScript.js", script)], Ok("MyScript.js")),
        (
            &[("game.js", script), ("util.js", "exports.x = 1")],
            Ok("game.js"),
        ),
        (
            &[("a.js", script), ("b.js", script)],
            Err("several could be it (a.js, b.js)"),
        ),
        (&[("README.md", "")], Err("no .js file at its top")),
    ];
    on_one_loop(async {
        for (files, expected) in cases {
            let folder = folder(files);
            let loaded = script::load(folder.path(), &embedded()).await;
            match (loaded, expected) {
                (Ok((engine, _)), Ok(name)) => {
                    assert_eq!(engine.entry().file_name().unwrap(), *name)
                }
                (Err(error), Err(words)) => assert!(error.to_string().contains(words), "{error}"),
                (loaded, _) => panic!("{files:?}: {:?}", loaded.err()),
            }
        }
        let folder = folder(&[("a.js", script), ("sub/b.js", script)]);
        for (launch, found) in [
            ("/local/game/sub/b.js", true),
            ("a.js", true),
            ("../a.js", false),
            ("c.js", false),
        ] {
            let options = Options {
                launch_path: Some(launch.to_owned()),
                ..embedded()
            };
            assert_eq!(
                script::load(folder.path(), &options).await.is_ok(),
                found,
                "{launch}"
            );
        }
        let options = Options {
            game_dir: Some(folder.path().join("sub")),
            ..embedded()
        };
        let (engine, _) = script::load(&folder.path().join("a.js"), &options)
            .await
            .unwrap();
        assert!(engine.entry().ends_with("a.js"));
        assert!(
            script::load(&folder.path().join("missing"), &embedded())
                .await
                .is_err()
        );
    });
}

/// The embedded engine shows a script its own folder and nothing else.
#[test]
fn an_embedded_script_reads_nothing_outside() {
    on_one_loop(async {
        let code = r"
            const fs = require('fs');
            const code = (f) => { try { f(); return 'read'; } catch (e) { return e.code; } };
            exports.ssExports = {
              init() {
                const seen = [code(() => fs.readFileSync('/etc/passwd')), code(() => fs.readFileSync('../secret.txt')),
                  code(() => fs.readFileSync('link.txt')), code(() => fs.readdirSync('/')), code(() => require('../secret.js')),
                  code(() => require('/etc/hostname')), String(fs.existsSync('/etc/passwd')), code(() => fs.statSync('..')),
                  code(() => fs.writeFileSync('x', '')), String(process.env.HOIST_SECRET)];
                throw seen.join(' ');
              },
            };";
        let folder = folder(&[
            ("game/index.js", code),
            ("secret.txt", "s"),
            ("secret.js", "exports.s = 1"),
        ]);
        std::os::unix::fs::symlink("/etc/passwd", folder.path().join("game/link.txt")).unwrap();
        let (mut engine, _) = script::load(&folder.path().join("game"), &embedded())
            .await
            .unwrap();
        let outcome = call(&mut engine, 1, Hook::Init).await.unwrap();
        let session::Outcome::Threw(text) = outcome else {
            panic!("{outcome:?}")
        };
        let expected = "EACCES EACCES EACCES EACCES MODULE_NOT_FOUND MODULE_NOT_FOUND false EACCES ENOSYS undefined";
        assert!(text.contains(expected), "{text}");
    });
}
