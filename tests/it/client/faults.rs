//! A game that is slow, silent, talks nonsense or dies: the right end or a clear error in time, and no process left behind.

use super::proxy::{Fault, Stand};
use super::{Installed, computer, participant, patient, settings};
use scc::env::{Arena, Difficulty, Env, EnvError, GameSettings, PLAYERS, Sc2Games, SimEnv};
use scc::game::RawObservation;
use scc::sc2::client::Limits;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Short enough for a test to wait for, long enough for a busy machine to answer in.
const REQUEST: Duration = Duration::from_secs(3);
/// Nothing here may take longer, whatever the game does: the limits, and ending two processes.
const PATIENCE: Duration = Duration::from_secs(60);

fn short() -> Limits {
    Limits::of_request(REQUEST)
}

fn start(installed: &Installed, limits: Limits) -> Result<Sc2Games, EnvError> {
    Sc2Games::start(installed.located(), None, limits, &AtomicBool::new(false))
}

fn easy() -> GameSettings {
    let seats = [participant("a"), computer(Difficulty::VeryEasy)];
    settings("Flat64", seats, 21)
}

fn pair() -> GameSettings {
    settings("Flat64", [participant("a"), participant("b")], 22)
}

fn signal(name: &str, id: u32) {
    let sent = Command::new("kill").args([name, &id.to_string()]).status();
    assert!(sent.unwrap().success());
}

/// An error with its causes.
fn in_words(error: &dyn std::error::Error) -> String {
    let cause = error.source().map(|c| format!(": {}", in_words(c)));
    format!("{error}{}", cause.unwrap_or_default())
}

/// Plays on, looking every so often, until the game is lost or has run `loops`.
fn play(env: &mut dyn Env, loops: u32) -> Result<RawObservation, EnvError> {
    let mut look = RawObservation::default();
    env.observe(PLAYERS[0], &mut look)?;
    while env.game_loop() < loops && env.results().is_empty() {
        env.step(8)?;
        env.observe(PLAYERS[0], &mut look)?;
    }
    Ok(look)
}

fn embedded(settings: &GameSettings, loops: u32) -> RawObservation {
    let mut env = SimEnv::new(settings).unwrap();
    play(&mut env, loops).unwrap()
}

#[test]
fn a_game_that_does_not_start_is_a_clear_error() {
    let installed = Installed::new();
    for (script, words) in [
        (
            "echo 'no display found' >&2\nexit 3",
            ["no display found", "exit status: 3"],
        ),
        ("exec sleep 1000", ["no answer to its start", "9 s"]),
        ("kill -SEGV $$", ["the game's process ended", "signal: 11"]),
    ] {
        installed.write_executable(script);
        let begun = Instant::now();
        let error = start(&installed, short()).unwrap_err();
        assert!(begun.elapsed() < PATIENCE);
        assert!(matches!(error, EnvError::Start(_)), "{error:?}");
        let text = in_words(&error);
        assert!(words.iter().all(|w| text.contains(w)), "{text}");
        installed.nothing_left();
    }
    std::fs::write(installed.executable(), "no program").unwrap();
    let text = in_words(&start(&installed, short()).unwrap_err());
    assert!(text.contains("cannot start"), "{text}");
}

#[test]
fn a_slow_game_is_the_same_game() {
    let installed = Installed::new();
    let _stand = Stand::new(&installed, Fault::Slow, 0);
    let games = start(&installed, patient()).unwrap();
    let stop = AtomicBool::new(false);
    let mut env = games.open(&easy(), &stop).unwrap();
    let told = play(&mut env, 400).unwrap();
    assert_eq!(told, embedded(&easy(), 400));
}

#[test]
fn silence_nonsense_and_broken_connections_lose_the_game_in_time() {
    let faults = [
        Fault::Silent,
        Fault::Dripping,
        Fault::CutShort,
        Fault::NoFrames,
        Fault::Garbage,
        Fault::WrongAnswer,
    ];
    // Early enough for a game to begin with: handshake, ping, create, join, info, and some looks and steps.
    for fault in faults {
        let installed = Installed::new();
        let stand = Stand::new(&installed, fault, 25);
        let games = start(&installed, short()).unwrap();
        let stop = AtomicBool::new(false);
        let mut env = games.open(&easy(), &stop).unwrap();
        let begun = Instant::now();
        let error = play(&mut env, 100_000).unwrap_err();
        assert!(begun.elapsed() < PATIENCE, "{fault:?}");
        assert!(matches!(error, EnvError::Lost(_)), "{fault:?}: {error:?}");
        let is_late = matches!(fault, Fault::Silent | Fault::Dripping);
        let text = in_words(&error);
        assert_eq!(text.contains("no answer to"), is_late, "{fault:?}: {text}");
        drop(env);
        drop(games);
        assert_eq!(stand.games.load(Ordering::Relaxed), 1);
        installed.nothing_left();
    }
}

#[test]
fn a_game_that_never_begins_is_tried_a_few_times_and_then_an_error() {
    let installed = Installed::new();
    // Handshake and ping come through, creating does not.
    let stand = Stand::new(&installed, Fault::CutShort, 2);
    let games = start(&installed, short()).unwrap();
    let stop = AtomicBool::new(false);
    let error = games.open(&easy(), &stop).err().expect("no game");
    assert!(matches!(error, EnvError::Start(_)), "{error:?}");
    assert_eq!(stand.games.load(Ordering::Relaxed), 3);
    drop(games);
    installed.nothing_left();
}

#[test]
fn a_killed_process_loses_its_game_and_the_next_one_is_played() {
    let installed = Installed::new();
    let games = start(&installed, patient()).unwrap();
    let stop = AtomicBool::new(false);
    for (settings, victim) in [(easy(), 0), (pair(), 0), (pair(), 1)] {
        let mut env = games.open(&settings, &stop).unwrap();
        play(&mut env, 80).unwrap();
        signal("-KILL", env.process_ids()[victim]);
        let error = play(&mut env, 100_000).unwrap_err();
        let text = in_words(&error);
        assert!(matches!(error, EnvError::Lost(_)), "{text}");
        drop(env);
        let mut env = games.open(&settings, &stop).unwrap();
        assert_eq!(play(&mut env, 200).unwrap(), embedded(&settings, 200));
    }
    drop(games);
    installed.nothing_left();
}

/// A process stopped by a signal is as silent as a game that hangs.
#[test]
fn a_process_that_hangs_loses_its_game_in_time_and_is_ended() {
    let installed = Installed::new();
    let games = start(&installed, short()).unwrap();
    let stop = AtomicBool::new(false);
    for victim in [0, 1] {
        let mut env = games.open(&pair(), &stop).unwrap();
        play(&mut env, 80).unwrap();
        signal("-STOP", env.process_ids()[victim]);
        let begun = Instant::now();
        let text = in_words(&play(&mut env, 100_000).unwrap_err());
        assert!(text.contains("no answer to"), "{text}");
        drop(env);
        assert!(begun.elapsed() < PATIENCE);
    }
    drop(games);
    installed.nothing_left();
}

#[test]
fn who_waits_for_a_game_that_hangs_can_be_stopped() {
    let installed = Installed::new();
    let games = Arc::new(start(&installed, patient()).unwrap());
    let arena = Arena::Sc2(games.clone());
    let stop = AtomicBool::new(false);
    let mut env = games.open(&easy(), &stop).unwrap();
    signal("-STOP", env.process_ids()[0]);
    let begun = Instant::now();
    let told = std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(300));
            stop.store(true, Ordering::Relaxed);
        });
        env.step(8)
    });
    assert!(matches!(told, Err(EnvError::Interrupted)), "{told:?}");
    assert!(begun.elapsed() < Duration::from_secs(30), "not the limit");
    drop(env);
    drop((games, arena));
    installed.nothing_left();
}

#[test]
fn what_the_game_will_not_have_is_refused_at_once() {
    let installed = Installed::new();
    let games = start(&installed, patient()).unwrap();
    let stop = AtomicBool::new(false);
    let mut zerg = easy();
    zerg.seats[0] = scc::env::Seat::Participant {
        race: scc::game::Race::Zerg,
        name: "z".into(),
    };
    let error = games.open(&zerg, &stop).err().expect("no game");
    let text = in_words(&error);
    assert!(
        matches!(error, EnvError::Refused(_)) && text.contains("Zerg"),
        "{text}"
    );
    let error = games.load_map("TritonLE", &stop).unwrap_err().to_string();
    assert!(
        error.contains("TritonLE") && error.contains("Melee/Flat64.SC2Map"),
        "{error}"
    );
}

/// A map of which only its name is known, as of the real game: it is looked at, and what is seen makes the map.
#[test]
fn a_map_that_cannot_be_read_is_looked_at() {
    let installed = Installed::new();
    let mut located = installed.located();
    located.is_simulator = false;
    let stop = AtomicBool::new(false);
    let games = Sc2Games::start(located, None, patient(), &stop).unwrap();
    let seen = games.load_map("Flat64", &stop).unwrap();
    let known = scc::sim::maps::by_name("Flat64").unwrap();
    assert_eq!(
        (&seen.pathing, &seen.placement),
        (&known.pathing, &known.placement)
    );
    assert_eq!(
        (&seen.height, seen.playable),
        (&known.height, known.playable)
    );
    let sorted = |points: &[scc::game::Point]| {
        let mut all: Vec<(i32, i32)> = points.iter().map(|p| (p.x as i32, p.y as i32)).collect();
        all.sort_unstable();
        all
    };
    assert_eq!(
        sorted(&seen.start_locations),
        sorted(&known.start_locations)
    );
    assert_eq!(seen.resources.len(), known.resources.len());
    let mut settings = easy();
    settings.map = seen;
    let mut env = games.open(&settings, &stop).unwrap();
    assert_eq!(play(&mut env, 40).unwrap(), embedded(&easy(), 40));
}
