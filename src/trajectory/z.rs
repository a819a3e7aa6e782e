//! The strategy statistic z (SCC §6.1, AlphaStar Methods): what was built in which order, and how much of everything.
//!
//! [`ZTracker`] extracts it from one player's raw observations (of a demonstration, or of the agent's own game so far);
//! [`Z`]'s distances make the dense reward; [`ZLibrary`] holds the z's of a data set to draw from.

use crate::files::{FileError, read_limited, write_atomic};
use crate::game::data;
use crate::game::{Alliance, Race, RawObservation, Seed, UnitTag};
use crate::obs::{BUILD_ORDER_LEN, BuildItem, Conditioning, MINIMAP, Space, vocab};
use rand::RngExt;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// One game's strategy statistic.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Z {
    /// The first things built, workers left out; at most 20.
    pub build_order: Vec<BuildItem>,
    /// How many of each counted unit type came into being in the whole game, those at the start left out.
    pub counts: Vec<u16>,
    /// One bit per row of the upgrade table, those finished in the game.
    pub upgrades: u128,
}

impl Z {
    /// The network's inputs for playing toward this z; each part can be left out (as in training, at random).
    pub fn conditioning(&self, build_order: bool, counts: bool, mmr: Option<f32>) -> Conditioning {
        let mut out = Conditioning {
            mmr,
            ..Conditioning::default()
        };
        if build_order {
            for (slot, item) in out.build_order.iter_mut().zip(&self.build_order) {
                *slot = *item;
            }
        }
        if counts {
            out.counts.clone_from(&self.counts);
        }
        out
    }

    /// Whether everything that it names is in this program's tables: one that does not come out of a library may say
    /// anything.
    pub fn is_known(&self) -> bool {
        let items = vocab().build_items().len();
        let known = |b: &BuildItem| {
            let item = (1..=items).contains(&usize::from(b.item));
            item && usize::from(b.cell) < MINIMAP * MINIMAP
        };
        self.build_order.len() <= BUILD_ORDER_LEN
            && self.build_order.iter().all(known)
            && self.counts.len() <= vocab().counted().len()
    }

    /// Edit distance of the build orders, `executed` against the first entries of this one, so that a game not yet as
    /// long is not blamed for what it could not have built. Putting up the right thing in the wrong place costs up to
    /// `place_weight`, growing with the square of the distance to 1 at `PLACE_CELLS` (AlphaStar Methods).
    pub fn build_order_distance(&self, executed: &Z, place_weight: f32) -> f32 {
        let n = executed.build_order.len().min(self.build_order.len());
        edit_distance(
            &self.build_order[..n],
            &executed.build_order[..n],
            place_weight,
        )
    }

    /// Edit distance of the whole build order to what was executed of it so far (cut to its length): what is still missing
    /// counts, so it falls from the length toward 0 as the order is carried out. Places as in
    /// [`Z::build_order_distance`].
    pub fn build_order_gap(&self, executed: &Z, place_weight: f32) -> f32 {
        let n = executed.build_order.len().min(self.build_order.len());
        edit_distance(&self.build_order, &executed.build_order[..n], place_weight)
    }

    /// Hamming distance of what exists at all: counted types and upgrades of which exactly one side has any.
    pub fn hamming(&self, executed: &Z) -> u32 {
        let at = |z: &Z, i: usize| z.counts.get(i).copied().unwrap_or(0);
        let types = self.counts.len().max(executed.counts.len());
        let differing = (0..types).filter(|&i| (at(self, i) > 0) != (at(executed, i) > 0));
        differing.count() as u32 + (self.upgrades ^ executed.upgrades).count_ones()
    }

    /// Sum over counted types of the difference in numbers.
    pub fn counts_l1(&self, executed: &Z) -> u32 {
        let at = |z: &Z, i: usize| z.counts.get(i).copied().unwrap_or(0);
        let types = self.counts.len().max(executed.counts.len());
        (0..types)
            .map(|i| u32::from(at(self, i).abs_diff(at(executed, i))))
            .sum()
    }
}

/// Minimap cells of distance at which a misplaced building is as bad as a wrong one.
const PLACE_CELLS: f32 = 16.0;

/// Levenshtein distance with place-dependent substitution.
fn edit_distance(a: &[BuildItem], b: &[BuildItem], place_weight: f32) -> f32 {
    let mut row: Vec<f32> = (0..=b.len()).map(|j| j as f32).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i as f32 + 1.0;
        for (j, y) in b.iter().enumerate() {
            let substituted = diagonal + substitution(x, y, place_weight);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1.0).min(row[j] + 1.0);
        }
    }
    row[b.len()]
}

fn substitution(a: &BuildItem, b: &BuildItem, place_weight: f32) -> f32 {
    if a.item != b.item {
        return 1.0;
    }
    let xy = |c: u16| (f32::from(c % 64), f32::from(c / 64));
    let ((ax, ay), (bx, by)) = (xy(a.cell), xy(b.cell));
    let d2 = (ax - bx) * (ax - bx) + (ay - by) * (ay - by);
    place_weight * (d2 / (PLACE_CELLS * PLACE_CELLS)).min(1.0)
}

/// Watches one player's game and keeps the z executed so far.
#[derive(Clone, Debug)]
pub struct ZTracker {
    space: Space,
    /// Own units ever seen, by tag, with the row of the counted-types table they were last seen as (+1; 0 = none).
    seen: Vec<(UnitTag, u16)>,
    started: bool,
    z: Z,
}

impl ZTracker {
    pub fn new(space: Space) -> ZTracker {
        ZTracker {
            space,
            seen: Vec::new(),
            started: false,
            z: Z {
                counts: vec![0; vocab().counted().len()],
                ..Z::default()
            },
        }
    }

    /// The z executed so far.
    pub fn z(&self) -> &Z {
        &self.z
    }

    /// Takes in the next observation. What stands at the first one is not counted as built.
    pub fn observe(&mut self, raw: &RawObservation) {
        let v = vocab();
        let mut fresh = Vec::new();
        for unit in &raw.units {
            if unit.alliance != Alliance::Own || unit.is_hallucination {
                continue;
            }
            let type_idx = v.type_idx(unit.unit_type);
            let Some(count) = v.type_row(type_idx).count_idx else {
                continue;
            };
            match self.seen.binary_search_by_key(&unit.tag, |s| s.0) {
                // A morph into something else counts as built; siege mode and the like do not.
                Ok(i) if self.seen[i].1 == count => continue,
                Ok(i) => self.seen[i].1 = count,
                Err(_) => fresh.push((unit.tag, count)),
            }
            if self.started {
                self.built(type_idx, count, unit.pos);
            }
        }
        self.seen.extend(fresh);
        self.seen.sort_unstable_by_key(|s| s.0);
        self.started = true;
        let upgrades = data::upgrades();
        for id in &raw.upgrades {
            if let Ok(row) = upgrades.binary_search_by_key(id, |u| u.id) {
                self.z.upgrades |= 1 << row;
            }
        }
    }

    fn built(&mut self, type_idx: u16, count: u16, pos: crate::game::Point) {
        let n = &mut self.z.counts[usize::from(count)];
        *n = n.saturating_add(1);
        let item = vocab().build_item(type_idx);
        if item != 0 && self.z.build_order.len() < BUILD_ORDER_LEN {
            let structure =
                vocab().type_row(type_idx).kinds & crate::obs::flags::kind::STRUCTURE != 0;
            let cell = if structure {
                self.space.minimap_idx(pos)
            } else {
                0
            };
            self.z.build_order.push(BuildItem { item, cell });
        }
    }
}

/// Where a z comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ZEntry {
    pub z: Z,
    pub map: String,
    /// Races of the player and of its opponent.
    pub race: Race,
    pub opponent: Race,
    /// Index of the start location played from.
    pub start: u8,
    pub won: bool,
    /// Rating of the player, 0 if not known.
    pub mmr: f32,
    /// Name of the game, for people.
    pub source: String,
}

/// The z's of a set of games.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ZLibrary {
    pub entries: Vec<ZEntry>,
}

/// Why bytes are not a z library.
#[derive(Debug, thiserror::Error)]
pub enum ZError {
    #[error("not a z library, or damaged: {0}")]
    Damaged(String),
    #[error("the z library was made with other tables of unit types or upgrades")]
    Tables,
    #[error(transparent)]
    File(#[from] FileError),
}

/// Larger files are no z libraries: a million entries fit.
const LIBRARY_BYTES_MAX: u64 = 1 << 28;

/// What a library file holds.
#[derive(Serialize, Deserialize)]
struct ZFile {
    /// Counted types, build items and upgrades that the indices refer to.
    tables: u64,
    library: ZLibrary,
}

fn tables_hash() -> u64 {
    let v = vocab();
    let upgrades: Vec<u16> = data::upgrades().iter().map(|u| u.id.0).collect();
    xxhash_rust::xxh3::xxh3_64(
        format!("{:?}{:?}{upgrades:?}", v.counted(), v.build_items()).as_bytes(),
    )
}

impl ZLibrary {
    /// Indices of the entries for a map, race and opponent; of all maps if `map` is none.
    pub fn select(
        &self,
        map: Option<&str>,
        race: Race,
        opponent: Race,
        winners_only: bool,
    ) -> Vec<usize> {
        let fits = |e: &ZEntry| {
            map.is_none_or(|m| m == e.map)
                && e.race == race
                && e.opponent == opponent
                && (e.won || !winners_only)
        };
        (0..self.entries.len())
            .filter(|&i| fits(&self.entries[i]))
            .collect()
    }

    /// Draws one of the entries at these indices; none if there are none.
    pub fn draw(&self, indices: &[usize], seed: Seed) -> Option<&ZEntry> {
        if indices.is_empty() {
            return None;
        }
        let at = indices[seed.rng().random_range(0..indices.len())];
        self.entries.get(at)
    }

    /// Writes the library to a file, whole or not at all.
    ///
    /// # Errors
    /// [`ZError::File`] if it cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), ZError> {
        Ok(write_atomic(path, &self.to_bytes())?)
    }

    /// # Errors
    /// If the file cannot be read, is no library, or one made with other tables.
    pub fn read(path: &Path) -> Result<ZLibrary, ZError> {
        ZLibrary::from_bytes(&read_limited(path, LIBRARY_BYTES_MAX)?)
    }

    /// As bytes: zstd over postcard.
    pub fn to_bytes(&self) -> Vec<u8> {
        let file = ZFile {
            tables: tables_hash(),
            library: self.clone(),
        };
        let plain = postcard::to_stdvec(&file).expect("plain data always serializes");
        zstd::bulk::compress(&plain, 6).expect("compressing memory succeeds")
    }

    /// # Errors
    /// If the bytes are no library, or one made with other tables.
    pub fn from_bytes(bytes: &[u8]) -> Result<ZLibrary, ZError> {
        let plain = zstd::stream::decode_all(bytes).map_err(|e| ZError::Damaged(e.to_string()))?;
        let file: ZFile =
            postcard::from_bytes(&plain).map_err(|e| ZError::Damaged(e.to_string()))?;
        if file.tables != tables_hash() {
            return Err(ZError::Tables);
        }
        Ok(file.library)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::data::unit_ids as u;
    use crate::game::{Point, RawUnit, UnitTypeId};
    use crate::obs::testing::{info, raw, unit};
    use proptest::prelude::*;

    fn own(tag: u64, id: UnitTypeId) -> RawUnit {
        unit(tag, id, Alliance::Own, 20.0 + tag as f32, 30.0)
    }

    fn tracker() -> ZTracker {
        ZTracker::new(Space::new(&info(Race::Terran, Race::Zerg).map, 128))
    }

    fn items(z: &Z) -> Vec<&'static str> {
        let name = |b: &BuildItem| {
            data::unit(vocab().build_items()[usize::from(b.item) - 1])
                .unwrap()
                .name
        };
        z.build_order.iter().map(name).collect()
    }

    #[test]
    fn builds_are_taken_in_order_without_workers_and_modes() {
        let mut t = tracker();
        let mut world = vec![own(1, u::COMMAND_CENTER), own(2, u::SCV)];
        t.observe(&raw(world.clone()));
        assert_eq!(t.z().build_order, []);
        world.extend([own(3, u::SUPPLY_DEPOT), own(4, u::SCV)]);
        t.observe(&raw(world.clone()));
        world[2].unit_type = u::SUPPLY_DEPOT_LOWERED;
        world.push(own(5, u::BARRACKS));
        t.observe(&raw(world.clone()));
        world[0].unit_type = u::ORBITAL_COMMAND;
        world.retain(|u| u.tag.0 != 3);
        t.observe(&raw(world));
        assert_eq!(items(t.z()), ["SupplyDepot", "Barracks", "OrbitalCommand"]);
        assert_eq!(
            t.z().counts.iter().sum::<u16>(),
            4,
            "the worker counts, the depot once"
        );
        assert_ne!(t.z().build_order[0].cell, 0);
        assert_eq!(
            t.z().build_order[0].cell,
            t.space.minimap_idx(Point::new(23.0, 30.0))
        );
    }

    fn z(items: &[u16]) -> Z {
        Z {
            build_order: items
                .iter()
                .map(|&item| BuildItem { item, cell: 0 })
                .collect(),
            ..Z::default()
        }
    }

    #[test]
    fn distances_have_known_values() {
        assert_eq!(z(&[1, 2, 3]).build_order_distance(&z(&[1, 3, 3]), 0.0), 1.0);
        assert_eq!(
            z(&[1, 2, 3, 4]).build_order_distance(&z(&[1, 2]), 0.0),
            0.0,
            "not yet as long"
        );
        assert_eq!(z(&[1, 2, 3]).build_order_distance(&z(&[2, 3, 1]), 0.0), 2.0);
        let mut far = z(&[1]);
        far.build_order[0].cell = 8;
        assert_eq!(z(&[1]).build_order_distance(&far, 1.0), 0.25);
        let (mut a, mut b) = (z(&[]), z(&[]));
        (a.counts, b.counts) = (vec![3, 0, 1], vec![1, 2, 1]);
        (a.upgrades, b.upgrades) = (0b11, 0b01);
        assert_eq!((a.hamming(&b), a.counts_l1(&b)), (2, 4));
    }

    proptest! {
        #[test]
        fn the_edit_distance_is_a_metric(
            a in prop::collection::vec(1u16..5, 0..8),
            b in prop::collection::vec(1u16..5, 0..8),
            c in prop::collection::vec(1u16..5, 0..8),
        ) {
            let d = |x: &[u16], y: &[u16]| edit_distance(&z(x).build_order, &z(y).build_order, 0.5);
            prop_assert_eq!(d(&a, &b), d(&b, &a));
            prop_assert_eq!(d(&a, &b) == 0.0, a == b);
            prop_assert!(d(&a, &c) <= d(&a, &b) + d(&b, &c));
        }
    }

    #[test]
    fn libraries_survive_their_bytes_and_refuse_others() {
        let entry = |map: &str, won| ZEntry {
            z: z(&[1, 2]),
            map: map.into(),
            race: Race::Terran,
            opponent: Race::Zerg,
            start: 0,
            won,
            mmr: 4000.0,
            source: "game".into(),
        };
        let library = ZLibrary {
            entries: vec![entry("A", true), entry("B", false)],
        };
        assert_eq!(ZLibrary::from_bytes(&library.to_bytes()).unwrap(), library);
        assert!(matches!(
            ZLibrary::from_bytes(b"nothing"),
            Err(ZError::Damaged(_))
        ));
        assert_eq!(
            library.select(Some("A"), Race::Terran, Race::Zerg, false),
            [0]
        );
        assert_eq!(library.select(None, Race::Terran, Race::Zerg, true), [0]);
        assert_eq!(
            library.select(None, Race::Zerg, Race::Zerg, false),
            [0usize; 0]
        );
        assert!(library.draw(&[], Seed(1)).is_none());
        assert!(library.draw(&[1], Seed(1)).is_some_and(|e| e.map == "B"));
    }

    #[test]
    fn conditioning_takes_the_parts_asked_for() {
        let mut given = z(&[7, 8]);
        given.counts = vec![1, 2];
        let both = given.conditioning(true, true, Some(5000.0));
        assert!(both.has_build_order() && both.has_counts());
        let neither = given.conditioning(false, false, None);
        assert_eq!(neither, Conditioning::default());
    }
}
