//! A folder of shards: built from replay files, resumable, opened for reading.

use super::DatasetError;
use super::extract::extract;
use super::shard::{Counts, Episode, Shard, ShardWriter};
use crate::action::Specs;
use crate::files::{read_limited, write_atomic};
use crate::game::GameResult;
use crate::replay;
use crate::threads::side_by_side;
use crate::trajectory::{Step, Wire};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use xxhash_rust::xxh3::Xxh3;

pub(super) const SUMMARY: &str = "dataset.json";
/// Files are read many times over, but a demo also waits for them to be written.
pub(super) const DATASET_ZSTD_LEVEL: i32 = 3;
const SUMMARY_BYTES_MAX: u64 = 1 << 26;

/// How to build.
pub struct BuildOptions<'a> {
    /// Steps a block: the unit of compression and of reading.
    pub block_steps: usize,
    pub replays_per_shard: usize,
    /// A no-op stands wherever a player gave no command for this many loops.
    pub no_op_loops: u16,
    /// Shards that know no z's (of an older program) are built again.
    pub needs_z: bool,
    pub threads: usize,
    /// Set from outside to give up; finished shards stay and are used by the next build.
    pub stop: &'a AtomicBool,
    /// Told after every shard, from any thread.
    pub on_shard: &'a (dyn Fn(BuildProgress) + Sync),
}

/// How far a build is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BuildProgress {
    pub shards: usize,
    pub done: usize,
}

pub(super) fn hashes(specs: &Specs) -> [u64; 2] {
    [specs.obs.hash, specs.action.hash]
}

/// What `dataset.json` says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Summary {
    format: u32,
    plan: u64,
    obs_hash: u64,
    action_hash: u64,
    shards: usize,
    counts: Counts,
}

/// Which players' games to learn from (SCC §5: rating and winner filters).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EpisodeFilter {
    /// Lowest rating; players without a rating pass only where this is none.
    pub rating_min: Option<f32>,
    pub winners_only: bool,
}

impl EpisodeFilter {
    fn takes(&self, episode: &Episode) -> bool {
        let rated = match self.rating_min {
            Some(min) => episode.subject.rating.is_some_and(|r| r >= min),
            None => true,
        };
        rated && (!self.winners_only || episode.subject.result == GameResult::Victory)
    }
}

/// All episodes of a folder, open for reading from any thread.
#[derive(Debug)]
pub struct Dataset {
    wire: Wire,
    shards: Vec<Shard>,
    /// Shard and index in it.
    episodes: Vec<(usize, usize)>,
    counts: Counts,
    hash: u64,
}

/// Builds what is missing of a dataset and opens it.
///
/// A shard that is there already, whole and of the same plan, is kept; so a build that was stopped goes on.
///
/// # Errors
/// If there are no replays, one cannot be read or does not re-play, or a shard cannot be written.
pub fn build(
    folder: &Path,
    replays: &[PathBuf],
    specs: &Specs,
    options: &BuildOptions,
) -> Result<Dataset, DatasetError> {
    if replays.is_empty() {
        return Err(DatasetError::Dataset {
            path: folder.to_owned(),
            what: "there are no replays to build it from".to_owned(),
        });
    }
    let groups: Vec<&[PathBuf]> = replays.chunks(options.replays_per_shard.max(1)).collect();
    let next = AtomicUsize::new(0);
    let done = AtomicUsize::new(0);
    let work = || -> Result<(), DatasetError> {
        loop {
            let i = next.fetch_add(1, Ordering::Relaxed);
            let Some(group) = groups.get(i) else {
                return Ok(());
            };
            let built = build_shard(&shard_path(folder, i), group, specs, options);
            if built.is_err() {
                // The others need not begin new shards.
                next.store(groups.len(), Ordering::Relaxed);
            }
            built?;
            (options.on_shard)(BuildProgress {
                shards: groups.len(),
                done: done.fetch_add(1, Ordering::Relaxed) + 1,
            });
        }
    };
    let threads = options.threads.max(1);
    let worked: Vec<Result<(), DatasetError>> = side_by_side((0..threads).map(|_| work));
    worked.into_iter().collect::<Result<(), _>>()?;
    finish(folder, groups.len(), specs)
}

pub(super) fn shard_path(folder: &Path, i: usize) -> PathBuf {
    folder.join(format!("{i:05}.shard"))
}

/// Hash of what a shard shall hold: its replays' headers, the encodings and the block size.
fn shard_plan(
    group: &[PathBuf],
    specs: &Specs,
    options: &BuildOptions,
) -> Result<u64, DatasetError> {
    let mut hasher = Xxh3::new();
    for hash in hashes(specs) {
        hasher.update(&hash.to_le_bytes());
    }
    hasher.update(&(options.block_steps as u64).to_le_bytes());
    hasher.update(&options.no_op_loops.to_le_bytes());
    for path in group {
        let header = replay::read_header(path)?;
        hasher.update(&postcard::to_stdvec(&header).expect("a header always serializes"));
    }
    Ok(hasher.digest())
}

fn build_shard(
    path: &Path,
    group: &[PathBuf],
    specs: &Specs,
    options: &BuildOptions,
) -> Result<(), DatasetError> {
    let plan = shard_plan(group, specs, options)?;
    let suits = |shard: Shard| {
        let mut episodes = shard.index.episodes.iter();
        shard.index.plan == plan && (!options.needs_z || episodes.all(|e| e.z.is_some()))
    };
    if Shard::open(path).is_ok_and(suits) {
        return Ok(());
    }
    let mut writer = ShardWriter::new(Wire::new(specs).with_level(DATASET_ZSTD_LEVEL));
    for file in group {
        if options.stop.load(Ordering::Relaxed) {
            return Err(DatasetError::Interrupted);
        }
        let game = replay::read(file)?;
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let players = extract(&game, &name, specs, options.no_op_loops).map_err(|source| {
            DatasetError::Playback {
                path: file.clone(),
                source,
            }
        })?;
        for player in players {
            writer.push(
                player.episode,
                &player.steps,
                options.block_steps,
                &player.counts,
            );
        }
    }
    writer.finish(path, plan, hashes(specs))?;
    Ok(())
}

/// Opens all shards, removes those of a longer, older build, and writes the summary.
pub(super) fn finish(
    folder: &Path,
    n_shards: usize,
    specs: &Specs,
) -> Result<Dataset, DatasetError> {
    let mut at = n_shards;
    while shard_path(folder, at).exists() {
        // Left over: `open` reads only what the summary counts, so failing to remove it harms nothing.
        let _ = std::fs::remove_file(shard_path(folder, at));
        at += 1;
    }
    let dataset = Dataset::open_shards(folder, n_shards, specs)?;
    let [obs_hash, action_hash] = hashes(specs);
    let summary = Summary {
        format: 1,
        plan: dataset.hash,
        obs_hash,
        action_hash,
        shards: n_shards,
        counts: dataset.counts.clone(),
    };
    let text = serde_json::to_string_pretty(&summary).unwrap_or_default();
    write_atomic(&folder.join(SUMMARY), text.as_bytes())?;
    Ok(dataset)
}

impl Dataset {
    /// Opens a finished dataset.
    ///
    /// # Errors
    /// If the folder holds none, it is encoded otherwise than `specs` says, or a shard is missing or damaged.
    pub fn open(folder: &Path, specs: &Specs) -> Result<Dataset, DatasetError> {
        let bad = |what: &str| DatasetError::Dataset {
            path: folder.to_owned(),
            what: what.to_owned(),
        };
        let bytes = read_limited(&folder.join(SUMMARY), SUMMARY_BYTES_MAX)?;
        let summary: Summary =
            serde_json::from_slice(&bytes).map_err(|_| bad("dataset.json is damaged"))?;
        if [summary.obs_hash, summary.action_hash] != hashes(specs) {
            return Err(bad(
                "it was built with another encoding; build it again from its replays",
            ));
        }
        let dataset = Dataset::open_shards(folder, summary.shards, specs)?;
        if dataset.hash != summary.plan {
            return Err(bad("its shards are not those that dataset.json speaks of"));
        }
        Ok(dataset)
    }

    fn open_shards(folder: &Path, n: usize, specs: &Specs) -> Result<Dataset, DatasetError> {
        let shards = (0..n)
            .map(|i| Shard::open(&shard_path(folder, i)))
            .collect::<Result<Vec<_>, _>>()?;
        let mut hasher = Xxh3::new();
        let mut counts = Counts::default();
        let mut episodes = Vec::new();
        for (s, shard) in shards.iter().enumerate() {
            hasher.update(&shard.index.plan.to_le_bytes());
            counts.add(&shard.index.counts);
            episodes.extend((0..shard.index.episodes.len()).map(|e| (s, e)));
        }
        Ok(Dataset {
            wire: Wire::new(specs),
            shards,
            episodes,
            counts,
            hash: hasher.digest(),
        })
    }

    /// Episodes: one player's part of one game each.
    pub fn n_episodes(&self) -> usize {
        self.episodes.len()
    }

    pub fn episode(&self, idx: usize) -> &Episode {
        let (shard, at) = self.episodes[idx];
        &self.shards[shard].index.episodes[at]
    }

    /// What was met while it was built.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Changes whenever the data does.
    pub fn hash(&self) -> u64 {
        self.hash
    }

    /// Indices of the episodes that a filter takes and that have steps.
    pub fn select(&self, filter: &EpisodeFilter) -> Vec<usize> {
        (0..self.n_episodes())
            .filter(|&i| filter.takes(self.episode(i)) && self.episode(i).steps() > 0)
            .collect()
    }

    /// The block that holds an episode's step, and the first step of that block.
    ///
    /// # Panics
    /// If the episode has no such step: a bug in the caller.
    pub fn block_of(&self, episode: usize, step: usize) -> (usize, usize) {
        let mut first = 0;
        for (i, block) in self.episode(episode).blocks.iter().enumerate() {
            let next = first + block.steps as usize;
            if step < next {
                return (i, first);
            }
            first = next;
        }
        panic!("episode {episode} has no step {step}");
    }

    /// Decodes one block of an episode.
    ///
    /// # Errors
    /// If the shard is damaged there.
    pub fn read(&self, episode: usize, block: usize) -> Result<Vec<Step>, DatasetError> {
        let (shard, _) = self.episodes[episode];
        self.shards[shard].read(&self.episode(episode).blocks[block], &self.wire)
    }
}
