//! What tells a run from others, and a start of its master from earlier ones. Nothing here depends on a clock that goes right.

use crate::files::{read_limited, write_atomic};
use crate::run::RunError;
use crate::run::host::{host_name, now_ms};
use std::path::Path;
use xxhash_rust::xxh3::xxh3_64;

/// Names a run folder; also who leads on the bus, and whose the objects there are.
const ID_FILE: &str = "cluster.id";
/// How many masters have been started in the run folder.
const STARTS_FILE: &str = "cluster.starts";
/// Neither file is larger.
const BYTES_MAX: u64 = 1024;
/// A folder's and a machine's name are cut to this in an id, in characters.
const NAME_MAX: usize = 64;
/// Bits of the numbers that one start gives, and of all that a run gives.
const START_BITS: u32 = 32;
const RUN_BITS: u32 = 52;

/// See the module.
pub struct Identity {
    pub id: String,
    starts: u64,
}

impl Identity {
    /// The run's id, made when its first master starts; this start is counted. One process at a time does this in a folder.
    ///
    /// # Errors
    /// If a file of it cannot be read or written, or holds no count.
    pub fn open(run: &Path) -> Result<Identity, RunError> {
        let path = run.join(ID_FILE);
        if !path.exists() {
            write_atomic(&path, new_id(run).as_bytes())?;
        }
        let id = text(&path)?;
        let path = run.join(STARTS_FILE);
        let before = match path.exists() {
            true => text(&path)?.trim().parse().map_err(|_| RunError::Folder {
                path: path.clone(),
                what: "is no number of starts: write one into it that is larger than ever before"
                    .to_owned(),
            }),
            false => Ok(0_u64),
        };
        let starts = before?.saturating_add(1);
        write_atomic(&path, starts.to_string().as_bytes())?;
        Ok(Identity { id, starts })
    }

    /// Where the numbers of this start begin, of groups and of games: above those of the run's earlier starts, of which
    /// somebody may still tell. The uppermost bits are of the run: workers that outlive it tell the next one on their bus of
    /// games that are none of its.
    pub fn first_number(&self) -> u64 {
        let start = self.starts % (1 << (RUN_BITS - START_BITS));
        (xxh3_64(self.id.as_bytes()) >> RUN_BITS << RUN_BITS) | (start << START_BITS)
    }
}

/// Folder and machine, for people, and a hash for the rest: it differs where whole path, process or time do. The time need not
/// be right for that, and is compared with nobody's.
fn new_id(run: &Path) -> String {
    let whole = std::path::absolute(run).unwrap_or_else(|_| run.to_owned());
    let folder = whole.file_name().unwrap_or_default().to_string_lossy();
    let rest = format!("{}\n{}\n{}", whole.display(), std::process::id(), now_ms());
    let cut = |name: &str| name.chars().take(NAME_MAX).collect::<String>();
    let hash = xxh3_64(rest.as_bytes());
    format!("{}@{}-{hash:016x}", cut(&folder), cut(&host_name()))
}

fn text(path: &Path) -> Result<String, RunError> {
    let bytes = read_limited(path, BYTES_MAX)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_master_of_a_run_begins_with_higher_numbers_whatever_the_clock_says() {
        let folder = tempfile::tempdir().expect("a folder");
        let run = folder.path();
        // Made when the clock stood in the year 2286; it has been set right since.
        std::fs::write(run.join(ID_FILE), "9184e72a000-1").expect("writable");
        let mut last = 0;
        for start in 1..=3 {
            let now = Identity::open(run).expect("opens");
            assert_eq!(now.id, "9184e72a000-1");
            assert_eq!(now.first_number() << 12 >> 44, start, "counted, not timed");
            assert!(now.first_number() >= last + (1 << START_BITS));
            last = now.first_number();
        }
    }

    #[test]
    fn runs_have_ids_and_numbers_of_their_own() {
        let folder = tempfile::tempdir().expect("a folder");
        let [one, two] = ["one", "two"].map(|name| {
            let run = folder.path().join(name);
            std::fs::create_dir(&run).expect("writable");
            (Identity::open(&run).expect("opens").id, name)
        });
        for (id, name) in [&one, &two] {
            assert!(id.starts_with(&format!("{name}@")), "{id}");
        }
        let first = |id: &str| {
            let id = id.to_owned();
            Identity { id, starts: 1 }.first_number()
        };
        assert!(first("one").abs_diff(first("two")) >= 1 << RUN_BITS);
    }

    #[test]
    fn a_count_that_is_none_is_said_and_not_begun_anew() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join(STARTS_FILE), "many").expect("writable");
        let Err(error) = Identity::open(folder.path()) else {
            panic!("it cannot know");
        };
        assert!(error.to_string().contains("number of starts"), "{error}");
    }
}
