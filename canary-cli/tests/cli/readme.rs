//! What the README shows is what the program says.

use std::fs;

use crate::harness::{DEMO, FAIL, root, score};

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).expect("the README")
}

#[test]
fn the_demo_is_the_programs_own_output() {
    let run = score(&DEMO, &["-c", "examples/canary.toml"]).exits(FAIL);
    assert!(readme().contains(&run.stdout), "the README does not show:\n{}", run.stdout);
}

#[test]
fn the_line_that_is_explained_is_one_of_the_demo() {
    let explained =
        "! COLD  azure-interleave:B8ms/v…_Write_(TPC-B_Like)/TPS  us-east-1  0.4999  [0.4985, 0.5013]  < 0.9";
    assert_eq!(readme().matches(explained).count(), 2, "once in the output, once where it is explained");
}

#[test]
fn the_embedding_example_is_the_one_that_is_compiled() {
    let example = fs::read_to_string(root().join("canary-core/examples/embed.rs")).expect("the example");
    let body = example.split_once("use canary_core").map(|(_, body)| format!("use canary_core{body}"));
    assert!(readme().contains(&body.expect("its imports")), "the README shows another program");
}
