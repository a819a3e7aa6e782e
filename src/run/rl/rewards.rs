//! Rewards of a run's games: winning, and following a z that is drawn for each game.

use crate::action::Specs;
use crate::actor::Scorer;
use crate::files::read_limited;
use crate::game::{GameResult, MapData, Race, RawObservation, Seed};
use crate::obs::{Conditioning, Space};
use crate::reward::{GameRewards, KINDS, ZOptions, ZTask};
use crate::run::RunError;
use crate::run::config::RlConfig;
use crate::trajectory::ZLibrary;
use std::path::Path;
use std::sync::Arc;

/// No library is larger.
const LIBRARY_BYTES_MAX: u64 = 1 << 30;

/// The z's that games are played toward.
#[derive(Clone, Debug)]
pub struct Rewards {
    options: ZOptions,
    library: Arc<ZLibrary>,
    /// Entries that fit the run.
    entries: Vec<usize>,
    map: Arc<MapData>,
}

impl Rewards {
    /// Reads the config's library, if it names one.
    ///
    /// # Errors
    /// If it cannot be read, or has no z for the config's map.
    pub fn open(config: &RlConfig) -> Result<Rewards, RunError> {
        let map = crate::env::load_map(&config.map)?;
        let r = &config.rewards;
        let options = ZOptions {
            build_order_probability: r.z_share * r.part_probability,
            unit_counts_probability: r.z_share * r.part_probability,
            ..ZOptions::default()
        };
        if r.library.is_empty() {
            return Ok(Rewards {
                options,
                library: Arc::default(),
                entries: Vec::new(),
                map,
            });
        }
        let path = Path::new(&r.library);
        let bad = |what: String| RunError::Folder {
            path: path.to_owned(),
            what,
        };
        let bytes = read_limited(path, LIBRARY_BYTES_MAX)?;
        let library = ZLibrary::from_bytes(&bytes).map_err(|e| bad(e.to_string()))?;
        let entries = library.select(Some(&map.name), Race::Terran, Race::Terran, r.winners_only);
        if entries.is_empty() {
            return Err(bad(format!(
                "none of its {} z's is of a {}Terran game against Terran on {}",
                library.entries.len(),
                if r.winners_only { "won " } else { "" },
                map.name,
            )));
        }
        Ok(Rewards {
            options,
            library: Arc::new(library),
            entries,
            map,
        })
    }

    /// What one player of one game is told to be, and who counts its rewards.
    pub fn of_game(&self, seed: Seed, specs: &Specs) -> (Conditioning, Box<dyn Scorer>) {
        let task = ZTask::draw(&self.library, &self.entries, &self.options, seed);
        let conditioning = task.conditioning(None);
        let space = Space::new(&self.map, specs.action.target_grid);
        let rewards = GameRewards::new(task, &self.options, space);
        (conditioning, Box::new(Counted(rewards)))
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
}

fn add(sum: &mut [f32], rewards: [f32; KINDS.len()]) {
    sum.iter_mut().zip(rewards).for_each(|(s, r)| *s += r);
}
