//! The rules themselves: pure functions from sources to lists of breaches.

use super::source::Source;

/// Functions longer than this fail.
const FUNCTION_LINES_MAX: usize = 70;
/// Functions should not be longer than this; a few may.
const FUNCTION_LINES_ADVISED: usize = 40;
/// How many of a hundred functions may be longer than advised.
const OVER_ADVISED_PERCENT_MAX: usize = 8;
/// Files longer than this fail, but for the data tables.
const FILE_LINES_MAX: usize = 600;
/// What was longer when the limits came, at the length it then had: it may only shrink, and leaves the list when it fits.
const RATCHET: &[(&str, usize)] = &[
    ("src/policy/inputs.rs fn new", 71),
    ("src/policy/targets.rs fn new", 73),
];
/// Tables of game data: as long as the data is.
const DATA_TABLES: &str = "src/game/data/";

/// Module, what it may import, whether it may use tch.
#[rustfmt::skip]
const TABLE: &[(&str, &[&str], bool)] = &[
    ("game", &[], false),
    ("files", &[], false),
    ("threads", &[], false),
    ("tactics", &["game"], false),
    ("sim", &["game", "tactics", "files"], false),
    ("sc2", &["game", "sim", "files"], false),
    ("replay", &["game", "files"], false),
    ("env", &["game", "sim", "sc2", "replay", "files", "threads"], false),
    ("server", &["game", "sim", "sc2", "replay", "files"], false),
    ("obs", &["game"], false),
    ("action", &["game", "obs"], false),
    ("trajectory", &["game", "obs", "action", "files"], false),
    ("agent", &["game", "obs", "action", "tactics"], false),
    ("policy", &["game", "obs", "action", "trajectory", "files", "threads"], true),
    ("algo", &[], true),
    ("collective", &[], true),
    ("predictor", &["game", "agent", "obs", "action", "trajectory", "policy", "files", "bus"], true),
    ("dataset", &["game", "env", "obs", "action", "trajectory", "replay", "files", "threads"], false),
    ("imitation", &["game", "obs", "action", "trajectory", "dataset", "policy", "algo", "predictor", "files"], true),
    ("reward", &["game", "obs", "trajectory"], false),
    ("learner", &["game", "trajectory", "policy", "algo", "collective"], true),
    ("league", &[], false),
    ("storage", &["league"], false),
    ("bus", &[], false),
    ("evaluator", &["game", "env", "replay", "agent", "league", "files", "threads"], false),
    ("actor", &["game", "env", "obs", "action", "trajectory", "agent", "evaluator"], false),
    ("analysis", &["game", "files", "obs", "trajectory", "replay", "env", "league"], false),
    ("run", &["*"], true),
];

/// What `module` may import, and whether it may use tch; `None` for a module that the table does not know.
pub fn allowed(module: &str) -> Option<(&'static [&'static str], bool)> {
    TABLE
        .iter()
        .find(|row| row.0 == module)
        .map(|row| (row.1, row.2))
}

fn at_line(source: &Source, line: usize, what: &str) -> String {
    format!("{}:{line}: {what}", source.path)
}

/// Imports against the table. The binary (`main.rs`, `cli/`) may use everything.
pub fn imports(source: &Source) -> Vec<String> {
    let Some((allowed, torch)) = source.module().and_then(allowed) else {
        return Vec::new();
    };
    let module = source.module().unwrap_or_default();
    let mut breaches = Vec::new();
    let shipped = source.shipped_code();
    for (idx, line) in shipped.lines().enumerate() {
        for other in crate_paths(line) {
            let known = TABLE.iter().any(|row| row.0 == other);
            if known && other != module && !allowed.contains(&"*") && !allowed.contains(&other) {
                breaches.push(at_line(
                    source,
                    idx + 1,
                    &format!("`{module}` imports `{other}`"),
                ));
            }
        }
        let uses_tch = words_before(line, "::").any(|word| word == "tch" || word == "torch_sys");
        if uses_tch && !torch {
            breaches.push(at_line(source, idx + 1, &format!("`{module}` uses tch")));
        }
    }
    if shipped.contains("crate::{") {
        breaches.push(at_line(
            source,
            1,
            "`use crate::{...}`: one `use` a module, so that this test and people see it",
        ));
    }
    breaches
}

/// The first path segments after `crate::` in a line.
fn crate_paths(line: &str) -> impl Iterator<Item = &str> {
    line.match_indices("crate::")
        .filter(|(at, _)| !line[..*at].ends_with(|c: char| c == '$' || c.is_alphanumeric()))
        .map(|(at, found)| {
            let rest = &line[at + found.len()..];
            &rest[..rest
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(rest.len())]
        })
}

/// The words that stand directly before `mark` in a line and begin a path.
fn words_before<'a>(line: &'a str, mark: &'a str) -> impl Iterator<Item = &'a str> {
    line.match_indices(mark).filter_map(|(at, _)| {
        let start = line[..at]
            .rfind(|c: char| !c.is_alphanumeric() && c != '_')
            .map_or(0, |p| p + 1);
        (!line[..start].ends_with("::")).then_some(&line[start..at])
    })
}

/// The document's table (rows "| `module` ... | ... | imports |") against ours.
pub fn table_against_document(document: &str) -> Vec<String> {
    let mut breaches = Vec::new();
    for (module, imports, torch) in TABLE {
        let star = if *torch { " *" } else { "" };
        let Some(row) = document
            .lines()
            .find(|line| line.starts_with(&format!("| `{module}`{star} |")))
        else {
            breaches.push(format!(
                "`{module}`{star} has no row in docs/ARCHITECTURE.md"
            ));
            continue;
        };
        let cell = row
            .trim_end_matches([' ', '|'])
            .rsplit('|')
            .next()
            .unwrap_or_default()
            .trim();
        let mut written: Vec<&str> = cell.split(", ").collect();
        let mut ours: Vec<&str> = match *imports {
            [] => vec!["nothing"],
            ["*"] => vec!["all above"],
            imports => imports.to_vec(),
        };
        written.sort_unstable();
        ours.sort_unstable();
        if written != ours {
            breaches.push(format!(
                "`{module}`: the document says {written:?}, the test {ours:?}"
            ));
        }
    }
    breaches
}

/// Every file opens with `//!`, every module of `src/` states its invariant.
pub fn header(source: &Source) -> Vec<String> {
    let head: String = source
        .text
        .lines()
        .take_while(|line| line.starts_with("//!"))
        .collect::<Vec<_>>()
        .join("\n");
    let mut breaches = Vec::new();
    if head.is_empty() && !source.is_test_file() {
        breaches.push(at_line(source, 1, "does not open with `//!`"));
    }
    let is_module_root = source.path.ends_with("/mod.rs") && source.path.matches('/').count() == 2;
    if is_module_root && !head.contains("Invariant:") {
        breaches.push(at_line(source, 1, "the header states no `Invariant:`"));
    }
    breaches
}

/// Functions and files over the hard limits.
pub fn lengths(source: &Source) -> Vec<String> {
    if source.path.starts_with(DATA_TABLES) {
        return Vec::new();
    }
    let mut breaches = Vec::new();
    for f in source.functions() {
        let max = limit(
            &format!("{} fn {}", source.path, f.name),
            FUNCTION_LINES_MAX,
        );
        if f.lines > max {
            let what = format!("fn {} has {} lines, {max} at most", f.name, f.lines);
            breaches.push(at_line(source, f.line, &what));
        }
    }
    let lines = source.text.lines().count();
    let max = limit(&source.path, FILE_LINES_MAX);
    if lines > max {
        breaches.push(at_line(source, 1, &format!("{lines} lines, {max} at most")));
    }
    breaches
}

/// The length that `what` may have: its own in the ratchet, else everybody's.
fn limit(what: &str, everybody: usize) -> usize {
    RATCHET
        .iter()
        .find(|row| row.0 == what)
        .map_or(everybody, |row| row.1)
}

/// Rows of the ratchet that nothing needs any more.
pub fn ratchet_stale(sources: &[Source]) -> Vec<String> {
    let mut over = Vec::new();
    for source in sources {
        let long = source
            .functions()
            .into_iter()
            .filter(|f| f.lines > FUNCTION_LINES_MAX);
        over.extend(long.map(|f| (format!("{} fn {}", source.path, f.name), f.lines)));
        over.push((source.path.clone(), source.text.lines().count()));
    }
    let is_needed = |(what, max): &&(&str, usize)| {
        let min = if what.contains(" fn ") {
            FUNCTION_LINES_MAX
        } else {
            FILE_LINES_MAX
        };
        *max > min
            && over
                .iter()
                .any(|(name, lines)| name == what && lines == max)
    };
    let stale = RATCHET.iter().filter(|row| !is_needed(row));
    stale
        .map(|(what, max)| {
            format!("{what} is no longer {max} lines long: lower or remove its row in RATCHET")
        })
        .collect()
}

/// The share of functions over the advised length, which may only be small.
pub fn advised_share(sources: &[Source]) -> Vec<String> {
    let tables = |source: &&Source| !source.path.starts_with(DATA_TABLES);
    let lengths: Vec<usize> = sources
        .iter()
        .filter(tables)
        .flat_map(Source::functions)
        .map(|function| function.lines)
        .collect();
    let over = lengths
        .iter()
        .filter(|lines| **lines > FUNCTION_LINES_ADVISED)
        .count();
    if over * 100 > lengths.len() * OVER_ADVISED_PERCENT_MAX {
        return vec![format!(
            "{over} of {} functions have over {FUNCTION_LINES_ADVISED} lines, {OVER_ADVISED_PERCENT_MAX}% may",
            lengths.len()
        )];
    }
    Vec::new()
}

/// Marks of unfinished work, and tests that are switched off.
pub fn leftovers(source: &Source) -> Vec<String> {
    // Comments count: that is where they stand. Put together here, so that this file does not break its own rule.
    let words = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("XX", "X:"),
    ];
    let calls = [
        concat!("todo", "!("),
        concat!("unimplemented", "!("),
        concat!("#[ig", "nore"),
        concat!("dbg", "!("),
    ];
    let mut breaches = Vec::new();
    for (idx, (text, code)) in source.text.lines().zip(source.code.lines()).enumerate() {
        let in_text = words.iter().filter(|word| text.contains(**word));
        let in_code = calls.iter().filter(|call| code.contains(**call));
        breaches.extend(
            in_text
                .chain(in_code)
                .map(|mark| at_line(source, idx + 1, mark)),
        );
    }
    breaches
}

/// The library prints nothing, ends no process and takes no ambient randomness.
pub fn library_manners(source: &Source) -> Vec<String> {
    if matches!(source.module(), None | Some("main" | "cli")) {
        return Vec::new();
    }
    forbidden(
        source,
        &[
            "println!(",
            "eprintln!(",
            "print!(",
            "eprint!(",
            "process::exit",
            "rand::rng()",
            "rand::random",
            "thread_rng",
        ],
    )
}

/// What would make the simulator's results differ between runs or platforms.
pub fn determinism(source: &Source) -> Vec<String> {
    if !matches!(source.module(), Some("sim" | "game" | "tactics")) {
        return Vec::new();
    }
    let libm = [
        ".sin()",
        ".cos()",
        ".tan()",
        ".sin_cos()",
        ".atan2(",
        ".powf(",
        ".exp()",
        ".ln()",
        ".hypot(",
        ".cbrt()",
        ".mul_add(",
    ];
    let ambient = [
        "HashMap",
        "HashSet",
        "SystemTime",
        "Instant::now",
        "std::env::",
        "env::var",
        "thread::current",
        "RandomState",
    ];
    forbidden(source, &[libm.as_slice(), &ambient].concat())
}

fn forbidden(source: &Source, calls: &[&str]) -> Vec<String> {
    let code = source.shipped_code();
    let lines = code.lines().enumerate();
    lines
        .flat_map(|(idx, line)| {
            calls
                .iter()
                .filter(|call| has_call(line, call))
                .map(move |call| at_line(source, idx + 1, call))
        })
        .collect()
}

/// Whether `call` stands in `line` as a word of its own (`print!(` is not found in `eprint!(`).
fn has_call(line: &str, call: &str) -> bool {
    let bounded = |at: usize| {
        call.starts_with('.') || !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_')
    };
    line.match_indices(call).any(|(at, _)| bounded(at))
}

/// Absolute paths of somebody's machine.
pub fn machine_paths(path: &str, text: &str) -> Vec<String> {
    let roots = [
        concat!("/wo", "rk/"),
        concat!("/ro", "ot/"),
        concat!("/ho", "me/"),
        concat!("/Us", "ers/"),
    ];
    let lines = text.lines().enumerate();
    lines
        .filter(|(_, line)| roots.iter().any(|root| line.contains(root)))
        .map(|(idx, line)| format!("{path}:{}: {}", idx + 1, line.trim()))
        .collect()
}

/// Files that no source names, neither by file name nor by stem nor by their folder.
pub fn orphans(goldens: &[String], code: &str) -> Vec<String> {
    let named = |path: &&String| {
        let name = path.rsplit('/').next().unwrap_or(path);
        let stem = name.split('.').next().unwrap_or(name);
        let folder = path.rsplit('/').nth(1).unwrap_or_default();
        code.contains(&format!("\"{stem}\""))
            || code.contains(name)
            || code.contains(&format!("tests/{folder}\""))
    };
    goldens
        .iter()
        .filter(|path| !named(path))
        .cloned()
        .collect()
}
