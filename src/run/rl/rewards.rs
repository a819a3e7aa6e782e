//! Rewards of a run's games: winning, and following a z that is drawn for each game.

use crate::action::Specs;
use crate::actor::Scorer;
use crate::files::read_limited;
use crate::game::{GameResult, MapData, Race, RawObservation, Seed, data};
use crate::obs::{Conditioning, Space, vocab};
use crate::reward::{GameRewards, KINDS, ZOptions, ZTask};
use crate::run::RunError;
use crate::run::config::RewardsConfig;
use crate::trajectory::{Z, ZLibrary};
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

/// The library of agents/marine-flat64: what the scripted marine player built in games that it won on Flat64.
const BUILTIN: (&str, &[u8]) = (
    "builtin:marine-flat64",
    include_bytes!("../../../agents/marine-flat64/z.library"),
);
/// No library is larger.
const LIBRARY_BYTES_MAX: u64 = 1 << 30;

/// The z's that games are played toward.
#[derive(Clone, Debug)]
pub struct Rewards {
    options: ZOptions,
    shown: bool,
    library: Arc<ZLibrary>,
    /// Entries that fit the run.
    entries: Vec<usize>,
    /// z's that players are conditioned on by number.
    numbered: Arc<RwLock<Vec<Option<Z>>>>,
    map: Arc<MapData>,
}

impl Rewards {
    /// Reads the config's library, if it names one.
    ///
    /// # Errors
    /// If it cannot be read, or has no z for the map.
    pub fn open(r: &RewardsConfig, map: &Arc<MapData>) -> Result<Rewards, RunError> {
        let map = map.clone();
        let options = ZOptions {
            build_order_probability: r.z_share * r.part_probability,
            unit_counts_probability: r.z_share * r.part_probability,
            ..ZOptions::default()
        };
        if r.library.is_empty() {
            return Ok(Rewards {
                options,
                shown: r.shown,
                library: Arc::default(),
                entries: Vec::new(),
                numbered: Arc::default(),
                map,
            });
        }
        let path = Path::new(&r.library);
        let bad = |what: String| RunError::Folder {
            path: path.to_owned(),
            what,
        };
        let read;
        let bytes = if r.library == BUILTIN.0 {
            BUILTIN.1
        } else {
            read = read_limited(path, LIBRARY_BYTES_MAX)?;
            &read
        };
        let library = ZLibrary::from_bytes(bytes).map_err(|e| bad(e.to_string()))?;
        let entries = library.select(Some(&map.name), Race::Terran, Race::Terran, r.winners_only);
        if entries.is_empty() {
            return Err(bad(format!(
                "none of its {} z's is of a {}Terran game against Terran on {}: name a library that has some (scc replay z), or none \
                 (--set rewards.library= --set rewards.weights=[1,0,0])",
                library.entries.len(),
                if r.winners_only { "won " } else { "" },
                map.name,
            )));
        }
        Ok(Rewards {
            options,
            shown: r.shown,
            library: Arc::new(library),
            entries,
            numbered: Arc::default(),
            map,
        })
    }

    /// The z's that [`Rewards::task`] knows by number, from now on.
    pub fn set_numbered(&self, z: Vec<Option<Z>>) {
        *self
            .numbered
            .write()
            .unwrap_or_else(PoisonError::into_inner) = z;
    }

    /// The z of that number, if it is known.
    pub fn numbered(&self, z: u32) -> Option<Z> {
        let numbered = self.numbered.read().unwrap_or_else(PoisonError::into_inner);
        numbered.get(z as usize)?.clone()
    }

    /// What one player of one game plays for: the z of that number, or what is drawn.
    pub fn task(&self, seed: Seed, z: Option<u32>) -> ZTask {
        let numbered = self.numbered.read().unwrap_or_else(PoisonError::into_inner);
        let known = z.and_then(|z| Some((z, numbered.get(z as usize)?.clone()?)));
        match known {
            Some((number, z)) => ZTask {
                entry: Some(number as usize),
                ..ZTask::of(z)
            },
            None => ZTask::draw(&self.library, &self.entries, &self.options, seed),
        }
    }

    /// What a network that plays for `task` is told of it.
    pub fn conditioning(&self, task: &ZTask) -> Conditioning {
        if self.shown {
            task.conditioning(None)
        } else {
            Conditioning::default()
        }
    }

    /// Who counts the rewards of a task.
    pub fn scorer(&self, task: ZTask, specs: &Specs) -> Box<dyn Scorer> {
        let space = Space::new(&self.map, specs.action.target_grid);
        Box::new(Counted(GameRewards::new(task, &self.options, space)))
    }

    /// The z's, and which of them fit the run.
    pub fn library(&self) -> (&ZLibrary, &[usize]) {
        (&self.library, &self.entries)
    }
}

struct Counted(GameRewards);

impl Scorer for Counted {
    fn kinds(&self) -> usize {
        KINDS.len()
    }

    fn look(&mut self, raw: &RawObservation, rewards: &mut [f32]) {
        add(rewards, self.0.observe(raw));
    }

    fn end(&mut self, result: GameResult, rewards: &mut [f32]) {
        add(rewards, self.0.finish(result));
    }

    fn made(&self) -> Vec<(&'static str, u16)> {
        let types = vocab().counted().iter().zip(&self.0.executed().counts);
        types
            .filter(|(_, n)| **n > 0)
            .filter_map(|(id, n)| Some((data::unit(*id)?.name, *n)))
            .collect()
    }
}

fn add(sum: &mut [f32], rewards: [f32; KINDS.len()]) {
    sum.iter_mut().zip(rewards).for_each(|(s, r)| *s += r);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::maps;

    fn rewards(shown: bool) -> Rewards {
        let config = RewardsConfig {
            library: BUILTIN.0.to_owned(),
            shown,
            ..RewardsConfig::default()
        };
        let map = maps::by_name("Flat64").expect("embedded");
        Rewards::open(&config, &map).expect("opens")
    }

    /// Games of training and matches alike: a network that never learned to hear a z plays worse when told one.
    #[test]
    fn players_are_told_their_z_only_where_the_config_says_so() {
        for shown in [false, true] {
            let rewards = rewards(shown);
            let z = rewards.library().0.entries[rewards.library().1[0]]
                .z
                .clone();
            rewards.set_numbered(vec![None, Some(z.clone())]);
            let (none, numbered) = (ZTask::default(), rewards.task(Seed(1), Some(1)));
            assert_eq!(rewards.conditioning(&none), Conditioning::default());
            let expected = match shown {
                true => z.conditioning(true, true, None),
                false => Conditioning::default(),
            };
            assert_eq!(rewards.conditioning(&numbered), expected, "{shown}");
        }
    }
}
