//! Where town halls belong: the bases of a map, worked out from its resources.
//!
//! The same rule that clients of the game use (python-sc2's is the common one), so that ours and theirs agree: resources
//! fall into groups; a hall goes to the buildable cell center near the group's middle with the least total way to its
//! resources, at least 6 cells from every field and 7 from every geyser.

use crate::game::data::neutral::{self, NeutralKind};
use crate::game::{MapData, Point, ResourceNode};

/// Resources of one group are at most this far from another of it, in cells.
const SPREAD: f32 = 10.5;
/// ... and differ at most this much in terrain height, in bytes.
const SPREAD_HEIGHT: i32 = 10;
/// A base has at least this many resources; fewer are fields that block a path.
const GROUP_MIN: usize = 5;

/// Town-hall centers of all bases that `map.resources` makes, in the order of their first resource.
pub fn find(map: &MapData) -> Vec<Point> {
    groups(map)
        .iter()
        .filter_map(|group| hall_place(map, group))
        .collect()
}

/// Resources by base.
fn groups(map: &MapData) -> Vec<Vec<ResourceNode>> {
    let byte = |r: &ResourceNode| {
        let (x, y) = r.pos.cell();
        i32::from(map.height.get(x, y).unwrap_or(0))
    };
    let near = |a: &ResourceNode, b: &ResourceNode| {
        a.pos.distance_squared(b.pos) <= SPREAD * SPREAD
            && (byte(a) - byte(b)).abs() <= SPREAD_HEIGHT
    };
    let mut groups: Vec<Vec<ResourceNode>> = Vec::new();
    for resource in map.resources.iter().filter(|r| !blocks_a_path(r)) {
        // All groups that the resource touches become one.
        let (touched, mut apart): (Vec<_>, Vec<_>) = groups
            .into_iter()
            .partition(|g| g.iter().any(|r| near(r, resource)));
        let mut joined: Vec<ResourceNode> = touched.into_iter().flatten().collect();
        joined.push(*resource);
        apart.push(joined);
        groups = apart;
    }
    groups.retain(|g| g.len() >= GROUP_MIN);
    groups
}

/// Fields with a few minerals stand in paths, not in bases.
fn blocks_a_path(r: &ResourceNode) -> bool {
    r.contents < 100
}

fn hall_place(map: &MapData, group: &[ResourceNode]) -> Option<Point> {
    let n = group.len() as f32;
    let sum = group.iter().fold(Point::default(), |s, r| s + r.pos);
    let middle = Point::new((sum.x / n).floor() + 0.5, (sum.y / n).floor() + 0.5);
    let mut best: Option<(f32, Point)> = None;
    for (dx, dy) in (-7..=7).flat_map(|dx| (-7..=7).map(move |dy| (dx, dy))) {
        let from_middle = dx * dx + dy * dy;
        let p = middle + Point::new(dx as f32, dy as f32);
        let (x, y) = p.cell();
        let fits = (17..=64).contains(&from_middle)
            && map.placement.get(x, y) == Some(true)
            && group.iter().all(|r| p.distance(r.pos) >= clearance(r));
        if !fits {
            continue;
        }
        let total = group.iter().map(|r| p.distance(r.pos)).sum();
        if best.is_none_or(|(least, _)| total < least) {
            best = Some((total, p));
        }
    }
    best.map(|(_, p)| p)
}

/// Least distance between a town hall's center and a resource's, in cells.
pub fn clearance(r: &ResourceNode) -> f32 {
    match neutral::find(r.unit_type).is_some_and(|n| NeutralKind::is_geyser(n.kind)) {
        true => 7.0,
        false => 6.0,
    }
}
