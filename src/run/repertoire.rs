//! What a network is told to be when it plays a match (SCC §6.1): strategies (z) of a file or of a league's database, one of
//! which is drawn for each game, and a rating.

use crate::agent::{Agent, AgentStep};
use crate::files::{FileError, read_limited};
use crate::game::{GameInfo, Race, RawObservation, Seed};
use crate::obs::Conditioning;
use crate::predictor::PolicyAgent;
use crate::trajectory::{Z, ZLibrary};
use rand::RngExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// No file of strategies is larger.
const FILE_BYTES_MAX: u64 = 1 << 28;

/// Why there are no strategies to play by.
#[derive(Debug, thiserror::Error)]
pub enum RepertoireError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error("{path} is neither a z library (`scc replay z`) nor one z as JSON: {what}")]
    NoStrategies { path: PathBuf, what: String },
    #[error("{path} has {n} z's, numbered from 0: there is no {entry}")]
    NoEntry { path: PathBuf, n: usize, entry: u32 },
    #[error("none of the {n} z's of {path} is a Terran player's")]
    NoRace { path: PathBuf, n: usize },
}

/// One strategy to play by.
#[derive(Clone, Debug, PartialEq)]
pub struct Strategy {
    pub z: Z,
    /// The map that it is for; none = it is played on every map.
    pub map: Option<String>,
}

/// What a network is told in its games. Default: nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Repertoire {
    pub strategies: Arc<Vec<Strategy>>,
    pub rating: Option<f32>,
}

impl Repertoire {
    pub fn is_empty(&self) -> bool {
        self.strategies.is_empty() && self.rating.is_none()
    }

    /// What is told in one game: a strategy for its map, drawn by the game's seed; of them all where none is for the map.
    pub fn draw(&self, map: &str, seed: Seed) -> Conditioning {
        let here = |s: &&Strategy| s.map.as_deref().is_none_or(|m| m == map);
        let mut among: Vec<&Strategy> = self.strategies.iter().filter(here).collect();
        if among.is_empty() {
            among = self.strategies.iter().collect();
        }
        let told = match among.len() {
            0 => Conditioning::default(),
            n => {
                let at = seed.fork("z", 0).rng().random_range(0..n);
                among[at].z.conditioning(true, true, None)
            }
        };
        told.rated(self.rating)
    }
}

/// The strategies of a file: those of a z library with these numbers, or all of Terran players, each for its map, if none
/// are named; or the one of a JSON file.
///
/// # Errors
/// If the file cannot be read, is neither, or has none that was asked for.
pub fn read(path: &Path, entries: &[u32]) -> Result<Vec<Strategy>, RepertoireError> {
    let bytes = read_limited(path, FILE_BYTES_MAX)?;
    let library = match ZLibrary::from_bytes(&bytes) {
        Ok(library) => library.entries,
        Err(error) => return Ok(vec![one(path, &bytes, error.to_string(), entries)?]),
    };
    let n = library.len();
    if !entries.is_empty() {
        let named = entries.iter().map(|&entry| {
            let found = library.get(entry as usize);
            let found = found.map(|e| Strategy {
                z: e.z.clone(),
                map: None,
            });
            found.ok_or_else(|| no_entry(path, n, entry))
        });
        return named.collect();
    }
    let ours = library.into_iter().filter(|e| e.race == Race::Terran);
    let ours: Vec<Strategy> = ours
        .map(|e| Strategy {
            z: e.z,
            map: Some(e.map),
        })
        .collect();
    if ours.is_empty() {
        let path = path.to_owned();
        return Err(RepertoireError::NoRace { path, n });
    }
    Ok(ours)
}

fn no_entry(path: &Path, n: usize, entry: u32) -> RepertoireError {
    let path = path.to_owned();
    RepertoireError::NoEntry { path, n, entry }
}

/// One z as JSON; `no_library` is why the file is none.
fn one(
    path: &Path,
    bytes: &[u8],
    no_library: String,
    entries: &[u32],
) -> Result<Strategy, RepertoireError> {
    let fail = |what: String| RepertoireError::NoStrategies {
        path: path.to_owned(),
        what,
    };
    if !bytes.trim_ascii_start().starts_with(b"{") {
        return Err(fail(no_library));
    }
    let z: Z = serde_json::from_slice(bytes).map_err(|e| fail(e.to_string()))?;
    if !z.is_known() {
        return Err(fail("it names what the tables do not have".to_owned()));
    }
    match entries.iter().find(|&&entry| entry > 0) {
        Some(&entry) => Err(no_entry(path, 1, entry)),
        None => Ok(Strategy { z, map: None }),
    }
}

/// A network that is told anew in each game what to be.
pub struct Told {
    pub agent: PolicyAgent,
    pub by: Arc<Repertoire>,
}

impl Agent for Told {
    fn name(&self) -> &str {
        self.agent.name()
    }

    fn begin(&mut self, info: &GameInfo, seed: Seed) {
        self.agent.tell(self.by.draw(&info.map.name, seed));
        self.agent.begin(info, seed);
    }

    fn act(&mut self, raw: &RawObservation) -> AgentStep {
        self.agent.act(raw)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::obs::BuildItem;
    use crate::trajectory::ZEntry;

    fn z(item: u16) -> Z {
        Z {
            build_order: vec![BuildItem { item, cell: 70 }],
            counts: vec![item; 3],
            upgrades: 0,
        }
    }

    fn entry(item: u16, map: &str, race: Race) -> ZEntry {
        ZEntry {
            z: z(item),
            map: map.to_owned(),
            race,
            opponent: Race::Terran,
            start: 0,
            won: true,
            mmr: 0.0,
            source: String::new(),
        }
    }

    fn library(folder: &Path) -> PathBuf {
        let entries = vec![
            entry(1, "Flat64", Race::Terran),
            entry(2, "Flat64", Race::Zerg),
            entry(3, "Tidewater", Race::Terran),
            entry(4, "Flat64", Race::Terran),
        ];
        let path = folder.join("z");
        ZLibrary { entries }.write(&path).expect("writable");
        path
    }

    fn items(strategies: Vec<Strategy>, map: &str) -> Vec<u16> {
        let repertoire = Repertoire {
            strategies: Arc::new(strategies),
            rating: None,
        };
        let drawn = (0..60).map(|i| repertoire.draw(map, Seed(i)).build_order[0].item);
        let mut drawn: Vec<u16> = drawn.collect();
        assert_eq!(
            repertoire.draw(map, Seed(17)).build_order[0].item,
            drawn[17],
            "a game's seed decides"
        );
        drawn.sort_unstable();
        drawn.dedup();
        drawn
    }

    #[test]
    fn a_set_is_drawn_from_by_map_and_named_entries_whatever_they_are_for() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = library(folder.path());
        let all = read(&path, &[]).expect("a library");
        assert_eq!(items(all.clone(), "Flat64"), [1, 4]);
        assert_eq!(items(all.clone(), "Tidewater"), [3]);
        assert_eq!(items(all, "Elsewhere"), [1, 3, 4]);
        assert_eq!(items(read(&path, &[2]).expect("there"), "Flat64"), [3]);
        assert_eq!(items(read(&path, &[1, 3]).expect("there"), "x"), [2, 4]);
    }

    #[test]
    fn one_z_as_json_is_told_whole_and_so_is_a_rating() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("z.json");
        let text = serde_json::to_string(&z(5)).expect("plain data");
        std::fs::write(&path, text).expect("writable");
        let repertoire = Repertoire {
            strategies: Arc::new(read(&path, &[]).expect("one z")),
            rating: Some(-200.0),
        };
        let told = repertoire.draw("Flat64", Seed(1));
        assert!(told.has_build_order() && told.has_counts());
        assert_eq!((told.counts, told.mmr), (vec![5; 3], Some(800.0)));
        assert_eq!(
            Repertoire::default().draw("Flat64", Seed(1)),
            Conditioning::default()
        );
    }

    #[test]
    fn what_is_no_strategy_is_said() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = library(folder.path());
        let missing = read(&path, &[0, 9]).unwrap_err().to_string();
        assert!(
            missing.contains("4 z's") && missing.contains('9'),
            "{missing}"
        );
        let refused = |text: &str| {
            let path = folder.path().join("bad");
            std::fs::write(&path, text).expect("writable");
            read(&path, &[]).unwrap_err().to_string()
        };
        assert!(refused("nothing").contains("z library"));
        assert!(refused("{\"build_order\": 3}").contains("JSON"));
        let mut wrong = z(60_000);
        let text = serde_json::to_string(&wrong).expect("plain data");
        assert!(refused(&text).contains("tables"), "an item of no table");
        wrong = z(1);
        wrong.counts = vec![1; 5000];
        let text = serde_json::to_string(&wrong).expect("plain data");
        assert!(refused(&text).contains("tables"), "counts of no table");
        let zerg = ZLibrary {
            entries: vec![entry(1, "Flat64", Race::Zerg)],
        };
        zerg.write(&path).expect("writable");
        assert!(read(&path, &[]).unwrap_err().to_string().contains("Terran"));
    }
}
