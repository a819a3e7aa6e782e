//! Players' games of `.SC2Replay` files against Blizzard's decoder, and of own replays against the simulator itself.

use flate2::read::GzDecoder;
use scc::analysis::kinds::{self, Kind};
use scc::analysis::profile::profiles;
use scc::analysis::{LoadError, LoadOptions, PlayerGame, Stage, find, games, load};
use scc::env::{PLAYERS, Playback};
use scc::game::{Alliance, Race, RawObservation, data};
use scc::replay::{self, Failures};
use scc::run::strategies::of_replay;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn never() -> AtomicBool {
    AtomicBool::new(false)
}

fn own(name: &str) -> PathBuf {
    Path::new(ROOT).join("replays").join(name)
}

/// Real replays, or a word that they are not there.
fn real() -> Option<PathBuf> {
    let found = crate::cli::real_replays();
    if found.is_none() {
        println!("skipped: no real replays");
    }
    found
}

/// Every real replay that has a reference with tracker events, with that and its players' games.
fn decoded() -> Vec<(String, Value, Vec<PlayerGame>)> {
    let mut found = Vec::new();
    let files = real().map(|folder| replay::find(&folder).unwrap());
    for file in files.into_iter().flatten() {
        let Ok(packed) = std::fs::read(file.with_extension("reference.json.gz")) else {
            continue;
        };
        let reference: Value = serde_json::from_reader(GzDecoder::new(packed.as_slice())).unwrap();
        if reference["player_stats"]
            .as_array()
            .is_none_or(Vec::is_empty)
        {
            continue;
        }
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let games = games(&file, &never()).unwrap_or_else(|error| panic!("{name}: {error}"));
        found.push((name, reference, games));
    }
    found
}

/// The tracker's number of each player, in order: by the lobby's slots where the tracker has all of them.
fn tracker_numbers(reference: &Value) -> Vec<i64> {
    let players = reference["details"]["players"].as_array().unwrap();
    let setups = reference["player_setup"].as_array().unwrap();
    let of_slot = |player: &Value| {
        let slot = &player["working_set_slot_id"];
        let found = setups
            .iter()
            .find(|it| !slot.is_null() && &it["slotId"] == slot);
        found.map(|it| it["playerId"].as_i64().unwrap())
    };
    let all_known = players.iter().all(|player| of_slot(player).is_some());
    let number = |(idx, player): (usize, &Value)| {
        of_slot(player)
            .filter(|_| all_known)
            .unwrap_or(idx as i64 + 1)
    };
    players.iter().enumerate().map(number).collect()
}

#[test]
fn samples_are_the_trackers_statistics_at_every_loop() {
    let mut n = 0;
    for (name, reference, games) in decoded() {
        for (game, number) in games.iter().zip(tracker_numbers(&reference)) {
            let mut theirs: BTreeMap<u64, &Value> = BTreeMap::new();
            for it in reference["player_stats"].as_array().unwrap() {
                if it["player_id"] == number {
                    theirs.insert(it["loop"].as_u64().unwrap(), &it["stats"]);
                }
            }
            assert_eq!(
                game.samples.len(),
                theirs.len(),
                "{name}, player {}",
                game.player
            );
            for (sample, (at, stats)) in game.samples.iter().zip(theirs) {
                // The game itself lets some figures fall a little below nothing.
                let get = |key: &str| stats[key].as_i64().unwrap_or(0).max(0);
                let sum = |what: &str| -> i64 {
                    let parts = ["Army", "Economy", "Technology"];
                    let of = |part| {
                        get(&format!("Minerals{what}{part}")) + get(&format!("Vespene{what}{part}"))
                    };
                    parts.into_iter().map(of).sum()
                };
                let here = format!("{name}, player {}, loop {at}", game.player);
                assert_eq!(u64::from(sample.game_loop), at, "{here}");
                assert_eq!(
                    i64::from(sample.workers),
                    get("WorkersActiveCount"),
                    "{here}"
                );
                assert_eq!(
                    (sample.supply_used * 4096.0) as i64,
                    get("FoodUsed"),
                    "{here}"
                );
                assert_eq!(
                    (sample.supply_made * 4096.0) as i64,
                    get("FoodMade"),
                    "{here}"
                );
                assert_eq!(i64::from(sample.minerals), get("MineralsCurrent"), "{here}");
                assert_eq!(
                    i64::from(sample.vespene_rate),
                    get("VespeneCollectionRate"),
                    "{here}"
                );
                let army = get("MineralsUsedActiveForces") + get("VespeneUsedActiveForces");
                assert_eq!(i64::from(sample.army_value), army, "{here}");
                assert_eq!(i64::from(sample.killed_value), sum("Killed"), "{here}");
                assert_eq!(i64::from(sample.lost_value), sum("Lost"), "{here}");
                n += 1;
            }
        }
    }
    println!("{n} samples equal");
}

/// How many of each type and stage there are, counted from the first 300 unit events of a reference before `until`.
fn counted(reference: &Value, number: i64, until: u64) -> BTreeMap<(Stage, String), usize> {
    let mut counts = BTreeMap::new();
    let mut begun: BTreeMap<(u64, u64), (i64, String)> = BTreeMap::new();
    for it in reference["unit_events_first_300"].as_array().unwrap() {
        let at = it["loop"].as_u64().unwrap();
        // Lists of positions are among them, which are of no one unit.
        let (Some(index), Some(recycle)) = (it["tag_index"].as_u64(), it["tag_recycle"].as_u64())
        else {
            continue;
        };
        let tag = (index, recycle);
        let what = it["unit_type"].as_str().unwrap_or_default().to_owned();
        let owner = it["control_player_id"].as_i64().unwrap_or(0);
        let (stage, owner, what) = match it["kind"].as_str().unwrap() {
            "UnitBorn" => (Stage::Done, owner, what),
            "UnitInit" => {
                begun.insert(tag, (owner, what.clone()));
                (Stage::Begun, owner, what)
            }
            "UnitDone" => {
                let Some((owner, what)) = begun.get(&tag).cloned() else {
                    continue;
                };
                (Stage::Done, owner, what)
            }
            _ => continue,
        };
        let is_made = what != "Larva" && !what.ends_with("Egg") && !what.starts_with("Beacon");
        if owner == number && at > 0 && at < until && is_made && !what.ends_with("Cocoon") {
            *counts.entry((stage, what)).or_default() += 1;
        }
    }
    counts
}

#[test]
fn makings_are_the_trackers_births_inits_and_dones_and_upgrades() {
    let (mut n, mut n_upgrades) = (0, 0);
    for (name, reference, games) in decoded() {
        let events = reference["unit_events_first_300"].as_array().unwrap();
        let last = events.last().map_or(0, |it| it["loop"].as_u64().unwrap());
        for (game, number) in games.iter().zip(tracker_numbers(&reference)) {
            let mut ours: BTreeMap<(Stage, String), usize> = BTreeMap::new();
            for it in &game.makings {
                if matches!(it.stage, Stage::Begun | Stage::Done) && u64::from(it.game_loop) < last
                {
                    *ours.entry((it.stage, it.what.to_string())).or_default() += 1;
                }
            }
            let theirs = counted(&reference, number, last);
            // A structure that changes its name while it is put up (a barracks flies off its add-on) is done as another.
            let total = |counts: &BTreeMap<(Stage, String), usize>| counts.values().sum::<usize>();
            assert_eq!(
                total(&ours),
                total(&theirs),
                "{name}, player {}",
                game.player
            );
            for (key, count) in theirs
                .iter()
                .filter(|it| !it.0.1.contains("TechLab") && !it.0.1.contains("Reactor"))
            {
                assert_eq!(
                    ours.get(key),
                    Some(count),
                    "{name}, player {}: {key:?}",
                    game.player
                );
                n += count;
            }
            let upgrade = |it: &Value| {
                let what = it["upgrade"].as_str().unwrap().to_owned();
                let cosmetic = ["Spray", "Reward", "Game"]
                    .iter()
                    .any(|prefix| what.starts_with(prefix));
                let counts = it["player_id"] == number && it["loop"] != 0 && it["count"] != 0;
                (counts && !cosmetic).then(|| (it["loop"].as_u64().unwrap() as u32, what))
            };
            let theirs = reference["upgrade_events"].as_array().unwrap().iter();
            let theirs: Vec<_> = theirs.filter_map(upgrade).collect();
            let ours = game
                .makings
                .iter()
                .filter(|it| it.stage == Stage::Researched);
            let ours: Vec<_> = ours.map(|it| (it.game_loop, it.what.to_string())).collect();
            assert_eq!(ours, theirs, "{name}, player {}", game.player);
            n_upgrades += ours.len();
        }
    }
    println!("{n} makings and {n_upgrades} upgrades equal");
}

#[test]
fn players_of_real_replays_have_the_right_units_commands_and_results() {
    for (name, reference, games) in decoded() {
        let of_user = &reference["game_event_counts_by_user"];
        let mut commands = 0;
        for (idx, game) in games.iter().enumerate() {
            let here = format!("{name}, player {}", game.player);
            let told = &reference["details"]["players"][idx];
            assert_eq!(told["control"] == 3, game.is_ai, "{here}");
            assert!(!game.is_ai || game.commands.is_empty(), "{here}");
            assert!(game.commands.is_sorted() && game.makings.is_sorted_by_key(|it| it.game_loop));
            commands += game.commands.len();
            // Whose worker is born is whose race it is; co-op commanders have others.
            let worker = match game.race {
                Race::Terran => "SCV",
                Race::Zerg => "Drone",
                Race::Protoss => "Probe",
                Race::Random => continue,
            };
            let Some(first) = game.samples.first().map(|it| &it.alive) else {
                continue;
            };
            let is_melee = first.iter().any(|(it, _)| kinds::kind(it) == Kind::Worker);
            assert!(
                !is_melee || first.keys().any(|it| &**it == worker),
                "{here}: {first:?}"
            );
            assert!(!is_melee || game.start.is_some(), "{here}");
        }
        let told: u64 = of_user
            .as_object()
            .unwrap()
            .values()
            .filter_map(|it| it["CmdEvent"].as_u64())
            .sum();
        assert_eq!(commands as u64, told, "{name}");
    }
}

#[test]
fn what_lives_adds_up_over_real_games() {
    let (mut n, mut n_off) = (0, 0);
    for (name, _, games) in decoded().iter().filter(|it| it.2.len() == 2) {
        for game in games {
            for sample in &game.samples {
                let workers: u32 = sample
                    .alive
                    .iter()
                    .filter(|(what, _)| kinds::kind(what) == Kind::Worker)
                    .map(|(_, n)| n)
                    .sum();
                let off = workers.abs_diff(sample.workers);
                (n, n_off) = (n + 1, n_off + usize::from(off > 0));
                assert!(
                    off <= 1,
                    "{name}, player {}, loop {}: {workers} live, {} said",
                    game.player,
                    sample.game_loop,
                    sample.workers
                );
            }
        }
    }
    // A worker that dies in the very loop.
    assert!(n_off * 100 <= n, "{n_off} of {n} samples off by one");
}

#[test]
fn replays_without_tracker_events_are_told_apart_by_reason() {
    let Some(folder) = real() else { return };
    let mut failures = Failures::default();
    let files = find(&[folder], &mut failures);
    let told = AtomicUsize::new(0);
    let stop = never();
    let options = LoadOptions {
        threads: 2,
        stop: &stop,
        on_file: &|n| {
            told.fetch_max(n, Ordering::Relaxed);
        },
    };
    let loaded = load(&files, &options);
    assert_eq!(
        (told.load(Ordering::Relaxed), loaded.n_files),
        (files.len(), files.len())
    );
    let rows = loaded.failures.rows();
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert!(rows[0].0.contains("no tracker events"), "{rows:?}");
    assert!(loaded.games.iter().all(|it| !it.version.starts_with("1.")));
    // No order of threads shows.
    let again = load(
        &files,
        &LoadOptions {
            threads: 1,
            ..options
        },
    );
    assert!(again.games == loaded.games);
    let stopped = AtomicBool::new(true);
    let options = LoadOptions {
        threads: 1,
        stop: &stopped,
        on_file: &|_| {},
    };
    assert!(load(&files, &options).is_stopped);
}

/// An own replay and its players' games.
fn played(name: &str) -> (replay::Replay, Vec<PlayerGame>) {
    let path = own(name);
    (
        replay::read(&path).unwrap(),
        games(&path, &never()).unwrap(),
    )
}

#[test]
fn own_replays_tell_what_each_player_sees_of_its_own() {
    let (replay, games) = played("viking-against-mech.screp");
    let mut playback = Playback::new(&replay).unwrap();
    let mut raw = RawObservation::default();
    let mut n = 0;
    for i in 0..games[0].samples.len() {
        let at = games[0].samples[i].game_loop;
        playback.advance(at).unwrap();
        for player in PLAYERS {
            let sample = &games[usize::from(player.0) - 1].samples[i];
            playback.observe(player, &mut raw);
            let here = format!("player {}, loop {at}", player.0);
            assert_eq!(
                (sample.minerals, sample.vespene),
                (raw.player.minerals, raw.player.vespene),
                "{here}"
            );
            assert_eq!(sample.supply_used as u32, raw.player.food_used, "{here}");
            assert_eq!(
                sample.supply_made.min(200.0) as u32,
                raw.player.food_cap,
                "{here}"
            );
            let mut seen: BTreeMap<String, u32> = BTreeMap::new();
            let name = |id| data::unit(id).unwrap().name.to_owned();
            for unit in raw.units.iter().filter(|it| it.alliance == Alliance::Own) {
                let held = unit.passengers.iter().map(|it| name(it.unit_type));
                held.for_each(|it| *seen.entry(it).or_default() += 1);
                if unit.build_progress >= 1.0 {
                    *seen.entry(name(unit.unit_type)).or_default() += 1;
                }
            }
            for (what, count) in &sample.alive {
                // Workers in a refinery are nowhere to be seen.
                let unseen = if &**what == "SCV" { 12 } else { 0 };
                let visible = seen.remove(&**what).unwrap_or(0);
                assert!(
                    visible <= *count && visible + unseen >= *count,
                    "{here}: {what} {visible} {count}"
                );
            }
            assert!(seen.is_empty(), "{here}: {seen:?}");
            n += 1;
        }
    }
    assert!(n > 100, "{n} looks");
    let score =
        |raw: &RawObservation| raw.score.killed_value_units + raw.score.killed_value_structures;
    assert_eq!(
        games[1].samples.last().unwrap().killed_value,
        score(&raw) as u32
    );
}

#[test]
fn own_replays_have_the_same_strategy_as_the_training_of_z_takes_from_them() {
    for name in ["viking-against-mech.screp", "bio-against-very-hard.screp"] {
        let (replay, games) = played(name);
        let vocab = scc::obs::vocab();
        let word = |id| data::unit(id).unwrap().name.to_owned();
        for (entry, profile) in of_replay(&replay, name)
            .unwrap()
            .iter()
            .zip(profiles(&games))
        {
            let counts = vocab
                .counted()
                .iter()
                .map(|id| word(*id))
                .zip(&entry.z.counts);
            let theirs: BTreeMap<String, u32> = counts
                .filter(|(_, n)| **n > 0)
                .map(|(name, n)| (name, u32::from(*n)))
                .collect();
            // Looks lie a few loops apart: what comes between two of them has no order, and what is gone by then was not.
            let here = format!("{name}, player {}", profile.player);
            let ours = &profile.z.counts;
            let of = |counts: &BTreeMap<String, u32>, what: &String| {
                counts.get(what).copied().unwrap_or(0)
            };
            for what in ours.keys().chain(theirs.keys()) {
                let off = of(ours, what).abs_diff(of(&theirs, what));
                assert!(
                    off <= 1 + of(ours, what) / 6,
                    "{here}: {what} {} {}",
                    of(ours, what),
                    of(&theirs, what)
                );
            }
            let order = entry.z.build_order.iter();
            let order = order.map(|it| word(vocab.build_items()[usize::from(it.item) - 1]));
            let order: Vec<String> = order.collect();
            let same = profile
                .z
                .build_order
                .iter()
                .zip(&order)
                .filter(|(a, b)| a == b);
            assert!(
                same.count() >= 16 && order.len() == 20,
                "{here}: {:?} {order:?}",
                profile.z.build_order
            );
            let upgrades = data::upgrades().iter().enumerate();
            let mut upgrades: Vec<String> = upgrades
                .filter(|(row, _)| entry.z.upgrades >> row & 1 == 1)
                .map(|(_, it)| it.name.to_owned())
                .collect();
            upgrades.sort();
            assert_eq!(profile.z.upgrades, upgrades, "{name}");
        }
    }
}

#[test]
fn own_replays_name_the_built_in_ai_and_what_it_makes() {
    let (replay, games) = played("bio-against-very-hard.screp");
    let [bio, ai] = games.as_slice() else {
        panic!("two players")
    };
    assert!(ai.is_ai && ai.commands.is_empty() && !bio.is_ai);
    assert_eq!(bio.commands.len() as u32, replay.header.n_commands[0]);
    assert_eq!(ai.loops, replay.header.game_loops);
    let made = |game: &PlayerGame, what: &str| {
        let done = game.makings.iter().filter(|it| it.stage == Stage::Done);
        done.filter(|it| &*it.what == what).count()
    };
    assert!(made(ai, "SCV") > 20 && made(bio, "Marine") > 20);
    // The loser's last figures: what the winner killed is what it lost but for what burned, or was lost unfinished.
    let (killed, lost) = (
        bio.samples.last().unwrap().killed_value,
        ai.samples.last().unwrap().lost_value,
    );
    assert!(
        killed > 2000 && killed.abs_diff(lost) * 10 < killed,
        "{killed} {lost}"
    );
    let by_bio = ai.deaths.iter().filter(|it| it.killer == Some(1));
    let worth = |what: &str| kinds::facts(what).map_or(0, |it| it.value);
    let told: u32 = by_bio.map(|it| worth(&it.what)).sum();
    assert!(
        told.abs_diff(killed) * 20 < killed,
        "deaths say {told}, the score {killed}"
    );
    for game in &games {
        assert!(
            game.makings
                .iter()
                .all(|it| data::units().any(|row| row.name == &*it.what)
                    || data::upgrades().iter().any(|row| row.name == &*it.what))
        );
        assert_eq!(game.samples[0].alive.get("SCV"), Some(&12));
    }
}

#[test]
fn an_own_replay_that_goes_another_way_is_refused() {
    let mut replay = replay::read(&own("very-hard-against-hard.screp")).unwrap();
    replay.header.state_hash ^= 1;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("changed.screp");
    replay::write(&path, &replay).unwrap();
    let error = games(&path, &never()).unwrap_err();
    assert!(matches!(error, LoadError::Playback { .. }));
    assert_eq!(error.reason(), "it does not re-play as it was recorded");
    let error = games(&path, &AtomicBool::new(true)).unwrap_err();
    assert!(matches!(error, LoadError::Stopped));
}
