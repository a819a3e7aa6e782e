//! Every replay that has a reference decoding, key by key. Skipped where there are none: they are no part of the repository.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::super::{decode, report};

/// Real replays: beside the repository, or where `SCC_REPLAYS` says.
pub(super) fn folder() -> Option<PathBuf> {
    let given = std::env::var_os("SCC_REPLAYS").map(PathBuf::from);
    let near = ["../shared/data/replays", "../../shared/data/replays"];
    let near = near
        .iter()
        .map(|path| Path::new(env!("CARGO_MANIFEST_DIR")).join(path));
    given.into_iter().chain(near).find(|path| path.is_dir())
}

/// Names of all replays there, sorted.
pub(super) fn replays() -> Vec<PathBuf> {
    let entries = folder().and_then(|folder| std::fs::read_dir(folder).ok());
    let mut paths: Vec<PathBuf> = entries
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e == "SC2Replay"))
        .collect();
    paths.sort();
    paths
}

fn reference(replay: &Path) -> Option<Value> {
    let bytes = std::fs::read(replay.with_extension("reference.json.gz")).ok()?;
    serde_json::from_reader(flate2::read::GzDecoder::new(bytes.as_slice())).ok()
}

/// Where two values differ, at most a few places.
fn differences(path: &str, ours: &Value, theirs: &Value, found: &mut Vec<String>) {
    if found.len() > 5 || ours == theirs {
        return;
    }
    match (ours, theirs) {
        (Value::Object(a), Value::Object(b)) => {
            for key in a.keys().chain(b.keys().filter(|key| !a.contains_key(*key))) {
                let (ours, theirs) = (a.get(key), b.get(key));
                if let (Some(ours), Some(theirs)) = (ours, theirs) {
                    differences(&format!("{path}.{key}"), ours, theirs, found);
                } else {
                    found.push(format!("{path}.{key}: ours {ours:?}, theirs {theirs:?}"));
                }
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (idx, (ours, theirs)) in a.iter().zip(b).enumerate() {
                differences(&format!("{path}[{idx}]"), ours, theirs, found);
            }
        }
        _ => {
            let cut = |value: &Value| value.to_string().chars().take(120).collect::<String>();
            found.push(format!(
                "{path}: ours {}, theirs {}",
                cut(ours),
                cut(theirs)
            ));
        }
    }
}

#[test]
fn reports_equal_the_reference_decodings_key_by_key() {
    let mut found = Vec::new();
    for path in replays() {
        let Some(theirs) = reference(&path) else {
            continue;
        };
        let name = path.file_name().unwrap().to_string_lossy();
        let bytes = std::fs::read(&path).unwrap();
        let replay = match decode(&bytes) {
            Ok(replay) => replay,
            Err(error) => {
                found.push(format!("{name}: {}: {error}", error.reason()));
                continue;
            }
        };
        let text = serde_json::to_string(&report(&replay, &name, &bytes)).unwrap();
        let mut ours: Value = serde_json::from_str(&text).unwrap();
        // Ours alone: who decoded, and what was warned of.
        ours["decoder"] = theirs["decoder"].clone();
        ours["notes"] = theirs["notes"].clone();
        let mut of_file = Vec::new();
        differences("", &ours, &theirs, &mut of_file);
        found.extend(of_file.into_iter().map(|what| format!("{name}{what}")));
    }
    assert!(
        found.is_empty(),
        "{} differences:\n{}",
        found.len(),
        found.join("\n")
    );
}
