//! `scc match`: games between two players, counted.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use scc::env::Arena;
use scc::evaluator::{EvaluatorError, MatchOptions, MatchPlan, MatchRow, Progress, play_match};
use scc::game::{MapData, Seed};
use scc::run::Agents;
use scc::run::arena::default_map;
use scc::run::config::GameConfig;
use serde::Serialize;

use super::args::Match;
use super::error::CliError;
use super::output::{Output, table};
use super::{Global, game, stop};

/// The document of `--json`.
#[derive(Serialize)]
struct Table {
    rows: Vec<MatchRow>,
}

pub fn run(args: &Match, global: &Global, output: &mut Output) -> Result<(), CliError> {
    let chosen = game::chosen(&args.game, &GameConfig::default())?;
    let agents = agents(args);
    // Made once before any game, so that a wrong path or name shows at once.
    for spec in std::iter::once(&args.agent).chain(&args.opponent) {
        agents
            .check(spec)
            .map_err(|source| CliError::library("match", source))?;
    }
    let arena = game::open(&chosen, "match", stop::on_interrupt()?)?;
    let maps = maps(args, &arena)?;
    if let Some(folder) = &args.save_replays {
        let made = std::fs::create_dir_all(folder);
        made.map_err(|source| {
            CliError::library(
                format!("cannot make the folder {}", folder.display()),
                source,
            )
        })?;
    }
    let mut rows = Vec::new();
    for opponent in &args.opponent {
        for map in &maps {
            let plan = MatchPlan {
                agent: args.agent.clone(),
                opponent: opponent.clone(),
                map: map.clone(),
                games: args.games,
                loops_max: args.max_loops,
                seed: Seed(global.seed.unwrap_or_default()),
            };
            rows.push(play(&plan, args, global, &agents, &arena)?);
        }
    }
    let document = Table { rows };
    output.result(&document, || text(&document.rows))
}

/// Who can play; checkpoints choose as `--temperature` says.
#[cfg(feature = "torch")]
fn agents(args: &Match) -> Agents {
    Agents::at_temperature(args.temperature).with_storage(args.storage.clone())
}

#[cfg(not(feature = "torch"))]
fn agents(args: &Match) -> Agents {
    Agents::default().with_storage(args.storage.clone())
}

/// The maps that were named, or the one that is played where none is.
fn maps(args: &Match, arena: &Arena) -> Result<Vec<Arc<MapData>>, CliError> {
    let failed = |source| CliError::library("match", source);
    if args.map.is_empty() {
        return Ok(vec![default_map(arena).map_err(failed)?]);
    }
    let load = |name: &String| arena.load_map(name).map_err(failed);
    args.map.iter().map(load).collect()
}

/// Plays one row, with a progress line on stderr.
fn play(
    plan: &MatchPlan,
    args: &Match,
    global: &Global,
    agents: &Agents,
    arena: &Arena,
) -> Result<MatchRow, CliError> {
    let bar = progress_bar(u64::from(plan.games), "");
    bar.set_message(format!(
        "{} - {} on {}",
        plan.agent, plan.opponent, plan.map.name
    ));
    let bar = Mutex::new(bar);
    let on_game = |progress: Progress| {
        let bar = bar.lock().unwrap_or_else(PoisonError::into_inner);
        bar.set_position(u64::from(progress.done));
        bar.set_message(format!(
            "{}: {} won, {} lost, {} tied",
            plan.opponent, progress.wins, progress.losses, progress.ties
        ));
    };
    let options = MatchOptions {
        threads: global.threads_or_all(),
        stop: stop::on_interrupt()?,
        on_game: &on_game,
        save_replays: args.save_replays.clone(),
        arena,
    };
    let row = play_match(plan, agents, &options);
    bar.into_inner()
        .unwrap_or_else(PoisonError::into_inner)
        .finish_and_clear();
    row.map_err(|error| match error {
        EvaluatorError::Interrupted => CliError::FellShort("interrupted".to_owned()),
        error => CliError::library("match", error),
    })
}

/// A line on stderr that says how far something is.
pub fn progress_bar(len: u64, message: &'static str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(len), ProgressDrawTarget::stderr());
    bar.set_style(
        ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}")
            .unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    bar.set_message(message);
    bar
}

pub fn text(rows: &[MatchRow]) -> String {
    let header = [
        "agent",
        "opponent",
        "map",
        "games",
        "wins",
        "losses",
        "ties",
        "win rate",
        "95% interval",
        "mean loops",
        "loops/s",
    ];
    let mut cells = vec![header.map(str::to_owned).to_vec()];
    cells.extend(rows.iter().map(|row| {
        vec![
            row.agent.clone(),
            row.opponent.clone(),
            row.map.clone(),
            row.games.to_string(),
            row.wins.to_string(),
            row.losses.to_string(),
            row.ties.to_string(),
            format!("{:.1}%", row.win_rate * 100.0),
            format!("{:.1} to {:.1}%", row.ci95[0] * 100.0, row.ci95[1] * 100.0),
            format!("{:.0}", row.mean_loops),
            format!("{:.0}", row.loops_per_second),
        ]
    }));
    table(&cells)
}
