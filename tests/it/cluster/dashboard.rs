//! `scc dashboard --bus URL` beside a cluster, and a learner that hangs: what that does to the queue, and that it is shown.

use super::processes::{Cluster, signal};
use super::setup::{Setup, config_with};
use super::{LONG, NOTHING, roles};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::Duration;

/// A dashboard of a cluster; dropped, it is killed.
struct Dashboard {
    child: Child,
    /// `HOST:PORT`
    at: String,
}

impl Drop for Dashboard {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Dashboard {
    fn start(cluster: &Cluster) -> Dashboard {
        let mut command = cluster.command("dashboard", &cluster.bus_url());
        let command = command.args(["--json", "--listen", "127.0.0.1:0"]);
        let command = command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("the binary starts");
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().expect("piped"));
        out.read_line(&mut line).expect("its address");
        let told: Value = serde_json::from_str(&line).expect("JSON");
        let url = told["url"].as_str().expect("a text");
        let at = url.trim_start_matches("http://").trim_end_matches('/');
        Dashboard {
            child,
            at: at.to_owned(),
        }
    }

    /// Asks it to end, which it does well.
    fn stop(&mut self) {
        signal(&self.child, "TERM");
        let ended = self.child.wait().expect("a child");
        assert_eq!(ended.code(), Some(0));
    }

    /// What is at this path.
    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.at).expect("it listens");
        let limit = Some(Duration::from_secs(60));
        stream.set_read_timeout(limit).expect("a socket");
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", self.at);
        stream.write_all(request.as_bytes()).expect("it listens");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let (head, body) = answer.split_once("\r\n\r\n").expect("HTTP");
        assert!(head.starts_with("HTTP/1.1 200 "), "{path}: {head}");
        body.to_owned()
    }

    /// Of `/metrics`: the sum of a family's values with this among their labels.
    fn sum(&self, family: &str, label: &str) -> f64 {
        let text = self.get("/metrics");
        let of_family = |l: &&str| l.starts_with(&format!("{family}{{")) && l.contains(label);
        let values = text.lines().filter(of_family).filter_map(|l| {
            let (_, value) = l.rsplit_once(' ')?;
            value.parse::<f64>().ok()
        });
        values.sum()
    }

    /// Of `/api/overview`: roles of the processes that it heard of within the last five seconds.
    fn alive(&self) -> Vec<String> {
        let told: Value = serde_json::from_str(&self.get("/api/overview")).expect("JSON");
        let now = told["now_ms"].as_u64().expect("a time");
        let all = told["processes"].as_array().expect("a list").iter();
        let seen = all.filter(|p| p["seen_ms"].as_u64().is_some_and(|at| at + 5000 > now));
        let mut roles: Vec<String> = seen
            .map(|p| p["role"].as_str().unwrap_or_default().to_owned())
            .collect();
        roles.sort_unstable();
        roles
    }
}

const QUEUE: &str = "queue=\"games-main\"";
const DROPPED: &str = "scc_queue_dropped_total";

/// Everybody is heard of, and somebody says how many there should be.
fn shows_everybody(cluster: &Cluster, dashboard: &Dashboard) {
    let mut everybody = Vec::new();
    for (role, n) in roles(2) {
        everybody.extend(vec![role.name().to_owned(); n]);
    }
    everybody.sort_unstable();
    let wants = |role: &str| dashboard.sum("scc_wanted", &format!("role=\"{role}\"")) >= 1.0;
    cluster.wait("everybody on the dashboard", LONG, || {
        dashboard.alive() == everybody && wants("actor") && wants("predictor")
    });
}

/// Waits until more games are dropped than `before`, by all who tell of it, and the queue is no longer than it may be.
fn shows_what_is_dropped(cluster: &Cluster, dashboard: &Dashboard, before: f64) {
    cluster.wait("games that the queue drops", LONG, || {
        dashboard.sum(DROPPED, QUEUE) > before
    });
    let mut queues = cluster.status().queues.into_iter();
    let queue = queues.find(|q| q.name == "games-main").expect("told of");
    assert!(
        queue.dropped > before as u64 && queue.pushed > queue.dropped,
        "{queue:?}"
    );
    assert!(
        queue.waiting <= 1 && dashboard.sum("scc_queue_length", QUEUE) <= 1.0,
        "{queue:?}"
    );
}

#[test]
fn a_learner_that_hangs_is_done_without_and_the_dashboard_shows_what_its_queue_drops() {
    let config = config_with(&[
        ("[cluster]", "[cluster]\nqueue_games = 1"),
        ("collective_seconds = 20.0", "collective_seconds = 10.0"),
    ]);
    let setup = Setup {
        config,
        ..Setup::of(roles(2))
    };
    let Some(mut cluster) = Cluster::start(setup) else {
        return;
    };
    cluster.wait_for_steps(2, Duration::from_secs(120));
    let mut dashboard = Dashboard::start(&cluster);
    shows_everybody(&cluster, &dashboard);
    let name = cluster.first_of_learners(2);
    let before = cluster.look();
    let dropped = dashboard.sum(DROPPED, QUEUE);
    cluster.freeze(&name, true);
    // While its group waits for it nobody takes games.
    shows_what_is_dropped(&cluster, &dashboard, dropped);
    // Then it counts as lost, and the other learner goes on alone.
    cluster.wait_for_steps(cluster.steps() + 2, LONG);
    let steps = cluster.metrics().into_iter();
    let newest = steps.max_by_key(|s| s.step).expect("a step");
    assert_eq!(newest.learners, 1, "{name} hangs: {newest:?}");
    let hangs = format!("id=\"{name}\"");
    cluster.wait("its silence on the dashboard", LONG, || {
        dashboard.sum("scc_process_silent_seconds", &hangs) > 3.0
    });
    let alone = cluster.look();
    cluster.freeze(&name, false);
    cluster.wait_for_shared_steps(2, &alone, LONG);
    shows_everybody(&cluster, &dashboard);
    let after = cluster.look();
    assert_eq!(
        (alone.lacks(&before), after.lacks(&alone)),
        (vec![], vec![])
    );
    dashboard.stop();
    cluster.stop_all();
    assert_eq!(cluster.look().lacks(&after), NOTHING);
    cluster.nothing_went_wrong();
}
