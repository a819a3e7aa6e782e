//! Observations, actions and trajectories of games that the simulator plays.

use rand::{Rng, RngExt};
use scc::action::{
    Action, FunctionKind, Interface, SKIP_LOOPS_MIN, Specs, functions, selectable, targetable,
};
use scc::game::{
    ActionResult, Alliance, DisplayType, GameInfo, PlayerCommand, PlayerId, Race, RawObservation,
    Seed, Target,
};
use scc::obs::{Conditioning, Observation, Space};
use scc::sc2::{capture, convert};
use scc::sim::{AiBuild, Difficulty, Seat, Sim, SimConfig, maps};
use scc::trajectory::{Behavior, LstmState, Step, Wire, ZTracker, slice_unrolls};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const ME: PlayerId = PlayerId(1);

fn computer() -> Seat {
    Seat::Computer {
        race: Race::Terran,
        level: Difficulty::VeryHard,
        build: AiBuild::Macro,
    }
}

fn participant() -> Seat {
    Seat::Participant {
        race: Race::Terran,
        name: "me".into(),
    }
}

fn sim(seats: [Seat; 2], seed: u64) -> Sim {
    Sim::new(SimConfig {
        map: maps::by_name("Flat64").expect("built in"),
        seats,
        seed: Seed(seed),
        disable_fog: false,
    })
    .expect("the map is playable")
}

fn interface(sim: &Sim) -> Interface {
    Interface::new(
        &Specs::default(),
        &sim.game_info(ME),
        Conditioning::default(),
    )
}

/// Watches player 1 of a game between built-in AIs; of the commands carried out between two looks, the last one that
/// an action can say is the step's action.
fn watch(seed: u64, loops: u32, every: u32) -> (Vec<Step>, Interface, ZTracker) {
    let mut sim = sim([computer(), computer()], seed);
    let mut interface = interface(&sim);
    let mut z = ZTracker::new(Space::new(&sim.game_info(ME).map, 128));
    let mut steps: Vec<Step> = Vec::new();
    let mut raw = RawObservation::default();
    while sim.game_loop() < loops && sim.results().is_empty() {
        sim.step(every);
        sim.observe_into(ME, &mut raw);
        z.observe(&raw);
        if let Some(last) = steps.last_mut() {
            for done in &raw.executed {
                let command = PlayerCommand::Unit(done.command.clone());
                if let Some(action) = interface.encode(&command, every, &last.obs) {
                    last.action = action;
                }
            }
            interface.record(&last.action, &last.obs);
        }
        let mut step = Step {
            reset: steps.is_empty(),
            ..Step::default()
        };
        step.action.skip_loops = every as u16;
        interface.observe(&raw, &mut step.obs);
        steps.push(step);
    }
    (steps, interface, z)
}

#[test]
fn a_game_comes_back_from_the_wire_bit_for_bit_within_8_kib_a_step() {
    let (steps, interface, z) = watch(3, 9000, 10);
    let n = steps.len();
    let wire = Wire::new(interface.specs());
    let copy = steps.clone();
    let mut bytes = 0;
    for unroll in slice_unrolls(steps, 32) {
        let encoded = wire.encode(&unroll);
        bytes += encoded.len();
        assert_eq!(wire.decode(&encoded).expect("our own bytes"), unroll);
    }
    assert!(bytes / n < 8192, "{} bytes a step", bytes / n);
    assert!(learning_bytes(&wire, copy) / n < 8192);
    let counts = interface.counts();
    let lost: u64 = counts.reasons.iter().sum();
    assert!(
        counts.represented > 100 && lost < counts.represented,
        "{counts:?}"
    );
    assert_eq!(
        z.z().build_order.len(),
        20,
        "a macro game builds 20 things by then"
    );
}

/// The same game as an actor of the `paper` network sends it: log-probabilities, values and rewards of each step, and two
/// LSTM states (three layers of 1024, noise, which does not compress) every 16 steps.
fn learning_bytes(wire: &Wire, mut steps: Vec<Step>) -> usize {
    let mut rng = Seed(1).rng();
    let mut noise =
        |n: usize| -> Vec<f32> { (0..n).map(|_| rng.random_range(-1.0..1.0)).collect() };
    for step in &mut steps {
        step.behavior = Some(Behavior {
            log_probs: noise(6).try_into().expect("six"),
            values: noise(3),
            policy_version: 1000,
            rewards: noise(3),
            terminated: false,
        });
    }
    let mut bytes = 0;
    for mut unroll in slice_unrolls(steps, 16) {
        let mut state = || {
            Some(LstmState {
                hidden: noise(3 * 1024),
                cell: noise(3 * 1024),
            })
        };
        (unroll.lstm, unroll.supervised_lstm) = (state(), state());
        let encoded = wire.encode(&unroll);
        bytes += encoded.len();
        assert_eq!(wire.decode(&encoded).expect("our own bytes"), unroll);
    }
    bytes
}

/// Refusals that no mask can foresee: placement, air and ground, aiming at oneself, and a queue filled by the last loop.
fn only_the_game_knows(result: ActionResult) -> bool {
    use ActionResult::*;
    matches!(
        result,
        CantBuildLocationInvalid
            | CantBuildOnThat
            | CantBuildTooCloseToResources
            | CantFindPlacementLocation
            | CantBuildTooCloseToDropOff
            | CantSeeBuildLocation
            | CantLandLocationInvalid
            | CantSeeLandLocation
            | CantTargetThatUnit
            | CantTargetAirUnits
            | CantTargetGroundUnits
            | CantAttackThatTarget
    )
}

/// True if the command's target is remembered, not seen: a field under fog may be mined out by now.
fn aims_at_a_memory(command: &PlayerCommand, raw: &RawObservation) -> bool {
    let PlayerCommand::Unit(command) = command else {
        return false;
    };
    let remembered = |tag| {
        raw.units
            .iter()
            .any(|u| u.tag == tag && u.display == DisplayType::Snapshot)
    };
    matches!(command.target, Target::Unit(tag) if remembered(tag))
}

#[test]
fn what_the_masks_allow_the_game_accepts() {
    let (mut accepted, mut tried) = (0, 0);
    for seed in 0..3 {
        let mut sim = sim([participant(), participant()], seed);
        let mut interface = interface(&sim);
        let mut raw = RawObservation::default();
        let mut obs = Observation::default();
        let mut rng = Seed(seed).rng();
        for i in 0..2000 {
            if i % 100 == 0 {
                let me = &mut sim.state_mut().players[0];
                (me.minerals, me.vespene) = (me.minerals + 2000, me.vespene + 1000);
            }
            sim.step(8);
            if !sim.results().is_empty() {
                break;
            }
            sim.observe_into(ME, &mut raw);
            interface.observe(&raw, &mut obs);
            let action = sample(&obs, &interface, &mut rng);
            let command = interface
                .decode(&action, &obs, &raw)
                .expect("legal actions decode");
            if let Some(command) = command {
                let name = &functions()[usize::from(action.function)].name;
                let result = sim.submit(ME, &command);
                // Of two workers sent to one site, only the game tells which of them builds it (Halt); what a right
                // click means hangs on unit and target together (Smart).
                tried += 1;
                accepted += u32::from(result == ActionResult::Success);
                assert!(
                    result == ActionResult::Success
                        || only_the_game_knows(result)
                        || (result == ActionResult::MustTargetUnit
                            && aims_at_a_memory(&command, &raw))
                        || (name == "Halt_quick" && result == ActionResult::Error)
                        || (name.starts_with("Smart") && result == ActionResult::NotSupported),
                    "{name} refused at loop {} of seed {seed}: {result:?} {command:?}",
                    sim.game_loop()
                );
            }
            interface.record(&action, &obs);
        }
    }
    assert!(
        tried > 3000 && accepted * 100 > tried * 90,
        "{accepted} of {tried} accepted"
    );
}

#[test]
fn hidden_enemy_state_leaves_the_observation_bit_identical() {
    let play = |hide: bool| {
        let mut sim = sim([participant(), computer()], 11);
        sim.step(1500);
        if hide {
            // Far behind the fog: another bank, weaker and hurt units, other orders.
            let state = sim.state_mut();
            state.players[1].minerals += 777;
            state.players[1].vespene += 55;
        }
        let enemy = PlayerId(2);
        if hide {
            let mut theirs = RawObservation::default();
            sim.observe_into(enemy, &mut theirs);
            let stop = scc::game::Command {
                ability: scc::game::AbilityId(3665),
                units: theirs
                    .units
                    .iter()
                    .filter(|u| u.owner == enemy)
                    .map(|u| u.tag)
                    .collect(),
                ..Default::default()
            };
            sim.submit(enemy, &PlayerCommand::Unit(stop));
        }
        let mut raw = RawObservation::default();
        let mut obs = Observation::default();
        let mut interface = interface(&sim);
        let mut seen = Vec::new();
        let before = sim.state_hash();
        for _ in 0..10 {
            sim.observe_into(ME, &mut raw);
            interface.observe(&raw, &mut obs);
            assert!(obs.units[1].is_empty(), "the enemy is not in sight");
            seen.push(obs.clone());
            sim.step(8);
        }
        (seen, before)
    };
    let (a, hash_a) = play(false);
    let (b, hash_b) = play(true);
    assert_ne!(hash_a, hash_b, "the hidden state does differ");
    assert_eq!(a, b);
}

/// A legal action, drawn at random under the masks; never lifts off, so that the base stays where it can work.
fn sample(obs: &Observation, interface: &Interface, rng: &mut impl Rng) -> Action {
    const LIFT: u16 = 3679;
    let legal: Vec<u16> = (0..functions().len() as u16)
        .filter(|&f| obs.is_legal(f) && functions()[usize::from(f)].ability.0 != LIFT)
        .collect();
    let function = legal[rng.random_range(0..legal.len())];
    let f = &functions()[usize::from(function)];
    let mut action = Action {
        function,
        skip_loops: SKIP_LOOPS_MIN,
        ..Action::default()
    };
    let mut mask = Vec::new();
    if f.args().units {
        selectable(obs, function, &mut mask);
        action.selected.push(one_of(&mask, rng));
    }
    match f.kind {
        FunctionKind::Unit => {
            targetable(obs, function, &mut mask);
            action.target_unit = Some(one_of(&mask, rng));
        }
        FunctionKind::Point => action.target_cell = Some(near_own(obs, interface, rng)),
        _ => {}
    }
    action
}

fn one_of(mask: &[u8], rng: &mut impl Rng) -> u16 {
    let set: Vec<u16> = (0..mask.len() as u16)
        .filter(|&i| mask[usize::from(i)] == 1)
        .collect();
    set[rng.random_range(0..set.len())]
}

/// A target cell within nine cells of some own unit.
fn near_own(obs: &Observation, interface: &Interface, rng: &mut impl Rng) -> u32 {
    let cell = obs.units[0][rng.random_range(0..obs.units[0].len())].cell;
    let mut near = |c: u8| {
        let at = i64::from(c) * 2 + rng.random_range(-9i64..=9);
        at.clamp(0, 127) as u32
    };
    let at = near(cell.1) * 128 + near(cell.0);
    let space = interface.codec().space;
    if space.is_inside(at) { at } else { 0 }
}

/// Captures of the real game: game-info and observation files of a folder.
fn captures(folder: &str) -> Vec<(PathBuf, PathBuf)> {
    const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/captures");
    let Ok(entries) = std::fs::read_dir(Path::new(ROOT).join(folder)) else {
        println!("skipped: no captures of the real game at {ROOT}");
        return Vec::new();
    };
    let mut found: Vec<_> = entries
        .flatten()
        .filter_map(|entry| {
            let path = entry.path();
            let name = path.file_name()?.to_str()?;
            let name = name.strip_suffix(".game_info.pb.gz")?;
            let observation = path.with_file_name(format!("{name}.observation.pb.gz"));
            Some((path.clone(), observation))
        })
        .collect();
    found.sort();
    found
}

/// A captured moment as the encoder takes it.
fn captured(info: &Path, observation: &Path) -> (GameInfo, RawObservation) {
    let info = capture::read_game_info(info).expect("a game info");
    let message = capture::read_observation(observation).expect("an observation");
    let terrain = convert::terrain(&info).expect("terrain");
    let size = (terrain.pathing.width(), terrain.pathing.height());
    let mut raw = RawObservation::default();
    convert::observation(&message, size, terrain.is_old_format, &mut raw).expect("converts");
    let player = PlayerId(raw.player.player_id);
    let map = Arc::new(terrain.into_bare_map());
    let game = convert::game_info(&info, map, player, raw.camera);
    (game, raw)
}

#[test]
fn captures_with_750_units_of_three_races_encode() {
    let specs = Specs::default();
    for (info, observation) in captures("crowd-4.11") {
        let (game, raw) = captured(&info, &observation);
        let mut obs = Observation::default();
        let mut interface = Interface::new(&specs, &game, Conditioning::default());
        interface.observe(&raw, &mut obs);
        let totals: u32 = obs.totals.iter().sum();
        assert_eq!(totals as usize, raw.units.len());
        assert!(totals >= 600, "{}: {totals} units", info.display());
        for g in 0..3 {
            let n = obs.units[g].len();
            assert_eq!(n as u32 + obs.overflow[g], obs.totals[g]);
            assert!(n <= specs.obs.config.units_max[g]);
        }
        // Every melee type of the crowd is known, and none got lost in the overflow.
        let types = |g: usize| {
            obs.units[g]
                .iter()
                .map(|r| r.type_idx)
                .collect::<BTreeSet<_>>()
        };
        for unit in &raw.units {
            let g = match unit.alliance {
                Alliance::Own | Alliance::Ally => 0,
                Alliance::Enemy => 1,
                Alliance::Neutral => continue,
            };
            if scc::game::data::unit(unit.unit_type).is_some() {
                let idx = scc::obs::vocab().type_idx(unit.unit_type);
                assert!(types(g).contains(&idx), "{:?} is missing", unit.unit_type);
            }
        }
        assert!(obs.features.iter().flatten().all(|v| v.is_finite()));
    }
}

#[test]
fn first_observations_of_the_real_game_know_every_unit() {
    let specs = Specs::default();
    for (info, observation) in captures("v4.10").into_iter().chain(captures("v4.11")) {
        let (game, raw) = captured(&info, &observation);
        let mut obs = Observation::default();
        Interface::new(&specs, &game, Conditioning::default()).observe(&raw, &mut obs);
        let unknown: Vec<_> = (obs.units.iter().flatten())
            .filter(|row| row.type_idx == 0)
            .filter_map(|row| raw.units.iter().find(|u| u.tag == row.tag))
            .map(|u| u.unit_type)
            .collect();
        assert!(unknown.is_empty(), "{}: {unknown:?}", info.display());
        for name in ["Train_SCV_quick", "Harvest_Gather_unit", "Move_pt"] {
            let function = scc::action::functions::by_name(name).expect(name);
            assert!(obs.is_legal(function), "{name} in {}", info.display());
        }
    }
}

#[test]
fn a_captured_observation_can_be_benchmarked() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/captures/midgame-ares");
    let file = |kind: &str| folder.join(format!("SiteDelta513AIE.{kind}.pb.gz"));
    let observation = file("observation");
    if !observation.exists() {
        println!("skipped: no {}", observation.display());
        return;
    }
    let figures = scc::run::bench::captured(&file("game_info"), &observation).expect("a capture");
    let value = |name: &str| {
        let named = figures.0.iter().find(|(n, _)| n == name);
        named.expect("measured").1.value
    };
    // captures/index.tsv: 68 own units, 72 of the enemy, 168 neutral.
    assert_eq!(value("observe.captured_units"), 308.0);
    assert!(value("observe.captured_us") > 0.0);
}
