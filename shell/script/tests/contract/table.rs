//! The form of the case files.

/// One case: `=== name`, the script (`// file: name` begins a further file), `---`, commands, `---`, the expected transcript.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) files: Vec<(String, String)>,
    pub(crate) commands: Vec<String>,
    pub(crate) expected: String,
    source: String,
}

impl Case {
    /// The case's text with another transcript.
    pub(crate) fn with(&self, seen: &str) -> String {
        format!(
            "=== {}\n{}---\n{}\n---\n{seen}\n",
            self.name,
            self.source,
            self.commands.join("\n")
        )
    }
}

pub(crate) fn cases(text: &str) -> Vec<Case> {
    text.strip_prefix("=== ")
        .unwrap()
        .split("\n=== ")
        .map(|part| {
            let (name, rest) = part.split_once('\n').unwrap();
            let mut sections = rest
                .split("---\n")
                .map(|section| section.trim_end_matches(['\n']));
            let source = format!("{}\n", sections.next().unwrap());
            let commands = sections
                .next()
                .unwrap_or_else(|| panic!("{name}: no commands"));
            let expected = sections.next().unwrap_or_default().trim_end();
            Case {
                name: name.to_owned(),
                files: files(&source),
                commands: commands.lines().map(str::to_owned).collect(),
                expected: if expected.is_empty() {
                    String::new()
                } else {
                    format!("{expected}\n")
                },
                source,
            }
        })
        .collect()
}

/// `\u{feff}`, `\r` and `\0`, which an editor would hide, are written as `<BOM>`, `<CR>` and `<NUL>`.
fn files(source: &str) -> Vec<(String, String)> {
    let mut files = vec![("index.js".to_owned(), String::new())];
    for line in source.lines() {
        if let Some(name) = line.strip_prefix("// file: ") {
            files.push((name.to_owned(), String::new()));
            continue;
        }
        let line = line
            .replace("<BOM>", "\u{feff}")
            .replace("<CR>", "\r")
            .replace("<NUL>", "\0");
        let last = files.last_mut().unwrap();
        last.1.push_str(&line);
        last.1.push('\n');
    }
    files
}
