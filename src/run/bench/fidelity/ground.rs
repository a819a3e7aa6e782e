//! The comparison's own ground: 120 by 120 flat cells with one and the same recorded main base at both starts.

use std::sync::Arc;

use super::super::{BenchError, failed};
use super::unexpected;
use crate::game::data::{UnitData, unit_ids as u};
use crate::game::{
    AbilityId, ActionResult, BitGrid, Command, Grid, MapData, PlayerCommand, PlayerId, Point, Race,
    Rect, ResourceNode, Seed, Target, UnitTag, UnitTypeId,
};
use crate::sim::state::State;
use crate::sim::unit::{Unit, UnitRef};
use crate::sim::{Seat, Sim, SimConfig};

const SIDE: usize = 120;
const STARTS: [Point; 2] = [Point::new(30.5, 30.5), Point::new(89.5, 89.5)];
const MINERALS: UnitTypeId = UnitTypeId(341);
const GEYSER: UnitTypeId = UnitTypeId(342);
/// Whoever plays here is player 1.
const PLAYER: PlayerId = PlayerId(1);
const MONEY: u32 = 20_000;
/// Where what is tried out stands: away from both bases.
pub(super) const SITE: Point = Point::new(60.5, 60.5);
/// Structures that open everything of the Terran tree.
const TREE: [UnitTypeId; 8] = [
    u::SUPPLY_DEPOT,
    u::BARRACKS,
    u::FACTORY,
    u::STARPORT,
    u::ENGINEERING_BAY,
    u::ARMORY,
    u::GHOST_ACADEMY,
    u::FUSION_CORE,
];

/// A game on it.
pub(super) struct Ground {
    pub sim: Sim,
    pub home: Point,
}

impl Ground {
    /// A game whose bases have these resources, centers from the town hall's.
    pub fn new(
        fields: &[[f32; 2]],
        geysers: &[[f32; 2]],
        seed: Seed,
    ) -> Result<Ground, BenchError> {
        let seat = |name: &str| Seat::Participant {
            race: Race::Terran,
            name: name.to_owned(),
        };
        let config = SimConfig {
            map: Arc::new(map(fields, geysers)),
            seats: [seat("a"), seat("b")],
            seed,
            disable_fog: true,
        };
        let sim = Sim::new(config).map_err(failed("a game on flat ground"))?;
        let home = sim.state().players[0].start;
        Ok(Ground { sim, home })
    }

    /// The same with money, supply and every structure that something may need.
    pub fn rich(
        fields: &[[f32; 2]],
        geysers: &[[f32; 2]],
        seed: Seed,
    ) -> Result<Ground, BenchError> {
        let mut ground = Ground::new(fields, geysers, seed)?;
        ground.sim.debug_give(PLAYER, MONEY, MONEY);
        for (i, kind) in TREE.into_iter().enumerate() {
            ground.put(kind, Point::new(20.5 + 10.0 * i as f32, 104.5))?;
        }
        ground.put(u::SUPPLY_DEPOT, Point::new(110.0, 12.0))?;
        ground.put(u::SUPPLY_DEPOT, Point::new(110.0, 16.0))?;
        ground.sim.step(1);
        Ok(ground)
    }

    /// A finished unit of player 1.
    pub fn put(&mut self, kind: UnitTypeId, at: Point) -> Result<UnitTag, BenchError> {
        self.put_for(0, kind, at)
    }

    /// A finished unit of either player, by index.
    pub fn put_for(
        &mut self,
        owner: u8,
        kind: UnitTypeId,
        at: Point,
    ) -> Result<UnitTag, BenchError> {
        let made = self.sim.state_mut().spawn(kind, owner, at);
        Ok(made.ok_or_else(|| unexpected("a unit"))?.tag())
    }

    /// Orders one unit, from the next loop on.
    ///
    /// # Errors
    /// If the game refuses.
    pub fn order(
        &mut self,
        unit: UnitTag,
        ability: AbilityId,
        target: Target,
    ) -> Result<(), BenchError> {
        let command = Command {
            ability,
            target,
            units: [unit].into_iter().collect(),
            queued: false,
        };
        let answer = self.sim.submit(PLAYER, &PlayerCommand::Unit(command));
        if answer == ActionResult::Success {
            return Ok(());
        }
        let refusal = std::io::Error::other(format!("ability {}: {answer:?}", ability.0));
        Err(failed("a command of a recorded game")(refusal))
    }

    /// Steps until `done`; the game loop in which it was.
    ///
    /// # Errors
    /// If it is not within `limit` loops.
    pub fn until(&mut self, limit: u32, done: impl Fn(&State) -> bool) -> Result<u32, BenchError> {
        for _ in 0..limit {
            self.sim.step(1);
            if done(self.sim.state()) {
                return Ok(self.sim.game_loop());
            }
        }
        Err(unexpected("something that recorded games do in time"))
    }

    pub fn minerals_collected(&self) -> f32 {
        self.sim.state().players[0].score.collected_minerals
    }

    pub fn vespene_collected(&self) -> f32 {
        self.sim.state().players[0].score.collected_vespene
    }
}

/// Living units of player 1 of a type, in slot order.
pub(super) fn own(state: &State, kind: UnitTypeId) -> impl Iterator<Item = &Unit> {
    state
        .living()
        .filter(move |it| it.owner == 0 && it.type_id == kind)
}

pub(super) fn get(state: &State, tag: UnitTag) -> Option<&Unit> {
    state.get(UnitRef::of_tag(tag))
}

/// A row of the unit table by its name.
pub(super) fn row(name: &str) -> Result<&'static UnitData, BenchError> {
    crate::game::data::units()
        .find(|row| row.name == name)
        .ok_or_else(|| unexpected("a unit type of the recorded games"))
}

fn map(fields: &[[f32; 2]], geysers: &[[f32; 2]]) -> MapData {
    let mut open = BitGrid::new(SIDE, SIDE, false);
    let edge = 2..SIDE as i32 - 2;
    for y in edge.clone() {
        for x in edge.clone() {
            open.set(x, y, true);
        }
    }
    let at = |start: &Point, by: &[f32; 2]| Point::new(start.x + by[0], start.y + by[1]);
    let mut resources = Vec::new();
    for start in &STARTS {
        let node = |unit_type, contents| {
            move |by: &[f32; 2]| ResourceNode {
                unit_type,
                pos: at(start, by),
                contents,
            }
        };
        resources.extend(fields.iter().map(node(MINERALS, 1800)));
        resources.extend(geysers.iter().map(node(GEYSER, 2250)));
    }
    MapData {
        name: "Fidelity".to_owned(),
        pathing: open.clone(),
        placement: open,
        height: Grid::new(SIDE, SIDE, 127),
        playable: Rect {
            x0: edge.start,
            y0: edge.start,
            x1: edge.end,
            y1: edge.end,
        },
        start_locations: STARTS.to_vec(),
        expansions: STARTS.to_vec(),
        resources,
        destructibles: Vec::new(),
    }
}
