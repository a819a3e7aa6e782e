use super::*;
use crate::game::{Race, Seed};
use crate::league::{LeagueEvent, Role};
use crate::policy::checkpoint::{self, CheckpointNotes};
use crate::policy::{Policy, PolicyConfig, PolicySpec};
use crate::run::metrics::read_metrics;
use crate::run::metrics::tests::are_documented;
use crate::run::progress::{Progress, Silent};
use crate::storage::Storage;
use crate::trajectory::{Z, ZEntry, ZLibrary};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Instant;
use tch::Device;

const CONFIG: &str = r#"
stage = "league"
seed = 5
map = "Flat64"
[[league.starts]]
name = "main"
role = "main_agent"
[[league.starts]]
name = "hunter"
role = "main_exploiter"
[[league.starts]]
name = "branch"
role = "main_agent"
after = "main"
at_steps = 40
from = "branch_auto"
[league.branch]
games_min = 2
by = "rate"
set_size = 1
[league.rules.main_agent]
steps_min = 30
steps_max = 60
win_rate = 0.7
games_min = 1
[league.rules.main_exploiter]
steps_min = 30
steps_max = 60
win_rate = 0.7
games_min = 1
[games]
at_once = 3
loops_max = 400
[learner]
samples = 16
unroll = 8
minibatch = 2
value_warmup_steps = 1
[train]
steps_max = 26
report_every_steps = 2
[payoff]
games = 1
opponents_max = 1
z_games = 2
z_max = 2
"#;

/// A supervised agent and a library of two z's in `folder`.
fn prepare(folder: &Path) {
    let specs = Specs::default();
    let spec = PolicySpec::new(PolicyConfig::tiny(), &specs);
    let policy = Policy::new(&spec, Seed(1), Device::Cpu).expect("tiny is valid");
    let notes = CheckpointNotes::default();
    let path = folder.join("init.safetensors");
    checkpoint::save(&path, &policy, None, &[], &notes).expect("writable");
    let entry = |n: u16| ZEntry {
        z: Z {
            counts: vec![n; 4],
            ..Z::default()
        },
        map: "Flat64".into(),
        race: Race::Terran,
        opponent: Race::Terran,
        start: 0,
        won: true,
        mmr: 0.0,
        source: format!("game {n}"),
    };
    let library = ZLibrary {
        entries: vec![entry(1), entry(2)],
    };
    std::fs::write(folder.join("z.library"), library.to_bytes()).expect("writable");
}

fn config(folder: &Path, set: &[(&str, &str)]) -> LeagueRunConfig {
    let path = folder.join("league.toml");
    std::fs::write(&path, CONFIG).expect("writable");
    let library = folder.join("z.library").display().to_string();
    let all = [("rewards.library", library.as_str())];
    let all = all.iter().chain(set);
    let all: Vec<(String, String)> = all
        .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
        .collect();
    crate::run::config::load(&path, &all).expect("valid")
}

fn train(
    folder: &Path,
    resume: bool,
    stop: &AtomicBool,
    progress: &dyn Progress,
) -> Result<LeagueSummary, RunError> {
    train_with(&[], folder, resume, stop, progress)
}

fn train_with(
    set: &[(&str, &str)],
    folder: &Path,
    resume: bool,
    stop: &AtomicBool,
    progress: &dyn Progress,
) -> Result<LeagueSummary, RunError> {
    let options = RunOptions {
        out: folder.join("run"),
        init: (!resume).then(|| folder.join("init.safetensors")),
        resume,
        threads: 2,
        stop,
        arena: crate::env::Arena::Simulator,
        progress,
    };
    train_league(&config(folder, set), &options, None)
}

/// Stops the run at the first event.
struct StopAtEvent<'a> {
    stop: &'a AtomicBool,
    notes: AtomicU32,
}

impl Progress for StopAtEvent<'_> {
    fn begin(&self, _: &str, _: u64) {}
    fn at(&self, _: u64, _: &str) {}
    fn end(&self, _: &str) {}
    fn note(&self, _: &str) {
        if self.notes.fetch_add(1, Ordering::Relaxed) == 0 {
            self.stop.store(true, Ordering::Relaxed);
        }
    }
}

/// How long matches beside training take.
#[derive(Default)]
struct MatchClock(Mutex<(Option<Instant>, f64)>);

impl Progress for MatchClock {
    fn begin(&self, phase: &str, _: u64) {
        let matches = ["payoff", "z's"].contains(&phase);
        self.0.lock().expect("no panic").0 = matches.then(Instant::now);
    }
    fn at(&self, _: u64, _: &str) {}
    fn end(&self, _: &str) {
        let mut clock = self.0.lock().expect("no panic");
        if let Some(begun) = clock.0.take() {
            clock.1 += begun.elapsed().as_secs_f64();
        }
    }
    fn note(&self, _: &str) {}
}

#[test]
fn a_league_promotes_resets_branches_and_can_be_gone_on_with() {
    let folder = tempfile::tempdir().expect("a folder");
    prepare(folder.path());
    let stop = AtomicBool::new(false);
    let progress = StopAtEvent {
        stop: &stop,
        notes: AtomicU32::new(0),
    };
    let begun = Instant::now();
    let stopped = train(folder.path(), false, &stop, &progress).expect("stops");
    assert!(!stopped.finished && stopped.games > 0, "{stopped:?}");
    let games = stopped.games;
    stop.store(false, Ordering::Relaxed);
    let (clock, resumed) = (MatchClock::default(), Instant::now());
    let done = train(folder.path(), true, &stop, &clock).expect("goes on");
    assert!(done.finished && done.steps >= 26, "{done:?}");
    assert!(done.games >= games, "what was reported stays");
    let matches = clock.0.lock().expect("no panic").1;
    let all = (resumed - begun).as_secs_f64() + resumed.elapsed().as_secs_f64();
    assert!(matches > 0.0);
    assert!(
        done.train_seconds <= all - matches,
        "{} s of training in {all} s with {matches} s of matches",
        done.train_seconds
    );

    let run = folder.path().join("run");
    let mut storage = Storage::open_to_read(&StorageUrl::in_run(&run)).expect("there");
    let events = storage.events().expect("readable");
    let count = |is: fn(&LeagueEvent) -> bool| events.iter().filter(|e| is(&e.event)).count();
    assert!(count(|e| matches!(e, LeagueEvent::Promoted { .. })) >= 2);
    assert!(count(|e| matches!(e, LeagueEvent::Reset { .. })) >= 1);
    assert_eq!(count(|e| matches!(e, LeagueEvent::Branched { .. })), 1);
    let league = storage.load_league().expect("whole");
    let branch = league.find("branch").expect("joined");
    assert!(!branch.condition.ids().is_empty(), "it is rewarded for a z");
    assert!(league.z_statistics().len() >= 2);
    for player in league.players() {
        assert!(run.join(&player.checkpoint).exists(), "{player:?}");
    }
    let past = league
        .players()
        .iter()
        .filter(|p| matches!(p.role, Role::PastPlayer { .. }));
    assert!(past.count() >= 2);
    let rated = done.elo.expect("rated").players;
    assert!(rated.len() >= 5, "{rated:?}");
    assert!(run.join("report.html").exists() && run.join("result.json").exists());
    let games = storage.games().expect("readable");
    kept_replays_are_games_of_the_database(&run, &games);
    metrics_are_as_documented(&run);
}

/// Players share actors and predictor, and each one's rows say how these do.
fn metrics_are_as_documented(run: &Path) {
    let sections = ["learner", "Of a training step", "Of the run's games"];
    // Only where there was any.
    let absent = ["explained_variance/KIND", "made/UNIT"];
    for name in ["main", "hunter"] {
        let file = run.join(player_folder(name)).join("metrics.jsonl");
        let rows = read_metrics(&file).expect("there");
        are_documented(&rows, &sections, &absent);
        for row in &rows {
            let v = |name: &str| row.values[name];
            assert!(v("predictor_batch") > 0.5, "{row:?}");
            assert!(v("games_queued") <= 8.0 && v("actors_blocked_seconds") >= 0.0);
            assert_eq!((v("games_lost"), v("replays_dropped")), (0.0, 0.0));
        }
    }
}

#[test]
fn a_loss_that_is_no_number_keeps_the_batch_and_everybodys_state() {
    let folder = tempfile::tempdir().expect("a folder");
    prepare(folder.path());
    let stop = AtomicBool::new(false);
    let explodes = [("learner.value_weight", "1e300")];
    let failed = train_with(&explodes, folder.path(), false, &stop, &Silent).unwrap_err();
    assert!(failed.to_string().contains("not a number"), "{failed}");
    let run = folder.path().join("run");
    let wire = crate::trajectory::Wire::new(&Specs::default());
    let kept: Vec<PathBuf> = std::fs::read_dir(run.join("failed"))
        .expect("there")
        .map(|entry| entry.expect("readable").path())
        .collect();
    assert!((1..=2).contains(&kept.len()), "a minibatch: {kept:?}");
    for path in kept {
        let unroll = wire.decode(&std::fs::read(path).expect("there"));
        assert!(!unroll.expect("whole").steps.is_empty());
    }
    for name in ["main", "hunter"] {
        let latest = run.join(player_folder(name)).join("latest.safetensors");
        let file = Checkpoint::open(&latest).expect("whole");
        assert_eq!(file.meta().step, 0, "before the step that failed");
    }
    // With a loss that is one, it goes on from there.
    let short = [("train.steps_max", "2"), ("payoff.games", "0")];
    let done = train_with(&short, folder.path(), true, &stop, &Silent).expect("goes on");
    assert!(done.finished && done.steps >= 2, "{done:?}");
}

/// The latest games can be watched, and are those of the database.
pub fn kept_replays_are_games_of_the_database(run: &Path, games: &[crate::storage::GameRow]) {
    use crate::run::kept_replays::{FOLDER, number_of};
    let kept = crate::replay::list(&run.join(FOLDER)).expect("there");
    assert!((1..=20).contains(&kept.len()), "{kept:?}");
    for path in kept {
        let number = number_of(&path).expect("a number");
        let row = games.iter().find(|g| g.match_number == Some(number));
        let replay = crate::replay::read(&path).expect("whole");
        assert_eq!(row.map(|g| g.loops), Some(replay.header.game_loops));
        let played = crate::env::Playback::new(&replay).and_then(|it| it.finish());
        played.expect("ends as recorded");
    }
}

#[test]
fn a_z_can_be_chosen_by_how_it_does_only_if_agents_are_told_theirs() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("league.toml");
    std::fs::write(&path, CONFIG).expect("writable");
    let hidden = [("rewards.shown".to_owned(), "false".to_owned())];
    let config = |set: &[(String, String)]| crate::run::config::load::<LeagueRunConfig>(&path, set);
    let refused = config(&hidden).and_then(|c| c.validate()).unwrap_err();
    assert!(refused.to_string().contains("rewards.shown"), "{refused}");
    let named = CONFIG.replace("\"branch_auto\"", "{ branch = [1] }");
    std::fs::write(&path, named).expect("writable");
    config(&hidden)
        .and_then(|c| c.validate())
        .expect("its z is named");
}

#[test]
fn a_league_refuses_what_it_cannot_start_from() {
    let folder = tempfile::tempdir().expect("a folder");
    prepare(folder.path());
    let stop = AtomicBool::new(false);
    std::fs::write(folder.path().join("init.safetensors"), b"nothing").expect("writable");
    let error = train(folder.path(), false, &stop, &Silent).unwrap_err();
    assert!(error.to_string().contains("init.safetensors"), "{error}");
    assert!(!folder.path().join("run").exists());
}
