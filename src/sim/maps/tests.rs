use super::*;
use crate::game::{Point, Rect};

fn sorted(points: &[Point]) -> Vec<(i32, i32)> {
    let mut cells: Vec<(i32, i32)> = points.iter().map(|p| p.cell()).collect();
    cells.sort();
    cells
}

#[test]
fn shipped_maps_are_valid_and_their_bases_are_where_clients_compute_them() {
    for name in names() {
        let map = by_name(name).unwrap();
        assert_eq!(validate(&map), Ok(()), "{name}\n{}", picture::picture(&map));
        assert_eq!(
            sorted(&expansions::find(&map)),
            sorted(&map.expansions),
            "{name}"
        );
        assert_eq!(map.width() % 8, 0, "{name}");
        assert_eq!(
            map.resources.len(),
            10 * map.expansions.len(),
            "{name}: 8 fields and 2 geysers a base"
        );
    }
}

#[test]
fn shipped_maps_are_the_same_from_both_starts() {
    for name in names() {
        let map = by_name(name).unwrap();
        let Rect { x0, y0, x1, y1 } = map.playable;
        for (x, y) in (y0..y1).flat_map(|y| (x0..x1).map(move |x| (x, y))) {
            let (tx, ty) = (x0 + x1 - 1 - x, y0 + y1 - 1 - y);
            assert_eq!(
                map.pathing.get(x, y),
                map.pathing.get(tx, ty),
                "{name} {x},{y}"
            );
            assert_eq!(map.placement.get(x, y), map.placement.get(tx, ty));
            assert_eq!(map.height.get(x, y), map.height.get(tx, ty));
        }
        let turn = |p: Point| Point::new((x0 + x1) as f32 - p.x, (y0 + y1) as f32 - p.y);
        for r in &map.resources {
            let twin = |o: &&crate::game::ResourceNode| o.pos == turn(r.pos);
            let twin = map.resources.iter().find(twin).expect("a twin");
            assert_eq!((twin.unit_type, twin.contents), (r.unit_type, r.contents));
        }
    }
}

/// Groups of cells that are walkable, not buildable and sloped: what clients take for ramps. With the highest cells.
fn ramps(map: &MapData) -> Vec<(usize, Vec<(i32, i32)>)> {
    let h = |x: i32, y: i32| map.height.get(x, y).unwrap_or(0);
    let is_ramp = |x: i32, y: i32| {
        map.pathing.get(x, y) == Some(true)
            && map.placement.get(x, y) == Some(false)
            && (-1..=1).any(|dy| (-1..=1).any(|dx| h(x + dx, y + dy) != h(x, y)))
    };
    let mut seen = std::collections::BTreeSet::new();
    let mut found = Vec::new();
    let (w, hh) = (map.width() as i32, map.height_cells() as i32);
    for at in (0..hh).flat_map(|y| (0..w).map(move |x| (x, y))) {
        if !is_ramp(at.0, at.1) || seen.contains(&at) {
            continue;
        }
        let (mut group, mut open) = (vec![], vec![at]);
        seen.insert(at);
        while let Some((x, y)) = open.pop() {
            group.push((x, y));
            for (nx, ny) in (-1..=1).flat_map(|dy| (-1..=1).map(move |dx| (x + dx, y + dy))) {
                if is_ramp(nx, ny) && seen.insert((nx, ny)) {
                    open.push((nx, ny));
                }
            }
        }
        let top = group.iter().map(|(x, y)| h(*x, *y)).max().unwrap();
        let upper = group
            .iter()
            .copied()
            .filter(|(x, y)| h(*x, *y) == top)
            .collect();
        found.push((group.len(), upper));
    }
    found
}

#[test]
fn ladder_maps_have_main_ramps_as_clients_expect_them() {
    for map in default_ladder() {
        let ramps = ramps(&map);
        assert!(
            ramps.iter().all(|(cells, _)| *cells >= 8),
            "{}: {ramps:?}",
            map.name
        );
        for start in &map.start_locations {
            let distance = |upper: &[(i32, i32)]| {
                let (x, y) = upper[0];
                Point::new(x as f32 + 0.5, y as f32 + 0.5).distance(*start)
            };
            let main = ramps
                .iter()
                .filter(|(_, upper)| upper.len() == 2 || upper.len() == 5)
                .min_by(|a, b| distance(&a.1).total_cmp(&distance(&b.1)))
                .expect("a main ramp");
            let (cells, upper) = main;
            assert_eq!((*cells, upper.len()), (16, 2), "{}", map.name);
            let apart = (
                (upper[0].0 - upper[1].0).abs(),
                (upper[0].1 - upper[1].1).abs(),
            );
            assert_eq!(apart, (1, 1), "upper cells are diagonal neighbors");
            let d = distance(upper);
            assert!(
                (14.0..=21.0).contains(&d),
                "{}: ramp {d} cells from the hall",
                map.name
            );
            let (x, y) = start.cell();
            assert_eq!(map.height.get(x, y), Some(223), "main on high ground");
        }
    }
}

#[test]
fn ladder_maps_have_ladder_distances() {
    for map in default_ladder() {
        let [a, b] = map.start_locations[..] else {
            panic!("{} is a map for two", map.name);
        };
        let main_to_main = reach::ground_distance(&map, a, b).unwrap();
        assert!(
            (145.0..=185.0).contains(&main_to_main),
            "{}: {main_to_main} cells from main to main",
            map.name
        );
        let from_a = reach::distances(&map, a);
        let mut others: Vec<f32> = map
            .expansions
            .iter()
            .filter(|e| **e != a)
            .map(|e| from_a.get(e.cell().0, e.cell().1).unwrap() as f32 / 70.0)
            .collect();
        others.sort_by(f32::total_cmp);
        assert!(
            (30.0..=52.0).contains(&others[0]),
            "{}: natural {} cells from the main",
            map.name,
            others[0]
        );
        println!(
            "{}: main to main {main_to_main}, bases at {others:?}",
            map.name
        );
        assert!((14..=16).contains(&map.expansions.len()));
    }
}
