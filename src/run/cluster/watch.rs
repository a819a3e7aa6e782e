//! What a dashboard shows of a cluster: its processes and queues, as the master last told.

use super::{StatusReport, status};
use crate::bus::Bus;
use crate::run::RunError;
use crate::run::dashboard::{ProcessReport, ProcessSource, Processes, QueueReport};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Time between two looks.
const EVERY: Duration = Duration::from_secs(1);
/// The master answers by then, or is not there.
const WAIT: Duration = Duration::from_secs(3);

/// Asks the master every second, in a thread of its own, which ends with the last hold on the source. While there is none,
/// nothing is shown: what was is not what is.
///
/// # Errors
/// If no thread can be started.
pub fn process_source(bus: Arc<dyn Bus>) -> Result<ProcessSource, RunError> {
    let newest: Arc<Mutex<Option<Processes>>> = Arc::default();
    let kept = Arc::downgrade(&newest);
    let look = move || {
        while let Some(newest) = kept.upgrade() {
            let told = status(&*bus, WAIT).ok().map(|report| processes(&report));
            *newest.lock().unwrap_or_else(PoisonError::into_inner) = told;
            drop(newest);
            std::thread::sleep(EVERY);
        }
    };
    let thread = std::thread::Builder::new().name("cluster-watch".to_owned());
    thread.spawn(look).map_err(super::member::thread_error)?;
    Ok(Arc::new(move || {
        let newest = newest.lock().unwrap_or_else(PoisonError::into_inner);
        newest.clone().unwrap_or_default()
    }))
}

fn processes(report: &StatusReport) -> Processes {
    let now = crate::run::host::now_ms();
    let process = |p: &super::ProcessStatus| ProcessReport {
        role: p.beat.role.name().to_owned(),
        id: p.beat.id.clone(),
        host: p.beat.host.clone(),
        pid: p.beat.pid,
        version: p.beat.version.clone(),
        since_ms: p.beat.since_ms,
        // By the clock of whoever shows it, whatever the others' say.
        seen_ms: now.saturating_sub((p.silent_seconds * 1e3) as u64),
        rates: p.beat.rates.clone(),
        texts: p.beat.texts.clone(),
    };
    let queue = |q: &super::QueueStatus| QueueReport {
        name: q.name.clone(),
        length: q.waiting as f64,
        capacity: None,
        dropped: Some(q.dropped as f64),
        blocked_seconds: None,
    };
    Processes {
        processes: report.processes.iter().map(process).collect(),
        queues: report.queues.iter().map(queue).collect(),
        wanted: report
            .wanted
            .iter()
            .map(|(role, n)| (role.clone(), *n as f64))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::cluster::messages::Heartbeat;
    use crate::run::cluster::{ClusterRole, ProcessStatus};

    #[test]
    fn silence_is_counted_by_who_listens_and_not_by_another_clock() {
        let report = StatusReport {
            processes: vec![ProcessStatus {
                beat: Heartbeat {
                    role: ClusterRole::Actor,
                    id: "a".to_owned(),
                    host: "h".to_owned(),
                    pid: 1,
                    version: "0".to_owned(),
                    // Its clock stands in the year 2286.
                    since_ms: 10_000_000_000_000,
                    sent_ms: 10_000_000_000_000,
                    rates: [("games".to_owned(), 3.0)].into(),
                    texts: [].into(),
                },
                silent_seconds: 7.0,
                alive: false,
            }],
            wanted: [("actor".to_owned(), 4)].into(),
            ..StatusReport::default()
        };
        let told = processes(&report);
        let silent = crate::run::host::now_ms() - told.processes[0].seen_ms;
        assert!((7_000..9_000).contains(&silent), "{silent} ms");
        assert_eq!(told.wanted["actor"], 4.0);
    }
}
