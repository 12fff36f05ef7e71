//! How good the judges are: `cargo run --release --example verdict [-- --quick] [PART…]`.
//!
//! `docs/method.md` shows the output. Parts are recorded, kinds, shapes, simulated, detection and coverage;
//! all of them unless some are named. `--quick` draws fewer runs. `--wrong` lists every metric of the recorded
//! runs that is judged wrongly, for those who work on the judge. Everything is seeded: the same numbers each time.
#![allow(clippy::print_stdout, reason = "tables for people are what this program is for")]

mod detected;
mod labelled;
mod simulated;
mod table;

use std::error::Error;

/// How much is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pace {
    Full,
    Quick,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (options, parts): (Vec<&str>, Vec<&str>) =
        arguments.iter().map(String::as_str).partition(|argument| argument.starts_with("--"));
    let known = ["recorded", "kinds", "shapes", "simulated", "detection", "coverage"];
    if options.iter().any(|option| !["--quick", "--wrong"].contains(option))
        || parts.iter().any(|part| !known.contains(part))
    {
        return Err(format!("usage: verdict [--quick] [--wrong] [{}]…", known.join("|")).into());
    }
    let pace = if options.contains(&"--quick") { Pace::Quick } else { Pace::Full };
    let asked = |part: &str| parts.is_empty() || parts.contains(&part);
    if asked("recorded") {
        labelled::runs(options.contains(&"--wrong"))?;
    }
    if asked("kinds") {
        labelled::kinds()?;
    }
    if asked("shapes") {
        labelled::shapes()?;
    }
    if asked("simulated") {
        simulated::alarms(pace)?;
    }
    if asked("detection") {
        detected::delays(pace)?;
    }
    if asked("coverage") {
        simulated::coverage(pace)?;
    }
    Ok(())
}
