//! Every `cases/*.txt` is a transcript: lines that start with `> ` are what happens, the lines below are what comes out.
//! `HOIST_BLESS=1 cargo test -p world --test cases` writes down what comes out now; read the difference before you commit it.

mod driver;

use driver::Driver;
use std::fmt::Write;
use std::path::Path;

#[test]
fn what_comes_out_is_what_is_written_down() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .expect("the folder of cases is there")
        .map(|entry| entry.expect("its entries can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no cases in {}", folder.display());
    let mut differences = String::new();
    for file in files {
        let written = std::fs::read_to_string(&file).expect("a case can be read");
        let played = play(&written);
        if played == written {
            continue;
        }
        if bless() {
            std::fs::write(&file, &played).expect("a case can be written");
        } else {
            let name = file
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            write!(differences, "{}", difference(&name, &written, &played))
                .expect("text is writable");
        }
    }
    assert!(differences.is_empty(), "{differences}");
}

fn bless() -> bool {
    std::env::var_os("HOIST_BLESS").is_some()
}

/// The transcript with what comes out now.
fn play(written: &str) -> String {
    let mut driver = Driver::new();
    let mut played = String::new();
    for line in written.lines() {
        let output = match line.strip_prefix("> ") {
            Some(command) => driver.run(command),
            None if line.is_empty() || line.starts_with('#') => Vec::new(),
            None => continue,
        };
        for line in std::iter::once(line).chain(output.iter().map(String::as_str)) {
            played.push_str(line);
            played.push('\n');
        }
    }
    played
}

fn difference(name: &str, written: &str, played: &str) -> String {
    let (mut old, mut new) = (written.lines(), played.lines());
    for number in 1.. {
        match (old.next(), new.next()) {
            (None, None) => break,
            (old, new) if old == new => {}
            (old, new) => {
                return format!(
                    "{name}, line {number}:\n  written: {}\n  now:     {}\n",
                    old.unwrap_or("(the end)"),
                    new.unwrap_or("(the end)")
                );
            }
        }
    }
    format!("{name}: differs in line ends only\n")
}
