//! Who is near: the players' units on the map by place, filled anew each loop.
//!
//! Invariant: [`Index::visit`] calls in an order that depends only on the units and their places. Neutral units are
//! left out: nobody acquires them by himself. Buckets are linked lists over 4x4 cells, one set a player, so that
//! looking for enemies where there are none costs a few loads.

use crate::game::{MapData, Point};

/// Bucket side is `1 << SHIFT` cells.
const SHIFT: i32 = 2;
const END: u16 = u16::MAX;

/// What near searches need to know of a unit without loading it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entry {
    pub pos: Point,
    pub radius: f32,
    /// Index into `State::units`.
    pub slot: u16,
    pub flying: bool,
    pub structure: bool,
    next: u16,
}

impl Entry {
    pub fn new(slot: usize, pos: Point, radius: f32, flying: bool, structure: bool) -> Entry {
        Entry {
            pos,
            radius,
            slot: slot as u16,
            flying,
            structure,
            next: END,
        }
    }
}

/// The units of both players by place.
#[derive(Clone, Debug, Default)]
pub struct Index {
    cols: i32,
    rows: i32,
    sides: [Side; 2],
}

#[derive(Clone, Debug, Default)]
struct Side {
    heads: Vec<u16>,
    /// Buckets that hold somebody.
    filled: Vec<u16>,
    entries: Vec<Entry>,
}

impl Index {
    /// Empty, for the units of a game on `map`.
    pub fn new(map: &MapData) -> Index {
        let cols = (map.width() as i32 >> SHIFT) + 1;
        let rows = (map.height_cells() as i32 >> SHIFT) + 1;
        let side = Side {
            heads: vec![END; (cols * rows) as usize],
            filled: Vec::with_capacity(256),
            entries: Vec::with_capacity(256),
        };
        Index {
            cols,
            rows,
            sides: [side.clone(), side],
        }
    }

    /// Forgets all units.
    pub fn clear(&mut self) {
        for side in &mut self.sides {
            for &bucket in &side.filled {
                side.heads[usize::from(bucket)] = END;
            }
            side.filled.clear();
            side.entries.clear();
        }
    }

    /// Adds a unit of player 0 or 1.
    #[inline]
    pub fn add(&mut self, owner: usize, mut entry: Entry) {
        let bucket = self.bucket(entry.pos);
        let side = &mut self.sides[owner];
        entry.next = side.heads[bucket];
        side.heads[bucket] = side.entries.len() as u16;
        side.entries.push(entry);
        side.filled.push(bucket as u16);
    }

    #[inline]
    fn bucket(&self, p: Point) -> usize {
        // A cast to an unsigned number takes what lies left of the map or below it for 0.
        let x = (p.x as u16 >> SHIFT).min(self.cols as u16 - 1);
        let y = (p.y as u16 >> SHIFT).min(self.rows as u16 - 1);
        usize::from(y) * self.cols as usize + usize::from(x)
    }

    /// Calls `f` for the owner's units whose centers may lie within `reach` of `at` (and for some a little beyond).
    #[inline]
    pub fn visit(&self, owner: usize, at: Point, reach: f32, mut f: impl FnMut(&Entry)) {
        let side = &self.sides[owner];
        let x0 = ((at.x - reach) as i32 >> SHIFT).clamp(0, self.cols - 1);
        let x1 = ((at.x + reach) as i32 >> SHIFT).clamp(0, self.cols - 1);
        let y0 = ((at.y - reach) as i32 >> SHIFT).clamp(0, self.rows - 1);
        let y1 = ((at.y + reach) as i32 >> SHIFT).clamp(0, self.rows - 1);
        for y in y0..=y1 {
            let row = (y * self.cols) as usize;
            for &head in &side.heads[row + x0 as usize..=row + x1 as usize] {
                let mut at = head;
                while at != END {
                    let entry = &side.entries[usize::from(at)];
                    f(entry);
                    at = entry.next;
                }
            }
        }
    }

    /// The owner's units, in the order they were added.
    pub fn all(&self, owner: usize) -> &[Entry] {
        &self.sides[owner].entries
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::{BitGrid, Seed};
    use crate::sim::path::tests::map_of;
    use rand::RngExt;

    #[test]
    fn visits_find_all_that_a_full_scan_finds() {
        let mut rng = Seed(3).rng();
        let mut index = Index::new(&map_of(BitGrid::new(90, 70, true)));
        for round in 0..20 {
            index.clear();
            for slot in 0..150 {
                let pos = Point::new(rng.random_range(0.0..90.0), rng.random_range(0.0..70.0));
                index.add(slot % 2, Entry::new(slot, pos, 0.4, false, false));
            }
            let at = Point::new(rng.random_range(-5.0..95.0), rng.random_range(-5.0..75.0));
            let (owner, reach) = (round % 2, rng.random_range(0.5..20.0));
            let mut found = Vec::new();
            index.visit(owner, at, reach, |e| {
                if e.pos.distance(at) <= reach {
                    found.push(e.slot);
                }
            });
            found.sort_unstable();
            let expected: Vec<u16> = index
                .all(owner)
                .iter()
                .filter(|e| e.pos.distance(at) <= reach)
                .map(|e| e.slot)
                .collect();
            assert_eq!(found, expected);
        }
    }
}
