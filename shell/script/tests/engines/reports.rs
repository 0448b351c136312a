//! `check`: what a developer is told about a script.

use script::{Kind, Report, Severity};

use super::{embedded, folder, node, on_one_loop};

fn texts(report: &Report) -> Vec<String> {
    let findings = report.findings.iter();
    let mut texts: Vec<_> = findings
        .map(|finding| {
            let place = finding
                .file
                .as_ref()
                .map(|file| format!("{file}:{} ", finding.line.unwrap_or(0)));
            format!(
                "{:?} {}{}",
                finding.severity,
                place.unwrap_or_default(),
                finding.text.lines().next().unwrap()
            )
        })
        .collect();
    texts.sort();
    texts
}

#[test]
fn a_report_names_what_is_odd() {
    on_one_loop(async {
        let files = [
            (
                "index.js",
                "console.log('loading');\nconst util = require('util');\nexports.ssExports = {\n  configuration: { maxPlayers: 5, pingIntervalTime: 'x' },\n  init() { require('http'); },\n  onPlayerConected() {},\n  onMessage() { require('./gone'); },\n  tick() {},\n};",
            ),
            (
                "lib/other.js",
                "// require('not-this')\nfunction f() { return require('left-out'); }",
            ),
        ];
        let folder = folder(&files);
        let report = script::check(folder.path(), &embedded()).await;
        assert!(report.ok);
        assert_eq!(
            (report.engine, report.max_players),
            (Some(Kind::Embedded), Some(5))
        );
        assert_eq!(
            (
                report.script.as_deref(),
                report.callbacks.join(" ").as_str()
            ),
            (Some("index.js"), "init onMessage")
        );
        assert_eq!(report.log, ["(console) 1: loading"]);
        let expected = [
            "Warning configuration.pingIntervalTime is 'x': it must be a number from 1 to 2147483647; the default is used",
            "Warning index.js:5 require('http') will fail: the embedded engine lacks it; run the script with --engine node",
            "Warning index.js:7 require('./gone') will fail: there is no such file or package beside the script",
            "Warning lib/other.js:2 require('left-out') will fail: there is no such file or package beside the script",
            "Warning ssExports.onPlayerConected is never called: did you mean onPlayerConnect?",
        ];
        assert_eq!(texts(&report), expected);
        let json = serde_json::to_string(&report).unwrap();
        assert!(
            json.contains(r#""engine":"embedded""#) && json.contains(r#""severity":"warning""#),
            "{json}"
        );
        assert_eq!(serde_json::from_str::<Report>(&json).unwrap(), report);
        let report = script::check(folder.path(), &node()).await;
        assert_eq!(report.engine, Some(Kind::Node));
        assert!(!texts(&report).iter().any(|text| text.contains("http")));
    });
}

#[test]
fn a_script_that_cannot_be_used_is_an_error_with_its_place() {
    on_one_loop(async {
        let cases = [
            ("let a = ;", "syntax error", Some(1)),
            ("\n\nthrow new Error('at load');", "at load", Some(3)),
            ("exports.other = 1;", "does not export ssExports", None),
            ("exports.ssExports = {};", "no function init", None),
            (
                "\nrequire('./nothing');",
                "cannot find module './nothing'",
                Some(2),
            ),
        ];
        for (code, words, line) in cases {
            for options in [embedded(), node()] {
                let folder = folder(&[("index.js", code)]);
                let report = script::check(folder.path(), &options).await;
                let [finding] = report.findings.as_slice() else {
                    panic!("{report:?}")
                };
                assert!(
                    !report.ok && finding.severity == Severity::Error && report.engine.is_none()
                );
                assert!(finding.text.contains(words), "{}", finding.text);
                assert_eq!(finding.line, line, "{}", finding.text);
            }
        }
    });
}
