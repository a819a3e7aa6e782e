//! One player's view: fills a `RawObservation`, reusing its buffers. Reads what the player may know and nothing else.

use super::neutral::{self, NeutralKind};
use super::order::{Aim, Order, OrderKind};
use super::state::{State, is_gas_structure};
use super::unit::{Cargo, NEUTRAL, Unit};
use super::upgrades::buffs;
use super::vision::Snapshot;
use super::vision::fog::WrittenCells;
use super::{economy, production, score, transport};
use crate::game::data::unit_ids as u;
use crate::game::raw_obs::{CategoryScore, Passenger, RawEffect};
use crate::game::{
    Alliance, CloakState, DisplayType, Grid, PlayerCommon, PlayerId, Point, RawObservation,
    RawOrder, RawUnit, Target, UnitTag,
};

/// Height of flying units above the ground, in cells.
const FLIGHT_HEIGHT: f32 = 3.75;

/// Fills `obs` with what player `p` sees, and hands over what has accumulated since the last look.
pub(super) fn observe(state: &mut State, p: usize, obs: &mut RawObservation) {
    view(state, p, obs, false);
    let player = &mut state.players[p];
    player.is_watched = player.is_computer;
    take(&mut obs.alerts, &mut player.alerts);
    take(&mut obs.dead_units, &mut player.dead);
    take(&mut obs.executed, &mut player.executed);
    take(&mut obs.action_errors, &mut player.errors);
    take(&mut obs.chat, &mut player.chat);
    player.sight.write_cells(&mut obs.visibility);
    fill_score(state, p, obs);
}

/// A built-in AI's view and its memory of what the view's visibility grid holds.
#[derive(Default)]
pub(super) struct AiLook {
    pub obs: RawObservation,
    cells: WrittenCells,
}

impl AiLook {
    /// The same view as [`observe`] gives, from one look to the next: of the fog only what has changed is written anew;
    /// the score and what happened, the dead apart, no built-in AI reads.
    pub fn refill(&mut self, state: &mut State, p: usize) {
        view(state, p, &mut self.obs, true);
        let player = &mut state.players[p];
        take(&mut self.obs.dead_units, &mut player.dead_for_ai);
        if !player.is_watched {
            // Nobody will ask for it.
            player.alerts.clear();
            player.dead.clear();
            player.executed.clear();
            player.errors.clear();
            player.chat.clear();
        }
        player
            .sight
            .fog
            .write_changes(&mut self.cells, &mut self.obs.visibility);
    }
}

/// Everything but the fog's cells, the score and what happened since the last look. `kept`: `obs` holds this player's last view.
fn view(state: &State, p: usize, obs: &mut RawObservation, kept: bool) {
    obs.game_loop = state.game_loop;
    obs.camera = state.players[p].camera;
    obs.upgrades.clear();
    obs.upgrades.extend_from_slice(&state.players[p].upgrades);
    fill_units(state, p, &mut obs.units, kept);
    obs.player = common(state, p);
    let (w, h) = (state.map.width(), state.map.height_cells());
    if obs.creep.width() != w || obs.creep.height() != h {
        obs.creep = Grid::new(w, h, false);
    }
    fill_effects(state, p, obs);
    obs.power_sources.clear();
    obs.results.clear();
}

fn take<T>(to: &mut Vec<T>, from: &mut Vec<T>) {
    to.clear();
    to.append(from);
}

fn player_id(owner: u8) -> PlayerId {
    if owner >= NEUTRAL {
        PlayerId::NEUTRAL
    } else {
        PlayerId(owner + 1)
    }
}

/// Whether player `p` has the unit in view and uncloaked.
fn in_view(unit: &Unit, p: usize) -> bool {
    let bit = Unit::bit(p);
    !unit.inside && unit.seen_by & bit != 0 && (!unit.cloaked || unit.detected_by & bit != 0)
}

/// `kept`: `units` holds this player's last look, of which what is unchanged is not written again.
fn fill_units(state: &State, p: usize, units: &mut Vec<RawUnit>, kept: bool) {
    let mut n = 0;
    for unit in state
        .players_units()
        .filter(|it| usize::from(it.owner) == p && !it.inside)
    {
        let raw = slot_at(units, n);
        fill_visible(state, p, unit, raw);
        fill_own(state, unit, raw);
        n += 1;
    }
    // The others by tag, whether seen or remembered: the order says nothing about what is hidden.
    let memory = &state.players[p].sight.snapshots;
    let mut remembered = memory.iter().peekable();
    let others = state
        .living()
        .filter(|it| usize::from(it.owner) != p && in_view(it, p));
    for unit in others {
        while let Some(seen) = remembered.next_if(|seen| seen.unit <= unit.me) {
            if seen.unit != unit.me {
                fill_snapshot(state, p, seen, slot_at(units, n), kept);
                n += 1;
            }
        }
        fill_visible(state, p, unit, slot_at(units, n));
        n += 1;
    }
    for seen in remembered {
        fill_snapshot(state, p, seen, slot_at(units, n), kept);
        n += 1;
    }
    for (i, at) in blips(state, p).into_iter().enumerate() {
        fill_blip(state, p, i, at, slot_at(units, n));
        n += 1;
    }
    units.truncate(n);
}

/// Where a player's sensor towers show that somebody is: enemies out of view and within radar range that are neither hidden
/// nor remembered (SensorTowerRadar of the game's data). By place, so that the order says nothing about who they are.
fn blips(state: &State, p: usize) -> Vec<Point> {
    let towers = state.players[p]
        .finished
        .get(usize::from(u::SENSOR_TOWER.0));
    if towers.is_none_or(|&n| n == 0) {
        return Vec::new();
    }
    let own = |it: &&Unit| usize::from(it.owner) == p;
    let radars: Vec<(Point, f32)> = state
        .players_units()
        .filter(own)
        .filter(|it| it.data.radar_range > 0.0 && it.is_done() && it.morph.is_none())
        .map(|it| (it.pos, it.data.radar_range))
        .collect();
    let memory = &state.players[p].sight.snapshots;
    let mut found: Vec<Point> = state
        .players_units()
        .filter(|it| !own(it) && !it.inside && it.seen_by & Unit::bit(p) == 0)
        .filter(|it| !it.cloaked && !it.is_burrowed() && !it.is_sheltered())
        .filter(|it| !memory.iter().any(|s| s.unit == it.me))
        .map(|it| it.pos)
        .filter(|at| {
            radars
                .iter()
                .any(|(tower, range)| at.distance(*tower) <= *range)
        })
        .collect();
    found.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    found
}

/// Tags of blips: no unit has such a one.
const BLIP_TAGS: u64 = 3 << 32;

/// A blip tells where somebody is, and nothing else.
fn fill_blip(state: &State, p: usize, i: usize, at: Point, raw: &mut RawUnit) {
    blank(raw);
    raw.tag = UnitTag(BLIP_TAGS + i as u64);
    raw.owner = player_id(1 - p as u8);
    raw.alliance = Alliance::Enemy;
    raw.display = DisplayType::Hidden;
    raw.cloak = CloakState::Unknown;
    raw.is_blip = true;
    raw.pos = at;
    raw.z = state.map.z(at);
    raw.is_on_screen = on_screen(at, state.players[p].camera);
}

/// The `n`th unit of the list, to be filled by [`fill_visible`] or [`fill_snapshot`].
fn slot_at(units: &mut Vec<RawUnit>, n: usize) -> &mut RawUnit {
    if n == units.len() {
        units.push(RawUnit::default());
    }
    &mut units[n]
}

/// Makes a unit of the last look equal to the default but for what its lists have allocated. Field by field: nothing is
/// copied or dropped, and a new field does not compile until it stands here.
fn blank(raw: &mut RawUnit) {
    #[rustfmt::skip]
    let RawUnit {
        tag, unit_type, owner, alliance, display, cloak, pos, z, facing, radius, build_progress,
        health, health_max, shield, shield_max, energy, energy_max, mineral_contents, vespene_contents,
        is_flying, is_burrowed, is_hallucination, is_powered, is_active, is_selected, is_on_screen, is_blip,
        detect_range, radar_range, attack_upgrade_level, armor_upgrade_level, shield_upgrade_level,
        buffs, orders, add_on, passengers, cargo_space_taken, cargo_space_max,
        assigned_harvesters, ideal_harvesters, weapon_cooldown, engaged_target,
        buff_duration_remain, buff_duration_max, rally_targets,
    } = raw;
    (*tag, *unit_type, *owner) = Default::default();
    (*alliance, *display, *cloak, *pos) = Default::default();
    (*z, *facing, *radius, *build_progress) = (0.0, 0.0, 0.0, 0.0);
    (*health, *health_max, *shield, *shield_max) = (0.0, 0.0, 0.0, 0.0);
    (*energy, *energy_max, *detect_range, *radar_range) = (0.0, 0.0, 0.0, 0.0);
    (*mineral_contents, *vespene_contents) = (0, 0);
    (*is_flying, *is_burrowed, *is_hallucination, *is_powered) = (false, false, false, false);
    (*is_active, *is_selected, *is_on_screen, *is_blip) = (false, false, false, false);
    (
        *attack_upgrade_level,
        *armor_upgrade_level,
        *shield_upgrade_level,
    ) = (0, 0, 0);
    (*cargo_space_taken, *cargo_space_max) = (0, 0);
    (*assigned_harvesters, *ideal_harvesters, *weapon_cooldown) = (0, 0, 0.0);
    (*buff_duration_remain, *buff_duration_max) = (0, 0);
    (*add_on, *engaged_target) = (UnitTag::NONE, UnitTag::NONE);
    buffs.clear();
    orders.clear();
    passengers.clear();
    rally_targets.clear();
}

/// Whether `raw`, of this player's last look, shows what is remembered of the unit.
fn shows(raw: &RawUnit, seen: &Snapshot) -> bool {
    raw.tag == seen.unit.tag()
        && raw.display == DisplayType::Snapshot
        && raw.unit_type == seen.type_id
        && raw.pos == seen.pos
        && raw.facing == seen.facing
        && raw.build_progress == seen.progress
        && raw.is_flying == seen.flying
}

fn alliance(owner: u8, p: usize) -> Alliance {
    match usize::from(owner) {
        o if o == p => Alliance::Own,
        0 | 1 => Alliance::Enemy,
        _ => Alliance::Neutral,
    }
}

/// What everybody sees of a unit in view.
fn fill_visible(state: &State, p: usize, unit: &Unit, raw: &mut RawUnit) {
    let own = usize::from(unit.owner) == p;
    blank(raw);
    raw.tag = unit.me.tag();
    raw.unit_type = unit.type_id;
    raw.owner = player_id(unit.owner);
    raw.alliance = alliance(unit.owner, p);
    raw.display = DisplayType::Visible;
    raw.cloak = match (unit.cloaked, own) {
        (false, _) => CloakState::NotCloaked,
        (true, true) => CloakState::CloakedAllied,
        (true, false) => CloakState::CloakedDetected,
    };
    raw.pos = unit.pos;
    raw.z = state.map.z(unit.pos) + if unit.flying { FLIGHT_HEIGHT } else { 0.0 };
    raw.facing = unit.facing;
    raw.radius = unit.radius;
    raw.build_progress = unit.progress();
    raw.health = unit.life;
    raw.health_max = unit.life_max;
    raw.shield = unit.shields;
    raw.shield_max = unit.shields_max;
    raw.energy = unit.energy;
    raw.energy_max = unit.energy_max;
    raw.is_flying = unit.flying;
    raw.is_burrowed = unit.is_burrowed();
    raw.is_active = !unit.orders.is_empty() || !unit.queue.is_empty() || unit.morph.is_some();
    raw.is_on_screen = on_screen(unit.pos, state.players[p].camera);
    if unit.build_left <= 0.0 {
        raw.detect_range = unit.data.detect_range;
        raw.radar_range = unit.data.radar_range;
    }
    raw.attack_upgrade_level = unit.weapon_level;
    raw.armor_upgrade_level = unit.armor_level;
    raw.buffs.extend(unit.buffs.iter().map(|b| b.id));
    if unit.extra_supply {
        raw.buffs.push(buffs::SUPPLY_DROP);
    }
    match unit.cargo {
        Cargo::None => {}
        Cargo::Minerals => raw.buffs.push(buffs::CARRY_MINERALS),
        Cargo::RichMinerals => raw.buffs.push(buffs::CARRY_RICH_MINERALS),
        Cargo::Gas => raw.buffs.push(buffs::CARRY_GAS),
    }
    if unit.owner == NEUTRAL {
        match neutral::kind(unit.type_id) {
            NeutralKind::Minerals | NeutralKind::RichMinerals => {
                raw.mineral_contents = unit.contents;
            }
            NeutralKind::Geyser | NeutralKind::RichGeyser => raw.vespene_contents = unit.contents,
            NeutralKind::Other => {}
        }
    }
}

/// The camera shows about 24 by 14 cells.
fn on_screen(at: Point, camera: Point) -> bool {
    let d = at - camera;
    d.x.abs() <= 12.0 && d.y.abs() <= 7.0
}

/// What only the owner is told.
fn fill_own(state: &State, unit: &Unit, raw: &mut RawUnit) {
    if let Some(morph) = unit.morph {
        raw.orders.push(RawOrder {
            ability: morph.ability,
            target: Target::None,
            progress: 1.0 - morph.left / morph.total,
        });
    }
    for order in &unit.orders {
        // A landing structure shows its morph only.
        if unit.morph.is_some() && order.kind == OrderKind::Land {
            continue;
        }
        raw.orders.push(raw_order(state, unit, order));
    }
    if !unit.queue.is_empty() {
        let lanes = production::lanes(state, unit);
        for (i, job) in unit.queue.iter().enumerate() {
            let running = i < lanes && job.started;
            raw.orders.push(RawOrder {
                ability: job.ability,
                target: Target::None,
                progress: if running {
                    1.0 - job.left / job.total
                } else {
                    0.0
                },
            });
        }
    }
    raw.add_on = unit.add_on.tag();
    raw.is_selected = false;
    raw.weapon_cooldown = unit.cooldown;
    raw.engaged_target = state.get(unit.target).map_or(UnitTag::NONE, |t| t.me.tag());
    raw.assigned_harvesters = unit.harvesters;
    raw.ideal_harvesters = unit.harvesters_ideal;
    raw.cargo_space_max = transport::capacity(state, unit) as u8;
    if raw.cargo_space_max > 0 {
        raw.cargo_space_taken = transport::taken(state, unit) as u8;
        let inside = unit.passengers.iter().filter_map(|&it| state.get(it));
        raw.passengers.extend(inside.map(passenger));
    }
    if let Some(buff) = unit.buffs.iter().find(|b| b.until != u32::MAX) {
        raw.buff_duration_remain = buff.until.saturating_sub(state.game_loop);
        raw.buff_duration_max = buff.loops;
    }
    if is_gas_structure(unit) {
        raw.vespene_contents = state.get(unit.geyser).map_or(0, |g| g.contents);
    }
    if let Some(rally) = unit.rally {
        raw.rally_targets.push(rally);
    }
}

fn passenger(unit: &Unit) -> Passenger {
    Passenger {
        tag: unit.me.tag(),
        unit_type: unit.type_id,
        health: unit.life,
        health_max: unit.life_max,
        shield: unit.shields,
        shield_max: unit.shields_max,
        energy: unit.energy,
        energy_max: unit.energy_max,
    }
}

fn raw_order(state: &State, unit: &Unit, order: &Order) -> RawOrder {
    let target = |aim: Aim| match aim {
        Aim::None => Target::None,
        Aim::Point(at) => Target::Point(at),
        Aim::Unit(it) => Target::Unit(it.tag()),
    };
    let (ability, target) = match order.kind {
        OrderKind::Gather if order.stage == 3 => {
            let hall = state
                .get(order.site)
                .map_or(Target::None, |h| Target::Unit(h.me.tag()));
            (economy::return_ability(unit), hall)
        }
        OrderKind::Return => {
            let hall = state
                .get(order.site)
                .map_or(Target::None, |h| Target::Unit(h.me.tag()));
            (order.ability, hall)
        }
        _ => (order.ability, target(order.aim)),
    };
    RawOrder {
        ability,
        target,
        progress: 0.0,
    }
}

fn fill_snapshot(state: &State, p: usize, seen: &Snapshot, raw: &mut RawUnit, kept: bool) {
    if kept && shows(raw, seen) {
        raw.is_on_screen = on_screen(seen.pos, state.players[p].camera);
        return;
    }
    blank(raw);
    raw.tag = seen.unit.tag();
    raw.unit_type = seen.type_id;
    raw.owner = player_id(seen.owner);
    raw.alliance = alliance(seen.owner, p);
    raw.display = DisplayType::Snapshot;
    raw.cloak = CloakState::Unknown;
    raw.pos = seen.pos;
    raw.z = state.map.z(seen.pos) + if seen.flying { FLIGHT_HEIGHT } else { 0.0 };
    raw.facing = seen.facing;
    raw.radius = seen.radius;
    raw.build_progress = seen.progress;
    raw.is_flying = seen.flying;
    raw.is_on_screen = on_screen(seen.pos, state.players[p].camera);
}

fn common(state: &State, p: usize) -> PlayerCommon {
    let player = &state.players[p];
    let mut c = PlayerCommon {
        player_id: player.id.0,
        minerals: player.minerals,
        vespene: player.vespene,
        food_cap: player.supply_cap_halves() / 2,
        food_used: player.supply_used_halves / 2,
        ..PlayerCommon::default()
    };
    let (mut army, mut workers) = (0.0, 0.0);
    for unit in state
        .players_units()
        .filter(|it| usize::from(it.owner) == p)
    {
        if unit.data.is_worker {
            workers += unit.data.supply_used;
            c.idle_worker_count += u32::from(unit.orders.is_empty() && !unit.inside);
        } else if !unit.data.is_structure {
            army += unit.data.supply_used;
            c.army_count += u32::from(unit.data.supply_used > 0.0);
        }
        c.warp_gate_count += u32::from(unit.type_id == u::WARP_GATE);
        c.larva_count += u32::from(unit.type_id == u::LARVA);
    }
    c.food_army = army as u32;
    c.food_workers = workers as u32;
    c
}

fn fill_effects(state: &State, p: usize, obs: &mut RawObservation) {
    obs.effects.clear();
    for effect in &state.effects {
        let own = usize::from(effect.owner) == p;
        if !own && !state.players[p].sight.sees(effect.pos) {
            continue;
        }
        obs.effects.push(RawEffect {
            effect: effect.id,
            pos: smallvec::smallvec![effect.pos],
            alliance: alliance(effect.owner, p),
            owner: player_id(effect.owner),
            radius: effect.radius,
        });
    }
}

fn fill_score(state: &mut State, p: usize, obs: &mut RawObservation) {
    let now = state.game_loop;
    let rates = state.players[p].income.rates(now);
    let (mut units, mut structures) = (0.0, 0.0);
    let mut food = CategoryScore::default();
    for unit in state
        .players_units()
        .filter(|it| usize::from(it.owner) == p)
    {
        let free = score::is_free(unit.type_id);
        let price = if free {
            0
        } else {
            unit.data.minerals_total + unit.data.vespene_total
        };
        let value = price as f32;
        if unit.data.is_structure {
            structures += value;
        } else {
            units += value;
        }
        score::add(&mut food, score::category(unit.data), unit.data.supply_used);
    }
    let player = &mut state.players[p];
    let s = &mut player.score;
    (s.total_value_units, s.total_value_structures) = (units, structures);
    s.food_used = food;
    (s.collection_rate_minerals, s.collection_rate_vespene) = rates;
    let minutes = (now.max(1) as f32) / 1344.0;
    s.current_apm = player.commands_sent as f32 / minutes.max(0.25);
    s.current_effective_apm = s.current_apm;
    // As in recorded games: the bank and all that is in use or in the making.
    let used = score::total(&s.used_minerals) + score::total(&s.used_vespene);
    s.score = (player.minerals + player.vespene) as i32 + used as i32;
    obs.score = *s;
}
