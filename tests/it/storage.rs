//! The league's database, and a process or a server that is killed while it writes: what was acknowledged is there.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

use scc::league::{GameKind, GameResult, League, LeagueConfig, Outcome, PlayerId, SUPERVISED_NAME};
use scc::storage::{GameRow, Storage, StorageUrl};

use crate::servers::MariaDb;

/// Names the database to which [`writer`] writes; without it that is no test of its own.
const WRITER: &str = "SCC_TEST_STORAGE_WRITER";

fn config() -> LeagueConfig {
    let mut config = LeagueConfig::default();
    let rules = &mut config.rules;
    for rule in [
        &mut rules.main_agent,
        &mut rules.main_exploiter,
        &mut rules.league_exploiter,
    ] {
        (rule.steps_min, rule.steps_max) = (20, 60);
    }
    config
}

/// The n-th round of a league: a game of one player, and its progress. The same each time.
fn round(league: &mut League, n: u64) -> (GameRow, PlayerId) {
    let active: Vec<PlayerId> = league
        .players()
        .iter()
        .filter(|p| p.active)
        .map(|p| p.id)
        .collect();
    let player = active[n as usize % active.len()];
    let opponent = league.next_match(player).unwrap();
    let result = GameResult {
        kind: GameKind::Training,
        player,
        opponent: opponent.id,
        outcome: [Outcome::Win, Outcome::Loss, Outcome::Draw][(opponent.seed % 3) as usize],
        player_z: opponent.player_z,
        opponent_z: opponent.opponent_z,
    };
    league.record(&result).unwrap();
    let row = GameRow {
        result,
        match_number: Some(opponent.match_number),
        branch: Some(opponent.branch),
        player_version: 0,
        opponent_version: 0,
        map: "Flat64".into(),
        seed: opponent.seed,
        loops: 100,
        ended_ms: 0,
    };
    (row, player)
}

/// Writes until killed, a line on stdout for everything that was acknowledged: `game N` or `steps N`.
#[test]
fn writer() {
    let Ok(url) = std::env::var(WRITER) else {
        return;
    };
    let mut storage = Storage::open(&url.parse().unwrap()).unwrap();
    let mut league = storage.load_league().unwrap();
    let first = league.matches();
    for n in first.. {
        let (row, player) = round(&mut league, n);
        storage.record_game(&row).unwrap();
        tell(&format!("game {n}"));
        let steps = league.player(player).unwrap().steps + 9;
        let events = league.on_progress(player, steps, "c").unwrap();
        storage.save_progress(&league, player, &events).unwrap();
        tell(&format!("steps {n}"));
    }
}

fn tell(line: &str) {
    let mut out = std::io::stdout();
    writeln!(out, "{line}").and_then(|()| out.flush()).unwrap();
}

/// Starts a writer, has it ended after `lines` acknowledgements, and gives all of them that came.
fn told_until(url: &str, lines: usize, end: &mut dyn FnMut(&mut Child)) -> Vec<String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "storage::writer",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(WRITER, url)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut told = Vec::new();
    let mut out = BufReader::new(child.stdout.take().unwrap()).lines();
    while told.len() < lines {
        let line = out
            .next()
            .expect("the writer goes on until it is killed")
            .unwrap();
        // The test harness says a word first, on the same line as the first acknowledgement.
        if let Some(at) = line.find("game ").or_else(|| line.find("steps ")) {
            told.push(line[at..].to_owned());
        }
    }
    end(&mut child);
    // What it wrote into the pipe before it ended was acknowledged too.
    told.extend(
        out.map_while(Result::ok)
            .filter(|l| l.starts_with("game ") || l.starts_with("steps ")),
    );
    child.wait().unwrap();
    told
}

/// Ends a league's writer again and again, each time after some acknowledgements, and looks at what is there.
fn resumes_after(url: &str, ends: &[usize], mut end: impl FnMut(&mut Child)) {
    let at: StorageUrl = url.parse().unwrap();
    let fresh = League::new(config(), 11, "s").unwrap();
    Storage::create(&at).unwrap().create_league(&fresh).unwrap();
    for (kills, lines) in ends.iter().enumerate() {
        let told = told_until(url, *lines, &mut end);
        check(&mut Storage::open(&at).unwrap(), &told, kills as u64);
    }
}

/// What was told is there and whole, after `kills` earlier ends.
fn check(storage: &mut Storage, told: &[String], kills: u64) {
    let league = storage.load_league().unwrap();
    let games = storage.games().unwrap();
    let last_of = |kind: &str| {
        let number = |line: &String| line.strip_prefix(kind)?.trim().parse::<u64>().ok();
        told.iter().rev().find_map(number)
    };
    let last_game = last_of("game ").unwrap();
    let n_games = games.len() as u64;
    assert!(
        (last_game + 1..=last_game + 2).contains(&n_games),
        "{n_games} games, {last_game} acknowledged; one more may have been under way"
    );
    for (n, game) in games.iter().enumerate() {
        let number = Some(n as u64);
        assert_eq!(game.match_number, number, "whole, in order, none twice");
    }
    // The counts that follow from games are those of these games: nothing is half done.
    let kept = storage.pair_totals().unwrap();
    let with_itself = games
        .iter()
        .filter(|g| g.result.player == g.result.opponent)
        .count();
    let counted: f64 = kept.iter().map(|e| e.record.games()).sum();
    assert_eq!(counted as usize, games.len() - with_itself);
    if let Some(n) = last_of("steps ") {
        let active = league.players().iter().filter(|p| p.active);
        let steps: u64 = active.map(|p| p.steps).sum();
        // Each earlier end may have come between a game and the steps that follow it.
        let told = 9 * (n + 1 - kills);
        assert!(steps >= told, "{steps} steps, {told} acknowledged");
    }
    assert_eq!(league.players()[0].name, SUPERVISED_NAME);
}

fn kill(child: &mut Child) {
    child.kill().unwrap(); // SIGKILL
}

#[test]
fn a_killed_league_resumes_with_all_that_was_acknowledged() {
    let ends = [1, 40, 77, 150];
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("league.db");
    resumes_after(&format!("sqlite://{}", file.display()), &ends, kill);
    if let Some(server) = MariaDb::start() {
        resumes_after(&server.url(), &ends, kill);
    }
}

#[test]
fn a_league_whose_server_is_killed_resumes_with_all_that_was_acknowledged() {
    if let Some(mut server) = MariaDb::start() {
        let url = server.url();
        // The writer ends of itself: it does not go on after an error.
        resumes_after(&url, &[1, 60, 90], |_| server.restart());
    }
}
