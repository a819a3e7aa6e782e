//! `report.html`: ratings over time, losses, the final table, the config.

use super::state::{RlState, RlSummary};
use super::{Context, RunError};
use crate::reward::KINDS;
use crate::run::config;
use crate::run::metrics::{MetricsRow, read_metrics};
use crate::run::report::{MATCH_COLUMNS, Report, Series, match_cells};
use crate::trajectory::HEADS;

pub(super) fn write(
    context: &Context,
    trained: &RlState,
    summary: &RlSummary,
) -> Result<(), RunError> {
    let run = &context.options.out;
    let rows = read_metrics(&run.join("metrics.jsonl"))?;
    let mut report = Report::new("Reinforcement learning");
    report.paragraph(&format!(
        "{} training steps, {} agent steps of {} games, {:.0} minutes on {}.",
        trained.step,
        trained.samples,
        trained.games,
        trained.train_seconds / 60.0,
        crate::run::manifest::machine(),
    ));
    report.paragraph(&format!(
        "Elo {:.0} over the supervised agent (95%: {:.0} to {:.0}), by maximum likelihood over the final table.",
        summary.elo.elo, summary.elo.ci95[0], summary.elo.ci95[1],
    ));
    report.paragraph("Play it against the agent it started from:");
    report.code(&summary.play);
    report.heading("Final table");
    report.table(
        &MATCH_COLUMNS,
        &summary.rows.iter().map(match_cells).collect::<Vec<_>>(),
    );
    report.heading("Ratings and win rates");
    let mut charts = vec![("Elo over the supervised agent", "minutes", elo(trained))];
    charts.push((
        "win rate in training games",
        "step",
        by_prefix(&rows, "train_win_rate/"),
    ));
    report.charts(&charts);
    report.heading("Learning");
    report.charts(&learning(&rows));
    report.heading("Config");
    report.code(&config::show(context.config));
    report.save(&run.join("report.html"))?;
    Ok(())
}

fn elo(trained: &RlState) -> Vec<Series> {
    let curve = |name: &str, of: fn(&super::state::Evaluation) -> f64| Series {
        name: name.to_owned(),
        points: trained
            .evaluations
            .iter()
            .map(|e| (e.train_seconds / 60.0, of(e)))
            .collect(),
    };
    vec![
        curve("Elo", |e| e.elo.elo),
        curve("95% from", |e| e.elo.ci95[0]),
        curve("to", |e| e.elo.ci95[1]),
    ]
}

fn learning(rows: &[MetricsRow]) -> Vec<(&'static str, &'static str, Vec<Series>)> {
    let named = |prefix: &str, names: &[&str]| -> Vec<Series> {
        let one = |name: &&str| Series::of(rows, &format!("{prefix}{name}"), name);
        names.iter().map(one).collect()
    };
    vec![
        ("reward a game", "step", named("reward/", &KINDS)),
        (
            "explained variance of values",
            "step",
            named("explained_variance/", &KINDS),
        ),
        (
            "KL to the supervised policy",
            "step",
            named("loss/kl/", &HEADS),
        ),
        (
            "entropy, share of the largest",
            "step",
            named("entropy/", &HEADS),
        ),
        (
            "PPO",
            "step",
            named("", &["clip_fraction", "approx_kl", "ratio_mean"]),
        ),
        ("gradient norm", "step", named("", &["gradient_norm"])),
        (
            "agent steps per second",
            "step",
            named("", &["agent_steps_per_second"]),
        ),
        (
            "policy lag, training steps",
            "step",
            named("", &["policy_lag", "policy_lag_max"]),
        ),
    ]
}

fn by_prefix(rows: &[MetricsRow], prefix: &str) -> Vec<Series> {
    let names: std::collections::BTreeSet<&str> = rows
        .iter()
        .flat_map(|r| r.values.keys())
        .filter_map(|key| key.strip_prefix(prefix))
        .collect();
    names
        .into_iter()
        .map(|name| Series::of(rows, &format!("{prefix}{name}"), name))
        .collect()
}
