//! Small made-up worlds for unit tests of `obs`, `action` and `trajectory`.

use crate::game::data::{self, unit_ids as u};
use crate::game::{
    Alliance, BitGrid, CloakState, GameInfo, Grid, MapData, PlayerCommon, PlayerId, PlayerInfo,
    Point, Race, RawObservation, RawUnit, Rect, UnitTag, UnitTypeId,
};
use rand::RngExt;
use std::sync::Arc;

/// A flat, open map.
pub fn map(width: i32, height: i32, playable: Rect) -> MapData {
    let (w, h) = (width as usize, height as usize);
    let mut open = BitGrid::new(w, h, false);
    for y in playable.y0..playable.y1 {
        for x in playable.x0..playable.x1 {
            open.set(x, y, true);
        }
    }
    MapData {
        name: "Test".into(),
        pathing: open.clone(),
        placement: open,
        height: Grid::new(w, h, 127),
        playable,
        start_locations: vec![Point::new(20.5, 20.5), Point::new(80.5, 80.5)],
        expansions: vec![],
        resources: vec![],
        destructibles: vec![],
    }
}

/// Player 1 on a 104x104 map with a 96x96 playable area.
pub fn info(own: Race, enemy: Race) -> GameInfo {
    let playable = Rect {
        x0: 4,
        y0: 4,
        x1: 100,
        y1: 100,
    };
    let player = |id, race, own: bool| PlayerInfo {
        id: PlayerId(id),
        race_requested: race,
        race_actual: own.then_some(race),
        name: format!("P{id}"),
        is_computer: !own,
    };
    GameInfo {
        map: Arc::new(map(104, 104, playable)),
        player: PlayerId(1),
        players: vec![player(1, own, true), player(2, enemy, false)],
        own_start: Point::new(20.5, 20.5),
        enemy_starts: vec![Point::new(80.5, 80.5)],
    }
}

/// A finished, healthy unit with the table's figures.
pub fn unit(tag: u64, unit_type: UnitTypeId, alliance: Alliance, x: f32, y: f32) -> RawUnit {
    let owner = match alliance {
        Alliance::Own => PlayerId(1),
        Alliance::Enemy => PlayerId(2),
        _ => PlayerId::NEUTRAL,
    };
    let mut out = RawUnit {
        tag: UnitTag(tag),
        unit_type,
        owner,
        alliance,
        pos: Point::new(x, y),
        build_progress: 1.0,
        cloak: CloakState::NotCloaked,
        radius: 0.5,
        is_powered: true,
        ..RawUnit::default()
    };
    if let Some(d) = data::unit(unit_type) {
        (out.health, out.health_max) = (d.life, d.life);
        (out.shield, out.shield_max) = (d.shields, d.shields);
        (out.energy, out.energy_max) = (d.energy_start, d.energy_max);
        (out.is_flying, out.radius) = (d.is_flying, d.radius);
        out.cargo_space_max = d.cargo_capacity.min(255) as u8;
    } else {
        (out.mineral_contents, out.health, out.health_max) = (900, 500.0, 500.0);
    }
    out
}

/// An observation with these units, and plenty of everything.
pub fn raw(units: Vec<RawUnit>) -> RawObservation {
    RawObservation {
        game_loop: 1000,
        player: PlayerCommon {
            player_id: 1,
            minerals: 5000,
            vespene: 5000,
            food_cap: 200,
            food_used: 50,
            ..PlayerCommon::default()
        },
        units,
        visibility: Grid::new(104, 104, 2),
        creep: BitGrid::new(104, 104, false),
        ..RawObservation::default()
    }
}

/// A Terran base, an army, an enemy force and some minerals: about 200 units, jittered by the seed.
pub fn crowd(seed: u64) -> RawObservation {
    let mut rng = crate::game::Seed(seed).rng();
    let own = [
        (u::COMMAND_CENTER, 2),
        (u::ORBITAL_COMMAND, 1),
        (u::SCV, 45),
        (u::BARRACKS, 4),
        (u::FACTORY, 1),
        (u::STARPORT, 1),
        (u::SUPPLY_DEPOT, 10),
        (u::REFINERY, 3),
        (u::ENGINEERING_BAY, 1),
        (u::MARINE, 30),
        (u::MARAUDER, 10),
        (u::SIEGE_TANK, 4),
        (u::MEDIVAC, 4),
    ];
    let enemy = [(u::MARINE, 20), (u::SCV, 5), (u::BARRACKS, 3)];
    let neutral = [
        (UnitTypeId(341), 40),
        (UnitTypeId(342), 10),
        (UnitTypeId(371), 6),
    ];
    let mut units = Vec::new();
    let mut tag = 1 << 32;
    for (list, alliance) in [
        (&own[..], Alliance::Own),
        (&enemy[..], Alliance::Enemy),
        (&neutral[..], Alliance::Neutral),
    ] {
        for &(id, n) in list {
            for _ in 0..n {
                tag += 1 << 18;
                let (x, y) = (rng.random_range(5.0..99.0), rng.random_range(5.0..99.0));
                let mut made = unit(tag, id, alliance, x, y);
                made.health *= rng.random_range(0.3..1.0);
                made.facing = rng.random_range(0.0..6.2);
                units.push(made);
            }
        }
    }
    raw(units)
}
