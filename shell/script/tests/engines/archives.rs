//! Scripts in zips, and zips that are none.

use std::io::Write;
use std::path::{Path, PathBuf};

use script::archive::{self, Limits, Refusal};
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{embedded, node, on_one_loop};

const SCRIPT: &str = "exports.ssExports = { init() {}, onMessage() {} };";

enum Entry<'a> {
    File(&'a str, &'a [u8]),
    Folder(&'a str),
    Link(&'a str, &'a str),
}

fn zip(folder: &Path, entries: &[Entry<'_>]) -> PathBuf {
    let path = folder.join("script.zip");
    let mut zip = ZipWriter::new(std::fs::File::create(&path).unwrap());
    let options = SimpleFileOptions::default();
    for entry in entries {
        match entry {
            Entry::File(name, bytes) => {
                zip.start_file(*name, options).unwrap();
                zip.write_all(bytes).unwrap();
            }
            Entry::Folder(name) => zip.add_directory(*name, options).unwrap(),
            Entry::Link(name, target) => zip.add_symlink(*name, *target, options).unwrap(),
        }
    }
    zip.finish().unwrap();
    path
}

#[test]
fn a_script_in_a_zip_runs_on_both_engines() {
    on_one_loop(async {
        let folder = TempDir::new().unwrap();
        let flat = [
            Entry::File(
                "index.js",
                b"const h = require('./lib/h'); exports.ssExports = { init() {}, [h.name]() {} };",
            ),
            Entry::Folder("lib/"),
            Entry::File("lib/h.js", b"exports.name = 'onMessage';"),
        ];
        let nested = [
            Entry::Folder("game/"),
            Entry::File("game/MyScript.js", SCRIPT.as_bytes()),
        ];
        for entries in [&flat[..], &nested[..]] {
            let path = zip(folder.path(), entries);
            for options in [embedded(), node()] {
                let (engine, exports) = script::load(&path, &options).await.unwrap();
                assert!(exports.callbacks.contains("onMessage"));
                let unpacked = engine.entry().to_owned();
                assert!(unpacked.is_file());
                engine.end();
                assert!(!unpacked.exists(), "the unpacked files go with the engine");
            }
        }
    });
}

#[test]
fn archives_that_are_refused() {
    let limits = Limits {
        entries: 5,
        total_bytes: 1000,
        archive_bytes: 10_000,
    };
    let big = vec![0; 1001];
    let cases: Vec<(&str, Vec<Entry<'_>>)> = vec![
        ("leads out", vec![Entry::File("../evil.js", b"")]),
        ("leads out", vec![Entry::File("a/../../evil.js", b"")]),
        ("leads out", vec![Entry::File("/etc/evil.js", b"")]),
        ("leads out", vec![Entry::File("..\\evil.js", b"")]),
        ("leads out", vec![Entry::File("C:\\evil.js", b"")]),
        ("leads out", vec![Entry::Folder("../evil/")]),
        (
            "neither file nor folder",
            vec![Entry::Link("link.js", "/etc/passwd")],
        ),
        ("more than the 1000 bytes", vec![Entry::File("bomb", &big)]),
        (
            "more than the 1000 bytes",
            vec![Entry::File("a", &big[..600]), Entry::File("b", &big[..600])],
        ),
        (
            "6 entries, more than the 5",
            (0..6)
                .map(|at| Entry::File(["a", "b", "c", "d", "e", "f"][at], b""))
                .collect(),
        ),
        (
            "there twice",
            vec![Entry::File("a/b", b"1"), Entry::File("a/./b", b"2")],
        ),
    ];
    for (words, entries) in cases {
        let folder = TempDir::new().unwrap();
        let path = zip(folder.path(), &entries);
        let target = folder.path().join("deep/target");
        std::fs::create_dir_all(&target).unwrap();
        let refusal = archive::unpack(&path, &target, &limits)
            .unwrap_err()
            .to_string();
        assert!(refusal.contains(words), "{words}: {refusal}");
        assert!(
            !folder.path().join("deep/evil.js").exists() && !folder.path().join("evil.js").exists()
        );
    }
}

#[test]
fn what_is_no_zip_is_said_so() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("script.zip");
    let good = std::fs::read(zip(
        folder.path(),
        &[Entry::File("index.js", SCRIPT.as_bytes())],
    ))
    .unwrap();
    for bytes in [
        &b"not a zip at all"[..],
        b"",
        b"PK\x03\x04",
        &good[..good.len() / 2],
    ] {
        std::fs::write(&path, bytes).unwrap();
        let target = TempDir::new().unwrap();
        let refusal = archive::unpack(&path, target.path(), &Limits::default()).unwrap_err();
        assert!(matches!(refusal, Refusal::NotAZip(_)), "{refusal}");
    }
    std::fs::write(&path, [0; 101]).unwrap();
    let limits = Limits {
        archive_bytes: 100,
        ..Limits::default()
    };
    assert!(matches!(
        archive::unpack(&path, folder.path(), &limits),
        Err(Refusal::TooLarge { .. })
    ));
}

#[test]
fn a_zip_without_a_script_says_what_to_do() {
    on_one_loop(async {
        let folder = TempDir::new().unwrap();
        let path = zip(
            folder.path(),
            &[
                Entry::File("readme.txt", b"hello"),
                Entry::File("x/deep.js", b""),
            ],
        );
        let error = script::load(&path, &embedded())
            .await
            .err()
            .unwrap()
            .to_string();
        assert!(
            error.contains("script.zip") && error.contains("put the script (index.js) there"),
            "{error}"
        );
    });
}
