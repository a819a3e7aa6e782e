use super::*;
use crate::game::{BitGrid, Grid, Rect};

/// A version that was not there before.
fn next() -> u32 {
    use std::sync::atomic::{AtomicU32, Ordering};
    static VERSION: AtomicU32 = AtomicU32::new(1);
    VERSION.fetch_add(1, Ordering::Relaxed)
}

/// A map from rows of text, the top row first: `#` cannot be walked on.
pub(crate) fn text_map(rows: &[&str]) -> MapData {
    let (width, height) = (rows[0].len(), rows.len());
    let mut pathing = BitGrid::new(width, height, true);
    for (i, row) in rows.iter().enumerate() {
        for (x, c) in row.bytes().enumerate() {
            pathing.set(x as i32, (height - 1 - i) as i32, c != b'#');
        }
    }
    map_of(pathing)
}

pub(crate) fn map_of(pathing: BitGrid) -> MapData {
    let (width, height) = (pathing.width(), pathing.height());
    MapData {
        name: "test".into(),
        placement: pathing.clone(),
        pathing,
        height: Grid::new(width, height, 207),
        playable: Rect {
            x0: 0,
            y0: 0,
            x1: width as i32,
            y1: height as i32,
        },
        start_locations: Vec::new(),
        expansions: Vec::new(),
        resources: Vec::new(),
        destructibles: Vec::new(),
    }
}

fn walked(nav: &NavGrid, from: Point, path: &[Point]) -> f32 {
    let (mut here, mut length) = (from, 0.0);
    for &p in path {
        assert!(
            nav.ray_clear(here, p),
            "no straight walk from {here:?} to {p:?}"
        );
        length += here.distance(p);
        here = p;
    }
    length
}

/// A maze of walls with gaps on alternating ends, 96 cells wide.
fn maze() -> MapData {
    let mut pathing = BitGrid::new(96, 96, true);
    for wall in 0..5 {
        let y = 14 + wall * 16;
        for x in 0..96 {
            let gap = if wall % 2 == 0 { x >= 90 } else { x < 6 };
            if !gap {
                pathing.set(x, y, false);
                pathing.set(x, y + 1, false);
            }
        }
    }
    map_of(pathing)
}

#[test]
fn a_free_line_is_one_corner() {
    let mut paths = Pathfinder::new(&map_of(BitGrid::new(40, 40, true)));
    let mut out = Vec::new();
    let to = Point::new(33.2, 8.9);
    assert!(paths.find(Point::new(2.5, 30.1), to, &mut out));
    assert_eq!(out, [to]);
}

#[test]
fn a_building_is_walked_around_as_closely_as_it_can_be() {
    let mut paths = Pathfinder::new(&map_of(BitGrid::new(48, 48, true)));
    let mut occupied = vec![0u8; 48 * 48];
    for y in 18..30 {
        for x in 20..24 {
            occupied[y * 48 + x] = 1;
        }
    }
    paths.sync(&occupied, next());
    let (from, to) = (Point::new(10.5, 24.5), Point::new(34.5, 24.5));
    let mut out = Vec::new();
    assert!(paths.find(from, to, &mut out));
    let length = walked(paths.nav(), from, &out);
    // Around the nearer end: sqrt(9.5^2 + 5.5^2) + 4 + sqrt(10.5^2 + 5.5^2) is 26.8.
    assert!((26.0..28.5).contains(&length), "length {length}: {out:?}");
    paths.sync(&[0u8; 48 * 48], next());
    assert!(paths.find(from, to, &mut out));
    assert_eq!(out, [to], "a building that is gone must not bend paths");
}

#[test]
fn long_ways_are_found_and_near_the_optimum() {
    let map = maze();
    let mut paths = Pathfinder::new(&map);
    let (from, to) = (Point::new(4.5, 4.5), Point::new(4.5, 92.5));
    let mut out = Vec::new();
    assert!(paths.find(from, to, &mut out));
    let length = walked(paths.nav(), from, &out);
    // Five walls, each passed at the far end: 86 + 4 x 85.5 + 86.5 straight, a little more around the ends.
    assert!((510.0..560.0).contains(&length), "length {length}");
    // Cell by cell search gives the reference (octile steps overstate straight walks by up to 8%).
    let mut cells = Vec::new();
    let mut search = CellSearch::default();
    assert!(search.find(paths.nav(), from.cell(), to.cell(), 100_000, &mut cells));
    let mut reference: Vec<Point> = cells.iter().map(|&c| center(c)).collect();
    smooth::pull(paths.nav(), from, &mut reference);
    let reference = walked(paths.nav(), from, &reference);
    assert!(length < reference * 1.06, "{length} against {reference}");
    assert!((paths.distance(from, to).unwrap() - length).abs() < 1e-3);
}

#[test]
fn what_cannot_be_reached_is_approached_from_the_near_side() {
    let map = text_map(&[
        "....................",
        "....................",
        ".......#####........",
        ".......#...#........",
        ".......#...#........",
        ".......#...#........",
        ".......#####........",
        "....................",
        "....................",
    ]);
    let mut paths = Pathfinder::new(&map);
    let (outside, inside) = (Point::new(1.5, 4.5), Point::new(9.5, 4.5));
    assert!(!paths.reachable(outside, inside));
    assert_eq!(paths.distance(outside, inside), None);
    let mut out = Vec::new();
    assert!(!paths.find(outside, inside, &mut out));
    let end = *out.last().unwrap();
    assert!(end.x < 7.0 && (end.y - 4.5).abs() <= 3.0, "ends at {end:?}");
    assert!(paths.nav().walkable_at(end));
}

#[test]
fn walls_of_buildings_split_and_join_regions() {
    let map = map_of(BitGrid::new(64, 64, true));
    let mut paths = Pathfinder::new(&map);
    let (a, b) = (Point::new(5.5, 40.5), Point::new(60.5, 40.5));
    assert!(paths.reachable(a, b));
    let mut occupied = vec![0u8; 64 * 64];
    for y in 0..64 {
        occupied[y * 64 + 33] = 1;
    }
    paths.sync(&occupied, next());
    assert!(!paths.reachable(a, b));
    occupied[50 * 64 + 33] = 0;
    paths.sync(&occupied, next());
    assert!(paths.reachable(a, b));
    let mut out = Vec::new();
    assert!(paths.find(a, b, &mut out));
    walked(paths.nav(), a, &out);
    assert!(
        out.iter().any(|p| (p.y - 50.5).abs() < 1.0),
        "through the gap: {out:?}"
    );
}

#[test]
fn updates_leave_the_same_hierarchy_as_building_from_nothing() {
    let map = maze();
    let mut updated = Pathfinder::new(&map);
    let mut occupied = vec![0u8; 96 * 96];
    let mut rng = crate::game::Seed(5).rng();
    use rand::RngExt;
    for _ in 0..30 {
        let (x, y) = (rng.random_range(2..90usize), rng.random_range(2..90usize));
        for cy in y..y + 3 {
            for cx in x..x + 3 {
                occupied[cy * 96 + cx] ^= 1;
            }
        }
        updated.sync(&occupied, next());
        let mut fresh = Pathfinder::new(&map);
        fresh.sync(&occupied, next());
        let (mut one, mut two) = (Vec::new(), Vec::new());
        for _ in 0..10 {
            let mut at = || Point::new(rng.random_range(0.0..96.0), rng.random_range(0.0..96.0));
            let (from, to) = (at(), at());
            assert_eq!(
                updated.find(from, to, &mut one),
                fresh.find(from, to, &mut two)
            );
            assert_eq!(one, two, "from {from:?} to {to:?}");
        }
    }
}

#[test]
fn random_walks_stay_on_walkable_cells() {
    let map = maze();
    let mut paths = Pathfinder::new(&map);
    let mut rng = crate::game::Seed(9).rng();
    use rand::RngExt;
    let mut out = Vec::new();
    for _ in 0..300 {
        let mut at = || Point::new(rng.random_range(0.0..96.0), rng.random_range(0.0..96.0));
        let (from, to) = (at(), at());
        if !paths.nav().walkable_at(from) {
            continue;
        }
        let exact = paths.find(from, to, &mut out);
        assert_eq!(exact, paths.nav().walkable_at(to));
        walked(paths.nav(), from, &out);
    }
}
