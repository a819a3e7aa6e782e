//! The whole state of a running game, and the few operations that keep its books: spawn, kill, damage, pay.

use super::grid::Occupancy;
use super::path::Pathfinder;
use super::player::Player;
use super::spatial::Index;
use super::unit::{NEUTRAL, Unit, UnitRef};
use super::{casts, combat, steer};
use super::{neutral, score};
use crate::game::data::{self, UnitData, unit_ids as u};
use crate::game::raw_obs::Alert;
use crate::game::{EffectId, MapData, Point, UnitTypeId};
use rand_pcg::Pcg64Mcg;
use std::sync::Arc;

/// A lasting effect on the ground.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    pub id: EffectId,
    pub owner: u8,
    pub pos: Point,
    pub radius: f32,
    /// Game loop from which it is gone.
    pub until: u32,
    /// Cells around it that its owner sees; 0 = none.
    pub sight: f32,
    /// What is hidden within its radius is found (scan).
    pub detects: bool,
    /// The unit it goes with, or none.
    pub source: UnitRef,
}

/// Everything that matters to how a game goes on.
///
/// Slots: neutral units come first, then player 1 and player 2 take turns, so that a player's tags never depend on what
/// the other one makes. `order` lists the slots of all living units, ascending; loops over units go by it.
#[derive(Clone)]
pub struct State {
    pub map: Arc<MapData>,
    pub rng: Pcg64Mcg,
    pub game_loop: u32,
    pub units: Vec<Unit>,
    /// Slots of living units, ascending. Changes only between phases (`spawn` inserts at once, deaths leave at `bury`).
    pub order: Vec<u16>,
    /// Free slots per owner, used last in first out.
    free: [Vec<u16>; 2],
    first_slot: usize,
    next_slot: [usize; 2],
    pub players: [Player; 2],
    pub blocked: Occupancy,
    pub effects: Vec<Effect>,
    pub paths: Pathfinder,
    /// The ways of those who jump cliffs, once there are any.
    pub(super) jumps: Option<Box<Pathfinder>>,
    pub space: Index,
    /// Missiles on their way.
    pub shots: Vec<combat::Shot>,
    /// What casting has set going.
    pub events: Vec<casts::Event>,
    /// Working memory of the phases; nothing of it matters from loop to loop.
    pub(super) combat: combat::Scratch,
    pub(super) steer: steer::Scratch,
    /// Slots of town halls that take cargo, as last counted.
    pub(super) halls: Vec<u16>,
    /// Slots of this loop's units with queues, morphs, energy or buffs.
    pub(super) timed: Vec<u16>,
    /// Killed in this loop and not yet buried.
    dying: Vec<UnitRef>,
    pub over: bool,
    /// The last loop in which a player got something done (see `stalemate`).
    pub(super) progress_loop: u32,
}

impl State {
    pub(super) fn new(
        map: Arc<MapData>,
        rng: Pcg64Mcg,
        players: [Player; 2],
        neutrals: usize,
    ) -> State {
        let blocked = Occupancy::new(&map);
        let (paths, space) = (Pathfinder::new(&map), Index::new(&map));
        State {
            map,
            rng,
            game_loop: 0,
            units: Vec::with_capacity(1024),
            order: Vec::with_capacity(1024),
            free: [Vec::new(), Vec::new()],
            first_slot: neutrals,
            next_slot: [0, 0],
            players,
            blocked,
            effects: Vec::new(),
            paths,
            jumps: None,
            space,
            shots: Vec::new(),
            events: Vec::new(),
            combat: Default::default(),
            steer: Default::default(),
            halls: Vec::new(),
            timed: Vec::new(),
            dying: Vec::new(),
            over: false,
            progress_loop: 0,
        }
    }

    /// The unit, if it still lives.
    pub fn get(&self, unit: UnitRef) -> Option<&Unit> {
        let it = self.units.get(unit.slot())?;
        (it.me == unit && it.alive && unit.is_some()).then_some(it)
    }

    pub fn get_mut(&mut self, unit: UnitRef) -> Option<&mut Unit> {
        let it = self.units.get_mut(unit.slot())?;
        (it.me == unit && it.alive && unit.is_some()).then_some(it)
    }

    /// Living units in slot order, those inside others included.
    pub fn living(&self) -> impl Iterator<Item = &Unit> {
        self.order
            .iter()
            .map(|&s| &self.units[usize::from(s)])
            .filter(|unit| unit.alive)
    }

    /// Where the players' units begin in `order`: neutral ones have the lowest slots, and most passes skip them.
    pub(super) fn first_player(&self) -> usize {
        let first = self.first_slot;
        self.order.partition_point(|&s| usize::from(s) < first)
    }

    /// Slots of the players' living units, ascending.
    pub(super) fn player_order(&self) -> &[u16] {
        &self.order[self.first_player()..]
    }

    /// Living units of both players in slot order.
    pub(super) fn players_units(&self) -> impl Iterator<Item = &Unit> {
        self.player_order()
            .iter()
            .map(|&s| &self.units[usize::from(s)])
            .filter(|unit| unit.alive)
    }

    /// Puts a new unit on the map, finished, with full life. None if the owner has no slot left.
    pub fn spawn(&mut self, type_id: UnitTypeId, owner: u8, pos: Point) -> Option<UnitRef> {
        let slot = self.take_slot(owner)?;
        if slot >= self.units.len() {
            let blank = blank_unit();
            self.units.resize(slot + 1, blank);
        }
        let generation = (self.units[slot].me.generation() + 1) & 0x3_ffff;
        let row = data::unit(type_id).unwrap_or_else(|| neutral::row(type_id));
        let me = UnitRef::new(slot, generation.max(1));
        self.units[slot] = Unit {
            me,
            type_id,
            owner,
            alive: true,
            born: self.game_loop,
            pos,
            post: pos,
            ..blank_unit()
        };
        self.set_type(slot, type_id, row);
        let unit = &mut self.units[slot];
        unit.life = unit.life_max;
        unit.shields = unit.shields_max;
        unit.energy = row.energy_start;
        unit.seen_by = if owner < NEUTRAL { 1 << owner } else { 0 };
        let at = self.order.partition_point(|&s| usize::from(s) < slot);
        self.order.insert(at, slot as u16);
        self.blocked.add(&self.units[slot]);
        super::death::count_unit(self, slot, 1);
        Some(me)
    }

    fn take_slot(&mut self, owner: u8) -> Option<usize> {
        if owner >= NEUTRAL {
            // Neutrals only appear while the game is set up, before the players' slots begin.
            let slot = self.order.len();
            return (slot < self.first_slot).then_some(slot);
        }
        let o = usize::from(owner);
        if let Some(slot) = self.free[o].pop() {
            return Some(usize::from(slot));
        }
        let slot = self.first_slot + 2 * self.next_slot[o] + o;
        if slot >= 1 << 14 {
            return None;
        }
        self.next_slot[o] += 1;
        Some(slot)
    }

    /// Gives a unit another type's row: figures, not vitals in proportion; the caller sees to life and orders.
    pub(super) fn set_type(&mut self, slot: usize, type_id: UnitTypeId, row: &'static UnitData) {
        let unit = &mut self.units[slot];
        unit.type_id = type_id;
        unit.data = row;
        unit.weapons = combat::weapons::weapons(type_id);
        unit.radius = row.radius;
        unit.flying = row.is_flying;
        unit.energy_max = row.energy_max;
        unit.energy = unit.energy.min(row.energy_max);
        unit.life_max = row.life;
        unit.shields_max = row.shields;
        super::upgrades::refresh_unit(self, slot);
    }

    /// Takes life from a unit as damage that has passed armor; at 0 the unit dies. `from` gets the credit.
    pub fn damage(&mut self, from: UnitRef, to: UnitRef, amount: f32) {
        let now = self.game_loop;
        let Some(unit) = self.get_mut(to) else { return };
        if unit.owner == NEUTRAL && unit.life_max >= 10_000.0 || unit.is_sheltered() {
            return;
        }
        let by_shields = amount.min(unit.shields);
        unit.shields -= by_shields;
        let by_life = (amount - by_shields).min(unit.life);
        unit.life -= amount - by_shields;
        unit.hurt_loop = now;
        let dead = unit.life <= 0.0;
        let low = unit.data.is_structure && unit.life * 3.0 < unit.life_max;
        let hit_again = now.saturating_sub(unit.alert_loop) < 224 && unit.alert_loop > 0;
        if !hit_again {
            unit.alert_loop = now.max(1);
            let (owner, pos) = (unit.owner, unit.pos);
            let alert = if unit.is_structure() {
                Alert::BuildingUnderAttack
            } else {
                Alert::UnitUnderAttack
            };
            self.alert_attack(owner, pos, alert);
        }
        score::damage(self, from, to, by_life, by_shields);
        if dead {
            score::killed(self, from, to);
            self.kill(to);
        } else if low {
            casts::ignite(self, to);
        }
    }

    /// Attack alerts are raised for what happens off the screen only (the camera shows about 24 x 14 cells).
    fn alert_attack(&mut self, owner: u8, pos: Point, alert: Alert) {
        if let Some(player) = self.players.get_mut(usize::from(owner)) {
            let d = pos - player.camera;
            if d.x.abs() > 12.0 || d.y.abs() > 7.0 {
                player.alerts.push(alert);
            }
        }
    }

    pub fn alert(&mut self, owner: u8, alert: Alert) {
        if let Some(player) = self.players.get_mut(usize::from(owner)) {
            player.alerts.push(alert);
        }
    }

    /// Takes a unit out of the game at once; it leaves `order` when the loop ends.
    pub fn kill(&mut self, unit: UnitRef) {
        if self.get(unit).is_none() {
            return;
        }
        super::death::on_death(self, unit);
        super::vision::linger(self, unit.slot());
        self.units[unit.slot()].alive = false;
        self.dying.push(unit);
    }

    /// Takes the dead out of `order` and gives their slots back. Runs once a loop.
    pub(super) fn bury(&mut self) {
        if self.dying.is_empty() {
            return;
        }
        let units = &self.units;
        self.order.retain(|&s| units[usize::from(s)].alive);
        for unit in self.dying.drain(..) {
            let owner = usize::from(self.units[unit.slot()].owner);
            if owner < 2 {
                self.free[owner].push(unit.slot() as u16);
            }
        }
    }

    /// Ends the effects that go with a unit.
    pub(super) fn end_effects_of(&mut self, source: UnitRef) {
        if !self.effects.is_empty() {
            self.effects.retain(|e| e.source != source);
        }
    }

    /// The owner's nearest living unit that `fits`, within `within` of `at`; ties go to the lower slot. Who has come onto
    /// the map in this loop, or from farther away, may be missed: the index is the last loop's.
    pub(super) fn nearest_own(
        &self,
        owner: u8,
        at: Point,
        within: f32,
        mut fits: impl FnMut(&Unit) -> bool,
    ) -> Option<UnitRef> {
        let mut best = (within * within * 1.001, u16::MAX);
        self.space
            .visit(usize::from(owner), at, within + 1.0, |entry| {
                let unit = &self.units[usize::from(entry.slot)];
                let found = (unit.pos.distance_squared(at), entry.slot);
                if found < best && unit.alive && fits(unit) {
                    best = found;
                }
            });
        let found = self.units.get(usize::from(best.1))?;
        Some(found.me)
    }

    /// The players' nearest living unit that `fits`; ties go to the lower slot. Units farther than `within` may be left
    /// out unasked: those at the limit `fits` has to judge itself.
    pub(super) fn nearest(
        &self,
        at: Point,
        within: f32,
        mut fits: impl FnMut(&Unit) -> bool,
    ) -> Option<UnitRef> {
        // A little more than asked for, whatever the rounding.
        let mut best = (within * within * 1.001, None);
        for unit in self.players_units() {
            let d = unit.pos.distance_squared(at);
            if d < best.0 && fits(unit) {
                best = (d, Some(unit.me));
            }
        }
        best.1
    }
}

fn blank_unit() -> Unit {
    Unit {
        me: UnitRef::NONE,
        type_id: UnitTypeId(0),
        data: neutral::row(UnitTypeId(0)),
        owner: NEUTRAL,
        alive: false,
        inside: false,
        flying: false,
        born: 0,
        life: 0.0,
        life_max: 0.0,
        shields: 0.0,
        shields_max: 0.0,
        energy: 0.0,
        energy_max: 0.0,
        hurt_loop: 0,
        alert_loop: 0,
        buffs: Default::default(),
        cloaked: false,
        expires: u32::MAX,
        pos: Point::default(),
        velocity: Point::default(),
        asleep: 0,
        // The game starts units facing down-right; the exact angle is of no consequence.
        facing: 5.497_787,
        radius: 0.0,
        speed: 0.0,
        goal: None,
        arrived: false,
        stuck: false,
        phasing: false,
        nav: Default::default(),
        stance: Default::default(),
        target: UnitRef::NONE,
        weapons: &[],
        cooldown: 0.0,
        arms: Default::default(),
        weapon_level: 0,
        armor_level: 0,
        seen_by: 0,
        detected_by: 0,
        orders: Default::default(),
        autocast: false,
        post: Point::default(),
        cargo: Default::default(),
        cargo_amount: 0,
        mine: UnitRef::NONE,
        build_left: 0.0,
        build_total: 0.0,
        builder: UnitRef::NONE,
        queue: Vec::new(),
        morph: None,
        add_on: UnitRef::NONE,
        host: UnitRef::NONE,
        rally: None,
        extra_supply: false,
        passengers: Vec::new(),
        container: UnitRef::NONE,
        boost_at: 0,
        unload_at: 0,
        contents: 0,
        special: Default::default(),
        occupant: UnitRef::NONE,
        geyser: UnitRef::NONE,
        harvesters: 0,
        harvesters_ideal: 0,
    }
}

/// True for the town halls of all races in all their forms.
pub fn is_town_hall(unit: &Unit) -> bool {
    unit.data.is_townhall
}

/// True for structures that gas is brought from.
pub fn is_gas_structure(unit: &Unit) -> bool {
    matches!(
        unit.type_id,
        u::REFINERY
            | u::REFINERY_RICH
            | u::ASSIMILATOR
            | u::ASSIMILATOR_RICH
            | u::EXTRACTOR
            | u::EXTRACTOR_RICH
    )
}
