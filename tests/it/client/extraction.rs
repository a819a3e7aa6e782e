//! `scc replay extract`: the same games from replays of ours and over the API, with games and the program itself killed.

use super::Installed;
use super::commands::{games_running, scc, signal};
use super::proxy::{Fault, Stand};
use scc::action::Specs;
use scc::dataset::{Dataset, Episode, Watched, commands_of, extract, extract_watched};
use scc::env::{EnvError, Playback};
use scc::game::{GameInfo, PlayerCommand, PlayerId, RawObservation};
use scc::replay::{self, Replay};
use scc::sc2::client::locate::SIMULATOR_MARK;
use scc::trajectory::Step;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Output, Stdio};
use std::time::{Duration, Instant};

/// As in configs/demo.toml, which is what `scc replay extract` takes unless told otherwise.
const NO_OP_LOOPS: u16 = 32;

/// An installation, and games on it that it saved as `.SC2Replay`, below `games`.
fn played(games: u32, loops: u32) -> Installed {
    let installed = Installed::new();
    let args = [
        "match",
        "--game",
        "sc2",
        "--map",
        "Flat64",
        "--agent",
        "scripted:marine",
        "--opponent",
        "scripted:bio",
        "--threads",
        "2",
        "--seed",
        "11",
        "--save-replays",
        "games",
        "--games",
        &games.to_string(),
        "--max-loops",
        &loops.to_string(),
    ];
    let out = scc(&installed, &args).output().unwrap();
    assert!(out.status.success(), "{}", told(&out));
    installed
}

fn told(out: &Output) -> String {
    String::from_utf8_lossy(&out.stderr).into_owned()
}

fn start(installed: &Installed, out: &str, more: &[&str]) -> Child {
    let args = [
        "replay", "extract", "games", "--json", "--out", out, "--set",
    ];
    let no_ops = format!("dataset.no_op_loops={NO_OP_LOOPS}");
    let set = [no_ops.as_str(), "--set", "dataset.replays_per_shard=2"];
    let words = [&args[..], &set, more].concat();
    let mut command = scc(installed, &words);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

/// Runs to the end, which is to be a good one.
fn run(installed: &Installed, out: &str, more: &[&str]) -> Value {
    let out = start(installed, out, more).wait_with_output().unwrap();
    assert_eq!(out.status.code(), Some(0), "{}", told(&out));
    serde_json::from_slice(&out.stdout).unwrap()
}

fn specs() -> Specs {
    let config: scc::run::ImitationConfig = scc::run::config::default_of(&[]).unwrap();
    Specs::new(config.obs, config.action).unwrap()
}

fn open(folder: &Path) -> Dataset {
    Dataset::open(folder, &specs()).unwrap()
}

fn steps(dataset: &Dataset, episode: usize) -> Vec<Step> {
    let blocks = 0..dataset.episode(episode).blocks.len();
    let read = blocks.flat_map(|block| dataset.read(episode, block).unwrap());
    read.collect()
}

/// Names and bytes of a dataset's shards.
fn shards(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().flatten();
    let shards = entries.filter(|entry| entry.path().extension().is_some_and(|e| e == "shard"));
    let read = |path: PathBuf| std::fs::read(path).unwrap();
    shards
        .map(|entry| {
            (
                entry.file_name().to_string_lossy().into_owned(),
                read(entry.path()),
            )
        })
        .collect()
}

/// What the API shows of a replay of ours, without the API.
struct Embedded<'a> {
    playback: Playback<'a>,
    player: PlayerId,
    info: GameInfo,
}

impl<'a> Embedded<'a> {
    fn new(replay: &'a Replay, player: u8) -> Embedded<'a> {
        let playback = Playback::new(replay).unwrap();
        let player = PlayerId(player);
        Embedded {
            info: playback.env().game_info(player),
            playback,
            player,
        }
    }
}

impl Watched for Embedded<'_> {
    fn info(&self) -> &GameInfo {
        &self.info
    }

    fn game_loop(&self) -> u32 {
        self.playback.env().game_loop()
    }

    fn is_over(&self) -> bool {
        self.playback.is_over()
    }

    fn observe(&mut self, raw: &mut RawObservation) -> Result<(), EnvError> {
        self.playback.observe(self.player, raw);
        Ok(())
    }

    fn carried_out(&mut self) -> Result<Vec<(u32, PlayerCommand)>, EnvError> {
        let mut raw = RawObservation::default();
        self.playback.observe(self.player, &mut raw);
        let orders = raw.executed.into_iter();
        Ok(orders
            .map(|it| (it.game_loop, PlayerCommand::Unit(it.command)))
            .collect())
    }

    fn step(&mut self, loops: u32) -> Result<(), EnvError> {
        self.playback.advance(self.game_loop() + loops)
    }
}

/// A player's steps by what the simulator says was carried out.
fn by_what_was_carried_out(replay: &Replay, episode: &Episode) -> Vec<Step> {
    let subject = &episode.subject;
    let mut first = Embedded::new(replay, subject.player);
    let commands = commands_of(&mut first, subject.game_loops).unwrap();
    let mut again = Embedded::new(replay, subject.player);
    let extracted = extract_watched(&mut again, &commands, subject, &specs(), NO_OP_LOOPS);
    extracted.unwrap().steps
}

/// The same episodes in both, but for where their blocks lie and what was built as seen at other looks.
fn same_episodes(a: &Dataset, b: &Dataset) {
    let plain = |dataset: &Dataset, i: usize| Episode {
        blocks: Vec::new(),
        z: None,
        ..dataset.episode(i).clone()
    };
    assert_eq!(a.n_episodes(), b.n_episodes());
    for i in 0..a.n_episodes() {
        assert_eq!(plain(a, i), plain(b, i));
    }
}

/// Two players' steps of whole games, over the API and by the simulator alone.
///
/// - What is watched equals, observation by observation and action by action, what the simulator says was carried out.
/// - A replay of ours holds what was sent: a command that more than one unit could carry out and one did, and one that was
///   taken and then could not be done, differ. The bound below says how many these are.
#[test]
fn games_watched_over_the_api_give_the_steps_of_our_own_replays() {
    let installed = played(2, 6000);
    let watched = run(&installed, "watched", &["--game", "sc2", "--threads", "2"]);
    let again = run(&installed, "again", &["--game", "sim", "--threads", "2"]);
    assert_eq!(
        (&watched["episodes"], &again["episodes"]),
        (&4.into(), &4.into())
    );
    let folder = |name: &str| installed.folder().join(name);
    let (watched, again) = (open(&folder("watched")), open(&folder("again")));
    same_episodes(&watched, &again);
    let (mut same, mut all) = (0, 0);
    for i in 0..watched.n_episodes() {
        let episode = watched.episode(i);
        let game = replay::read(&folder("games").join(&episode.subject.replay)).unwrap();
        let seen = steps(&watched, i);
        assert_eq!(seen, by_what_was_carried_out(&game, episode), "{episode:?}");
        let commands = seen.iter().filter(|step| step.action.function != 0).count();
        assert!(commands > 50, "{commands} commands");
        let sent = steps(&again, i);
        let key = |step: &Step| {
            let a = &step.action;
            (
                step.obs.game_loop,
                a.function,
                a.queued,
                a.target_unit,
                a.target_cell,
                a.skip_loops,
            )
        };
        let by_loop: BTreeMap<u32, &Step> = seen.iter().map(|s| (s.obs.game_loop, s)).collect();
        for step in &sent {
            let other = by_loop.get(&step.obs.game_loop);
            let is_same = other.is_some_and(|other| {
                let mut units = other.action.selected.iter();
                key(step) == key(other) && units.all(|u| step.action.selected.contains(u))
            });
            all += 1;
            same += usize::from(is_same);
        }
        let library = extract(&game, &episode.subject.replay, &specs(), NO_OP_LOOPS).unwrap();
        let own = library
            .iter()
            .find(|it| it.episode.subject.player == episode.subject.player);
        assert_eq!(own.unwrap().steps, sent, "as the library extracts");
    }
    assert!(same * 100 >= all * 97, "{same} of {all} steps are the same");
    installed.nothing_left();
}

/// What the game's executable does below the line by which it is known.
fn script(installed: &Installed) -> String {
    let text = std::fs::read_to_string(installed.executable()).unwrap();
    let (_, script) = text.split_once(&format!("{SIMULATOR_MARK}\n")).unwrap();
    script.to_owned()
}

/// Has the second game that starts never come up, and the first only when the second has begun: of what two threads
/// extract, one replay stays undone until its game is ended, so that no machine is too fast for who comes to disturb.
struct Held<'a> {
    installed: &'a Installed,
    /// Made by the first game and the second.
    marks: [PathBuf; 2],
}

impl<'a> Held<'a> {
    fn new(installed: &'a Installed) -> Held<'a> {
        let marks = ["first", "second"].map(|name| installed.folder().join(name));
        let [first, second] = marks.each_ref().map(|mark| mark.display());
        installed.write_executable(&format!(
            "if mkdir '{first}' 2> /dev/null; then\n\
               until [ -d '{second}' ]; do sleep 0.02; done\n\
             elif mkdir '{second}' 2> /dev/null; then\n\
               while :; do sleep 0.02; done\n\
             fi\n\
             {}",
            script(installed)
        ));
        Held { installed, marks }
    }

    /// Starts an extraction whose games are the first and the second.
    fn start(&self, out: &str, more: &[&str]) -> Child {
        for mark in &self.marks {
            // There is none before the first time.
            let _ = std::fs::remove_dir(mark);
        }
        start(self.installed, out, more)
    }
}

/// Has the first two games that start be stood in for; the later ones are sound.
fn stand_in_for_two(installed: &Installed, fault: Fault, pieces: usize) -> Stand {
    let sound = script(installed);
    let stand = Stand::new(installed, fault, pieces);
    let [first, second] =
        ["a", "b"].map(|name| installed.folder().join(format!("{fault:?}-{name}")));
    installed.write_executable(&format!(
        "if mkdir '{}' 2> /dev/null || mkdir '{}' 2> /dev/null; then\n{}\nfi\n{sound}",
        first.display(),
        second.display(),
        script(installed)
    ));
    stand
}

/// It went well, after at least one replay was lost.
fn was_tried_again(child: Child, name: &str) {
    let out = child.wait_with_output().unwrap();
    assert_eq!(out.status.code(), Some(0), "{name}: {}", told(&out));
    assert!(told(&out).contains("try 1"), "{name}: {}", told(&out));
}

#[test]
fn games_that_are_killed_hang_or_are_slow_give_the_same_dataset() {
    let installed = played(3, 4000);
    let args = ["--game", "sc2", "--threads", "2"];
    run(&installed, "whole", &args);
    let folder = |name: &str| installed.folder().join(name);
    let whole = shards(&folder("whole"));
    assert_eq!(whole.len(), 2);
    let sound = script(&installed);

    let mut child = Held::new(&installed).start("killed", &args);
    // The first game may be through by then; the second one is there in any case.
    parts(&mut child, &folder("killed"), 1);
    for id in games_running(&installed, 1) {
        signal("-KILL", id);
    }
    was_tried_again(child, "killed");
    assert_eq!(shards(&folder("killed")), whole);
    installed.nothing_left();

    // In the middle of a replay: one that is shown through one player's eyes once takes 250 answers.
    for (name, fault) in [("broken", Fault::CutShort), ("hanging", Fault::Silent)] {
        installed.write_executable(&sound);
        let stand = stand_in_for_two(&installed, fault, 100);
        let patient = [&args[..], &["--game-timeout", "10"]].concat();
        was_tried_again(start(&installed, name, &patient), name);
        let games = stand.games.load(std::sync::atomic::Ordering::Relaxed);
        assert_eq!(games, 2, "{name}");
        assert_eq!(shards(&folder(name)), whole, "{name}");
        installed.nothing_left();
    }

    let _stand = Stand::new(&installed, Fault::Slow, 0);
    run(&installed, "slow", &["--game", "sc2", "--threads", "3"]);
    assert_eq!(shards(&folder("slow")), whole);
}

#[test]
fn a_game_that_never_shows_anything_is_a_reason_not_a_hang() {
    let installed = played(2, 300);
    let stand = Stand::new(&installed, Fault::CutShort, 2);
    let since = Instant::now();
    let args = ["--game", "sc2", "--threads", "1", "--game-timeout", "5"];
    let out = start(&installed, "none", &args).wait_with_output().unwrap();
    assert!(since.elapsed() < Duration::from_secs(90));
    assert_eq!(out.status.code(), Some(2), "{}", told(&out));
    let words = told(&out);
    assert!(
        words.contains("2 of 2 replays failed") && words.contains("the connection broke"),
        "{words}"
    );
    let report: Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(report["failures"][0]["tried_again"], true, "{report}");
    assert_eq!(
        stand.games.load(std::sync::atomic::Ordering::Relaxed),
        6,
        "three tries each"
    );
    drop(stand);
    installed.nothing_left();
}

/// Waits until an extraction that is to go on by then has made so many parts.
fn parts(child: &mut Child, folder: &Path, n: usize) {
    let since = Instant::now();
    loop {
        let entries = std::fs::read_dir(folder.join("parts"))
            .into_iter()
            .flatten()
            .flatten();
        let found = entries.filter(|e| e.path().extension().is_some_and(|e| e == "part"));
        if found.count() >= n {
            return;
        }
        assert_eq!(child.try_wait().unwrap(), None, "it ended before");
        assert!(since.elapsed() < Duration::from_secs(120));
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Puts back one of the replays that were set aside.
fn one_more(installed: &Installed) {
    let [games, later] = ["games", "later"].map(|name| installed.folder().join(name));
    let one = std::fs::read_dir(later).unwrap().flatten().next().unwrap();
    std::fs::rename(one.path(), games.join(one.file_name())).unwrap();
}

/// Each run that is disturbed finds one replay more than the one before, and cannot finish one of them: so each makes
/// exactly one part.
#[test]
fn a_killed_extraction_goes_on_and_nothing_is_lost_or_doubled() {
    let installed = played(5, 4000);
    let args = ["--game", "sc2", "--threads", "2"];
    let whole = run(&installed, "whole", &args);
    assert_eq!(
        (&whole["extracted"], &whole["kept"]),
        (&5.into(), &0.into())
    );
    let folder = |name: &str| installed.folder().join(name);
    std::fs::rename(folder("games"), folder("later")).unwrap();
    std::fs::create_dir(folder("games")).unwrap();
    let sound = script(&installed);
    let held = Held::new(&installed);
    one_more(&installed);
    for n in [1, 2] {
        one_more(&installed);
        let mut child = held.start("killed", &args);
        parts(&mut child, &folder("killed"), n);
        signal("-KILL", child.id());
        assert_eq!(
            child.wait().unwrap().code(),
            None,
            "it is killed before its end"
        );
        installed.nothing_left();
    }
    one_more(&installed);
    let mut child = held.start("killed", &args);
    // By then it listens to signals.
    parts(&mut child, &folder("killed"), 3);
    signal("-INT", child.id());
    let out = child.wait_with_output().unwrap();
    assert_eq!(out.status.code(), Some(1), "{}", told(&out));
    assert!(
        told(&out).contains("the same command goes on"),
        "{}",
        told(&out)
    );
    installed.nothing_left();
    one_more(&installed);
    installed.write_executable(&sound);
    let last = run(&installed, "killed", &args);
    assert_eq!(last["kept"], 3, "{last}");
    for key in [
        "extracted",
        "episodes",
        "steps",
        "no_ops",
        "left_out",
        "finished",
    ] {
        assert_eq!(last[key], whole[key], "{key}");
    }
    assert_eq!(shards(&folder("killed")), shards(&folder("whole")));
    assert!(
        !folder("killed").join("parts").exists(),
        "they are in shards now"
    );
    let since = Instant::now();
    let once_more = run(&installed, "killed", &args);
    assert_eq!(once_more, last, "nothing is left to do");
    assert!(since.elapsed() < Duration::from_secs(20));
}

#[test]
fn files_that_fail_are_counted_by_reason_and_the_others_go_on() {
    let installed = played(2, 300);
    let folder = installed.folder().to_owned();
    let games = folder.join("games");
    let first = std::fs::read_dir(&games)
        .unwrap()
        .flatten()
        .next()
        .unwrap()
        .path();
    // The same game under another name, and as a replay of ours: once is enough.
    std::fs::copy(&first, games.join("twin.SC2Replay")).unwrap();
    let bytes = std::fs::read(&first).unwrap();
    let record = replay::wrapped::unwrap(&bytes).unwrap().record;
    std::fs::write(folder.join("own.screp"), record).unwrap();
    let report = run(&installed, "twins", &["--game", "sc2"]);
    assert_eq!(
        (&report["scanned"], &report["extracted"]),
        (&3.into(), &2.into())
    );
    let one = run(&installed, "one", &["--where", "name=scripted:marine"]);
    assert_eq!(one["episodes"], 2);
    let refused = |out: &str, more: &[&str], words: &str| {
        let out = start(&installed, out, more).wait_with_output().unwrap();
        assert_eq!(out.status.code(), Some(2), "{}", told(&out));
        assert!(
            out.stdout.is_empty() && told(&out).contains(words),
            "{}",
            told(&out)
        );
    };
    refused("one", &[], "--force replaces it");
    refused("games", &[], "no dataset");
    refused(
        "x",
        &["--game", "sc2", "--game-version", "4.8.2"],
        "Base75689",
    );
    refused("x", &["--game-timeout", "5"], "--game sc2");
    run(&installed, "one", &["--force"]);
    std::fs::write(games.join("broken.SC2Replay"), b"MPQ\x1b").unwrap();
    let out = start(&installed, "most", &["own.screp"])
        .wait_with_output()
        .unwrap();
    assert_eq!(
        out.status.code(),
        Some(2),
        "an input error, after the others are done"
    );
    let report: Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(
        (&report["extracted"], &report["finished"]),
        (&2.into(), &true.into())
    );
    assert!(
        told(&out).contains("1 of 5 replays failed"),
        "{}",
        told(&out)
    );
    open(&folder.join("most"));
}

/// Real replays lie beside the repository on machines that have some.
#[test]
fn a_version_that_is_not_installed_is_a_reason_of_its_own() {
    let real = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/replays");
    let named = |name: &str| real.join(format!("{name}.SC2Replay"));
    let other = named("4.5.0.67188_TvT_s2protocol-dd4dc56c");
    let same = named("4.10.0.75689_TvT_pysc2-343f449a");
    if !other.exists() || !same.exists() {
        println!("skipped: no real replays in {}", real.display());
        return;
    }
    let installed = played(1, 300);
    let files = [other.to_str().unwrap(), same.to_str().unwrap()];
    let args = [&files[..], &["--game", "sc2"]].concat();
    let out = start(&installed, "some", &args).wait_with_output().unwrap();
    assert_eq!(out.status.code(), Some(1), "{}", told(&out));
    let report: Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(
        (&report["extracted"], &report["finished"]),
        (&1.into(), &true.into())
    );
    let reasons: Vec<&str> = (0..2)
        .map(|i| report["failures"][i]["reason"].as_str().unwrap())
        .collect();
    let any = |words: &str| reasons.iter().any(|reason| reason.contains(words));
    assert!(
        any("4.5") && any("Base75689"),
        "which version, and what is there: {reasons:?}"
    );
    assert!(
        any("cannot be simulated"),
        "the simulator is no StarCraft II: {reasons:?}"
    );
    // Without the game there is nothing to try, and that is said too.
    let out = start(
        &installed,
        "sim",
        &[&files[..], &["--game", "sim"]].concat(),
    )
    .wait_with_output()
    .unwrap();
    assert_eq!(out.status.code(), Some(1), "{}", told(&out));
    assert!(
        told(&out).contains("2 files: it is of the real game"),
        "{}",
        told(&out)
    );
}
