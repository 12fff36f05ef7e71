//! `canary squeeze drive` against a server of known capacity, on loopback, in less than a minute.
#![cfg(unix)]

mod server;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

const CANARY: &str = env!("CARGO_BIN_EXE_canary");

/// oha where `./test` puts it, or on the PATH.
fn path_with_oha() -> String {
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tools/bin");
    format!("{}:{}", tools.display(), std::env::var("PATH").unwrap_or_default())
}

fn drive(arguments: &[&str]) -> Command {
    let mut command = Command::new(CANARY);
    command.args(["squeeze", "drive"]).args(arguments).env("PATH", path_with_oha());
    command
}

#[test]
fn the_capacity_of_a_server_is_found_within_five_percent() {
    // Four slots of 20 ms: 200 a second.
    let url = server::start(4, Duration::from_millis(20));
    let began = Instant::now();
    let limits = ["--max-rate", "400", "--start-rate", "60", "--max-time", "58s", "--step", "3s", "--format", "json"];
    let done =
        drive(&[&["--target", url.as_str(), "--slo", "p99<500ms"], &limits[..]].concat()).output().expect("a drive");
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
    let said = String::from_utf8_lossy(&done.stderr);
    let report: serde_json::Value =
        serde_json::from_slice(&done.stdout).unwrap_or_else(|error| panic!("{error}: {said}"));
    let capacity = report["capacity"]["estimate"].as_f64().unwrap_or_else(|| panic!("no capacity: {said} {report}"));
    assert!((capacity / 200.0 - 1.0).abs() <= 0.05, "{capacity}: {said}");
    assert_eq!(report["tool"], "oha");
}

#[test]
fn nothing_is_left_running_after_an_interrupt() {
    let folder = tempfile::tempdir().expect("a folder");
    let mark = folder.path().join("pid");
    // The tool starts a child in the background, as a shell script may; both must go.
    let exec = format!("sleep 987 & echo $! $$ > {}; wait # {{rate}} {{seconds}}", mark.display());
    let mut child = drive(&["--exec", &exec, "--max-rate", "10", "--max-time", "60s", "--step", "3s"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("a drive");
    let pids = wait_for(|| fs::read_to_string(&mark).ok().filter(|text| text.ends_with('\n')));
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).expect("an interrupt");
    let status = child.wait().expect("an end");
    assert_eq!(status.code(), Some(2), "no number after an interrupt");
    for pid in pids.split_whitespace() {
        assert!(is_gone(pid), "process {pid} is left");
    }
}

#[test]
fn a_failing_guard_stops_at_once() {
    let began = Instant::now();
    let limits = ["--max-rate", "10", "--max-time", "60s", "--step", "3s", "--guard", "echo too hot; exit 1"];
    let done = drive(&[&["--exec", "sleep 50 # {rate} {seconds}"], &limits[..]].concat()).output().expect("a drive");
    assert_eq!(done.status.code(), Some(2));
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(said.contains("the guard failed: too hot"), "{said}");
}

#[test]
fn limits_are_required_and_a_command_needs_its_places() {
    let code = |arguments: &[&str]| drive(arguments).stderr(Stdio::null()).status().expect("a run").code();
    assert_eq!(code(&["--target", "http://127.0.0.1:9/", "--max-time", "60s"]), Some(2), "no --max-rate");
    assert_eq!(code(&["--target", "http://127.0.0.1:9/", "--max-rate", "10"]), Some(2), "no --max-time");
    assert_eq!(code(&["--exec", "true", "--max-rate", "10", "--max-time", "60s"]), Some(2), "no {{rate}}");
}

#[test]
fn any_tool_can_be_driven_and_its_output_is_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let keep = folder.path().join("kept");
    // A table of one step, from a server that answers 50 a second.
    let exec = "sleep {seconds}; awk 'BEGIN { r = {rate}; g = r < 50 ? r : 50; d = {seconds}; print \"offered_rps,duration_s,ok,goodput_rps,sent\"; \
                printf \"%f,%f,%d,%f,%d\\n\", r, d, g * d, g, r * d }'";
    let limits = ["--max-rate", "200", "--start-rate", "5", "--max-time", "100s", "--step", "1s", "--format", "json"];
    let done = drive(&[&["--exec", exec, "--keep", &keep.display().to_string()], &limits[..]].concat()).output();
    let done = done.expect("a drive");
    let report: serde_json::Value = serde_json::from_slice(&done.stdout).expect("a report");
    let capacity = report["capacity"]["estimate"].as_f64().expect("a capacity");
    assert!((capacity / 50.0 - 1.0).abs() < 0.05, "{capacity}");
    let kept = fs::read_dir(&keep).expect("a folder").count();
    assert_eq!(Some(kept), report["steps"].as_array().map(Vec::len));
    let again = drive(&[&["--exec", exec, "--keep", &keep.display().to_string()], &limits[..]].concat()).output();
    let again = again.expect("a refusal");
    assert_eq!(again.status.code(), Some(2), "steps of two drives would be read as one test");
    assert!(String::from_utf8_lossy(&again.stderr).contains("--keep"));
}

#[test]
fn a_target_that_dies_leaves_its_steps_and_no_number() {
    let folder = tempfile::tempdir().expect("a folder");
    let count = folder.path().join("steps");
    // Answers everything in three steps, then nothing.
    let exec = format!(
        "n=$(cat {0} 2>/dev/null || echo 0); echo $((n + 1)) > {0}; sleep {{seconds}}; awk -v n=$n 'BEGIN {{ \
         r = {{rate}}; d = {{seconds}}; ok = n < 3 ? r * d : 0; print \"offered_rps,duration_s,ok,errors\"; \
         printf \"%f,%f,%d,%d\\n\", r, d, ok, r * d - ok }}'",
        count.display()
    );
    let limits = ["--max-rate", "200", "--start-rate", "10", "--max-time", "60s", "--step", "1s", "--min", "1"];
    let done = drive(&[&["--exec", &exec, "--format", "json"], &limits[..]].concat()).output().expect("a drive");
    assert_eq!(done.status.code(), Some(2));
    let report: serde_json::Value = serde_json::from_slice(&done.stdout).expect("a report");
    assert_eq!((&report["status"], &report["reasons"][0]), (&"unusable".into(), &"target_failed".into()));
    assert_eq!((&report["sweet_spot"], &report["capacity"]), (&serde_json::Value::Null, &serde_json::Value::Null));
    assert!(report["steps"].as_array().is_some_and(|steps| steps.len() >= 4), "{report}");
}

/// Whether a process has ended; nobody may have asked for its status yet (Z).
fn is_gone(pid: &str) -> bool {
    let stat = fs::read_to_string(Path::new("/proc").join(pid).join("stat"));
    stat.map_or(true, |stat| stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with('Z')))
}

fn wait_for<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(began.elapsed() < Duration::from_secs(20), "nothing came");
        thread::sleep(Duration::from_millis(20));
    }
}
