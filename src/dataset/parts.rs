//! A dataset in the making, where files take minutes each and some of them fail: one part a replay, put together at the end.
//!
//! A part is a shard of one replay that carries the plan it was made by: what was asked for, down to the replay's bytes. So
//! whoever goes on after a kill knows what is there, nothing is lost, and nothing comes in twice.

use super::DatasetError;
use super::extract::Extracted;
use super::folder::{DATASET_ZSTD_LEVEL, Dataset, SUMMARY, finish, hashes, shard_path};
use super::shard::{Counts, Shard, ShardIndex, ShardWriter};
use crate::action::Specs;
use crate::trajectory::Wire;
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::Xxh3;

/// The folder of the parts, in the dataset's.
pub const FOLDER: &str = "parts";

/// The parts of a dataset.
pub struct Parts<'a> {
    dataset: &'a Path,
    specs: &'a Specs,
    /// Steps a block.
    block_steps: usize,
    no_op_loops: u16,
}

impl<'a> Parts<'a> {
    /// Of the dataset in a folder, which need not be there.
    pub fn new(
        dataset: &'a Path,
        specs: &'a Specs,
        block_steps: usize,
        no_op_loops: u16,
    ) -> Parts<'a> {
        Parts {
            dataset,
            specs,
            block_steps,
            no_op_loops,
        }
    }

    /// What a part shall hold: these players' steps of the replay with these bytes, extracted in this way.
    pub fn plan(&self, replay: &[u8], players: &[u8], way: &str) -> u64 {
        let mut hasher = Xxh3::new();
        for hash in hashes(self.specs) {
            hasher.update(&hash.to_le_bytes());
        }
        hasher.update(&(self.block_steps as u64).to_le_bytes());
        hasher.update(&self.no_op_loops.to_le_bytes());
        hasher.update(&(players.len() as u64).to_le_bytes());
        hasher.update(players);
        hasher.update(&(way.len() as u64).to_le_bytes());
        hasher.update(way.as_bytes());
        hasher.update(replay);
        hasher.digest()
    }

    fn path(&self, plan: u64) -> PathBuf {
        self.dataset.join(FOLDER).join(format!("{plan:016x}.part"))
    }

    /// The part of this plan, if it is there and whole.
    pub fn find(&self, plan: u64) -> Option<Counts> {
        let part = Shard::open(&self.path(plan)).ok()?;
        (part.index.plan == plan).then_some(part.index.counts)
    }

    /// Writes a part, whole or not at all.
    ///
    /// # Errors
    /// If it cannot be written, e.g. on a full disk.
    pub fn write(&self, plan: u64, players: &[Extracted]) -> Result<ShardIndex, DatasetError> {
        let wire = Wire::new(self.specs).with_level(DATASET_ZSTD_LEVEL);
        let mut writer = ShardWriter::new(wire);
        for player in players {
            writer.push(
                player.episode.clone(),
                &player.steps,
                self.block_steps,
                &player.counts,
            );
        }
        writer.finish(&self.path(plan), plan, hashes(self.specs))
    }

    /// Puts the parts of these plans together, in this order, so many a shard; shards that are there already stay.
    ///
    /// # Errors
    /// If a part is missing or damaged, or a shard cannot be written.
    pub fn merge(&self, plans: &[u64], per_shard: usize) -> Result<Dataset, DatasetError> {
        let groups: Vec<&[u64]> = plans.chunks(per_shard.max(1)).collect();
        for (i, group) in groups.iter().enumerate() {
            let mut hasher = Xxh3::new();
            for plan in *group {
                hasher.update(&plan.to_le_bytes());
            }
            let (plan, path) = (hasher.digest(), shard_path(self.dataset, i));
            if Shard::open(&path).is_ok_and(|shard| shard.index.plan == plan) {
                continue;
            }
            let mut writer = ShardWriter::new(Wire::new(self.specs));
            for part in *group {
                writer.append(&Shard::open(&self.path(*part))?)?;
            }
            writer.finish(&path, plan, hashes(self.specs))?;
        }
        finish(self.dataset, groups.len(), self.specs)
    }

    /// Removes all parts: what they hold is in shards now.
    pub fn remove(&self) {
        // What is left only takes room.
        let _ = std::fs::remove_dir_all(self.dataset.join(FOLDER));
    }
}

/// Whether a folder holds a dataset, or one in the making.
pub fn is_dataset(folder: &Path) -> bool {
    folder.join(SUMMARY).exists() || folder.join(FOLDER).exists()
}
