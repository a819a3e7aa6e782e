//! A shard: the steps of some replays' players, in compressed blocks, with an index and checksums.
//!
//! ```text
//! 0   b"SCCSHARD"      16  u64 data bytes
//! 8   u16 format, 2x0  24  u64 xxh3 of the index
//! 12  u32 index bytes  32  index (postcard), then data
//! ```
//! Numbers are little-endian. Every block of the data has its own checksum in the index, so that one is read without
//! the rest.

use super::DatasetError;
use crate::files::write_atomic_with;
use crate::game::GameResult;
use crate::trajectory::{Step, Unroll, Wire, Z};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::xxh3_64;

const MAGIC: &[u8; 8] = b"SCCSHARD";
const FORMAT: u16 = 2;
/// Its index knew no z; all else was the same.
const FORMAT_OLDEST: u16 = 1;
const PREFIX_BYTES: u64 = 32;
/// No index is larger; a damaged length must not make us allocate.
const INDEX_BYTES_MAX: u32 = 1 << 28;

/// Where a block of consecutive steps lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// From the start of the data.
    pub offset: u64,
    pub bytes: u32,
    pub checksum: u64,
    pub steps: u32,
}

/// Whose steps of which game.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Subject {
    /// The replay file's name.
    pub replay: String,
    /// 1 or 2.
    pub player: u8,
    pub agent: String,
    pub opponent: String,
    pub map: String,
    pub rating: Option<f32>,
    pub result: GameResult,
    /// Loops that the replay has.
    pub game_loops: u32,
}

/// One player's game.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Episode {
    pub subject: Subject,
    pub blocks: Vec<Block>,
    /// What the player built in this game; none in shards of format 1.
    pub z: Option<Z>,
}

impl Episode {
    /// Steps in all blocks.
    pub fn steps(&self) -> u32 {
        self.blocks.iter().map(|b| b.steps).sum()
    }
}

/// What was met while replays were turned into steps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub steps: u64,
    pub no_ops: u64,
    /// Commands that the action space cannot say, by reason; they are left out.
    pub left_out: BTreeMap<String, u64>,
    /// Units beyond the observation's limits, over all steps, per group.
    pub overflow: [u64; 3],
}

impl Counts {
    /// Adds another count to this one.
    pub fn add(&mut self, other: &Counts) {
        self.steps += other.steps;
        self.no_ops += other.no_ops;
        for (reason, n) in &other.left_out {
            *self.left_out.entry(reason.clone()).or_default() += n;
        }
        for (a, b) in self.overflow.iter_mut().zip(other.overflow) {
            *a += b;
        }
    }
}

/// A shard's table of contents.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShardIndex {
    /// Hash of what the shard was asked to hold; another plan means: build it again.
    pub plan: u64,
    pub obs_hash: u64,
    pub action_hash: u64,
    pub episodes: Vec<Episode>,
    pub counts: Counts,
}

/// The index of format 1.
#[derive(Serialize, Deserialize)]
struct OldIndex {
    plan: u64,
    obs_hash: u64,
    action_hash: u64,
    episodes: Vec<OldEpisode>,
    counts: Counts,
}

/// [`Episode`] without z.
#[derive(Serialize, Deserialize)]
struct OldEpisode {
    subject: Subject,
    blocks: Vec<Block>,
}

impl From<OldIndex> for ShardIndex {
    fn from(old: OldIndex) -> ShardIndex {
        let episode = |e: OldEpisode| Episode {
            subject: e.subject,
            blocks: e.blocks,
            z: None,
        };
        ShardIndex {
            plan: old.plan,
            obs_hash: old.obs_hash,
            action_hash: old.action_hash,
            episodes: old.episodes.into_iter().map(episode).collect(),
            counts: old.counts,
        }
    }
}

/// Builds a shard in memory, then writes it whole or not at all.
pub struct ShardWriter {
    wire: Wire,
    data: Vec<u8>,
    episodes: Vec<Episode>,
    counts: Counts,
}

impl ShardWriter {
    /// An empty shard, whose blocks `wire` will encode.
    pub fn new(wire: Wire) -> ShardWriter {
        ShardWriter {
            wire,
            data: Vec::new(),
            episodes: Vec::new(),
            counts: Counts::default(),
        }
    }

    /// Appends a player's game; `episode.blocks` is filled in here.
    pub fn push(
        &mut self,
        mut episode: Episode,
        steps: &[Step],
        block_steps: usize,
        counts: &Counts,
    ) {
        episode.blocks.clear();
        for part in steps.chunks(block_steps.max(1)) {
            let bytes = self.wire.encode(&Unroll {
                steps: part.to_vec(),
                bootstrap: Vec::new(),
                ..Unroll::default()
            });
            episode.blocks.push(Block {
                offset: self.data.len() as u64,
                bytes: bytes.len() as u32,
                checksum: xxh3_64(&bytes),
                steps: part.len() as u32,
            });
            self.data.extend_from_slice(&bytes);
        }
        self.counts.add(counts);
        self.episodes.push(episode);
    }

    /// Appends everything that another shard holds, its blocks as they are.
    ///
    /// # Errors
    /// [`DatasetError::Shard`] if a block of it is damaged.
    pub fn append(&mut self, shard: &Shard) -> Result<(), DatasetError> {
        for episode in &shard.index.episodes {
            let mut episode = episode.clone();
            for block in &mut episode.blocks {
                let bytes = shard.read_bytes(block)?;
                block.offset = self.data.len() as u64;
                self.data.extend_from_slice(&bytes);
            }
            self.episodes.push(episode);
        }
        self.counts.add(&shard.index.counts);
        Ok(())
    }

    /// Writes the file and gives back its index.
    ///
    /// # Errors
    /// If the file cannot be written, e.g. on a full disk; nothing is left behind then.
    pub fn finish(
        self,
        path: &Path,
        plan: u64,
        hashes: [u64; 2],
    ) -> Result<ShardIndex, DatasetError> {
        let index = ShardIndex {
            plan,
            obs_hash: hashes[0],
            action_hash: hashes[1],
            episodes: self.episodes,
            counts: self.counts,
        };
        let packed = postcard::to_stdvec(&index).expect("an index always serializes");
        write_atomic_with(path, |out| {
            use std::io::Write as _;
            out.write_all(MAGIC)?;
            out.write_all(&FORMAT.to_le_bytes())?;
            out.write_all(&[0, 0])?;
            out.write_all(&(packed.len() as u32).to_le_bytes())?;
            out.write_all(&(self.data.len() as u64).to_le_bytes())?;
            out.write_all(&xxh3_64(&packed).to_le_bytes())?;
            out.write_all(&packed)?;
            out.write_all(&self.data)
        })?;
        Ok(index)
    }
}

/// An open shard.
#[derive(Debug)]
pub struct Shard {
    path: PathBuf,
    file: File,
    data_at: u64,
    pub index: ShardIndex,
}

impl Shard {
    /// Opens a shard and reads its index.
    ///
    /// # Errors
    /// [`DatasetError::Shard`] for a file that is no shard, truncated or damaged.
    pub fn open(path: &Path) -> Result<Shard, DatasetError> {
        let bad = |what: String| DatasetError::Shard {
            path: path.to_owned(),
            what,
        };
        let mut file = File::open(path).map_err(|e| bad(e.to_string()))?;
        let meta = file.metadata().map_err(|e| bad(e.to_string()))?;
        let mut raw = [0u8; PREFIX_BYTES as usize];
        if !meta.is_file() || meta.len() < PREFIX_BYTES {
            return Err(bad("it is too short to be a shard".to_owned()));
        }
        file.read_exact(&mut raw).map_err(|e| bad(e.to_string()))?;
        if &raw[..8] != MAGIC {
            return Err(bad("it is no shard (its first bytes are others)".to_owned()));
        }
        let format = u16::from_le_bytes([raw[8], raw[9]]);
        if !(FORMAT_OLDEST..=FORMAT).contains(&format) {
            return Err(bad(format!(
                "format {format}, this program reads {FORMAT_OLDEST} to {FORMAT}"
            )));
        }
        let index_bytes = u32::from_le_bytes(raw[12..16].try_into().expect("4 bytes"));
        let u64_at = |at: usize| u64::from_le_bytes(raw[at..at + 8].try_into().expect("8 bytes"));
        let data_at = PREFIX_BYTES + u64::from(index_bytes);
        let whole = data_at.checked_add(u64_at(16));
        if index_bytes > INDEX_BYTES_MAX || whole != Some(meta.len()) {
            return Err(bad(format!(
                "it is truncated or damaged: {} bytes",
                meta.len()
            )));
        }
        let mut packed = vec![0; index_bytes as usize];
        file.read_exact(&mut packed)
            .map_err(|e| bad(e.to_string()))?;
        if xxh3_64(&packed) != u64_at(24) {
            return Err(bad("the checksum of its index does not match".to_owned()));
        }
        let index = match format {
            FORMAT_OLDEST => postcard::from_bytes(&packed).map(|old: OldIndex| old.into()),
            _ => postcard::from_bytes(&packed),
        };
        let index = index.map_err(|_| bad("its index does not decode".to_owned()))?;
        Ok(Shard {
            path: path.to_owned(),
            file,
            data_at,
            index,
        })
    }

    /// Reads one block's steps, encoded by `wire`'s like.
    ///
    /// # Errors
    /// [`DatasetError::Shard`] if the block is damaged.
    pub fn read(&self, block: &Block, wire: &Wire) -> Result<Vec<Step>, DatasetError> {
        let bytes = self.read_bytes(block)?;
        let unroll = wire.decode(&bytes);
        let unroll = unroll.map_err(|e| self.bad(e.to_string()))?;
        if unroll.steps.len() != block.steps as usize {
            let what = format!("the block at {} has another length", block.offset);
            return Err(self.bad(what));
        }
        Ok(unroll.steps)
    }

    /// One block's bytes, which are those that were written.
    fn read_bytes(&self, block: &Block) -> Result<Vec<u8>, DatasetError> {
        use std::os::unix::fs::FileExt as _;
        let mut bytes = vec![0; block.bytes as usize];
        self.file
            .read_exact_at(&mut bytes, self.data_at + block.offset)
            .map_err(|e| self.bad(e.to_string()))?;
        if xxh3_64(&bytes) != block.checksum {
            return Err(self.bad(format!(
                "the checksum of the block at {} does not match",
                block.offset
            )));
        }
        Ok(bytes)
    }

    fn bad(&self, what: String) -> DatasetError {
        DatasetError::Shard {
            path: self.path.clone(),
            what,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::Specs;

    fn old_episode() -> OldEpisode {
        OldEpisode {
            subject: Subject {
                replay: "a.screp".into(),
                player: 2,
                agent: "a".into(),
                opponent: "b".into(),
                map: "Flat64".into(),
                rating: Some(12.5),
                result: GameResult::Victory,
                game_loops: 900,
            },
            blocks: Vec::new(),
        }
    }

    /// Shards of both formats were written when an episode had these fields itself.
    #[test]
    fn an_episode_is_written_as_its_fields_one_after_the_other() {
        let names = ("a.screp", 2u8, "a", "b", "Flat64");
        let flat = (names, Some(12.5f32), GameResult::Victory, 900u32, 0u8);
        let bytes = postcard::to_allocvec(&flat).unwrap();
        assert_eq!(postcard::to_allocvec(&old_episode()).unwrap(), bytes);
    }

    /// The bytes of a shard without data.
    fn file(format: u16, index: &[u8]) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(format.to_le_bytes());
        bytes.extend([0, 0]);
        bytes.extend((index.len() as u32).to_le_bytes());
        bytes.extend(0u64.to_le_bytes());
        bytes.extend(xxh3_64(index).to_le_bytes());
        bytes.extend(index);
        bytes
    }

    #[test]
    fn shards_of_format_1_are_read_and_know_no_z() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("0.shard");
        let old = OldIndex {
            plan: 1,
            obs_hash: 2,
            action_hash: 3,
            episodes: vec![old_episode(), old_episode()],
            counts: Counts::default(),
        };
        let index = postcard::to_stdvec(&old).expect("plain data");
        std::fs::write(&path, file(1, &index)).expect("writable");
        let read = Shard::open(&path).expect("readable").index;
        let expected: ShardIndex = old.into();
        assert_eq!(read, expected);
        assert_eq!((read.episodes.len(), &read.episodes[1].z), (2, &None));
        std::fs::write(&path, file(3, &index)).expect("writable");
        let error = Shard::open(&path).expect_err("of the future").to_string();
        assert!(
            error.contains("format 3") && error.contains("1 to 2"),
            "{error}"
        );
    }

    #[test]
    fn a_z_is_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("0.shard");
        let old = OldIndex {
            plan: 1,
            obs_hash: 0,
            action_hash: 0,
            episodes: vec![old_episode()],
            counts: Counts::default(),
        };
        let mut episode = ShardIndex::from(old).episodes.remove(0);
        episode.z = Some(Z {
            build_order: Vec::new(),
            counts: vec![3, 0, 1],
            upgrades: 1 << 100,
        });
        let mut writer = ShardWriter::new(Wire::new(&Specs::default()));
        writer.push(episode.clone(), &[], 4, &Counts::default());
        let written = writer.finish(&path, 7, [1, 2]).expect("writable");
        assert_eq!(Shard::open(&path).expect("readable").index, written);
        assert_eq!(written.episodes, [episode]);
    }
}
