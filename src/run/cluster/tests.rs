//! A league's processes as threads of this one; what they have in common here.

mod runs;
mod strangers;

use super::kit::Kit;
use super::learner::run_learner;
use super::member::{Member, RoleOptions};
use super::messages::{
    ClusterRole, FromMaster, ServeMessage, ToMaster, WeightsMessage, Welcome, weights,
};
use super::*;
use crate::action::Specs;
use crate::actor::{Experience, Played, play_job};
use crate::agent::Agent;
use crate::bus::{LocalBus, encode};
use crate::evaluator::GameOptions;
use crate::game::{Race, Seed};
use crate::league::{LeagueEvent, Role};
use crate::obs::testing::{crowd, info};
use crate::policy::checkpoint::{self, CheckpointNotes, to_bytes};
use crate::policy::{Policy, PolicyConfig, PolicySpec};
use crate::predictor::{AgentOptions, Line, PolicyAgent, Remotes, Service, ServiceConfig, rounds};
use crate::run::RunOptions;
use crate::run::config::LeagueRunConfig;
use crate::run::metrics::read_metrics;
use crate::run::progress::Silent;
use crate::run::rl::{Games, Matchup, Side, SpecLine};
use crate::sc2::client::{Places, Platform};
use crate::storage::{Storage, StorageUrl};
use crate::test_servers::NatsServer;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
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
at_once = 2
loops_max = 300
[learner]
samples = 16
unroll = 8
minibatch = 2
value_warmup_steps = 1
[train]
steps_max = 16
report_every_steps = 2
[payoff]
games = 1
opponents_max = 1
[cluster]
silent_seconds = 3.0
same_every_steps = 1
"#;

pub(super) fn policy() -> Policy {
    let mut config = PolicyConfig::tiny();
    config.value.kinds = 3;
    let spec = PolicySpec::new(config, &Specs::default());
    Policy::new(&spec, Seed(1), Device::Cpu).expect("tiny is valid")
}

fn config() -> LeagueRunConfig {
    crate::run::config::from_text(CONFIG, "of the test").expect("valid")
}

/// Sets the flag when it is dropped: also where an assertion fails, so that no thread of a test goes on for ever.
pub(super) struct StopAtTheEnd(pub &'static AtomicBool);

impl Drop for StopAtTheEnd {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Sets the flag after ten minutes, unless what it returns is dropped before: what hangs then fails.
pub(super) fn deadline(stop: &'static AtomicBool) -> impl Sized {
    let (alive, gone) = std::sync::mpsc::channel::<()>();
    std::thread::spawn(move || {
        let waited = gone.recv_timeout(Duration::from_secs(600));
        if waited == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
            stop.store(true, Ordering::Relaxed);
        }
    });
    alive
}

/// A flag that lives as long as the program, as that of Ctrl-C.
pub(super) fn flag() -> &'static AtomicBool {
    Box::leak(Box::new(AtomicBool::new(false)))
}

pub(super) fn role<'a>(
    bus: &Arc<dyn Bus>,
    id: &str,
    folder: &Path,
    stop: &'static AtomicBool,
) -> RoleOptions<'a> {
    RoleOptions {
        bus: bus.clone(),
        id: id.to_owned(),
        stop,
        places: Places {
            platform: Platform::current(),
            sc2path: None,
            home: None,
        },
        at_once: None,
        device: None,
        host: "127.0.0.1".to_owned(),
        threads: 1,
        cache: folder.join(id),
        progress: &Silent,
    }
}

/// Leads the league in the folder `run` of `folder`, a new one if there is none, until it is over or asked to stop.
fn master(
    bus: &Arc<dyn Bus>,
    folder: &Path,
    config: &LeagueRunConfig,
    stop: &'static AtomicBool,
) -> Result<crate::run::league::LeagueSummary, crate::run::RunError> {
    let init = folder.join("init.safetensors");
    checkpoint::save(&init, &policy(), None, &[], &CheckpointNotes::default()).expect("writable");
    let out = folder.join("run");
    let resume = out.exists();
    let options = RunOptions {
        out,
        init: (!resume).then_some(init),
        resume,
        threads: 1,
        stop,
        arena: crate::env::Arena::Simulator,
        progress: &Silent,
    };
    let cluster = MasterOptions {
        bus: bus.clone(),
        id: "master".to_owned(),
        storage: None,
    };
    run_master(config, &options, cluster)
}

/// Has a master lead the league of `folder` while `work` is at it, which is told what ends all.
fn led(bus: &Arc<dyn Bus>, folder: &Path, work: impl FnOnce(&'static AtomicBool)) {
    let stop = flag();
    let _deadline = deadline(stop);
    std::thread::scope(|scope| {
        let leads = scope.spawn(|| master(bus, folder, &config(), stop));
        let at_the_end = StopAtTheEnd(stop);
        while !leads.is_finished() && status(&**bus, Duration::from_secs(5)).is_err() {
            std::thread::sleep(Duration::from_millis(20));
        }
        if !leads.is_finished() {
            work(stop);
        }
        drop(at_the_end);
        let league = leads.join().expect("no panic").expect("leads");
        assert!(!league.finished, "it was stopped");
    });
}

/// Holds the database for a while, as soon as there is one: nobody can write to it meanwhile.
fn keep_busy(database: &Path, time: Duration) {
    use sqlx::{Connection, Executor};
    let begun = std::time::Instant::now();
    while !database.exists() && begun.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(20));
    }
    // Its tables first.
    std::thread::sleep(Duration::from_secs(1));
    sqlx::any::install_default_drivers();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let url = format!("sqlite://{}", database.display());
        let mut connection = sqlx::AnyConnection::connect(&url).await.expect("opens");
        // Another writer may be at it for a moment.
        while let Err(busy) = connection.execute("BEGIN IMMEDIATE").await {
            assert!(begun.elapsed() < Duration::from_secs(120), "{busy}");
        }
        tokio::time::sleep(time).await;
        connection.execute("ROLLBACK").await.expect("lets go");
    });
}

/// All roles as threads of this process, on one bus, to the end of training; meanwhile something else, in a thread of its own.
fn all_roles(
    folder: &Path,
    config: &LeagueRunConfig,
    meanwhile: impl FnOnce(&Arc<dyn Bus>, &AtomicBool) + Send,
) -> Vec<RoleSummary> {
    let bus: Arc<dyn Bus> = Arc::new(LocalBus::new());
    let stop = flag();
    let _deadline = deadline(stop);
    std::thread::scope(|scope| {
        type Runner = fn(&RoleOptions) -> Result<RoleSummary, crate::run::RunError>;
        let roles: [(&str, Runner); 6] = [
            ("learner-a", run_learner),
            ("learner-b", run_learner),
            ("learner-c", run_learner),
            ("predictor", run_predictor),
            ("actor", run_actor),
            ("evaluator", run_evaluator),
        ];
        let mut threads = Vec::new();
        for (id, work) in roles {
            let bus = &bus;
            threads.push(scope.spawn(move || work(&role(bus, id, folder, stop))));
        }
        let other = &bus;
        scope.spawn(move || meanwhile(other, stop));
        let league = master(&bus, folder, config, stop);
        // Whoever has not heard of the end by now would wait for another master.
        stop.store(true, Ordering::Relaxed);
        let league = league.expect("leads");
        assert!(league.finished, "{league:?}");
        assert!(league.steps >= config.train.steps_max, "{league:?}");
        let ended = threads.into_iter().map(|t| t.join().expect("no panic"));
        let ended: Result<Vec<RoleSummary>, _> = ended.collect();
        ended.expect("all end well")
    })
}

#[test]
fn a_league_trains_over_a_bus_to_its_end() {
    let folder = tempfile::tempdir().expect("a folder");
    // Its database is held by somebody else for a while.
    let database = folder.path().join("run/league.db");
    let summaries = all_roles(folder.path(), &config(), |_, _| {
        keep_busy(&database, Duration::from_secs(3));
    });
    assert!(summaries.iter().all(|s| s.finished), "{summaries:?}");
    let of = |id: &str, key: &str| {
        let found = summaries.iter().find(|s| s.id == id);
        found.and_then(|s| s.rates.get(key).copied()).unwrap_or(0.0)
    };
    assert!(of("predictor", "questions") > 100.0, "{summaries:?}");
    assert!(of("actor", "games") >= 4.0 && of("actor", "trajectories_lost") == 0.0);
    let sizes = ["question_bytes", "answer_bytes"].map(|key| of("actor", key));
    assert!(sizes.iter().all(|n| (200.0..64e3).contains(n)), "{sizes:?}");

    let run = folder.path().join("run");
    let mut storage = Storage::open_to_read(&StorageUrl::in_run(&run)).expect("there");
    let events = storage.events().expect("readable");
    let count = |is: fn(&LeagueEvent) -> bool| events.iter().filter(|e| is(&e.event)).count();
    assert!(
        count(|e| matches!(e, LeagueEvent::Promoted { .. })) >= 1,
        "{events:?}"
    );
    let league = storage.load_league().expect("whole");
    for player in league.players() {
        assert!(run.join(&player.checkpoint).exists(), "{player:?}");
    }
    let past = league
        .players()
        .iter()
        .filter(|p| matches!(p.role, Role::PastPlayer { .. }));
    assert!(past.count() >= 1);
    for name in ["main", "hunter"] {
        let rows =
            read_metrics(&run.join("players").join(name).join("metrics.jsonl")).expect("rows");
        assert!(rows.len() >= 2, "{name}: {} rows", rows.len());
        assert!(
            rows.iter()
                .all(|r| r.values.get("replicas_differ") == Some(&0.0))
        );
    }
    let numbers = storage.match_numbers().expect("readable");
    let unique: std::collections::BTreeSet<u64> = numbers.iter().copied().collect();
    assert_eq!(unique.len(), numbers.len(), "no game counts twice");
    let games = storage.games().expect("readable");
    crate::run::league::tests::kept_replays_are_games_of_the_database(&run, &games);
}

/// A master of a new league, and what it answers to predictors that ask it for whom they are to answer.
fn with_master(test: impl FnOnce(&dyn Fn(&str, &[(&str, f64)]) -> Vec<String>, &Arc<dyn Bus>)) {
    let folder = tempfile::tempdir().expect("a folder");
    let bus: Arc<dyn Bus> = Arc::new(LocalBus::new());
    led(&bus, folder.path(), |stop| {
        let of_member = role(&bus, "old", folder.path(), stop);
        let member = Member::start(&of_member, ClusterRole::Predictor).expect("starts");
        let plan = |predictor: &str, served: &[(&str, f64)]| {
            let served = served.iter();
            let request = ToMaster::Plan {
                predictor: predictor.to_owned(),
                rates: served
                    .map(|(name, rate)| (name.to_string(), *rate))
                    .collect(),
                busy: 0.0,
            };
            match member.ask(&request).expect("answers") {
                Some(FromMaster::Plan(players)) => players.into_iter().map(|p| p.name).collect(),
                other => panic!("{other:?}"),
            }
        };
        test(&plan, &bus);
    });
}

const FROZEN: &str = "supervised";

/// Games that an earlier master drew go on: nobody else answers for their frozen players.
#[test]
fn a_new_master_hears_from_predictors_whom_they_answer_for() {
    with_master(|plan, _| {
        let of_new = plan("new", &[]);
        assert!(!of_new.iter().any(|name| name == FROZEN), "{of_new:?}");
        // Nobody asked for it in the last second.
        let of_old = plan("old", &[(FROZEN, 0.0)]);
        assert!(of_old.iter().any(|name| name == FROZEN), "{of_old:?}");
    });
}

/// The predictors of these games are gone, too.
#[test]
fn a_new_master_hears_from_games_that_nobody_answers_them() {
    with_master(|plan, bus| {
        let specs = Specs::default();
        let before = plan("new", &[]);
        assert!(!before.iter().any(|name| name == FROZEN), "{before:?}");
        let patience = Duration::from_millis(1500);
        let stop = Arc::new(AtomicBool::new(false));
        let remotes = Remotes::new(bus.clone(), &specs, stop, patience);
        let line = remotes.line(messages::infer(FROZEN), messages::unanswered(FROZEN));
        let mut agent = PolicyAgent::with_line("asks", line, specs, AgentOptions::default());
        agent.begin(&info(Race::Terran, Race::Terran), Seed(1));
        agent.act(&crowd(1));
        assert_eq!(remotes.stats().questions, 0, "nobody is there");
        let after = plan("new", &[]);
        assert!(after.iter().any(|name| name == FROZEN), "{after:?}");
    });
}

pub(super) fn kit(folder: &Path, bus: &Arc<dyn Bus>) -> Kit {
    let (config, specs) = (config(), Specs::default());
    let map = crate::env::Arena::Simulator
        .load_map("Flat64")
        .expect("built in");
    let welcome = Welcome {
        config: crate::run::config::show(&config),
        obs: specs.obs.config.clone(),
        action: specs.action.config.clone(),
        specs_hash: specs.hash(),
        map: postcard::to_stdvec(&*map).expect("plain data"),
        library: None,
        supervised: "supervised.safetensors".to_owned(),
    };
    let options = role(bus, "kit", folder, flag());
    Kit::open(welcome, &options, &AtomicBool::new(false)).expect("fits")
}

/// One game of the network against itself, by lines to wherever it is; the second seat learns.
pub(super) fn play(kit: &Kit, lines: [Line; 2]) -> Played {
    let games = Games {
        map: kit.map.clone(),
        rewards: kit.rewards.clone(),
        agents: kit.agents.clone(),
        temperature: 1.0,
    };
    let matchup = Matchup {
        number: 7,
        seed: Seed(11),
        seat: 1,
        names: ["main".to_owned(), "main".to_owned()],
        opponent: Side::Live("main".to_owned()),
        both: false,
        z: [None, None],
    };
    let [a, b] = lines.map(|line| -> SpecLine { (line, kit.specs.clone()) });
    let job = games.job(&matchup, a, Some(b)).expect("a job");
    let options = kit.pool_options(None);
    let stop = AtomicBool::new(false);
    let play = GameOptions {
        loops_max: 4000,
        record: false,
        stop: &stop,
        arena: &kit.arena,
    };
    play_job(job, &options.recorder, play).expect("played")
}

/// Such a game: what the learning side saw, did and earned, and how the game stood at its end.
fn game(kit: &Kit, lines: [Line; 2]) -> (Experience, u64) {
    let mut played = play(kit, lines);
    let experience = played.experience[1].take().expect("recorded");
    (experience, played.outcome.state_hash)
}

/// The game over a bus, answered by a predictor.
fn over(bus: Arc<dyn Bus>, folder: &Path) -> (Experience, u64) {
    let kit = kit(folder, &bus);
    let checkpoint = to_bytes(&policy(), None, &[], &CheckpointNotes::default()).expect("plain");
    let message = WeightsMessage {
        player: "main".to_owned(),
        version: 0,
        checkpoint,
    };
    bus.put(&weights("main"), &encode(&message)).expect("kept");
    let options = role(&bus, "predictor", folder, flag());
    let member = Arc::new(Member::start(&options, ClusterRole::Predictor).expect("starts"));
    let serve = ServeMessage {
        name: "main".to_owned(),
        path: None,
    };
    let desk = super::predictor::answering(member.clone(), super::tests::kit(folder, &bus), serve);
    let _desk = desk.expect("answers");
    let stop = Arc::new(AtomicBool::new(false));
    let remotes = Remotes::new(bus, &kit.specs, stop, Duration::from_secs(30));
    let line = || {
        let (asked, unanswered) = (messages::infer("main"), messages::unanswered("main"));
        Line::from(remotes.line(asked, unanswered))
    };
    game(&kit, [line(), line()])
}

#[test]
fn a_game_is_the_same_in_one_process_in_step_and_over_a_bus() {
    let folder = tempfile::tempdir().expect("a folder");
    let bus: Arc<dyn Bus> = Arc::new(LocalBus::new());
    let here = kit(folder.path(), &bus);
    let service =
        Service::start(&policy(), &here.specs, &ServiceConfig::default()).expect("starts");
    let expected = game(&here, [service.client().into(), service.client().into()]);
    assert!(expected.0.steps() > 20, "{} steps", expected.0.steps());
    let network = || (policy(), here.specs.clone());
    let mut lines = rounds(vec![network(), network()], 1)
        .expect("starts")
        .remove(0);
    let second: Line = lines.remove(1).into();
    let first: Line = lines.remove(0).into();
    assert!(game(&here, [first, second]) == expected, "in step");
    assert!(
        over(bus, folder.path()) == expected,
        "over a bus of this process"
    );
    let Some(nats) = NatsServer::start() else {
        return;
    };
    let url: crate::bus::BusUrl = nats.url().parse().expect("a URL");
    let bus = crate::bus::connect(&url, "same").expect("connects");
    assert!(over(bus, folder.path()) == expected, "over NATS");
}
