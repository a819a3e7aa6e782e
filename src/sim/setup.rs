//! What a game is made of, and its first loop: resources, rocks, a town hall and twelve workers each.

use super::order::{Aim, Order, OrderKind};
use super::player::Player;
use super::state::State;
use super::unit::NEUTRAL;
use super::vision::fog::Heights;
use super::vision::{Sight, snapshot_of};
use super::{AiBuild, Difficulty, SimError};
use crate::game::data::unit_ids as u;
use crate::game::{AbilityId, MapData, PlayerId, Point, Race, Seed, UnitTypeId};
use rand::RngExt as _;
use std::sync::Arc;

/// Everything that decides how a game goes, commands apart.
#[derive(Clone, Debug)]
pub struct SimConfig {
    pub map: Arc<MapData>,
    pub seats: [Seat; 2],
    pub seed: Seed,
    /// Both players see the whole map.
    pub disable_fog: bool,
}

/// Who plays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seat {
    /// Ordered from outside, through `Sim::submit`.
    Participant { race: Race, name: String },
    /// The built-in AI.
    Computer {
        race: Race,
        level: Difficulty,
        build: AiBuild,
    },
}

/// Loops for which the game has no end of its own: the API's limit.
pub const LOOPS_MAX: u32 = 1 << 19;

/// Builds the state at loop 0.
pub(super) fn build(config: &SimConfig) -> Result<State, SimError> {
    check_map(&config.map)?;
    let mut rng = config.seed.fork("sim", 0).rng();
    let flip = rng.random_bool(0.5);
    let starts = &config.map.start_locations;
    let heights = Arc::new(Heights::new(&config.map));
    let players = [0, 1].map(|i| {
        let start = starts[usize::from(flip) ^ i];
        new_player(i, start, config, &heights, &mut rng)
    });
    for player in &players {
        if player.race != Race::Terran {
            return Err(SimError::RaceNotPlayable(player.race));
        }
    }
    let neutrals = config.map.resources.len() + config.map.destructibles.len();
    let mut state = State::new(config.map.clone(), rng, players, neutrals);
    place_neutrals(&mut state);
    for p in 0..2 {
        place_base(&mut state, p);
        let known = state.living().filter(|it| it.owner == NEUTRAL);
        state.players[p].sight.snapshots = known.map(snapshot_of).collect();
    }
    super::vision::run(&mut state);
    super::economy::count_harvesters(&mut state);
    Ok(state)
}

fn check_map(map: &MapData) -> Result<(), SimError> {
    let sane = map.width() >= 16
        && map.height_cells() >= 16
        && map.placement.width() == map.width()
        && map.placement.height() == map.height_cells()
        && map.height.width() == map.width()
        && map.height.height() == map.height_cells();
    if !sane {
        return Err(SimError::BadMap(
            "its grids differ in size or are too small",
        ));
    }
    if map.start_locations.len() < 2 {
        return Err(SimError::BadMap("it has fewer than two start locations"));
    }
    if map.resources.len() + map.destructibles.len() > 4096 {
        return Err(SimError::BadMap("it has more than 4096 neutral units"));
    }
    let inside = |p: &Point| p.is_finite() && map.playable.contains(*p);
    if !map.start_locations.iter().all(inside) || !map.resources.iter().all(|r| inside(&r.pos)) {
        return Err(SimError::BadMap("something lies outside the playable area"));
    }
    Ok(())
}

fn new_player(
    index: usize,
    start: Point,
    config: &SimConfig,
    heights: &Arc<Heights>,
    rng: &mut rand_pcg::Pcg64Mcg,
) -> Player {
    let (requested, name, is_computer, level) = match &config.seats[index] {
        Seat::Participant { race, name } => (*race, name.clone(), false, None),
        Seat::Computer { race, level, build } => {
            (*race, format!("{level} ({build})"), true, Some(*level))
        }
    };
    // Races other than Terran cannot be played yet: a random one is Terran, with the draw kept for later.
    let _ = rng.random_range(0..3);
    let race = if requested == Race::Random {
        Race::Terran
    } else {
        requested
    };
    let vision = level.is_some_and(Difficulty::sees_all);
    Player {
        id: PlayerId(index as u8 + 1),
        race,
        race_requested: requested,
        name: name.chars().take(32).collect(),
        is_computer,
        start,
        minerals: 50,
        vespene: 0,
        level,
        bonus_left: [0; 2],
        supply_used_halves: 0,
        supply_made_halves: 0,
        supply_queued_halves: 0,
        upgrades: Vec::new(),
        researching: Vec::new(),
        tech_version: 0,
        finished: Vec::new(),
        structures: 0,
        camera: start,
        sight: Sight::new(heights),
        sees_all: vision || config.disable_fog,
        pending: Vec::new(),
        left: false,
        result: None,
        score: Default::default(),
        income: Default::default(),
        commands_sent: 0,
        alerts: Vec::new(),
        dead: Vec::new(),
        executed: Vec::new(),
        errors: Vec::new(),
        chat: Vec::new(),
        dead_for_ai: Vec::new(),
        is_watched: false,
    }
}

fn place_neutrals(state: &mut State) {
    let map = state.map.clone();
    for node in &map.resources {
        if let Some(me) = state.spawn(node.unit_type, NEUTRAL, node.pos) {
            let unit = &mut state.units[me.slot()];
            unit.contents = node.contents;
        }
    }
    for rock in &map.destructibles {
        if let Some(me) = state.spawn(rock.unit_type, NEUTRAL, rock.pos) {
            // Its footprint depends on the radius, which the row does not know.
            let slot = me.slot();
            state.units[slot].radius = rock.radius;
            let life = if rock.health > 0.0 {
                rock.health
            } else {
                10_000.0
            };
            state.units[slot].life_max = life;
            state.units[slot].life = life;
            let (units, blocked) = (&state.units, &mut state.blocked);
            blocked.add(&units[slot]);
        }
    }
}

/// Workers set off this late: in recorded games the first loads come home around loop 150.
const FIRST_TRIP_LOOP: u32 = 20;

/// Town hall and workers per race, and the workers' gather ability.
fn opening(race: Race) -> (UnitTypeId, UnitTypeId, AbilityId) {
    match race {
        Race::Zerg => (u::HATCHERY, u::DRONE, AbilityId(1183)),
        Race::Protoss => (u::NEXUS, u::PROBE, AbilityId(298)),
        _ => (u::COMMAND_CENTER, u::SCV, AbilityId(295)),
    }
}

fn place_base(state: &mut State, p: usize) {
    let start = state.players[p].start;
    let (hall, worker, gather) = opening(state.players[p].race);
    let owner = p as u8;
    let hall = state.spawn(hall, owner, start).expect("slots at loop 0");
    let fields = super::economy::fields_near(state, start);
    let center = mean(
        &fields
            .iter()
            .map(|f| state.units[f.slot()].pos)
            .collect::<Vec<_>>(),
        start,
    );
    // Along the two sides that face the minerals, on whole offsets: so the captures of the real game show them.
    let side = |v: f32| if v < 0.0 { -3.0 } else { 3.0 };
    let (sx, sy) = (side(center.x - start.x), side(center.y - start.y));
    let mut load = vec![0u32; fields.len()];
    for i in 0..12 {
        let offset = if i < 7 {
            Point::new(sx, i as f32 - 3.0)
        } else {
            Point::new(i as f32 - 9.0, sy)
        };
        let at = start + offset;
        let Some(me) = state.spawn(worker, owner, at) else {
            continue;
        };
        let nearest = (0..fields.len()).min_by(|&a, &b| {
            let cost = |k: usize| {
                (
                    load[k],
                    state.units[fields[k].slot()].pos.distance_squared(at),
                )
            };
            cost(a)
                .partial_cmp(&cost(b))
                .expect("distances are numbers")
        });
        if let Some(k) = nearest {
            load[k] += 1;
            let unit = &mut state.units[me.slot()];
            unit.mine = fields[k];
            let mut order = Order::new(OrderKind::Gather, gather, Aim::Unit(fields[k]));
            order.timer = FIRST_TRIP_LOOP;
            unit.orders.push(order);
        }
    }
    state.units[hall.slot()].facing = 0.0;
    let score = &mut state.players[p].score;
    score.used_minerals.economy = 1000.0;
    score.total_used_minerals.economy = 1000.0;
}

fn mean(points: &[Point], default: Point) -> Point {
    if points.is_empty() {
        return default;
    }
    points.iter().fold(Point::default(), |s, &p| s + p) * (1.0 / points.len() as f32)
}
