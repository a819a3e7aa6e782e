//! Where a structure fits, as far as the player knows: terrain, footprints in sight, resources, creep, power.
//!
//! A build action whose place is taken settles at the nearest free place within `ActionConfig::placement_radius`
//! (docs/DECISIONS.md): a cell of the policy's map head is coarser than the game's exactness in this.

use crate::game::data::{self, UnitData};
use crate::game::{BitGrid, Grid, MapData, Point, RawObservation, RawUnit, UnitTag};
use crate::obs::flags::kind;
use crate::obs::vocab;

/// What stands on a cell.
const FREE: u8 = 0;
/// A structure, a resource, a rock.
const TAKEN: u8 = 1;
/// Too near to resources for a town hall.
const NEAR_RESOURCE: u8 = 2;

/// The player's knowledge of what is built where.
pub struct Placement<'a> {
    map: &'a MapData,
    creep: &'a BitGrid,
    raw: &'a RawObservation,
    cells: Grid<u8>,
}

impl<'a> Placement<'a> {
    /// From what is seen now. `ignore`: a unit whose own footprint does not count (a structure that moves).
    pub fn new(
        map: &'a MapData,
        raw: &'a RawObservation,
        ignore: Option<UnitTag>,
    ) -> Placement<'a> {
        let mut cells = Grid::new(map.width(), map.height_cells(), FREE);
        for unit in raw.units.iter().filter(|u| Some(u.tag) != ignore) {
            mark(&mut cells, unit);
        }
        Placement {
            map,
            creep: &raw.creep,
            raw,
            cells,
        }
    }

    /// True if the structure fits with its center there.
    pub fn fits(&self, of: &UnitData, center: Point) -> bool {
        let (w, h) = of.footprint;
        let (x0, y0) = corner(center, of.footprint);
        let resource_block = if of.is_townhall { NEAR_RESOURCE } else { 0 };
        for y in y0..y0 + i32::from(h) {
            for x in x0..x0 + i32::from(w) {
                let taken = self.cells.get(x, y).unwrap_or(TAKEN);
                let on_creep = self.creep.get(x, y).unwrap_or(false);
                let zerg = of.race == crate::game::Race::Zerg;
                if taken & (TAKEN | resource_block) != 0
                    || !self.map.placement.get(x, y).unwrap_or(false)
                    || (of.needs_creep && !on_creep)
                    || (!zerg && on_creep)
                {
                    return false;
                }
            }
        }
        !of.needs_power || self.powered(center)
    }

    fn powered(&self, p: Point) -> bool {
        let near = |s: &crate::game::raw_obs::PowerSource| {
            s.pos.distance_squared(p) <= s.radius * s.radius
        };
        self.raw.power_sources.iter().any(near)
    }

    /// The fitting center nearest to `center` within `radius` cells; ties go to the lower, then the left one.
    pub fn nearest(&self, of: &UnitData, center: Point, radius: f32) -> Option<Point> {
        if self.fits(of, center) {
            return Some(center);
        }
        let reach = radius as i32;
        let mut best: Option<(i32, Point)> = None;
        for dy in -reach..=reach {
            for dx in -reach..=reach {
                let d2 = dx * dx + dy * dy;
                let nearer = best.is_none_or(|(b, _)| d2 < b);
                let p = Point::new(center.x + dx as f32, center.y + dy as f32);
                if d2 as f32 <= radius * radius && nearer && self.fits(of, p) {
                    best = Some((d2, p));
                }
            }
        }
        best.map(|(_, p)| p)
    }
}

/// The structure's center on the building grid for a footprint whose middle is aimed at the cell of `p`: whole numbers
/// along even sides, halves along odd ones.
pub fn snap(p: Point, footprint: (u8, u8)) -> Point {
    let axis = |v: f32, n: u8| v.floor() + if n % 2 == 1 { 0.5 } else { 0.0 };
    Point::new(axis(p.x, footprint.0), axis(p.y, footprint.1))
}

/// Lower left cell of a footprint.
fn corner(center: Point, (w, h): (u8, u8)) -> (i32, i32) {
    let axis = |v: f32, n: u8| (v - f32::from(n) / 2.0 + 0.25).floor() as i32;
    (axis(center.x, w), axis(center.y, h))
}

fn mark(cells: &mut Grid<u8>, unit: &RawUnit) {
    let kinds = vocab().type_row(vocab().type_idx(unit.unit_type)).kinds;
    if kinds & kind::STRUCTURE != 0 {
        let flying = unit.is_flying || data::unit(unit.unit_type).is_some_and(|d| d.is_flying);
        if let Some(d) = data::unit(unit.unit_type).filter(|_| !flying) {
            fill(cells, corner(unit.pos, d.footprint), d.footprint, TAKEN, 0);
        }
    } else if kinds & kind::MINERALS != 0 {
        let c = corner(unit.pos, (2, 1));
        fill(cells, c, (2, 1), NEAR_RESOURCE, 3);
        fill(cells, c, (2, 1), TAKEN, 0);
    } else if kinds & kind::GEYSER != 0 {
        let c = corner(unit.pos, (3, 3));
        fill(cells, c, (3, 3), NEAR_RESOURCE, 3);
        fill(cells, c, (3, 3), TAKEN, 0);
    } else if kinds & kind::DESTRUCTIBLE != 0 {
        let side = (unit.radius * 2.0).clamp(1.0, 12.0) as u8;
        fill(
            cells,
            corner(unit.pos, (side, side)),
            (side, side),
            TAKEN,
            0,
        );
    }
}

/// Sets bits on a footprint widened by `margin` cells; wide corners are cut off, as the game does around resources.
fn fill(cells: &mut Grid<u8>, (x0, y0): (i32, i32), (w, h): (u8, u8), bit: u8, margin: i32) {
    let (w, h) = (i32::from(w), i32::from(h));
    for dy in -margin..h + margin {
        for dx in -margin..w + margin {
            let outside = (-dx).max(dx - w + 1).max(0) + (-dy).max(dy - h + 1).max(0);
            if margin > 0 && outside > margin + 1 {
                continue;
            }
            if let Some(old) = cells.get(x0 + dx, y0 + dy) {
                cells.set(x0 + dx, y0 + dy, old | bit);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::data::unit_ids as u;
    use crate::game::{Alliance, Race, UnitTypeId};
    use crate::obs::testing::{info, raw, unit};

    fn row(id: UnitTypeId) -> &'static UnitData {
        data::unit(id).unwrap()
    }

    #[test]
    fn structures_block_each_other_and_settle_beside() {
        let info = info(Race::Terran, Race::Terran);
        let world = raw(vec![unit(1, u::BARRACKS, Alliance::Own, 30.5, 30.5)]);
        let p = Placement::new(&info.map, &world, None);
        let barracks = row(u::BARRACKS);
        assert!(!p.fits(barracks, Point::new(32.5, 30.5)));
        assert!(p.fits(barracks, Point::new(33.5, 30.5)));
        let settled = p.nearest(barracks, Point::new(31.5, 30.5), 4.0);
        assert_eq!(settled, Some(Point::new(33.5, 30.5)));
        assert_eq!(p.nearest(barracks, Point::new(30.5, 30.5), 2.0), None);
        let moved = Placement::new(&info.map, &world, Some(UnitTag(1)));
        assert!(moved.fits(barracks, Point::new(31.5, 30.5)));
    }

    #[test]
    fn town_halls_keep_away_from_resources() {
        let info = info(Race::Terran, Race::Terran);
        let world = raw(vec![unit(
            1,
            UnitTypeId(341),
            Alliance::Neutral,
            50.0,
            50.5,
        )]);
        let p = Placement::new(&info.map, &world, None);
        // Left edge of the field is 49; three free cells; half a town hall is 2.5.
        assert!(!p.fits(row(u::COMMAND_CENTER), Point::new(44.5, 50.5)));
        assert!(p.fits(row(u::COMMAND_CENTER), Point::new(43.5, 50.5)));
        assert!(p.fits(row(u::SUPPLY_DEPOT), Point::new(48.0, 50.0)));
        assert!(!p.fits(row(u::SUPPLY_DEPOT), Point::new(49.0, 50.0)));
    }

    #[test]
    fn creep_and_power_are_asked_for() {
        let info = info(Race::Zerg, Race::Terran);
        let mut world = raw(vec![]);
        for y in 40..50 {
            for x in 40..50 {
                world.creep.set(x, y, true);
            }
        }
        world.power_sources.push(crate::game::raw_obs::PowerSource {
            pos: Point::new(70.0, 70.0),
            radius: 6.5,
            tag: UnitTag(5),
        });
        let p = Placement::new(&info.map, &world, None);
        assert!(p.fits(row(u::SPAWNING_POOL), Point::new(44.5, 44.5)));
        assert!(!p.fits(row(u::SPAWNING_POOL), Point::new(50.5, 44.5)));
        assert!(!p.fits(row(u::BARRACKS), Point::new(44.5, 44.5)));
        assert!(p.fits(row(u::HATCHERY), Point::new(60.5, 60.5)));
        assert!(p.fits(row(u::GATEWAY), Point::new(73.5, 70.5)));
        assert!(!p.fits(row(u::GATEWAY), Point::new(80.5, 70.5)));
    }
}
