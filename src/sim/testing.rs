//! Scenarios for tests: a flat map with two bases, and short ways to order and look.

use super::state::State;
use super::unit::{Unit, UnitRef};
use super::{Seat, Sim, SimConfig};
use crate::game::{
    AbilityId, ActionResult, BitGrid, Command, Grid, MapData, PlayerCommand, PlayerId, Point, Race,
    Rect, ResourceNode, Seed, Target, UnitTag, UnitTypeId,
};
use std::sync::Arc;

/// 96 x 96 cells of flat ground, 8 fields and 2 geysers a base, bases in opposite corners.
pub fn flat_map() -> Arc<MapData> {
    let side = 96;
    let mut open = BitGrid::new(side, side, false);
    for y in 2..94 {
        for x in 2..94 {
            open.set(x, y, true);
        }
    }
    let mut resources = Vec::new();
    let starts = vec![Point::new(24.5, 24.5), Point::new(71.5, 71.5)];
    // The mineral line of a ladder map's main (Abyssal Reef, as captured), mirrored for the other base.
    let fields = [
        (1.5, -6.0),
        (5.5, -5.0),
        (6.5, -4.0),
        (6.5, -2.0),
        (7.5, -1.0),
        (6.5, 0.0),
        (4.5, -6.0),
        (0.5, -7.0),
    ];
    let geysers = [(-3.0, -7.0), (7.0, 3.0)];
    for (i, start) in starts.iter().enumerate() {
        let mirror = if i == 0 { -1.0 } else { 1.0 };
        for (k, (dx, dy)) in fields.into_iter().enumerate() {
            // Fields are two cells wide: centers at whole x, y at .5.
            let at = Point::new(start.x + mirror * dx, start.y - mirror * dy);
            resources.push(ResourceNode {
                unit_type: UnitTypeId(if k % 2 == 0 { 341 } else { 483 }),
                pos: at,
                contents: if k % 2 == 0 { 1800 } else { 900 },
            });
        }
        for (dx, dy) in geysers {
            resources.push(ResourceNode {
                unit_type: UnitTypeId(342),
                pos: Point::new(start.x + mirror * dx, start.y - mirror * dy),
                contents: 2250,
            });
        }
    }
    Arc::new(MapData {
        name: "TestFlat".into(),
        pathing: open.clone(),
        placement: open,
        height: Grid::new(side, side, 127),
        playable: Rect {
            x0: 2,
            y0: 2,
            x1: 94,
            y1: 94,
        },
        start_locations: starts.clone(),
        expansions: starts,
        resources,
        destructibles: Vec::new(),
    })
}

/// A game between two participants, player 1 in the lower left corner.
pub fn game(seed: u64) -> Sim {
    let seat = |name: &str| Seat::Participant {
        race: Race::Terran,
        name: name.into(),
    };
    (0..)
        .map(|i| {
            Sim::new(SimConfig {
                map: flat_map(),
                seats: [seat("a"), seat("b")],
                seed: Seed(seed * 1000 + i),
                disable_fog: false,
            })
            .expect("the test map is playable")
        })
        .find(|sim| sim.state().players[0].start.x < 48.0)
        .expect("one seed in two starts there")
}

/// Orders units of player 1.
pub fn order(sim: &mut Sim, units: &[UnitTag], ability: u16, target: Target) -> ActionResult {
    order_as(sim, 1, units, ability, target, false)
}

pub fn order_as(
    sim: &mut Sim,
    player: u8,
    units: &[UnitTag],
    ability: u16,
    target: Target,
    queued: bool,
) -> ActionResult {
    let command = Command {
        ability: AbilityId(ability),
        target,
        units: units.iter().copied().collect(),
        queued,
    };
    sim.submit(PlayerId(player), &PlayerCommand::Unit(command))
}

/// Tags of a player's living units of a type, in slot order.
pub fn tags(state: &State, player: u8, id: UnitTypeId) -> Vec<UnitTag> {
    state
        .living()
        .filter(|it| it.owner + 1 == player && it.type_id == id)
        .map(|it| it.me.tag())
        .collect()
}

/// Gives a player money.
pub fn fund(sim: &mut Sim, player: usize, minerals: u32, vespene: u32) {
    let player = &mut sim.state_mut().players[player];
    player.minerals += minerals;
    player.vespene += vespene;
}

pub fn unit_of(sim: &Sim, tag: UnitTag) -> &Unit {
    sim.state().get(UnitRef::of_tag(tag)).expect("it lives")
}

pub fn spawn(sim: &mut Sim, player: u8, id: UnitTypeId, x: f32, y: f32) -> UnitTag {
    sim.state_mut()
        .spawn(id, player - 1, Point::new(x, y))
        .expect("room")
        .tag()
}

pub fn run_until(sim: &mut Sim, limit: u32, mut done: impl FnMut(&Sim) -> bool) -> u32 {
    let start = sim.game_loop();
    while sim.game_loop() - start < limit {
        if done(sim) {
            return sim.game_loop() - start;
        }
        sim.step(1);
    }
    panic!("not within {limit} loops");
}
