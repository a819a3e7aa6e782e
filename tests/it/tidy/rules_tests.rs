//! Each rule on made-up sources: it finds the breach, and only the breach.

use super::rules;
use super::source::{Source, blank};

fn source(path: &str, text: &str) -> Source {
    Source::new(path, text)
}

#[test]
fn blanking_keeps_lines_and_drops_literals_and_comments() {
    let text = "let a = \"// not a comment\"; // comment \"\nlet b = 'x'; let c: &'a str = r#\"raw \" { \"#; /* { */ let d = '\\'';";
    let code = blank(text);
    assert_eq!(code.chars().count(), text.chars().count());
    assert_eq!(code.lines().count(), 2);
    assert!(
        !code.contains("comment")
            && !code.contains('{')
            && code.contains("&'a str")
            && code.contains("let d ="),
        "{code}"
    );
}

#[test]
fn imports_are_checked_against_the_table_but_not_in_tests() {
    let text = "use crate::game::Seed;\nuse crate::sim::Sim;\n#[cfg(test)]\nmod tests {\n    use crate::env::Env;\n}\nfn f() { crate::agent::x(); }\n";
    let breaches = rules::imports(&source("src/obs/mod.rs", text));
    assert_eq!(
        breaches,
        [
            "src/obs/mod.rs:2: `obs` imports `sim`",
            "src/obs/mod.rs:7: `obs` imports `agent`"
        ]
    );
    assert!(
        rules::imports(&source("src/run/mod.rs", text)).is_empty(),
        "`run` may import everything"
    );
    assert!(rules::imports(&source("src/obs/tests.rs", text)).is_empty());
}

#[test]
fn tch_is_for_the_learning_modules() {
    let text = "use tch::Tensor;\nlet x = std::batch::y;\n";
    assert_eq!(
        rules::imports(&source("src/agent/mod.rs", text)),
        ["src/agent/mod.rs:1: `agent` uses tch"]
    );
    assert!(rules::imports(&source("src/policy/heads.rs", text)).is_empty());
}

#[test]
fn grouped_crate_imports_are_refused() {
    let breaches = rules::imports(&source("src/obs/mod.rs", "use crate::{game, sim};\n"));
    assert!(
        breaches
            .iter()
            .any(|breach| breach.contains("one `use` a module")),
        "{breaches:?}"
    );
}

#[test]
fn the_documents_table_must_agree() {
    let document = "| `game` | vocabulary | nothing |\n| `tactics` | x | game, sim |\n";
    let breaches = rules::table_against_document(document);
    assert!(
        !breaches.iter().any(|breach| breach.contains("`game`:")),
        "{breaches:?}"
    );
    assert!(
        breaches
            .iter()
            .any(|breach| breach.starts_with("`tactics`: the document says")),
        "{breaches:?}"
    );
    assert!(
        breaches
            .iter()
            .any(|breach| breach.contains("`policy` * has no row")),
        "{breaches:?}"
    );
}

#[test]
fn headers_are_demanded() {
    assert_eq!(
        rules::header(&source("src/sim/mod.rs", "pub mod x;\n")).len(),
        2
    );
    assert_eq!(
        rules::header(&source("src/sim/mod.rs", "//! Sim.\npub mod x;\n")).len(),
        1
    );
    assert!(
        rules::header(&source(
            "src/sim/mod.rs",
            "//! Sim.\n//!\n//! Invariant: none.\n"
        ))
        .is_empty()
    );
    assert!(rules::header(&source("src/sim/path/mod.rs", "//! Paths.\n")).is_empty());
}

#[test]
fn long_functions_and_files_are_found() {
    let function = |lines: usize| {
        format!(
            "//! X.\nfn long(x: [u8; 2]) -> u8 {{\n{}}}\nfn short() {{}}\n",
            "    x();\n".repeat(lines - 2)
        )
    };
    assert!(rules::lengths(&source("src/obs/x.rs", &function(70))).is_empty());
    let breaches = rules::lengths(&source("src/obs/x.rs", &function(71)));
    assert_eq!(
        breaches,
        ["src/obs/x.rs:2: fn long has 71 lines, 70 at most"]
    );
    assert_eq!(
        rules::lengths(&source("src/obs/x.rs", &"// x\n".repeat(601))).len(),
        1
    );
    assert!(rules::lengths(&source("src/game/data/x.rs", &"// x\n".repeat(601))).is_empty());
    assert_eq!(
        rules::advised_share(&[source("src/obs/x.rs", &function(41))]).len(),
        1,
        "one of two is over 40 lines"
    );
    assert!(rules::advised_share(&[source("src/obs/x.rs", &function(40))]).is_empty());
}

#[test]
fn a_function_type_or_a_declaration_is_no_function() {
    let text = "type F = fn(u8) -> u8;\ntrait T {\n    fn declared(&self) -> [u8; 3];\n    fn given(&self) { {} }\n}\n";
    let names: Vec<String> = source("src/obs/x.rs", text)
        .functions()
        .into_iter()
        .map(|function| function.name)
        .collect();
    assert_eq!(names, ["given"]);
}

#[test]
fn leftovers_are_found_in_comments_and_code_but_not_in_literals() {
    let text = format!(
        "// {}: later\nfn f() {{ {}!() }}\nlet x = \"{}!()\";\n",
        concat!("TO", "DO"),
        "todo",
        "todo"
    );
    let text = text.replace("!()", "!(\"\")");
    assert_eq!(rules::leftovers(&source("src/obs/x.rs", &text)).len(), 2);
    assert_eq!(
        rules::leftovers(&source("src/obs/x.rs", &format!("#[{}]\n", "ignore"))).len(),
        1
    );
}

#[test]
fn the_library_is_kept_quiet_and_the_binary_is_not() {
    let text = "fn f() { println!(\"x\"); }\n// println!(\nfn g() { std::process::exit(1) }\n";
    assert_eq!(
        rules::library_manners(&source("src/obs/x.rs", text)).len(),
        2
    );
    assert!(rules::library_manners(&source("src/cli/x.rs", text)).is_empty());
    assert_eq!(
        rules::library_manners(&source("src/obs/x.rs", "eprint!(x)")),
        ["src/obs/x.rs:1: eprint!("]
    );
}

#[test]
fn platform_dependent_arithmetic_is_kept_out_of_the_simulator() {
    let text = "let a = x.sin();\nlet m: HashMap<u8, u8>;\nlet b = x.sqrt();\n";
    assert_eq!(rules::determinism(&source("src/sim/x.rs", text)).len(), 2);
    assert!(rules::determinism(&source("src/obs/x.rs", text)).is_empty());
}

#[test]
fn machine_paths_and_orphans_are_found() {
    let text = format!(
        "see {}someone/x\nsee ../shared/data\n",
        concat!("/ho", "me/")
    );
    assert_eq!(rules::machine_paths("docs/x.md", &text).len(), 1);
    let goldens = [
        "tests/golden/a.txt",
        "tests/golden/b.txt",
        "tests/playthroughs/c.txt",
    ]
    .map(str::to_owned);
    let code = "check(\"a\"); include_str!(\"../golden/b.txt\");";
    assert_eq!(rules::orphans(&goldens, code), ["tests/playthroughs/c.txt"]);
}
