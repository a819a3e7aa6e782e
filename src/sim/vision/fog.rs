//! One player's fog as bit rows: seen now, seen ever. Sight circles are spans of bits, cut by what a height sees.

use crate::game::{Grid, MapData, Point};
use std::sync::{Arc, LazyLock};
use xxhash_rust::xxh3::Xxh3;

/// A ground viewer sees cells that are higher than its own by up to this many height bytes (a cliff is 16).
pub const RISE_SEEN: u8 = 8;
/// Heights are told apart in steps of this many bytes.
const STEP: usize = 4;
const STEPS: usize = 256 / STEP;

/// Farthest sight in cells: a circle's row still fits into 64 bits.
const SIGHT_MAX: u32 = 31;

/// For sight ranges in quarters of cells: by distance in rows, a circle's row as bits, the circle's leftmost cell first.
static CIRCLES: LazyLock<Vec<Vec<u64>>> = LazyLock::new(|| {
    (0..=4 * SIGHT_MAX)
        .map(|quarters| {
            let (square, radius) = (quarters * quarters / 16, quarters / 4);
            (0..=radius)
                .map(|dy| {
                    let half = (0..=radius)
                        .rev()
                        .find(|dx| dx * dx + dy * dy <= square)
                        .unwrap_or(0);
                    let (first, last) = ((radius - half) as i32, (radius + half) as i32);
                    span(first, last, 0)
                })
                .collect()
        })
        .collect()
});

/// For each height of a viewer the cells that are not above it: terrain only, shared by all fogs of a map.
#[derive(Debug)]
pub struct Heights {
    width: usize,
    height: usize,
    /// 64-bit words a row.
    words: usize,
    bytes: Vec<u8>,
    /// By height step; empty where the map has no such height.
    masks: Vec<Vec<u64>>,
    /// All cells of the map, which is what flyers can see.
    everything: Vec<u64>,
}

impl Heights {
    pub fn new(map: &MapData) -> Heights {
        let (width, height) = (map.width(), map.height_cells());
        let words = width.div_ceil(64);
        let bytes = map.height.as_slice().to_vec();
        let mut masks = vec![Vec::new(); STEPS];
        let mut present = [false; STEPS];
        for &b in &bytes {
            present[usize::from(b) / STEP] = true;
        }
        for (step, mask) in masks.iter_mut().enumerate().filter(|(s, _)| present[*s]) {
            let limit = (step * STEP + STEP - 1) as u32 + u32::from(RISE_SEEN);
            *mask = vec![0u64; words * height];
            for (i, &b) in bytes.iter().enumerate() {
                if u32::from(b) <= limit {
                    mask[i / width * words + i % width / 64] |= 1 << (i % width % 64);
                }
            }
        }
        let row = (0..words).map(|w| span(0, width as i32 - 1, w as i32 * 64));
        let everything = row.collect::<Vec<u64>>().repeat(height);
        Heights {
            width,
            height,
            words,
            bytes,
            masks,
            everything,
        }
    }

    #[inline]
    fn spot(&self, x: i32, y: i32) -> Option<Spot> {
        let inside = (x as u32) < self.width as u32 && (y as u32) < self.height as u32;
        inside.then(|| Spot {
            word: y as usize * self.words + x as usize / 64,
            bit: x as u32 % 64,
        })
    }

    fn mask_at(&self, p: Point) -> Option<&[u64]> {
        let (x, y) = p.cell();
        let inside = (x as u32) < self.width as u32 && (y as u32) < self.height as u32;
        let byte = inside.then(|| self.bytes[y as usize * self.width + x as usize])?;
        Some(&self.masks[usize::from(byte) / STEP])
    }
}

/// Where in the bit rows a cell of the map is.
#[derive(Clone, Copy)]
pub(super) struct Spot {
    word: usize,
    bit: u32,
}

/// Marks of circles that a fog remembers having drawn, as a power of 2.
const MARK_BITS: u32 = 10;

/// A number for what a viewer sees: equal for equal circles, never 0.
#[inline]
fn mark(at: Point, sight: f32, flying: bool) -> u32 {
    let (x, y) = at.cell();
    let quarters = ((sight * 4.0) as u32).min(4 * SIGHT_MAX);
    let place = (y as u32 & 0x7ff) << 11 | x as u32 & 0x7ff;
    1 << 31 | u32::from(flying) << 30 | quarters << 22 | place
}

/// What one player sees and has seen, a bit a cell.
#[derive(Clone, Debug)]
pub struct Fog {
    heights: Arc<Heights>,
    seen: Vec<u64>,
    explored: Vec<u64>,
    /// Circles drawn since all was put out of view, each where its mark's hash says, the last one there. In a crowd most
    /// viewers stand where another one stands or has just stood.
    drawn: Vec<u32>,
}

impl Fog {
    pub fn new(heights: Arc<Heights>) -> Fog {
        let words = heights.words * heights.height;
        Fog {
            heights,
            seen: vec![0; words],
            explored: vec![0; words],
            drawn: vec![0; 1 << MARK_BITS],
        }
    }

    /// Puts everything out of view; what was seen stays explored.
    pub fn clear(&mut self) {
        self.seen.fill(0);
        self.drawn.fill(0);
    }

    /// [`Fog::look`], unless the same is known to have been brought into view already.
    pub fn look_once(&mut self, at: Point, sight: f32, flying: bool) {
        let mark = mark(at, sight, flying);
        let place = (mark.wrapping_mul(0x9e37_79b1) >> (32 - MARK_BITS)) as usize;
        if self.drawn[place] != mark {
            self.drawn[place] = mark;
            self.look(at, sight, flying);
        }
    }

    /// Brings the whole map into view.
    pub fn reveal_all(&mut self) {
        self.seen.copy_from_slice(&self.heights.everything);
    }

    /// Brings into view what is within `sight` of the center of `at`'s cell: all of it for flyers, else what is not above
    /// the viewer.
    pub fn look(&mut self, at: Point, sight: f32, flying: bool) {
        let heights = &*self.heights;
        let mask = match flying {
            true => &heights.everything[..],
            false => match heights.mask_at(at) {
                Some(mask) => mask,
                None => return,
            },
        };
        let (cx, cy) = at.cell();
        let circle = &CIRCLES[((sight * 4.0) as usize).min(CIRCLES.len() - 1)];
        let radius = circle.len() as i32 - 1;
        let (y0, y1) = (
            (cy - radius).max(0),
            (cy + radius + 1).min(heights.height as i32),
        );
        if y0 >= y1 {
            return;
        }
        let words = heights.words;
        let rows = y0 as usize * words..y1 as usize * words;
        let (seen, mask) = (&mut self.seen[rows.clone()], &mask[rows]);
        let rows = seen.chunks_exact_mut(words).zip(mask.chunks_exact(words));
        let bits = (y0..).map(|y| circle[(y - cy).unsigned_abs() as usize]);
        // The circle's leftmost cell may lie left of the map, in word -1, which has no bits to set.
        let (word, shift) = ((cx - radius).div_euclid(64), (cx - radius).rem_euclid(64));
        let left = usize::try_from(word).ok().filter(|&w| w < words);
        let right = usize::try_from(word + 1).ok().filter(|&w| w < words);
        match (left, right) {
            (Some(left), right) => {
                // Most circles end in the word they begin in.
                let right = right.filter(|_| shift + 2 * radius >= 64);
                for ((seen, mask), bits) in rows.zip(bits) {
                    seen[left] |= bits << shift & mask[left];
                    if let Some(right) = right {
                        seen[right] |= bits >> 1 >> (63 - shift) & mask[right];
                    }
                }
            }
            (None, Some(right)) => {
                for ((seen, mask), bits) in rows.zip(bits) {
                    seen[right] |= bits >> 1 >> (63 - shift) & mask[right];
                }
            }
            (None, None) => {}
        }
    }

    /// Adds what is in view now to what has been seen.
    pub fn settle(&mut self) {
        for (e, s) in self.explored.iter_mut().zip(&self.seen) {
            *e |= s;
        }
    }

    /// Adds what is in view and what was to a hash.
    pub fn hash_into(&self, h: &mut Xxh3) {
        for word in self.seen.iter().chain(&self.explored) {
            h.update(&word.to_le_bytes());
        }
    }

    #[inline]
    pub fn sees(&self, p: Point) -> bool {
        let (x, y) = p.cell();
        self.sees_cell(x, y)
    }

    #[inline]
    pub fn sees_cell(&self, x: i32, y: i32) -> bool {
        let spot = self.heights.spot(x, y);
        spot.is_some_and(|spot| self.sees_spot(spot))
    }

    /// The spot of a place, for all fogs of the map; none off the map.
    #[inline]
    pub(super) fn spot(&self, p: Point) -> Option<Spot> {
        let (x, y) = p.cell();
        self.heights.spot(x, y)
    }

    #[inline]
    pub(super) fn sees_spot(&self, spot: Spot) -> bool {
        self.seen[spot.word] >> spot.bit & 1 == 1
    }

    pub fn explored_cell(&self, x: i32, y: i32) -> bool {
        let spot = self.heights.spot(x, y);
        spot.is_some_and(|spot| self.explored[spot.word] >> spot.bit & 1 == 1)
    }

    /// Writes 0 never seen, 1 seen before, 2 in view; `out` gets the map's size.
    pub fn write_to(&self, out: &mut Grid<u8>) {
        let h = &*self.heights;
        if out.width() != h.width || out.height() != h.height {
            *out = Grid::new(h.width, h.height, 0);
        }
        let bytes = &*BYTES;
        for (y, row) in out.as_mut_slice().chunks_exact_mut(h.width).enumerate() {
            for (w, cells) in row.chunks_mut(64).enumerate() {
                let seen = self.seen[y * h.words + w];
                let explored = self.explored[y * h.words + w];
                match (seen, explored) {
                    (0, 0) => cells.fill(0),
                    (0, u64::MAX) => cells.fill(1),
                    (u64::MAX, _) => cells.fill(2),
                    _ => spread(bytes, seen, explored, cells),
                }
            }
        }
    }

    /// The same for a grid that nothing but this fog is written to, with `written` as the memory of it.
    pub(in crate::sim) fn write_changes(&self, written: &mut WrittenCells, out: &mut Grid<u8>) {
        let h = &*self.heights;
        if written.seen.len() != self.seen.len() || out.width() != h.width {
            written.seen.clone_from(&self.seen);
            written.explored.clone_from(&self.explored);
            return self.write_to(out);
        }
        let bytes = &*BYTES;
        let cells = out.as_mut_slice();
        let old = written.seen.iter_mut().zip(&mut written.explored);
        let new = self.seen.iter().zip(&self.explored);
        for (i, ((old_seen, old_explored), (&seen, &explored))) in old.zip(new).enumerate() {
            if *old_seen != seen || *old_explored != explored {
                (*old_seen, *old_explored) = (seen, explored);
                let (row, word) = (i / h.words, i % h.words);
                let first = row * h.width + word * 64;
                let end = (first + 64).min((row + 1) * h.width);
                spread(bytes, seen, explored, &mut cells[first..end]);
            }
        }
    }
}

/// What was last written to a grid of cells, as bit rows.
#[derive(Clone, Debug, Default)]
pub(in crate::sim) struct WrittenCells {
    seen: Vec<u64>,
    explored: Vec<u64>,
}

/// Writes up to 64 cells of the grid that clients get.
fn spread(bytes: &[u64; 256], seen: u64, explored: u64, cells: &mut [u8]) {
    let values = |part: usize| {
        let byte = |bits: u64| bytes[(bits >> (8 * part) & 0xff) as usize];
        // What is in view counts as explored too: 1 + 1 makes 2.
        (byte(explored | seen) + byte(seen)).to_le_bytes()
    };
    let mut parts = cells.chunks_exact_mut(8);
    let count = parts.len();
    for (part, cells) in parts.by_ref().enumerate() {
        cells.copy_from_slice(&values(part));
    }
    let rest = parts.into_remainder();
    if !rest.is_empty() {
        rest.copy_from_slice(&values(count)[..rest.len()]);
    }
}

/// A byte's eight bits as eight bytes of 0 or 1, the lowest first.
static BYTES: LazyLock<[u64; 256]> = LazyLock::new(|| {
    std::array::from_fn(|byte| {
        (0..8)
            .map(|bit| (byte as u64 >> bit & 1) << (8 * bit))
            .sum()
    })
});

/// Bits `x0..=x1` of the 64 cells from `first` on.
#[inline]
fn span(x0: i32, x1: i32, first: i32) -> u64 {
    let (a, b) = ((x0 - first).max(0), (x1 - first).min(63));
    if a > b {
        return 0;
    }
    (u64::MAX >> (63 - (b - a))) << a
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::BitGrid;
    use crate::sim::path::tests::map_of;

    /// 150 x 40 cells: a plateau at x >= 70, a cliff level above the rest; a ramp of middling height at y < 10.
    fn cliff() -> MapData {
        let mut map = map_of(BitGrid::new(150, 40, true));
        for y in 0..40 {
            for x in 70..150 {
                map.height.set(x, y, 223);
            }
            for x in 66..70 {
                let h = if y < 10 {
                    209 + (x - 66) as u8 * 4
                } else {
                    207
                };
                map.height.set(x, y, h);
            }
        }
        map
    }

    fn seen_from(at: Point, sight: f32, flying: bool) -> Fog {
        let mut fog = Fog::new(Arc::new(Heights::new(&cliff())));
        fog.look(at, sight, flying);
        fog.settle();
        fog
    }

    #[test]
    fn a_circle_holds_the_cells_within_sight_of_its_cell() {
        for (at, sight) in [(Point::new(30.3, 20.9), 9.0), (Point::new(64.0, 3.0), 11.0)] {
            let fog = seen_from(at, sight, true);
            for y in 0..40 {
                for x in 0..150 {
                    let (cx, cy) = at.cell();
                    let d = Point::new((x - cx) as f32, (y - cy) as f32).length();
                    assert_eq!(fog.sees_cell(x, y), d <= sight, "cell {x}, {y} from {at:?}");
                }
            }
        }
    }

    #[test]
    fn high_ground_is_dark_from_below_and_open_from_above_and_the_air() {
        let (below, above) = (Point::new(65.5, 30.5), Point::new(72.5, 30.5));
        let ground = seen_from(below, 9.0, false);
        assert!(ground.sees(Point::new(69.5, 30.5)) && !ground.sees(above));
        assert!(seen_from(below, 9.0, true).sees(above));
        assert!(seen_from(above, 9.0, false).sees(below));
        // From the top half of the ramp the plateau is in view, from its foot it is not.
        assert!(seen_from(Point::new(68.5, 5.5), 9.0, false).sees(Point::new(72.5, 5.5)));
        assert!(!seen_from(Point::new(65.5, 5.5), 9.0, false).sees(Point::new(72.5, 5.5)));
    }

    #[test]
    fn the_grid_tells_unseen_explored_and_in_view_apart() {
        let mut fog = seen_from(Point::new(20.5, 20.5), 3.0, false);
        fog.clear();
        fog.look(Point::new(21.5, 20.5), 3.0, false);
        let mut grid = Grid::default();
        fog.write_to(&mut grid);
        let at = |x| grid.get(x, 20).unwrap();
        assert_eq!([at(16), at(17), at(18), at(24), at(25)], [0, 1, 2, 2, 0]);
        fog.reveal_all();
        fog.write_to(&mut grid);
        assert!(grid.as_slice().iter().all(|&v| v == 2));
    }

    #[test]
    fn written_changes_make_the_same_grid_as_writing_all() {
        let (mut changed, mut whole) = (Grid::default(), Grid::default());
        let mut written = WrittenCells::default();
        let mut fog = seen_from(Point::new(20.5, 20.5), 9.0, false);
        for step in 0..30 {
            fog.clear();
            let at = Point::new(5.0 * step as f32, 1.3 * step as f32);
            fog.look(at, 7.0 + (step % 3) as f32, step % 2 == 0);
            fog.settle();
            fog.write_changes(&mut written, &mut changed);
            fog.write_to(&mut whole);
            assert!(changed == whole, "step {step}");
        }
    }
}
