//! Watch towers: who alone has ground units beside one sees by it.
//!
//! The game's data files of 4.10 (`AbilData.xml`, TowerCapture, and `UnitData.xml`, XelNagaTower): range 2.5, for one side
//! alone, units on the tower's own cliff level; neither structures, missiles, burrowed units nor what is inside others; sight
//! 22, as from the tower's ground. It detects nothing. Cloaked units do hold one.

use crate::game::{MapData, Point};
use crate::sim::neutral::WATCH_TOWER;
use crate::sim::state::State;
use crate::sim::unit::Unit;

/// Cells that a held tower sees.
pub(super) const SIGHT: f32 = 22.0;
/// Cells between the edges of a tower and of a unit that holds it.
pub(super) const RANGE: f32 = 2.5;
/// Height bytes between two cliff levels.
const CLIFF: u8 = 16;

/// Puts what held towers see into their holders' fogs.
pub(super) fn look(state: &mut State) {
    let first = state.first_player();
    for i in 0..first {
        let tower = &state.units[usize::from(state.order[i])];
        if tower.type_id != WATCH_TOWER {
            continue;
        }
        let at = tower.pos;
        if let Some(player) = holder(state, tower) {
            state.players[player].sight.fog.look_once(at, SIGHT, false);
        }
    }
}

/// The player (0 or 1) who alone stands beside the tower.
fn holder(state: &State, tower: &Unit) -> Option<usize> {
    let mut sides = [false; 2];
    for unit in state.players_units() {
        let near = unit.pos.distance(tower.pos) <= RANGE + tower.radius + unit.radius;
        if near && may_hold(unit) && same_level(&state.map, unit.pos, tower.pos) {
            sides[usize::from(unit.owner)] = true;
        }
    }
    match sides {
        [true, false] => Some(0),
        [false, true] => Some(1),
        _ => None,
    }
}

fn may_hold(unit: &Unit) -> bool {
    !(unit.data.is_structure
        || unit.flying
        || unit.inside
        || unit.is_burrowed()
        || unit.is_sheltered())
}

fn same_level(map: &MapData, a: Point, b: Point) -> bool {
    let height = |p: Point| {
        let (x, y) = p.cell();
        map.height.get(x, y)
    };
    match (height(a), height(b)) {
        (Some(a), Some(b)) => a.abs_diff(b) < CLIFF / 2,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{RANGE, SIGHT};
    use crate::game::data::unit_ids as u;
    use crate::game::map::Destructible;
    use crate::game::{BitGrid, MapData, Point, Target, UnitTypeId};
    use crate::sim::Sim;
    use crate::sim::neutral::WATCH_TOWER;
    use crate::sim::path::tests::map_of;
    use crate::sim::steer::tests::{block, game_on, unit};
    use crate::sim::testing::{order_as, tags};
    use crate::sim::unit::UnitRef;

    const TOWER: Point = Point::new(48.0, 32.0);
    /// Beside the tower, and so far away that a marine's own nine cells do not reach.
    const BESIDE: Point = Point::new(46.0, 32.0);
    const FAR: Point = Point::new(65.5, 32.5);

    fn map() -> MapData {
        let mut map = map_of(BitGrid::new(96, 64, true));
        map.destructibles.push(Destructible {
            unit_type: WATCH_TOWER,
            pos: TOWER,
            radius: 1.0,
            health: 0.0,
        });
        map
    }

    fn sees(sim: &Sim, player: usize, at: Point) -> bool {
        sim.state().players[player].sight.sees(at)
    }

    /// One unit of player 1 at `at`: whether the player sees what only the tower sees.
    fn holds(id: UnitTypeId, at: Point) -> bool {
        let mut sim = game_on(map());
        block(&mut sim, 0, id, 1, at, 1.0);
        sim.step(6);
        sees(&sim, 0, FAR)
    }

    #[test]
    fn a_ground_unit_beside_a_tower_sees_22_cells_around_it() {
        let mut sim = game_on(map());
        block(&mut sim, 0, u::MARINE, 1, BESIDE, 1.0);
        assert!(!sees(&sim, 0, FAR));
        sim.step(6);
        let edge = TOWER + Point::new(SIGHT, 0.0);
        assert!(sees(&sim, 0, edge - Point::new(1.0, 0.0)));
        assert!(!sees(&sim, 0, edge + Point::new(1.5, 0.0)));
        assert!(!sees(&sim, 1, FAR), "the other side sees nothing by it");
    }

    #[test]
    fn only_units_that_stand_on_the_ground_hold_one() {
        assert!(holds(u::SCV, BESIDE) && holds(u::SIEGE_TANK_SIEGED, Point::new(45.5, 32.0)));
        for id in [
            u::MEDIVAC,
            u::WIDOW_MINE_BURROWED,
            u::BUNKER,
            u::AUTO_TURRET,
        ] {
            assert!(!holds(id, Point::new(45.0, 32.0)), "{id:?}");
        }
        let radius = 0.375 + 1.0;
        assert!(holds(
            u::MARINE,
            TOWER - Point::new(RANGE + radius - 0.1, 0.0)
        ));
        assert!(!holds(
            u::MARINE,
            TOWER - Point::new(RANGE + radius + 0.2, 0.0)
        ));
    }

    #[test]
    fn neither_those_in_a_bunker_nor_charges_hold_one() {
        let mut sim = game_on(map());
        let bunker = block(&mut sim, 0, u::BUNKER, 1, Point::new(45.0, 32.0), 1.0)[0];
        let marine = block(&mut sim, 0, u::MARINE, 1, Point::new(42.0, 32.0), 1.0);
        order_as(&mut sim, 1, &marine, 1, Target::Unit(bunker), false);
        sim.step(60);
        assert_eq!(unit(sim.state(), bunker).passengers.len(), 1);
        assert!(!sees(&sim, 0, FAR));
        let mut sim = game_on(map());
        let reaper = block(&mut sim, 0, u::REAPER, 1, Point::new(41.5, 32.0), 1.0);
        let aim = Target::Point(BESIDE);
        order_as(&mut sim, 1, &reaper, 2588, aim, false);
        sim.step(8);
        assert_eq!(tags(sim.state(), 1, u::KD8_CHARGE).len(), 1);
        assert!(!sees(&sim, 0, FAR));
    }

    #[test]
    fn a_tower_with_both_sides_beside_it_shows_nobody_anything_until_one_has_gone() {
        let mut sim = game_on(map());
        block(&mut sim, 0, u::MARINE, 1, BESIDE, 1.0);
        let other = block(&mut sim, 1, u::MARINE, 1, Point::new(50.0, 32.0), 1.0);
        sim.step(20);
        assert!(!sees(&sim, 0, FAR) && !sees(&sim, 1, FAR - Point::new(35.0, 0.0)));
        sim.state_mut().kill(UnitRef::of_tag(other[0]));
        sim.step(20);
        assert!(sees(&sim, 0, FAR));
    }

    #[test]
    fn sight_goes_with_who_held_it_and_cloaked_units_stay_hidden() {
        let mut sim = game_on(map());
        let marine = block(&mut sim, 0, u::MARINE, 1, BESIDE, 1.0);
        let mine = block(&mut sim, 1, u::WIDOW_MINE_BURROWED, 1, FAR, 1.0);
        sim.step(20);
        assert!(sees(&sim, 0, FAR));
        assert_eq!(unit(sim.state(), mine[0]).detected_by, 0);
        let away = Target::Point(Point::new(20.5, 32.5));
        order_as(&mut sim, 1, &marine, 16, away, false);
        sim.step(60);
        assert!(!sees(&sim, 0, FAR));
    }

    #[test]
    fn a_tower_is_held_from_its_own_level_and_sees_no_higher_one() {
        let mut map = map();
        for x in 0..47 {
            for y in 0..64 {
                map.height.set(x, y, 223);
            }
        }
        let mut sim = game_on(map);
        block(&mut sim, 0, u::MARINE, 1, BESIDE, 1.0);
        block(&mut sim, 1, u::MARINE, 1, Point::new(50.0, 32.0), 1.0);
        sim.step(6);
        assert!(sees(&sim, 1, FAR), "who stands higher does not dispute it");
        assert!(!sees(&sim, 1, Point::new(40.5, 32.5)));
    }
}
