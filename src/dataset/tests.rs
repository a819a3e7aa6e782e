use super::*;
use crate::action::{SKIP_LOOPS_MAX, Specs};
use crate::env::{GameSettings, PLAYERS, Seat, SimEnv, load_map};
use crate::game::{ActionResult, PlayerCommand, Race, RawObservation, Seed};
use crate::replay::{self, Controller, Header, Replay, SeatRecord, TimedCommand};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// A game of two players who only train SCVs, one of them with pauses longer than a step can wait.
fn game(seed: u64) -> Replay {
    let map = load_map("Flat64").unwrap();
    let seats = ["a", "b"].map(|name| Seat::Participant {
        race: Race::Terran,
        name: name.to_owned(),
    });
    let mut env = SimEnv::new(&GameSettings {
        map: map.clone(),
        seats,
        seed: Seed(seed),
    })
    .unwrap();
    let mut obs = RawObservation::default();
    let mut commands = Vec::new();
    while env.game_loop() < 2000 {
        let now = env.game_loop();
        for (player, every) in PLAYERS.into_iter().zip([50, 300]) {
            if now % every != 10 {
                continue;
            }
            env.observe(player, &mut obs);
            let hall = obs.units.iter().find(|u| u.unit_type.0 == 18).unwrap();
            let command = PlayerCommand::Unit(crate::game::Command {
                ability: crate::game::AbilityId(524),
                units: [hall.tag].into_iter().collect(),
                ..Default::default()
            });
            if env.submit(player, &command) == ActionResult::Success {
                commands.push(TimedCommand {
                    game_loop: now,
                    player,
                    command,
                });
            }
        }
        env.step(10);
    }
    let seat = |name: &str, rating| SeatRecord {
        name: name.to_owned(),
        race: Race::Terran,
        controller: Controller::Participant,
        rating: Some(rating),
    };
    Replay {
        header: Header {
            program: "test".to_owned(),
            map_name: map.name.clone(),
            map_hash: map.hash(),
            seed: Seed(seed),
            seats: [seat("a", 100.0), seat("b", -100.0)],
            results: Vec::new(),
            game_loops: env.game_loop(),
            state_hash: env.state_hash(),
            n_commands: [0, 0],
        },
        map: None,
        commands,
    }
}

pub(crate) fn replays(folder: &Path, n: u64) -> Vec<std::path::PathBuf> {
    let write = |i| {
        let path = folder.join(format!("{i}.screp"));
        replay::write(&path, &game(i)).unwrap();
        path
    };
    (0..n).map(write).collect()
}

pub(crate) fn build_with(
    folder: &Path,
    files: &[std::path::PathBuf],
    threads: usize,
) -> (Dataset, usize) {
    let (stop, told) = (AtomicBool::new(false), AtomicUsize::new(0));
    let options = BuildOptions {
        block_steps: 4,
        no_op_loops: SKIP_LOOPS_MAX,
        replays_per_shard: 2,
        needs_z: false,
        threads,
        stop: &stop,
        on_shard: &|_| {
            told.fetch_add(1, Ordering::Relaxed);
        },
    };
    let dataset = build(folder, files, &Specs::default(), &options).unwrap();
    let n = told.load(Ordering::Relaxed);
    (dataset, n)
}

#[test]
fn steps_tile_the_game_and_pauses_become_no_ops() {
    let players = extract(&game(1), "x", &Specs::default(), SKIP_LOOPS_MAX).unwrap();
    assert_eq!(players.len(), 2);
    for player in &players {
        assert_eq!(player.steps[0].obs.game_loop, 0, "an agent looks at loop 0");
        assert!(player.steps[0].reset && player.steps[1..].iter().all(|s| !s.reset));
        let mut at = 0;
        for step in &player.steps {
            assert_eq!(
                step.obs.game_loop, at,
                "a step begins where the last one ends"
            );
            at += u32::from(step.action.skip_loops);
        }
        assert_eq!(at, player.episode.subject.game_loops);
        assert!(player.counts.left_out.is_empty(), "{:?}", player.counts);
    }
    let slow = &players[1];
    let trained = slow.steps.iter().filter(|s| s.action.function != 0).count();
    assert!(
        slow.counts.no_ops as usize >= 2 * trained,
        "{:?}",
        slow.counts
    );
    let waits = slow.steps.iter().map(|s| s.action.skip_loops).max();
    assert_eq!(waits, Some(SKIP_LOOPS_MAX));
}

#[test]
fn a_no_op_gives_way_to_the_command_right_behind_it() {
    let chosen = |no_op_loops| {
        let players = extract(&game(1), "x", &Specs::default(), no_op_loops).unwrap();
        let busy = players.into_iter().next().unwrap();
        assert!(busy.counts.left_out.is_empty(), "{:?}", busy.counts);
        let commands = busy.steps.iter().filter(|s| s.action.function != 0);
        (commands.count(), busy.counts.no_ops)
    };
    // The player trains an SCV every 50 loops: the no-op due after 49 stands one loop before each.
    let (commands, _) = chosen(SKIP_LOOPS_MAX);
    assert_eq!(chosen(49).0, commands);
    assert!(chosen(49).1 < chosen(40).1, "those no-ops are gone");
}

#[test]
fn a_changed_replay_is_refused() {
    let mut replay = game(1);
    replay.commands.remove(3);
    assert!(extract(&replay, "x", &Specs::default(), SKIP_LOOPS_MAX).is_err());
}

#[test]
fn a_build_goes_on_where_it_stopped_and_threads_change_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let files = replays(dir.path(), 5);
    let [one, four] = ["one", "four"].map(|name| dir.path().join(name));
    let (first, _) = build_with(&one, &files, 1);
    let (other, _) = build_with(&four, &files, 4);
    assert_eq!((first.n_episodes(), first.hash()), (10, other.hash()));
    for i in 0..3 {
        let [a, b] = [&one, &four].map(|d| std::fs::read(d.join(format!("{i:05}.shard"))).unwrap());
        assert_eq!(a, b, "shard {i}");
    }
    let shard = one.join("00001.shard");
    let whole = std::fs::read(&shard).unwrap();
    let kept = std::fs::metadata(one.join("00000.shard"))
        .unwrap()
        .modified()
        .unwrap();
    std::fs::write(&shard, &whole[..whole.len() / 2]).unwrap();
    assert!(
        Dataset::open(&one, &Specs::default()).is_err(),
        "half a shard"
    );
    let (again, shards) = build_with(&one, &files, 2);
    assert_eq!((again.hash(), shards), (first.hash(), 3));
    assert_eq!(std::fs::read(&shard).unwrap(), whole);
    let now = std::fs::metadata(one.join("00000.shard"))
        .unwrap()
        .modified()
        .unwrap();
    assert_eq!(kept, now, "a whole shard is not built again");
    assert_eq!(
        Dataset::open(&one, &Specs::default()).unwrap().hash(),
        first.hash()
    );
}

#[test]
fn a_full_disk_is_an_error_and_leaves_no_shard() {
    let dir = tempfile::tempdir().unwrap();
    let files = replays(dir.path(), 1);
    // A file where the folder should be fails as a disk without room does: at the write.
    let blocked = dir.path().join("dataset");
    std::fs::write(&blocked, "").unwrap();
    let stop = AtomicBool::new(false);
    let options = BuildOptions {
        block_steps: 4,
        no_op_loops: SKIP_LOOPS_MAX,
        replays_per_shard: 2,
        needs_z: false,
        threads: 1,
        stop: &stop,
        on_shard: &|_| {},
    };
    let error = build(&blocked, &files, &Specs::default(), &options).unwrap_err();
    assert!(matches!(error, DatasetError::File(_)), "{error}");
}

#[test]
fn damaged_shards_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let files = replays(dir.path(), 1);
    let folder = dir.path().join("d");
    let (dataset, _) = build_with(&folder, &files, 1);
    let n_blocks: usize = (0..2).map(|e| dataset.episode(e).blocks.len()).sum();
    drop(dataset);
    let path = folder.join("00000.shard");
    let whole = std::fs::read(&path).unwrap();
    for len in (0..whole.len()).step_by(97) {
        std::fs::write(&path, &whole[..len]).unwrap();
        let error = Dataset::open(&folder, &Specs::default()).unwrap_err();
        assert!(error.to_string().contains("00000.shard"), "{error}");
    }
    let mut damaged = whole.clone();
    let last = damaged.len() - 3;
    damaged[last] ^= 1;
    std::fs::write(&path, &damaged).unwrap();
    let dataset = Dataset::open(&folder, &Specs::default()).unwrap();
    let read = |e: usize| (0..dataset.episode(e).blocks.len()).map(move |b| (e, b));
    let bad = (0..2)
        .flat_map(read)
        .filter(|&(e, b)| dataset.read(e, b).is_err())
        .count();
    assert_eq!(
        (bad, n_blocks > 2),
        (1, true),
        "exactly the damaged block is refused"
    );
}

#[test]
fn filters_take_who_they_say() {
    let dir = tempfile::tempdir().unwrap();
    let (dataset, _) = build_with(&dir.path().join("d"), &replays(dir.path(), 2), 1);
    let rated = EpisodeFilter {
        rating_min: Some(0.0),
        winners_only: false,
    };
    let picked = dataset.select(&rated);
    assert_eq!(picked.len(), 2);
    assert!(
        picked
            .iter()
            .all(|&e| dataset.episode(e).subject.agent == "a")
    );
    let winners = EpisodeFilter {
        rating_min: None,
        winners_only: true,
    };
    assert!(dataset.select(&winners).is_empty(), "nobody won");
}

#[test]
fn parts_come_together_as_the_dataset_that_is_built_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let files = replays(dir.path(), 3);
    let (whole, _) = build_with(&dir.path().join("whole"), &files, 1);
    let (folder, specs) = (dir.path().join("parts"), Specs::default());
    let parts = parts::Parts::new(&folder, &specs, 4, SKIP_LOOPS_MAX);
    let mut plans = Vec::new();
    for (i, file) in files.iter().enumerate() {
        let bytes = std::fs::read(file).unwrap();
        let plan = parts.plan(&bytes, &[1, 2], "simulator");
        assert_ne!(plan, parts.plan(&bytes, &[1], "simulator"));
        assert_ne!(plan, parts.plan(&bytes, &[1, 2], "watched"));
        assert!(parts.find(plan).is_none() && parts::is_dataset(&folder) == (i > 0));
        let game = replay::read(file).unwrap();
        let name = file.file_name().unwrap().to_string_lossy();
        let players = extract(&game, &name, &specs, SKIP_LOOPS_MAX).unwrap();
        let index = parts.write(plan, &players).unwrap();
        assert_eq!(parts.find(plan), Some(index.counts));
        plans.push(plan);
    }
    let merged = parts.merge(&plans, 2).unwrap();
    assert_eq!(merged.counts(), whole.counts());
    assert_eq!(merged.n_episodes(), whole.n_episodes());
    for e in 0..whole.n_episodes() {
        assert_eq!(merged.episode(e), whole.episode(e));
        for block in 0..whole.episode(e).blocks.len() {
            assert_eq!(
                merged.read(e, block).unwrap(),
                whole.read(e, block).unwrap()
            );
        }
    }
    let opened = Dataset::open(&folder, &specs).unwrap();
    assert_eq!(opened.hash(), merged.hash());
    // A damaged part is not there, and a dataset without it is an error.
    let path = folder.join("parts").join(format!("{:016x}.part", plans[0]));
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
    assert!(parts.find(plans[0]).is_none());
    assert!(parts.merge(&[plans[0]], 2).is_err());
    parts.remove();
    assert!(Dataset::open(&folder, &specs).is_ok());
}

#[test]
fn shards_without_z_are_built_again_where_z_is_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let (files, folder) = (replays(dir.path(), 1), dir.path().join("d"));
    let (dataset, _) = build_with(&folder, &files, 1);
    let hash = dataset.hash();
    let path = folder.join("00000.shard");
    let shard = Shard::open(&path).unwrap();
    let mut writer = ShardWriter::new(crate::trajectory::Wire::new(&Specs::default()));
    for (e, episode) in shard.index.episodes.iter().enumerate() {
        let steps: Vec<_> = (0..episode.blocks.len())
            .flat_map(|b| dataset.read(e, b).unwrap())
            .collect();
        let without = Episode {
            z: None,
            ..episode.clone()
        };
        writer.push(without, &steps, 4, &Counts::default());
    }
    let plan = shard.index.plan;
    let hashes = [shard.index.obs_hash, shard.index.action_hash];
    writer.finish(&path, plan, hashes).unwrap();
    let has_z = |d: &Dataset| (0..d.n_episodes()).all(|e| d.episode(e).z.is_some());
    assert!(!has_z(&build_with(&folder, &files, 1).0), "else they serve");
    let stop = AtomicBool::new(false);
    let options = BuildOptions {
        block_steps: 4,
        no_op_loops: SKIP_LOOPS_MAX,
        replays_per_shard: 2,
        needs_z: true,
        threads: 1,
        stop: &stop,
        on_shard: &|_| {},
    };
    let again = build(&folder, &files, &Specs::default(), &options).unwrap();
    assert!(has_z(&again));
    assert_eq!(again.hash(), hash, "a run can go on with it");
}
