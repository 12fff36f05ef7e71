//! What the README shows is what the program says.

use std::fs;

use crate::harness::{DEMO, FAIL, Folder, command, root, run, score};

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

/// The commands about throughput, one after the other in an empty folder, each with the output that is shown.
#[test]
#[cfg(unix)]
fn throughput_is_the_programs_own_output() {
    let commands = fs::read_to_string(root().join("docs/squeeze-cli.md")).expect("the page of the commands");
    let readme = readme();
    let section = readme.split("\n## ").find(|section| section.starts_with("How much does it sustain?"));
    let folder = Folder::new();
    let fixtures = folder.as_path().join("fixtures");
    std::os::unix::fs::symlink(root().join("fixtures"), fixtures).expect("a link to the fixtures");
    let examples = |text: &str| -> Vec<String> {
        let blocks = text.split("```console\n").skip(1).filter_map(|block| block.split("```").next());
        blocks.flat_map(|block| block.split("$ canary ").skip(1)).map(str::to_owned).collect()
    };
    let shown = [examples(section.expect("the section")), examples(&commands)].concat();
    assert_eq!(shown.len(), 4);
    for example in shown {
        let (line, output) = example.split_once('\n').expect("a command and its output");
        let arguments = shlex::split(line).expect("a shell command");
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let run = run(command(&arguments).current_dir(folder.as_path()));
        assert_eq!(run.stdout.trim_end(), output.trim_end(), "canary {line}");
    }
}

#[test]
fn the_embedding_example_is_the_one_that_is_compiled() {
    let example = fs::read_to_string(root().join("canary-core/examples/embed.rs")).expect("the example");
    let body = example.split_once("use canary_core").map(|(_, body)| format!("use canary_core{body}"));
    assert!(readme().contains(&body.expect("its imports")), "the README shows another program");
}
