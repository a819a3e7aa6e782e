//! The same game embedded and over the API, side by side: every look is equal, field by field.

use super::{Installed, computer, participant, settings};
use scc::agent::{Agent, scripted};
use scc::env::{Difficulty, Env, GameSettings, PLAYERS, Sc2Games, Seat, SimEnv};
use scc::game::{RawObservation, Seed};
use std::sync::atomic::AtomicBool;

/// What a game came to.
struct Ended {
    loops: u32,
    looks: u32,
    commands: usize,
    most_units: usize,
}

/// Fails at the first difference, unit by unit first for a readable failure.
fn assert_same(told: &RawObservation, known: &RawObservation, player: u8) {
    let at = format!("player {player} at loop {}", known.game_loop);
    let tags = |obs: &RawObservation| obs.units.iter().map(|u| u.tag).collect::<Vec<_>>();
    assert_eq!(tags(told), tags(known), "{at}");
    for (a, b) in told.units.iter().zip(&known.units) {
        assert_eq!(a, b, "{at}");
    }
    assert_eq!(told.score, known.score, "{at}");
    assert_eq!(told, known, "{at}");
}

/// Plays both games with the same commands until the end or `loops_max`.
fn play(games: &Sc2Games, settings: &GameSettings, scripts: [&str; 2], loops_max: u32) -> Ended {
    let stop = AtomicBool::new(false);
    let mut embedded = SimEnv::new(settings).unwrap();
    let mut over_api = games.open(settings, &stop).unwrap();
    let mut seats = Vec::new();
    for (i, player) in PLAYERS.into_iter().enumerate() {
        if matches!(settings.seats[i], Seat::Participant { .. }) {
            let (told, known) = (over_api.game_info(player), embedded.game_info(player));
            assert_eq!(format!("{told:?}"), format!("{known:?}"));
            let mut agent = scripted::by_name(scripts[i]).unwrap();
            agent.begin(&told, Seed(77).fork("agent", i as u64));
            seats.push((player, agent, 0));
        }
    }
    let mut ended = Ended {
        loops: 0,
        looks: 0,
        commands: 0,
        most_units: 0,
    };
    let (mut told, mut known) = (RawObservation::default(), RawObservation::default());
    loop {
        let now = embedded.game_loop();
        assert_eq!(over_api.game_loop(), now);
        assert_eq!(over_api.results(), embedded.results());
        let is_over = !embedded.results().is_empty() || now >= loops_max;
        for (player, agent, next) in &mut seats {
            if *next > now && !is_over {
                continue;
            }
            embedded.observe(*player, &mut known);
            over_api.observe(*player, &mut told).unwrap();
            assert_same(&told, &known, player.0);
            ended.looks += 1;
            ended.most_units = ended.most_units.max(known.units.len());
            if is_over {
                continue;
            }
            let step = agent.act(&told);
            *next = now + u32::from(step.skip_loops.max(1));
            ended.commands += step.commands.len();
            let answers = Env::submit(&mut embedded, *player, &step.commands).unwrap();
            let over_there = over_api.submit(*player, &step.commands).unwrap();
            assert_eq!(over_there, answers, "loop {now}: {:?}", step.commands);
        }
        if is_over {
            ended.loops = now;
            return ended;
        }
        let next = seats.iter().map(|(_, _, next)| *next).min();
        let loops = next.unwrap_or(now + 200).min(loops_max) - now;
        embedded.step(loops);
        over_api.step(loops).unwrap();
    }
}

#[test]
fn a_script_against_the_computer_sees_the_same_from_the_first_loop_to_the_end() {
    let installed = Installed::new();
    let games = installed.games();
    let seats = [participant("bio"), computer(Difficulty::Hard)];
    let ended = play(&games, &settings("Flat64", seats, 3), ["bio", ""], 24_000);
    assert!(
        ended.loops > 4000 && ended.looks > 200,
        "{} loops",
        ended.loops
    );
    assert!(
        ended.commands > 300 && ended.most_units > 80,
        "{} units",
        ended.most_units
    );
    // The computer first: then the client is player 2.
    let seats = [computer(Difficulty::VeryEasy), participant("mech")];
    let ended = play(
        &games,
        &settings("Tidewater", seats, 4),
        ["", "mech"],
        6_000,
    );
    let (commands, loops) = (ended.commands, ended.loops);
    assert!(commands > 80, "{commands} commands in {loops} loops");
    drop(games);
    installed.nothing_left();
}

#[test]
fn two_scripts_see_the_same_from_the_first_loop_to_the_end() {
    let installed = Installed::new();
    let games = installed.games();
    let scripts = ["marine", "bio"];
    let flat = settings("Flat64", scripts.map(participant), 5);
    let ended = play(&games, &flat, scripts, 24_000);
    assert!(
        ended.loops > 3000 && ended.commands > 200,
        "{} {}",
        ended.loops,
        ended.commands
    );
    // Every script, so that whatever it builds and casts goes over the wire; on the same two processes.
    let names = scripted::names();
    for (i, pair) in names.chunks(2).enumerate() {
        let scripts = [pair[0], pair[pair.len() - 1]];
        let settings = settings("Tidewater", scripts.map(participant), i as u64);
        play(&games, &settings, scripts, 9_000);
    }
    assert_eq!(installed.processes().len(), 2, "processes are used again");
    drop(games);
    installed.nothing_left();
}

#[test]
fn two_computers_are_watched_to_the_same_end() {
    let installed = Installed::new();
    let games = installed.games();
    let seats = [computer(Difficulty::VeryEasy), computer(Difficulty::Hard)];
    let settings = settings("Flat64", seats, 9);
    let ended = play(&games, &settings, ["", ""], 30_000);
    assert!(ended.loops < 30_000, "it ended by itself");
}
