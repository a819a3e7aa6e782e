//! `scc league`: what a league's database says.

use scc::run::standings::{
    EloTable, PayoffTable, PlayerStatus, Standings, Status, export, report, write_cards,
};
use scc::storage::{RequestStatus, StorageUrl};
use serde::Serialize;

use super::args::{Global, League, LeagueAt};
use super::branch;
use super::error::CliError;
use super::output::{Output, table};

pub fn run(command: &League, global: &Global, output: &mut Output) -> Result<(), CliError> {
    match command {
        League::Status { league } => {
            let status = read(league)?.status();
            output.result(&status, || status_text(&status))
        }
        League::Elo { league } => {
            let elo = read(league)?.elo();
            output.result(&elo, || elo_text(&elo))
        }
        League::Payoff { league } => {
            let payoff = read(league)?.payoff();
            output.result(&payoff, || payoff_text(&payoff))
        }
        League::Branch(args) => branch::run(args, global, output),
        League::Export { league } => write_tables(league, global, output),
        League::Report { league } => write_report(league, global, output),
    }
}

/// Where the league's database is.
pub fn at(league: &LeagueAt) -> Result<StorageUrl, CliError> {
    match (&league.run, &league.storage) {
        (_, Some(url)) => Ok(url.clone()),
        (Some(run), None) => Ok(StorageUrl::in_run(run)),
        (None, None) => Err(CliError::Usage(
            "name the league: a run folder or --storage URL".into(),
        )),
    }
}

fn read(league: &LeagueAt) -> Result<Standings, CliError> {
    let standings = Standings::read(&at(league)?);
    standings.map_err(|source| CliError::library("cannot read the league", source))
}

fn write_tables(league: &LeagueAt, global: &Global, output: &mut Output) -> Result<(), CliError> {
    let Some(folder) = &global.out else {
        return Err(CliError::Usage(
            "league export writes into a folder: name it with --out DIR".into(),
        ));
    };
    let failed = |source| CliError::library("cannot export the league", source);
    let standings = read(league)?;
    let written = export(&at(league)?, folder).map_err(failed)?;
    write_cards(&standings, &folder.join("agents")).map_err(failed)?;
    output.result(&written, || {
        let mut rows = vec![["table", "rows", "file"].map(str::to_owned).to_vec()];
        rows.extend(written.iter().map(|t| {
            let file = t.csv.display().to_string();
            vec![t.table.to_owned(), t.rows.to_string(), file]
        }));
        table(&rows)
    })
}

/// The document of `scc league report`.
#[derive(Serialize)]
struct Written<'a> {
    report: &'a std::path::Path,
}

fn write_report(league: &LeagueAt, global: &Global, output: &mut Output) -> Result<(), CliError> {
    let Some(file) = &global.out else {
        return Err(CliError::Usage(
            "league report writes a page: name it with --out FILE".into(),
        ));
    };
    let saved = report(&read(league)?).save(file);
    saved.map_err(|source| CliError::library("cannot write the report", source))?;
    let written = Written { report: file };
    output.result(&written, || format!("wrote {}", file.display()))
}

fn status_text(status: &Status) -> String {
    let header = [
        "id",
        "player",
        "role",
        "from",
        "steps",
        "games",
        "Elo",
        "trains",
        "checkpoint",
    ];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    let row = |p: &PlayerStatus| {
        vec![
            p.id.to_string(),
            p.name.clone(),
            p.role.to_owned(),
            p.parent.clone().unwrap_or_else(|| "-".into()),
            (p.start_step + p.steps).to_string(),
            p.games.to_string(),
            format!("{:.0} ± {:.0}", p.elo, p.standard_error),
            if p.active { "yes" } else { "no" }.to_owned(),
            p.checkpoint.clone(),
        ]
    };
    rows.extend(status.players.iter().map(row));
    let mut text = format!(
        "{}: {} matches\n{}",
        status.storage,
        status.matches,
        table(&rows)
    );
    if !status.pending_starts.is_empty() {
        text.push_str(&format!("to join: {}\n", status.pending_starts.join(", ")));
    }
    let waiting = |r: &&scc::storage::BranchRequest| r.status == RequestStatus::Waiting;
    for request in status.branch_requests.iter().filter(waiting) {
        text.push_str(&format!("asked for: branch {}\n", request.order.name));
    }
    text
}

pub fn elo_text(elo: &EloTable) -> String {
    let header = ["player", "role", "Elo", "95% interval", "games"];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    rows.extend(elo.players.iter().map(|p| {
        vec![
            p.name.clone(),
            p.role.to_owned(),
            format!("{:.0}", p.elo),
            format!("{:.0} to {:.0}", p.ci95[0], p.ci95[1]),
            p.games.to_string(),
        ]
    }));
    table(&rows)
}

pub fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

fn payoff_text(payoff: &PayoffTable) -> String {
    let header = [
        "player",
        "opponent",
        "wins",
        "draws",
        "losses",
        "win rate",
        "95% interval",
        "lately",
    ];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    rows.extend(payoff.pairs.iter().map(|p| {
        vec![
            p.player.clone(),
            p.opponent.clone(),
            p.wins.to_string(),
            p.draws.to_string(),
            p.losses.to_string(),
            percent(p.win_rate),
            format!("{} to {}", percent(p.ci95[0]), percent(p.ci95[1])),
            p.recent_win_rate.map_or_else(|| "-".into(), percent),
        ]
    }));
    table(&rows)
}
