//! The wire format of an unroll: every step as differences to the one before it, then zstd.
//!
//! Layout (little endian), inside one zstd frame with a checksum, behind an 18-byte header (magic, version, hash of the
//! specs, length of the frame's content):
//! ```text
//! steps u32 | ends postcard | step 0 | step 1 | ...
//! ends:  none in imitation (one byte); else bootstrap values, LSTM states, bootstraps of returns
//! step:  head postcard (reset, loop, last function, action, behavior, totals)
//!        fixed part    (scalars, planes, build order, facts, legal functions), XOR with the previous step's
//!        per group:    rows u16, for each its row in the previous step (+1; 0 = new, then its tag),
//!                      then the row bytes, XOR with the same unit's previous ones
//! ```
//! Features are stored as the integer codes of their quantization grid; the encoder put them on it, so nothing is lost.

use super::codes::Columns;
use super::step::{Behavior, LstmState, Step, Unroll};
use crate::action::{Action, Specs};
use crate::game::PlayerCommon;
use crate::obs::{BUILD_ORDER_LEN, BuildItem, Facts, MINIMAP, Observation, PLANES, UnitRow};
use serde::{Deserialize, Serialize};

const MAGIC: [u8; 4] = *b"SCCU";
const VERSION: u16 = 3;
/// Version 2 knew no bootstraps of returns. Version 1 knew no LSTM states: its `ends` are the bootstrap values alone. What it wrote in imitation has the very same
/// content bytes (an empty list and none are both one zero), so older shards stay readable.
const VERSION_OLDEST: u16 = 1;
const HEADER_BYTES: usize = 18;
/// Content beyond this is refused before memory is set aside: thousands of steps fit.
const CONTENT_BYTES_MAX: u64 = 1 << 29;
/// Bytes of a row before its features: type, orders, energy, flags, cell.
const ROW_HEAD: usize = 2 + 4 + 1 + 4 + 2;

/// What is wrong with received bytes.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    #[error("not an unroll (bad magic)")]
    Magic,
    #[error("unroll format {0}, this build reads {VERSION_OLDEST} to {VERSION}")]
    Version(u16),
    #[error("the unroll was made with other specs ({theirs:016x}, here {ours:016x})")]
    Specs { theirs: u64, ours: u64 },
    #[error("the unroll is cut short")]
    Truncated,
    #[error("the unroll is damaged: {0}")]
    Damaged(&'static str),
    #[error("the unroll does not decompress: {0}")]
    Zstd(#[from] std::io::Error),
}

/// The part of a step that is small and goes by postcard.
#[derive(Serialize, Deserialize)]
struct Head {
    reset: bool,
    game_loop: u32,
    last_function: u16,
    totals: [u32; 3],
    target_cells: (u16, u16),
    action: Action,
    behavior: Option<Behavior>,
}

/// What an unroll knows beside its steps; only in reinforcement learning.
#[derive(Serialize, Deserialize)]
struct Ends {
    bootstrap: Vec<f32>,
    lstm: Option<LstmState>,
    supervised_lstm: Option<LstmState>,
    return_bootstrap: Vec<f32>,
}

impl Ends {
    fn of(unroll: &Unroll) -> Option<Ends> {
        let ends = Ends {
            bootstrap: unroll.bootstrap.clone(),
            lstm: unroll.lstm.clone(),
            supervised_lstm: unroll.supervised_lstm.clone(),
            return_bootstrap: unroll.return_bootstrap.clone(),
        };
        let is_empty = ends.bootstrap.is_empty()
            && ends.return_bootstrap.is_empty()
            && ends.lstm.is_none()
            && ends.supervised_lstm.is_none();
        (!is_empty).then_some(ends)
    }
}

/// Encodes and decodes unrolls under one pair of specs. Holds the column tables; cheap to share, free of state.
#[derive(Clone, Debug)]
pub struct Wire {
    hash: u64,
    scalars: Columns,
    features: [Columns; 3],
    legal_words: usize,
    n_functions: usize,
    /// zstd level.
    level: i32,
}

impl Wire {
    pub fn new(specs: &Specs) -> Wire {
        Wire {
            hash: specs.hash(),
            scalars: Columns::new(crate::obs::spec::scalar_columns()),
            features: std::array::from_fn(|g| Columns::new(crate::obs::spec::unit_columns(g))),
            legal_words: specs.obs.legal_words(),
            n_functions: specs.obs.n_functions,
            level: 1,
        }
    }

    /// Another zstd level: 1 (default) is for actors, 3 to 9 for files that are read often.
    pub fn with_level(mut self, level: i32) -> Wire {
        self.level = level;
        self
    }

    fn fixed_bytes(&self) -> usize {
        self.scalars.bytes()
            + PLANES * MINIMAP * MINIMAP
            + BUILD_ORDER_LEN * 4
            + 11 * 4
            + 32
            + 32
            + self.legal_words * 8
    }

    fn stride(&self, g: usize) -> usize {
        ROW_HEAD + self.features[g].bytes()
    }

    /// The bytes of an unroll.
    ///
    /// # Panics
    /// If a step's arrays do not have the shapes of the specs.
    pub fn encode(&self, unroll: &Unroll) -> Vec<u8> {
        let mut content = Vec::with_capacity(unroll.steps.len() * 48_000);
        content.extend((unroll.steps.len() as u32).to_le_bytes());
        put_postcard(&mut content, &Ends::of(unroll));
        let mut fixed = [vec![0; self.fixed_bytes()], Vec::new()];
        let mut rows = [Rows::default(), Rows::default(), Rows::default()];
        for step in &unroll.steps {
            let obs = &step.obs;
            put_postcard(
                &mut content,
                &Head {
                    reset: step.reset,
                    game_loop: obs.game_loop,
                    last_function: obs.last_function,
                    totals: obs.totals,
                    target_cells: obs.target_cells,
                    action: step.action.clone(),
                    behavior: step.behavior.clone(),
                },
            );
            let [before, now] = &mut fixed;
            self.write_fixed(obs, now);
            put_xor(&mut content, now, before);
            std::mem::swap(before, now);
            for (g, before) in rows.iter_mut().enumerate() {
                self.write_group(obs, g, before, &mut content);
            }
        }
        self.frame(&content)
    }

    fn frame(&self, content: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(HEADER_BYTES + content.len() / 16);
        out.extend(MAGIC);
        out.extend(VERSION.to_le_bytes());
        out.extend(self.hash.to_le_bytes());
        out.extend((content.len() as u32).to_le_bytes());
        let mut zstd =
            zstd::stream::Encoder::new(&mut out, self.level).expect("a valid zstd level");
        zstd.include_checksum(true)
            .expect("zstd accepts a checksum");
        std::io::Write::write_all(&mut zstd, content).expect("writing to memory succeeds");
        zstd.finish().expect("writing to memory succeeds");
        out
    }

    /// The unroll that [`Wire::encode`] wrote.
    ///
    /// # Errors
    /// If the bytes are cut short, damaged, or made under other specs. Never panics.
    pub fn decode(&self, bytes: &[u8]) -> Result<Unroll, WireError> {
        let (version, content) = self.unframe(bytes)?;
        let mut r = Reader(&content);
        let n_steps = u32::from_le_bytes(r.array()?) as usize;
        let mut unroll = read_ends(&mut r, version)?;
        if n_steps > content.len() / self.fixed_bytes() {
            return Err(WireError::Damaged("more steps than bytes"));
        }
        unroll.steps.reserve(n_steps);
        let mut fixed = vec![0; self.fixed_bytes()];
        let mut rows = [Rows::default(), Rows::default(), Rows::default()];
        for _ in 0..n_steps {
            let head: Head = r.postcard()?;
            let mut obs = Observation {
                game_loop: head.game_loop,
                last_function: head.last_function,
                totals: head.totals,
                target_cells: head.target_cells,
                ..Observation::default()
            };
            for (b, x) in fixed.iter_mut().zip(r.take(self.fixed_bytes())?) {
                *b ^= x;
            }
            self.read_fixed(&fixed, &mut obs);
            for (g, before) in rows.iter_mut().enumerate() {
                self.read_group(&mut r, g, before, &mut obs)?;
                let kept = obs.units[g].len() as u32;
                obs.overflow[g] = head.totals[g]
                    .checked_sub(kept)
                    .ok_or(WireError::Damaged("fewer units than rows"))?;
            }
            check_action(&head.action, &obs, self.n_functions)?;
            unroll.steps.push(Step {
                reset: head.reset,
                obs,
                action: head.action,
                behavior: head.behavior,
            });
        }
        if r.0.is_empty() {
            Ok(unroll)
        } else {
            Err(WireError::Damaged("bytes left over"))
        }
    }

    /// Version and content.
    fn unframe(&self, bytes: &[u8]) -> Result<(u16, Vec<u8>), WireError> {
        let mut r = Reader(bytes);
        if r.array::<4>()? != MAGIC {
            return Err(WireError::Magic);
        }
        let version = u16::from_le_bytes(r.array()?);
        if !(VERSION_OLDEST..=VERSION).contains(&version) {
            return Err(WireError::Version(version));
        }
        let theirs = u64::from_le_bytes(r.array()?);
        if theirs != self.hash {
            return Err(WireError::Specs {
                theirs,
                ours: self.hash,
            });
        }
        let len = u64::from(u32::from_le_bytes(r.array()?));
        if len > CONTENT_BYTES_MAX {
            return Err(WireError::Damaged("content too long"));
        }
        let content = zstd::bulk::decompress(r.0, len as usize)?;
        if content.len() as u64 == len {
            Ok((version, content))
        } else {
            Err(WireError::Truncated)
        }
    }

    fn write_fixed(&self, obs: &Observation, out: &mut Vec<u8>) {
        assert_eq!(obs.planes.len(), PLANES * MINIMAP * MINIMAP, "planes");
        assert_eq!(
            obs.legal_functions.len(),
            self.legal_words,
            "legal functions"
        );
        out.clear();
        self.scalars.write(&obs.scalars, out);
        out.extend(&obs.planes);
        for item in &obs.build_order {
            out.extend(item.item.to_le_bytes());
            out.extend(item.cell.to_le_bytes());
        }
        for v in common_to_array(&obs.facts.player) {
            out.extend(v.to_le_bytes());
        }
        out.extend(obs.facts.upgrades.to_le_bytes());
        out.extend(obs.facts.researching.to_le_bytes());
        for v in obs.facts.finished.iter().chain(&obs.legal_functions) {
            out.extend(v.to_le_bytes());
        }
    }

    /// Reads what `write_fixed` wrote; `bytes` has exactly its length.
    fn read_fixed(&self, bytes: &[u8], obs: &mut Observation) {
        let mut r = Reader(bytes);
        let mut fill = |obs: &mut Observation| -> Result<(), WireError> {
            self.scalars
                .read(r.take(self.scalars.bytes())?, &mut obs.scalars);
            obs.planes = r.take(PLANES * MINIMAP * MINIMAP)?.to_vec();
            for item in &mut obs.build_order {
                *item = BuildItem {
                    item: u16::from_le_bytes(r.array()?),
                    cell: u16::from_le_bytes(r.array()?),
                };
            }
            let mut common = [0; 11];
            for v in &mut common {
                *v = u32::from_le_bytes(r.array()?);
            }
            obs.facts = Facts {
                player: common_from_array(common),
                upgrades: u128::from_le_bytes(r.array()?),
                researching: u128::from_le_bytes(r.array()?),
                finished: [0; 4],
            };
            for v in &mut obs.facts.finished {
                *v = u64::from_le_bytes(r.array()?);
            }
            obs.legal_functions = (0..self.legal_words)
                .map(|_| r.array().map(u64::from_le_bytes))
                .collect::<Result<_, _>>()?;
            Ok(())
        };
        fill(obs).expect("the fixed part has its fixed length");
    }

    fn write_group(&self, obs: &Observation, g: usize, before: &mut Rows, out: &mut Vec<u8>) {
        let stride = self.stride(g);
        let n = obs.units[g].len();
        let dim = self.features[g].len();
        assert_eq!(obs.features[g].len(), n * dim, "features of group {g}");
        let mut now = Rows::default();
        now.bytes.reserve(n * stride);
        out.extend((n as u16).to_le_bytes());
        let mut guess = 0;
        let mut origin = Vec::with_capacity(n);
        for (i, row) in obs.units[g].iter().enumerate() {
            now.tags.push(row.tag.0);
            put_row_head(row, &mut now.bytes);
            self.features[g].write(&obs.features[g][i * dim..(i + 1) * dim], &mut now.bytes);
            // Placeholders share tag 0, and a row that was just used cannot be named again.
            let from = before.find(row.tag.0, guess);
            let from = from.filter(|at| row.tag.0 != 0 && at + 1 != guess);
            origin.push(from);
            match from {
                Some(at) => {
                    out.extend((at as u16 + 1).wrapping_sub(guess as u16).to_le_bytes());
                    guess = at + 1;
                }
                None => {
                    out.extend(NEW.to_le_bytes());
                    out.extend(row.tag.0.to_le_bytes());
                }
            }
        }
        for (row, from) in now.bytes.chunks_exact(stride).zip(&origin) {
            match from {
                Some(at) => put_xor(out, row, &before.bytes[at * stride..][..stride]),
                None => out.extend(row),
            }
        }
        *before = now;
    }

    fn read_group(
        &self,
        r: &mut Reader<'_>,
        g: usize,
        before: &mut Rows,
        obs: &mut Observation,
    ) -> Result<(), WireError> {
        let stride = self.stride(g);
        let n = usize::from(u16::from_le_bytes(r.array()?));
        let mut now = Rows::default();
        let mut origin = Vec::with_capacity(n);
        let mut guess = 0u16;
        for _ in 0..n {
            let step = u16::from_le_bytes(r.array()?);
            if step == NEW {
                now.tags.push(u64::from_le_bytes(r.array()?));
                origin.push(None);
                continue;
            }
            guess = guess.wrapping_add(step);
            let at = usize::from(guess).wrapping_sub(1);
            let tag = before
                .tags
                .get(at)
                .ok_or(WireError::Damaged("row reference"))?;
            now.tags.push(*tag);
            origin.push(Some(at));
        }
        now.bytes.extend(r.take(n * stride)?);
        for (row, from) in now.bytes.chunks_exact_mut(stride).zip(&origin) {
            let Some(at) = from else { continue };
            let old = &before.bytes[at * stride..][..stride];
            row.iter_mut().zip(old).for_each(|(b, o)| *b ^= o);
        }
        obs.units[g].reserve(n);
        obs.features[g].reserve(n * self.features[g].len());
        for (row, &tag) in now.bytes.chunks_exact(stride).zip(&now.tags) {
            obs.units[g].push(get_row_head(row, tag));
            self.features[g].read(&row[ROW_HEAD..], &mut obs.features[g]);
        }
        *before = now;
        Ok(())
    }
}

/// Marks a unit that the previous step did not have. Rows in the same order come out as 1; 0 would be the row just
/// used, which no other unit can have.
const NEW: u16 = 0;

/// A group of the previous step.
#[derive(Default)]
struct Rows {
    tags: Vec<u64>,
    bytes: Vec<u8>,
}

impl Rows {
    /// Row of a tag; looks from `guess` on first, since units keep their order.
    fn find(&self, tag: u64, guess: usize) -> Option<usize> {
        let n = self.tags.len();
        (0..n)
            .map(|k| {
                if guess + k < n {
                    guess + k
                } else {
                    guess + k - n
                }
            })
            .find(|&i| self.tags[i] == tag)
    }
}

fn put_row_head(row: &UnitRow, out: &mut Vec<u8>) {
    out.extend(row.type_idx.to_le_bytes());
    out.extend(row.orders[0].to_le_bytes());
    out.extend(row.orders[1].to_le_bytes());
    out.push(row.energy);
    out.extend(row.flags.to_le_bytes());
    out.extend([row.cell.0, row.cell.1]);
}

/// `bytes` has at least [`ROW_HEAD`] bytes.
fn get_row_head(b: &[u8], tag: u64) -> UnitRow {
    let two = |at: usize| u16::from_le_bytes([b[at], b[at + 1]]);
    UnitRow {
        tag: crate::game::UnitTag(tag),
        type_idx: two(0),
        orders: [two(2), two(4)],
        energy: b[6],
        flags: u32::from_le_bytes([b[7], b[8], b[9], b[10]]),
        cell: (b[11], b[12]),
    }
}

fn common_to_array(p: &PlayerCommon) -> [u32; 11] {
    [
        p.player_id.into(),
        p.minerals,
        p.vespene,
        p.food_cap,
        p.food_used,
        p.food_army,
        p.food_workers,
        p.idle_worker_count,
        p.army_count,
        p.warp_gate_count,
        p.larva_count,
    ]
}

fn common_from_array(v: [u32; 11]) -> PlayerCommon {
    PlayerCommon {
        player_id: v[0] as u8,
        minerals: v[1],
        vespene: v[2],
        food_cap: v[3],
        food_used: v[4],
        food_army: v[5],
        food_workers: v[6],
        idle_worker_count: v[7],
        army_count: v[8],
        warp_gate_count: v[9],
        larva_count: v[10],
    }
}

/// An unroll without its steps.
fn read_ends(r: &mut Reader<'_>, version: u16) -> Result<Unroll, WireError> {
    if version == VERSION_OLDEST {
        return Ok(Unroll {
            bootstrap: r.postcard()?,
            ..Unroll::default()
        });
    }
    let ends: Option<Ends> = if version == 2 {
        let ends: Option<(Vec<f32>, Option<LstmState>, Option<LstmState>)> = r.postcard()?;
        ends.map(|(bootstrap, lstm, supervised_lstm)| Ends {
            bootstrap,
            lstm,
            supervised_lstm,
            return_bootstrap: Vec::new(),
        })
    } else {
        r.postcard()?
    };
    Ok(ends.map_or_else(Unroll::default, |ends| Unroll {
        steps: Vec::new(),
        bootstrap: ends.bootstrap,
        return_bootstrap: ends.return_bootstrap,
        lstm: ends.lstm,
        supervised_lstm: ends.supervised_lstm,
    }))
}

fn put_postcard(out: &mut Vec<u8>, value: &impl Serialize) {
    let bytes = postcard::to_stdvec(value).expect("plain data always serializes");
    out.extend(bytes);
}

fn put_xor(out: &mut Vec<u8>, now: &[u8], before: &[u8]) {
    out.extend(now.iter().zip(before).map(|(a, b)| a ^ b));
}

/// Refuses what a collator could not index.
fn check_action(a: &Action, obs: &Observation, n_functions: usize) -> Result<(), WireError> {
    let mine = obs.units[0].len();
    let fits = usize::from(a.function) < n_functions
        && a.selected.iter().all(|&i| usize::from(i) < mine)
        && a.target_unit.is_none_or(|t| usize::from(t) < obs.n_units());
    if fits {
        Ok(())
    } else {
        Err(WireError::Damaged("action out of range"))
    }
}

/// Bytes not read yet.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, n: usize) -> Result<&'a [u8], WireError> {
        let (head, tail) = self.0.split_at_checked(n).ok_or(WireError::Truncated)?;
        self.0 = tail;
        Ok(head)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], WireError> {
        let bytes = self.take(N)?;
        Ok(bytes.try_into().expect("take gives N bytes"))
    }

    fn postcard<T: Deserialize<'a>>(&mut self) -> Result<T, WireError> {
        let (value, rest) =
            postcard::take_from_bytes(self.0).map_err(|_| WireError::Damaged("step head"))?;
        self.0 = rest;
        Ok(value)
    }
}
