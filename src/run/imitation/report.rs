//! `report.html`: curves, evaluations, the final table, the config.

use super::state::TrainState;
use super::{Context, RunError, RunSummary};
use crate::run::config;
use crate::run::metrics::read_metrics;
use crate::run::report::{MATCH_COLUMNS, Report, Series, match_cells};
use crate::trajectory::HEADS;

pub(super) fn write(
    context: &Context,
    trained: &TrainState,
    summary: &RunSummary,
) -> Result<(), RunError> {
    let run = &context.options.out;
    let rows = read_metrics(&run.join("metrics.jsonl"))?;
    let mut report = Report::new("Imitation");
    report.paragraph(&format!(
        "{} steps, {} samples, {:.0} minutes of training on {}.",
        trained.step,
        trained.samples,
        trained.train_seconds / 60.0,
        crate::run::manifest::machine(),
    ));
    report.paragraph("Play it, from the folder in which the run was started:");
    report.code(&summary.play);
    report.heading("Final table");
    report.table(
        &MATCH_COLUMNS,
        &summary.rows.iter().map(match_cells).collect::<Vec<_>>(),
    );
    report.heading("Training");
    let by_head = |kind: &str| -> Vec<Series> {
        HEADS
            .iter()
            .map(|h| Series::of(&rows, &format!("{kind}/{h}"), h))
            .collect()
    };
    report.charts(&[
        ("loss", "step", vec![Series::of(&rows, "loss", "all heads")]),
        ("loss per choice, by head", "step", by_head("loss")),
        ("best guess right, by head", "step", by_head("accuracy")),
        ("win rate", "step", win_rates(trained)),
        (
            "samples per second",
            "step",
            vec![Series::of(&rows, "samples_per_second", "all")],
        ),
        (
            "gradient norm",
            "step",
            vec![Series::of(&rows, "gradient_norm", "before clipping")],
        ),
    ]);
    report.heading("Config");
    report.code(&config::show(context.config));
    report.save(&run.join("report.html"))?;
    Ok(())
}

fn win_rates(trained: &TrainState) -> Vec<Series> {
    let names = trained
        .evaluations
        .first()
        .map(|e| e.rows.iter().map(|r| r.opponent.clone()));
    let points = |name: &str| {
        let at = |e: &super::state::Evaluation| {
            let row = e.rows.iter().find(|r| r.opponent == name)?;
            Some((e.step as f64, row.win_rate))
        };
        trained.evaluations.iter().filter_map(at).collect()
    };
    names
        .into_iter()
        .flatten()
        .map(|name| Series {
            points: points(&name),
            name,
        })
        .collect()
}
