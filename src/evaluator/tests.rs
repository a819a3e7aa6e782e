use super::*;
use crate::agent::random::RandomAgent;
use crate::agent::scripted;
use crate::env::{Arena, Playback, load_map, text::play_text};
use crate::game::{Race, Seed};
use crate::replay;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

#[test]
fn specs_parse_and_print_the_same() {
    for text in [
        "builtin:VeryEasy:terran",
        "builtin:Hard:zerg:Macro",
        "scripted:reaper_bio",
        "random:terran",
        "checkpoint:runs/a/best.safetensors",
        "league:main-1",
        "checkpoint:a,b/w.safetensors",
        "checkpoint:a,b/w.safetensors,z=z/flat.z:0+12",
        "checkpoint:w,z=all.z,rating=-30",
        "league:main@10,z=none",
    ] {
        let spec: AgentSpec = text.parse().unwrap();
        assert_eq!(spec.to_string(), text);
    }
}

#[test]
fn networks_are_told_what_to_be_behind_their_names() {
    let spec: AgentSpec = "checkpoint:a,b,rating=70,z=c.z:3+1".parse().unwrap();
    let by = Condition {
        z: Some(ZChoice::File {
            path: "c.z".into(),
            entries: vec![3, 1],
        }),
        rating: Some(70),
    };
    let agent = Box::new(AgentSpec::Checkpoint("a,b".into()));
    assert_eq!(spec, AgentSpec::Conditioned { agent, by });
    let plain: AgentSpec = "checkpoint:a,z".parse().unwrap();
    assert_eq!(plain, AgentSpec::Checkpoint("a,z".into()));
}

#[test]
fn bad_specs_say_what_is_known() {
    for (text, word) in [
        ("nonsense", "builtin:LEVEL"),
        ("builtin:Godlike:terran", "VeryEasy"),
        ("builtin:Easy", "race"),
        ("builtin:Easy:orc", "terran"),
        ("builtin:Easy:terran:Macro:x", "too many"),
        ("random:", "nothing after"),
        ("pilot:x", "unknown kind"),
        ("checkpoint:w,z=", "FILE:N"),
        ("checkpoint:w,z=a:1+x", "FILE:N"),
        ("checkpoint:w,z=:1", "FILE:N"),
        ("checkpoint:,z=a", "no name"),
        ("league:m,z=none,z=a", "twice"),
        ("league:m,rating=1.5", "whole number"),
    ] {
        let error = text.parse::<AgentSpec>().unwrap_err().to_string();
        assert!(error.contains(word), "{text}: {error}");
    }
}

/// Builtin, scripted and random players, as `run`'s roster makes them.
struct Few;

impl Roster for Few {
    fn player(&self, spec: &AgentSpec) -> Result<SeatPlayer, EvaluatorError> {
        Ok(match spec {
            AgentSpec::Builtin { level, race, build } => SeatPlayer::Computer {
                race: *race,
                level: *level,
                build: *build,
            },
            AgentSpec::Scripted(name) => SeatPlayer::Agent {
                race: Race::Terran,
                agent: Box::new(scripted::by_name(name).unwrap()),
            },
            _ => SeatPlayer::Agent {
                race: Race::Terran,
                agent: Box::new(RandomAgent::default()),
            },
        })
    }
}

fn plan(agent: &str, opponent: &str, games: u32, loops_max: u32) -> MatchPlan {
    MatchPlan {
        agent: agent.parse().unwrap(),
        opponent: opponent.parse().unwrap(),
        map: load_map("Flat64").unwrap(),
        games,
        loops_max,
        seed: Seed(5),
    }
}

fn play(plan: &MatchPlan, threads: usize, save_replays: Option<PathBuf>) -> MatchRow {
    let options = MatchOptions {
        threads,
        stop: &AtomicBool::new(false),
        on_game: &|_| {},
        save_replays,
        arena: &Arena::Simulator,
    };
    play_match(plan, &Few, &options).unwrap()
}

#[test]
fn a_match_does_not_depend_on_threads() {
    let plan = plan("random:terran", "builtin:VeryEasy:terran", 4, 1500);
    let (one, four) = (play(&plan, 1, None), play(&plan, 4, None));
    assert_eq!((one.games, one.ties), (4, 4), "cut off at the limit: ties");
    assert_eq!(one.state_hash, four.state_hash);
    assert_eq!(one.mean_loops, 1500.0);
    let mut other = plan.clone();
    other.seed = Seed(6);
    assert_ne!(
        play(&other, 2, None).state_hash,
        one.state_hash,
        "the seed matters"
    );
}

/// Games in groups of three, as players want that share their network's batches.
struct ByThrees;

impl Roster for ByThrees {
    fn player(&self, spec: &AgentSpec) -> Result<SeatPlayer, EvaluatorError> {
        Few.player(spec)
    }

    fn group_max(&self, _: [&AgentSpec; 2]) -> usize {
        3
    }
}

#[test]
fn games_played_in_groups_are_the_same_games() {
    let plan = plan("random:terran", "builtin:VeryEasy:terran", 7, 1200);
    let options = MatchOptions {
        threads: 2,
        stop: &AtomicBool::new(false),
        on_game: &|_| {},
        save_replays: None,
        arena: &Arena::Simulator,
    };
    let grouped = play_match(&plan, &ByThrees, &options).unwrap();
    assert_eq!(grouped.state_hash, play(&plan, 1, None).state_hash);
    assert_eq!(grouped.games, 7);
}

#[test]
fn saved_games_replay_to_the_same_state() {
    let dir = tempfile::tempdir().unwrap();
    let script = format!("scripted:{}", scripted::names()[0]);
    let plan = plan(&script, "random:terran", 2, 3000);
    play(&plan, 2, Some(dir.path().to_owned()));
    let files = replay::list(dir.path()).unwrap();
    assert_eq!(files.len(), 2);
    for file in files {
        let mut game = replay::read(&file).unwrap();
        assert!(
            game.header.n_commands.iter().all(|&n| n > 10),
            "{:?}",
            game.header
        );
        Playback::new(&game).unwrap().finish().unwrap();
        let mut text = Vec::new();
        play_text(&game, &mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        assert!(text.contains("Train") && text.contains("workers"), "{text}");
        game.commands.truncate(game.commands.len() / 2);
        let told = Playback::new(&game).unwrap().finish();
        assert!(told.is_err(), "another game must not pass for this one");
    }
}

#[test]
fn a_match_that_is_told_to_stop_says_so() {
    let options = MatchOptions {
        threads: 2,
        stop: &AtomicBool::new(true),
        on_game: &|_| {},
        save_replays: None,
        arena: &Arena::Simulator,
    };
    let plan = plan("random:terran", "random:terran", 3, 1000);
    let told = play_match(&plan, &Few, &options);
    assert!(matches!(told, Err(EvaluatorError::Interrupted)));
}

#[test]
fn lost_games_are_played_again_with_their_seeds() {
    let plan = plan("random:terran", "builtin:VeryEasy:terran", 5, 900);
    let lossy = |every| {
        let options = MatchOptions {
            threads: 1,
            stop: &AtomicBool::new(false),
            on_game: &|_| {},
            save_replays: None,
            arena: &Arena::Lossy {
                every,
                begun: Default::default(),
            },
        };
        play_match(&plan, &Few, &options)
    };
    let whole = play(&plan, 1, None);
    let row = lossy(3).unwrap();
    // Begun: 1, 2, (3 lost) 4, 5, (6 lost) 7.
    assert_eq!((row.repeated, whole.repeated), (2, 0));
    assert_eq!(
        (&row.state_hash, &row.view_hash),
        (&whole.state_hash, &whole.view_hash)
    );
    let told = lossy(1).unwrap_err();
    assert!(
        told.is_lost_game(),
        "a game lost every time is an error: {told}"
    );
}
