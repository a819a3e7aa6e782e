//! Made-up games for tests: strategies with noise, at times and with armies like those of real games.

use super::super::{Making, PlayerGame, Sample, Stage};
use crate::game::{GameResult, Race, Seed};
use rand::RngExt;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How a made-up player plays. Times are minutes.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Structures and upgrades with their times; several of one kind are several entries.
    pub builds: Vec<(&'static str, f32)>,
    /// Units and when the first comes, how many a minute from then on.
    pub army: Vec<(&'static str, f32, f32)>,
    /// Share of a unit kind that takes another form soon after it came.
    pub forms: Vec<(&'static str, &'static str, f32)>,
    /// Chance to win.
    pub wins: f64,
}

/// Infantry out of five barracks on three bases.
pub fn bio() -> Plan {
    Plan {
        builds: vec![
            ("SupplyDepot", 0.3),
            ("Barracks", 0.8),
            ("Refinery", 0.9),
            ("CommandCenter", 1.8),
            ("Barracks", 3.0),
            ("Barracks", 3.2),
            ("Factory", 3.0),
            ("Starport", 4.0),
            ("Stimpack", 5.0),
            ("EngineeringBay", 4.8),
            ("CommandCenter", 5.5),
            ("ShieldWall", 6.2),
            ("Barracks", 6.0),
            ("Barracks", 6.2),
            ("Armory", 7.0),
        ],
        army: vec![
            ("Marine", 1.5, 6.0),
            ("Marauder", 4.0, 2.0),
            ("Medivac", 5.2, 1.0),
        ],
        forms: Vec::new(),
        wins: 0.5,
    }
}

/// Siege tanks and vikings.
pub fn tanks() -> Plan {
    Plan {
        builds: vec![
            ("SupplyDepot", 0.3),
            ("Barracks", 0.8),
            ("Refinery", 0.9),
            ("Factory", 1.8),
            ("CommandCenter", 2.4),
            ("Factory", 4.0),
            ("Starport", 3.4),
            ("Armory", 6.0),
            ("Factory", 6.5),
            ("CommandCenter", 7.5),
        ],
        army: vec![
            ("Marine", 1.5, 1.0),
            ("SiegeTank", 3.2, 2.0),
            ("VikingFighter", 4.6, 1.2),
        ],
        forms: vec![("SiegeTank", "SiegeTankSieged", 0.6)],
        wins: 0.6,
    }
}

/// Battlecruisers as soon as they can be had.
pub fn battlecruisers() -> Plan {
    Plan {
        builds: vec![
            ("SupplyDepot", 0.3),
            ("Barracks", 0.8),
            ("Refinery", 0.9),
            ("Factory", 1.6),
            ("Starport", 2.4),
            ("FusionCore", 3.2),
            ("CommandCenter", 3.5),
            ("Starport", 5.0),
            ("Armory", 7.0),
        ],
        army: vec![
            ("Marine", 1.5, 1.5),
            ("Cyclone", 2.6, 0.6),
            ("Battlecruiser", 5.0, 0.9),
        ],
        forms: Vec::new(),
        wins: 0.4,
    }
}

/// Many marines early out of barracks in front of the enemy's base.
pub fn proxy() -> Plan {
    Plan {
        builds: vec![
            ("SupplyDepot", 0.3),
            ("Barracks", 0.6),
            ("Barracks", 0.8),
            ("Barracks", 1.0),
            ("Barracks", 1.5),
        ],
        army: vec![("Marine", 1.4, 9.0), ("Reaper", 1.6, 0.5)],
        forms: Vec::new(),
        wins: 0.5,
    }
}

/// Massed vikings that fight on the ground.
pub fn landed_vikings() -> Plan {
    Plan {
        builds: vec![
            ("SupplyDepot", 0.3),
            ("Barracks", 0.8),
            ("Refinery", 0.9),
            ("Factory", 1.7),
            ("CommandCenter", 2.2),
            ("Starport", 2.6),
            ("Starport", 4.0),
            ("Starport", 5.0),
            ("CommandCenter", 6.5),
            ("Armory", 7.0),
        ],
        army: vec![("Marine", 1.5, 1.2), ("VikingFighter", 3.4, 3.5)],
        forms: vec![("VikingFighter", "VikingAssault", 0.8)],
        wins: 0.8,
    }
}

/// Game `index` of a plan, of about ten minutes; everything in it comes from `seed`, `name` and `index`.
pub fn game(plan: &Plan, name: &str, index: u64, seed: u64) -> PlayerGame {
    let mut rng = Seed(seed).fork(name, index).rng();
    let minutes: f32 = rng.random_range(8.0..14.0);
    let tempo: f32 = rng.random_range(0.9..1.15);
    let loops = (minutes * 1344.0) as u32;
    let at = |minute: f32| (minute.max(0.1) * 1344.0) as u32;
    let mut makings = Vec::new();
    for (what, minute) in &plan.builds {
        let begun = at(minute * tempo + rng.random_range(-0.2..0.2));
        let upgrade = matches!(*what, "Stimpack" | "ShieldWall");
        let stage = if upgrade {
            Stage::Researched
        } else {
            Stage::Begun
        };
        // Now and then something is left out.
        if rng.random_range(0.0..1.0) > 0.04 {
            makings.push(making(begun, stage, what));
        }
    }
    for (what, first, a_minute) in &plan.army {
        let pace = a_minute * rng.random_range(0.6..1.4_f32);
        let mut minute = first * tempo + rng.random_range(-0.3..0.3);
        while minute < minutes {
            makings.push(making(at(minute), Stage::Done, what));
            let form = plan.forms.iter().find(|form| form.0 == *what);
            if let Some((_, form, share)) = form
                && rng.random_range(0.0..1.0) < *share
            {
                makings.push(making(at(minute + 0.2), Stage::Morphed, form));
            }
            minute += rng.random_range(0.5..1.5) / pace;
        }
    }
    makings.retain(|making| making.game_loop <= loops);
    makings.sort_by_key(|making| making.game_loop);
    let won = rng.random_range(0.0..1.0) < plan.wins;
    PlayerGame {
        file: format!("{name}/{index:05}.screp").into(),
        player: 1,
        name: name.to_owned(),
        race: Race::Terran,
        opponent_race: Some(Race::Zerg),
        map: "flat".to_owned(),
        version: "made up".to_owned(),
        mmr: None,
        is_ai: false,
        result: Some(if won {
            GameResult::Victory
        } else {
            GameResult::Defeat
        }),
        loops,
        start: None,
        samples: samples(&makings, loops),
        makings,
        deaths: Vec::new(),
        commands: Vec::new(),
    }
}

/// `count` games of a plan.
pub fn games(plan: &Plan, name: &str, count: u64, seed: u64) -> Vec<PlayerGame> {
    (0..count)
        .map(|index| game(plan, name, index, seed))
        .collect()
}

/// A set in which four strategies are equally frequent, as people play.
pub fn mixed(name: &str, count: u64, seed: u64) -> Vec<PlayerGame> {
    let plans = [bio(), tanks(), battlecruisers(), proxy()];
    let one = |index: u64| game(&plans[(index % 4) as usize], name, index, seed);
    (0..count).map(one).collect()
}

fn making(game_loop: u32, stage: Stage, what: &str) -> Making {
    Making {
        game_loop,
        stage,
        what: Arc::from(what),
        position: None,
    }
}

/// Every ten seconds; a unit lives for three minutes, as armies are spent.
fn samples(makings: &[Making], loops: u32) -> Vec<Sample> {
    const LIFE_LOOPS: u32 = 4032;
    let source = |what: &str| match what {
        "SiegeTankSieged" => Some("SiegeTank"),
        "VikingAssault" => Some("VikingFighter"),
        _ => None,
    };
    let sample = |game_loop: u32| {
        let mut alive: BTreeMap<Arc<str>, u32> = BTreeMap::new();
        let living = makings
            .iter()
            .filter(|m| m.game_loop <= game_loop && m.stage != Stage::Researched);
        for making in
            living.filter(|m| m.stage == Stage::Begun || m.game_loop + LIFE_LOOPS > game_loop)
        {
            *alive.entry(making.what.clone()).or_default() += 1;
            if let Some(source) = source(&making.what)
                && let Some(count) = alive.get_mut(source)
            {
                *count = count.saturating_sub(1);
            }
        }
        alive.retain(|_, count| *count > 0);
        Sample {
            game_loop,
            workers: (12 + game_loop / 300).min(60),
            alive,
            ..Sample::default()
        }
    };
    (0..=loops).step_by(160).map(sample).collect()
}
