//! The built-in AI and the scripts in whole games: pace, waves, strength, fights, determinism. Small and of fixed seed;
//! the sets of 100 games are commands (docs/BENCHMARKS.md).

use scc::agent::{Agent, scripted};
use scc::game::data::unit_ids as u;
use scc::game::{
    AbilityId, Alliance, Command, GameResult, PlayerCommand, PlayerId, PlayerResult, Point, Race,
    RawObservation, RawUnit, Seed, Target,
};
use scc::sim::{AiBuild, Difficulty, Seat, Sim, SimConfig, maps};
use scc::tactics::kinds::kind;

pub fn computer(level: Difficulty) -> Seat {
    Seat::Computer {
        race: Race::Terran,
        level,
        build: AiBuild::RandomBuild,
    }
}

pub fn participant(name: &str) -> Seat {
    Seat::Participant {
        race: Race::Terran,
        name: name.into(),
    }
}

pub fn game(map: &str, seats: [Seat; 2], seed: u64) -> Sim {
    Sim::new(SimConfig {
        map: maps::by_name(map).expect("a built-in map"),
        seats,
        seed: Seed(seed),
        disable_fog: false,
    })
    .expect("a valid game")
}

/// Seat 1's look.
pub fn look(sim: &mut Sim) -> RawObservation {
    let mut obs = RawObservation::default();
    sim.observe_into(PlayerId(1), &mut obs);
    obs
}

pub fn own(obs: &RawObservation) -> impl Iterator<Item = &RawUnit> {
    obs.units.iter().filter(|x| x.alliance == Alliance::Own)
}

pub fn army(obs: &RawObservation) -> impl Iterator<Item = &RawUnit> {
    own(obs).filter(|x| kind(x.unit_type).is_army)
}

/// Own and enemy start of seat 1.
pub fn starts(sim: &Sim) -> [Point; 2] {
    [1, 2].map(|p| sim.game_info(PlayerId(p)).own_start)
}

/// Workers, supply and army minerals of a player now.
fn books(sim: &mut Sim, player: u8) -> [f32; 3] {
    let mut obs = RawObservation::default();
    sim.observe_into(PlayerId(player), &mut obs);
    let minerals = army(&obs).map(|x| f32::from(kind(x.unit_type).minerals));
    [
        obs.player.food_workers as f32,
        obs.player.food_used as f32,
        minerals.sum(),
    ]
}

#[test]
fn the_ends_of_the_ladder_keep_the_real_ais_pace() {
    // The recorded game opens as Timing does (docs/DECISIONS.md).
    let seats = [Difficulty::VeryHard, Difficulty::VeryEasy].map(|level| Seat::Computer {
        race: Race::Terran,
        level,
        build: AiBuild::Timing,
    });
    let mut sim = game("Tidewater", seats, 5);
    // Real games at 4, 6 and 8 minutes; army minerals of VeryEasy in the middle of their range.
    let real = [
        [[23.0, 47.0, 1125.0], [20.0, 24.0, 187.5]],
        [[26.0, 64.0, 2000.0], [20.0, 24.0, 187.5]],
        [[42.0, 96.0, 2900.0], [25.0, 33.0, 350.0]],
    ];
    for (minute, rows) in [4, 6, 8].into_iter().zip(real) {
        sim.step(minute * 1344 - sim.game_loop());
        for (player, row) in [1, 2].into_iter().zip(rows) {
            let ours = books(&mut sim, player);
            for (have, want) in ours.into_iter().zip(row) {
                let off = (have / want - 1.0).abs();
                assert!(
                    off <= 0.2,
                    "player {player} at {minute}:00: {ours:?}, real {row:?}"
                );
            }
        }
    }
}

#[test]
fn every_level_beats_the_level_two_below_it() {
    let maps = ["Flat64", "Tidewater", "Ironbasin"];
    for (i, pair) in Difficulty::ALL.windows(3).enumerate() {
        let map = maps[(i + 1) % 3];
        let mut sim = game(map, [computer(pair[2]), computer(pair[0])], 3);
        sim.step(40_000);
        let won = PlayerResult {
            player: PlayerId(1),
            result: GameResult::Victory,
        };
        assert!(
            sim.results().contains(&won),
            "{} against {} on {map}: {:?}",
            pair[2],
            pair[0],
            sim.results()
        );
    }
}

/// Plays a script against a built-in level; the winner, if any, the loop of the end and the state's hash.
fn script_against(name: &str, level: Difficulty, seed: u64) -> (Option<PlayerId>, u32, u64) {
    let mut agent = scripted::by_name(name).expect("a script");
    let mut sim = game("Flat64", [participant(name), computer(level)], seed);
    agent.begin(&sim.game_info(PlayerId(1)), Seed(seed));
    let mut obs = RawObservation::default();
    while sim.results().is_empty() && sim.game_loop() < 20_000 {
        sim.observe_into(PlayerId(1), &mut obs);
        let step = agent.act(&obs);
        assert!(step.commands.len() <= 1, "one command a look");
        assert!(
            step.action.is_some(),
            "every look is an action of the policy's space"
        );
        for command in &step.commands {
            sim.submit(PlayerId(1), command);
        }
        sim.step(u32::from(step.skip_loops.max(1)));
    }
    let lost: u64 = agent.counts().reasons.iter().sum();
    assert_eq!(lost, 0, "the action space expresses all a script does");
    let winner = sim
        .results()
        .iter()
        .find(|r| r.result == GameResult::Victory);
    (winner.map(|r| r.player), sim.game_loop(), sim.state_hash())
}

#[test]
fn the_simplest_script_beats_the_weakest_level_and_repeats_itself() {
    let first = script_against("marine", Difficulty::VeryEasy, 11);
    assert_eq!(first.0, Some(PlayerId(1)), "{first:?}");
    assert_eq!(
        first,
        script_against("marine", Difficulty::VeryEasy, 11),
        "same seed, same game"
    );
}

#[test]
fn in_a_mirrored_fight_under_attack_move_the_strongest_level_holds_its_own() {
    let mut sim = game(
        "Flat64",
        [computer(Difficulty::VeryHard), participant("attack-move")],
        9,
    );
    let ai = sim.game_info(PlayerId(1)).own_start;
    let foe = sim.game_info(PlayerId(2)).own_start;
    for (owner, far) in [(0, 0.3), (1, 0.62)] {
        let middle = ai + (foe - ai) * far;
        for i in 0..24 {
            let at = middle + Point::new((i % 6) as f32 - 3.0, (i / 6) as f32 - 2.0);
            let t = if i < 18 { u::MARINE } else { u::MARAUDER };
            sim.state_mut().spawn(t, owner, at);
        }
    }
    sim.step(4);
    let mut obs = RawObservation::default();
    sim.observe_into(PlayerId(2), &mut obs);
    let own = |x: &&scc::game::RawUnit| x.alliance == Alliance::Own && kind(x.unit_type).is_army;
    let value: f32 = obs
        .units
        .iter()
        .filter(own)
        .map(|x| f32::from(kind(x.unit_type).value))
        .sum();
    let attack = PlayerCommand::Unit(Command {
        ability: AbilityId(3674),
        target: Target::Point(ai),
        units: obs.units.iter().filter(own).map(|x| x.tag).collect(),
        queued: false,
    });
    sim.submit(PlayerId(2), &attack);
    sim.step(1_200);
    sim.observe_into(PlayerId(2), &mut obs);
    let left: f32 = obs
        .units
        .iter()
        .filter(own)
        .map(|x| f32::from(kind(x.unit_type).value))
        .sum();
    assert!(
        value - left >= 0.7 * value,
        "killed {} of {value}",
        value - left
    );
}
