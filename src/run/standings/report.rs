//! The league's report: one HTML page with Elo curves (SCC Fig. 3), who beats whom, z's and strategies.

use super::{PlayerStatus, Standings, plots};
use crate::league::ZRecord;
use crate::league::curves::CurvePoint;
use crate::run::report::Report;

/// Most players in the matrix, the newest; more could not be read.
const MATRIX_MAX: usize = 40;
/// Most rows of a table of events.
const EVENTS_MAX: usize = 200;

/// The page.
pub fn report(standings: &Standings) -> Report {
    let status = standings.status();
    let mut page = Report::new("League");
    page.paragraph(&format!(
        "{}: {} players, {} matches, seed {}.",
        status.storage,
        status.players.len(),
        status.matches,
        status.seed
    ));
    elo(&mut page, standings);
    players(&mut page, &status.players);
    payoff(&mut page, standings);
    z(&mut page, standings);
    strategies(&mut page, standings);
    events(&mut page, standings);
    page
}

fn elo(page: &mut Report, standings: &Standings) {
    page.heading("Elo over training");
    let table = standings.elo();
    page.paragraph(
        "By maximum likelihood; the supervised agent stands at 0. Points are a player's copies in the league and the \
         player itself; bars are 95% intervals.",
    );
    let names: Vec<String> = table.curves.iter().map(|c| c.name.clone()).collect();
    page.figure(plots::elo(&table.curves).as_deref(), &names);
    let row = |name: &str, p: &CurvePoint| {
        vec![
            name.to_owned(),
            p.steps.to_string(),
            format!("{:.0}", p.elo),
            format!("{:.0}", p.standard_error),
        ]
    };
    let named = |c: &super::NamedCurve| -> Vec<Vec<String>> {
        c.curve.points.iter().map(|p| row(&c.name, p)).collect()
    };
    let rows: Vec<Vec<String>> = table.curves.iter().flat_map(named).collect();
    page.table(&["player", "steps", "Elo", "standard error"], &rows);
}

fn players(page: &mut Report, players: &[PlayerStatus]) {
    page.heading("Players");
    let row = |p: &PlayerStatus| {
        vec![
            p.name.clone(),
            p.role.to_owned(),
            p.parent.clone().unwrap_or_default(),
            (p.start_step + p.steps).to_string(),
            p.resets.to_string(),
            p.games.to_string(),
            format!("{:.0}\u{a0}±\u{a0}{:.0}", p.elo, p.standard_error),
            p.checkpoint.clone(),
        ]
    };
    let header = [
        "player",
        "role",
        "from",
        "steps",
        "resets",
        "games",
        "Elo",
        "checkpoint",
    ];
    page.table(&header, &players.iter().map(row).collect::<Vec<_>>());
}

fn payoff(page: &mut Report, standings: &Standings) {
    page.heading("Who beats whom");
    let table = standings.payoff();
    let skipped = table.players.len().saturating_sub(MATRIX_MAX);
    if skipped > 0 {
        page.paragraph(&format!("Without the {skipped} oldest players."));
    }
    page.paragraph("Win rate in percent of the row's player against the column's, over all games; draws count half.");
    let newest: Vec<Vec<Option<f64>>> = table.win_rates[skipped..]
        .iter()
        .map(|line| line[skipped..].to_vec())
        .collect();
    let picture = plots::matrix(&table.players[skipped..], &newest);
    page.figure(picture.as_deref(), &[]);
    let percent = |x: f64| format!("{:.0}%", x * 100.0);
    let row = |p: &super::PairRow| {
        vec![
            p.player.clone(),
            p.opponent.clone(),
            p.wins.to_string(),
            p.draws.to_string(),
            p.losses.to_string(),
            percent(p.win_rate),
            format!("{} to {}", percent(p.ci95[0]), percent(p.ci95[1])),
            p.recent_win_rate.map(percent).unwrap_or_default(),
        ]
    };
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
    page.table(&header, &table.pairs.iter().map(row).collect::<Vec<_>>());
}

fn z(page: &mut Report, standings: &Standings) {
    page.heading("Win rates by z");
    let statistics = standings.league.z_statistics();
    if statistics.is_empty() {
        page.paragraph("No z was evaluated.");
        return;
    }
    page.paragraph("Games of an agent conditioned on one z against the agent named, which is conditioned on none (SCC §6.2).");
    let bar = |s: &ZRecord| plots::Bar {
        name: format!("{} - {}", standings.z_name(s.z), standings.name(s.against)),
        value: s.record.win_rate(),
        interval: s.record.interval95(),
    };
    let bars: Vec<plots::Bar> = statistics.iter().map(bar).collect();
    page.figure(plots::bars(&bars).as_deref(), &[]);
}

fn strategies(page: &mut Report, standings: &Standings) {
    if standings.strategies.is_empty() {
        return;
    }
    page.heading("Strategies");
    page.paragraph("What each player makes in a game, on average.");
    let row = |s: &crate::storage::StrategyRow| {
        vec![
            standings.name(s.player),
            s.item.clone(),
            format!("{:.1}", s.mean),
            s.games.to_string(),
        ]
    };
    let rows: Vec<Vec<String>> = standings.strategies.iter().map(row).collect();
    page.table(&["player", "what", "a game", "games"], &rows);
}

fn events(page: &mut Report, standings: &Standings) {
    page.heading("Events");
    let skipped = standings.events.len().saturating_sub(EVENTS_MAX);
    let row = |e: &crate::storage::EventRow| {
        vec![
            e.event.name().to_owned(),
            standings.name(e.event.player()),
            e.event.steps().to_string(),
            serde_json::to_string(&e.event).unwrap_or_default(),
        ]
    };
    let rows: Vec<Vec<String>> = standings.events[skipped..].iter().map(row).collect();
    page.table(&["event", "player", "steps", "detail"], &rows);
}
