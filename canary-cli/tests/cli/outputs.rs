//! Reports in files: whole or not at all.

use std::fs;

use crate::harness::{FAILING, Folder, GOOD, PASS, canary, score};

#[test]
fn the_suffix_decides_the_format() {
    let folder = Folder::new();
    for (name, format) in [
        ("report.json", "json"),
        ("report.md", "markdown"),
        ("report.markdown", "markdown"),
        ("report.xml", "junit"),
        ("report.txt", "table"),
        ("REPORT.JSON", "json"),
    ] {
        let run = score(&FAILING, &["--format", format, "-o", &folder.path(name)]);
        assert!(run.stdout.len() > 100, "{run:?}");
        assert_eq!(folder.read(name), run.stdout, "{name} holds what --format {format} prints");
    }
}

#[test]
fn several_files_and_standard_output_at_once() {
    let folder = Folder::new();
    let [json, xml] = ["a.json", "b.xml"].map(|name| folder.path(name));
    score(&GOOD, &["-o", &json, "--output", &xml]).exits(PASS).prints(&["PASS"]);
    assert!(folder.read("a.json").starts_with("{\n"), "JSON");
    assert!(folder.read("b.xml").starts_with("<?xml"), "JUnit");
    assert_eq!(folder.names(), ["a.json", "b.xml"], "no temporary file is left");
}

#[test]
fn only_holds_in_a_table_that_is_written_too() {
    let folder = Folder::new();
    let run = score(&FAILING, &["--only", "ok", "-o", &folder.path("report.txt")]);
    assert_eq!(folder.read("report.txt"), run.stdout);
}

#[test]
fn an_existing_file_is_replaced() {
    let folder = Folder::new();
    let path = folder.write("report.json", "x".repeat(1 << 20));
    let run = score(&GOOD, &["--format", "json", "-o", &path]).exits(PASS);
    assert_eq!(folder.read("report.json"), run.stdout);
}

#[cfg(unix)]
#[test]
fn others_may_read_a_report_as_they_may_any_new_file() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let mode = |path: &str| fs::metadata(path).expect("a file").permissions().mode();
    let report = folder.path("report.json");
    score(&GOOD, &["-o", &report]).exits(PASS);
    assert_eq!(mode(&report), mode(&folder.write("any", "")));
}

#[test]
fn a_file_that_cannot_be_written_leaves_no_file_at_all() {
    let folder = Folder::new();
    let file = folder.write("file", "");
    let first = folder.path("a.json");
    let [missing, within_file] = [folder.path("missing/b.json"), format!("{file}/b.json")];
    for (second, words) in [(&missing, &["missing/b.json", "no folder"]), (&within_file, &["file/b.json", "no folder"])]
    {
        score(&GOOD, &["-o", &first, "-o", second]).complains(words);
        assert_eq!(folder.names(), ["file"], "neither the first file nor a temporary one");
    }
}

#[test]
fn a_folder_is_no_place_for_a_report() {
    let folder = Folder::new();
    fs::create_dir(folder.path("report.json")).expect("a folder");
    score(&GOOD, &["-o", &folder.path("report.json")]).complains(&["report.json", "found a folder"]);
    assert_eq!(folder.names(), ["report.json"]);
}

#[test]
fn an_unknown_suffix_lists_the_known_ones_before_any_work() {
    let folder = Folder::new();
    for name in ["report.pdf", "report", "json", "-"] {
        let missing = ["nowhere.parquet", "nowhere.parquet"];
        score(&missing, &["-o", &folder.path(name)]).complains(&[name, ".txt, .json, .md, .markdown, .xml, .html"]);
    }
    assert!(folder.names().is_empty());
}

#[test]
fn a_run_without_a_verdict_leaves_the_old_report_alone() {
    let folder = Folder::new();
    let path = folder.write("report.json", "old");
    score(&["fixtures/bad/empty.parquet", GOOD[1]], &["-o", &path]).complains(&["empty"]);
    assert_eq!(folder.read("report.json"), "old");
    assert_eq!(folder.names(), ["report.json"]);
}

#[test]
fn quiet_prints_nothing_and_writes_the_same() {
    let folder = Folder::new();
    let run = score(&FAILING, &["--quiet", "-o", &folder.path("report.json")]);
    assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (1, "", ""));
    assert_eq!(folder.read("report.json"), score(&FAILING, &["--format", "json"]).stdout);
    canary(&["score", "--quiet", "nowhere.parquet", GOOD[1]]).complains(&["nowhere.parquet"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_no_file_at_all() {
    let folder = Folder::new();
    let [first, full] = [folder.write("a.json", "old"), folder.path("full.json")];
    std::os::unix::fs::symlink("/dev/full", &full).expect("a link");
    score(&GOOD, &["-o", &first, "-o", &full]).complains(&["cannot write", "full.json"]);
    assert_eq!(folder.read("a.json"), "old", "what was written before is taken back");
    assert_eq!(folder.names(), ["a.json", "full.json"]);
}
