//! Processes that take part in a run, and the queues between them: what they tell of themselves.

use super::run_folder::RunFolder;
use super::series::PlayerSeries;
use crate::run::host::{host_name, now_ms};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What one process tells of itself, again and again.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProcessReport {
    /// `actor`, `predictor`, `learner`, `evaluator`, `master`; `train` is all of them in one.
    pub role: String,
    /// Unlike every other one's.
    pub id: String,
    pub host: String,
    pub pid: u32,
    /// Version of the program.
    pub version: String,
    /// When it began, in milliseconds since 1970, by the clock of whoever shows it.
    pub since_ms: u64,
    /// When it was heard of last, likewise.
    pub seen_ms: u64,
    /// How fast it works: name with its unit (`games_per_second`) to value.
    pub rates: BTreeMap<String, f64>,
    /// What else there is to say: name to words.
    pub texts: BTreeMap<String, String>,
}

/// One queue: a channel, a buffer, a stream.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct QueueReport {
    pub name: String,
    /// What waits now.
    pub length: f64,
    /// What may wait at most, where that is known.
    pub capacity: Option<f64>,
    /// What was dropped so far because it was full or too old, where that is counted.
    pub dropped: Option<f64>,
    /// Seconds that senders have waited so far, over all of them.
    pub blocked_seconds: Option<f64>,
}

/// Everything that is known of processes and queues at one moment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Processes {
    pub processes: Vec<ProcessReport>,
    pub queues: Vec<QueueReport>,
    /// How many processes of a role there should be, where somebody says so.
    pub wanted: BTreeMap<String, f64>,
}

/// Gives the newest of it, at once: it is asked at every look.
pub type ProcessSource = Arc<dyn Fn() -> Processes + Send + Sync>;

/// The one process of a run folder, if it lives, and its queues as its metrics tell them.
pub fn of_run(run: &RunFolder, players: &[PlayerSeries]) -> Processes {
    let sum = |key: &str| -> Option<f64> {
        let values = players.iter().filter_map(|p| p.last.get(key));
        values.copied().reduce(|a, b| a + b)
    };
    let Some(pid) = run.holder() else {
        return Processes::default();
    };
    let manifest = run.manifest();
    let started = manifest.as_ref().map_or(0, |m| m.started_unix_seconds);
    let updated = players.iter().map(|p| p.updated_ms).max().unwrap_or(0);
    let rates = ["samples", "agent_steps", "games"].map(|what| format!("{what}_per_second"));
    let rates = rates
        .into_iter()
        .filter_map(|key| Some((key.clone(), sum(&key)?)));
    let process = ProcessReport {
        role: "train".to_owned(),
        id: run.name(),
        host: host_name(),
        pid: pid.parse().unwrap_or(0),
        version: manifest.map_or(String::new(), |m| m.version),
        since_ms: started * 1000,
        // It holds the folder's lock at this very moment, and wrote numbers when it wrote them.
        seen_ms: now_ms(),
        rates: rates.collect(),
        texts: BTreeMap::from([("metrics_ms".to_owned(), updated.to_string())]),
    };
    Processes {
        processes: vec![process],
        queues: queues(run, sum),
        wanted: BTreeMap::new(),
    }
}

fn queues(run: &RunFolder, sum: impl Fn(&str) -> Option<f64>) -> Vec<QueueReport> {
    let games = sum("games_queued").map(|length| QueueReport {
        name: "finished games".to_owned(),
        length,
        capacity: run.config_number("games", "queue_max"),
        dropped: sum("games_lost"),
        blocked_seconds: sum("actors_blocked_seconds"),
    });
    let dropped = [sum("unrolls_stale"), sum("unrolls_overflowed")];
    let buffer = sum("buffer_unrolls").map(|length| QueueReport {
        name: "unrolls to learn from".to_owned(),
        length,
        capacity: None,
        dropped: dropped.into_iter().flatten().reduce(|a, b| a + b),
        blocked_seconds: None,
    });
    let loader = sum("loader_ready").map(|length| QueueReport {
        name: "batches read ahead".to_owned(),
        length,
        // As docs/METRICS.md has it.
        capacity: Some(4.0),
        dropped: None,
        blocked_seconds: None,
    });
    [games, buffer, loader].into_iter().flatten().collect()
}
