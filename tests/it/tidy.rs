//! House rules, checked on the sources: who may import whom, module headers, lengths, leftovers, orphan goldens.
//!
//! A rule is here because breaking it is easy and noticing it is hard. Each has a unit test in `tidy/rules_tests.rs`
//! on made-up sources, so that a rule that checks nothing fails.

mod rules;
mod rules_tests;
mod source;

use std::path::{Path, PathBuf};

use source::Source;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// All `.rs` files below `folder`, sorted, with paths relative to the repository.
fn sources(folder: &str) -> Vec<Source> {
    files(&Path::new(ROOT).join(folder))
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("sources are UTF-8");
            Source::new(relative(&path), text)
        })
        .collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn relative(path: &Path) -> String {
    path.strip_prefix(ROOT)
        .unwrap_or(path)
        .to_string_lossy()
        .replace('\\', "/")
}

/// Fails with every breach on a line of its own.
fn none(rule: &str, breaches: Vec<String>) {
    assert!(breaches.is_empty(), "{rule}:\n  {}", breaches.join("\n  "));
}

#[test]
fn modules_import_only_what_the_table_allows() {
    let breaches = sources("src").iter().flat_map(rules::imports).collect();
    none(
        "an import that docs/ARCHITECTURE.md's table does not allow",
        breaches,
    );
}

#[test]
fn every_module_of_the_table_is_there_and_in_the_document() {
    let document = std::fs::read_to_string(Path::new(ROOT).join("docs/ARCHITECTURE.md")).unwrap();
    none(
        "the table of tests/it/tidy/rules.rs and docs/ARCHITECTURE.md differ",
        rules::table_against_document(&document),
    );
    let folders: Vec<String> = std::fs::read_dir(Path::new(ROOT).join("src"))
        .unwrap()
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    let unknown = folders
        .iter()
        .filter(|name| *name != "cli" && rules::allowed(name).is_none())
        .cloned()
        .collect();
    none("a folder of src/ that the table does not know", unknown);
}

#[test]
fn modules_open_with_a_header() {
    none(
        "a file without a header, or a module without its invariant",
        sources("src").iter().flat_map(rules::header).collect(),
    );
}

#[test]
fn functions_and_files_stay_short() {
    let mut all = sources("src");
    all.extend(sources("tests"));
    none("too long", all.iter().flat_map(rules::lengths).collect());
    none("the ratchet is loose", rules::ratchet_stale(&all));
    none(
        "too many functions over the advised length",
        rules::advised_share(&all),
    );
}

#[test]
fn nothing_unfinished_is_left() {
    let mut all = sources("src");
    all.extend(sources("tests"));
    none(
        "a leftover",
        all.iter().flat_map(rules::leftovers).collect(),
    );
}

#[test]
fn the_library_neither_prints_nor_exits() {
    none(
        "the library prints, exits or reads ambient randomness",
        sources("src")
            .iter()
            .flat_map(rules::library_manners)
            .collect(),
    );
}

#[test]
fn the_simulator_is_deterministic_by_construction() {
    none(
        "`sim` and `game` use what differs by run or platform",
        sources("src").iter().flat_map(rules::determinism).collect(),
    );
}

#[test]
fn no_path_of_a_machine_is_in_the_repository() {
    let folders = [
        "src", "tests", "docs", "scripts", "configs", "agents", ".ci", ".cargo",
    ];
    let mut paths: Vec<PathBuf> = folders
        .iter()
        .flat_map(|folder| files(&Path::new(ROOT).join(folder)))
        .collect();
    paths.extend(
        [
            "README.md",
            "Makefile",
            "Cargo.toml",
            "CHANGELOG.md",
            "build.rs",
        ]
        .map(|name| Path::new(ROOT).join(name)),
    );
    let texts = paths
        .iter()
        .filter_map(|path| Some((relative(path), std::fs::read_to_string(path).ok()?)));
    none(
        "a path of one machine",
        texts
            .flat_map(|(path, text)| rules::machine_paths(&path, &text))
            .collect(),
    );
}

#[test]
fn no_golden_file_is_orphaned() {
    let goldens = ["golden", "playthroughs", "data"]
        .iter()
        .flat_map(|folder| files(&Path::new(ROOT).join("tests").join(folder)));
    let mut texts: Vec<Source> = sources("tests");
    texts.extend(sources("src"));
    let code: String = texts.iter().map(|source| source.text.as_str()).collect();
    none(
        "a file under tests/ that no test names",
        rules::orphans(
            &goldens.map(|path| relative(&path)).collect::<Vec<_>>(),
            &code,
        ),
    );
}
