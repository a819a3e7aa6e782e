//! `/metrics`: the newest numbers in Prometheus' text format (version 0.0.4), for operators and autoscalers.

use super::Board;
use super::processes::Processes;
use super::run_folder::RunState;
use super::series::PlayerSeries;
use std::fmt::Write as _;

/// Series with one name: help, and labels with a value each.
#[derive(Default)]
struct Text {
    out: String,
}

impl Text {
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        let _ = writeln!(self.out, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn value(&mut self, name: &str, labels: &[(&str, &str)], value: f64) {
        let labels: Vec<String> = labels
            .iter()
            .map(|(key, value)| format!("{key}=\"{}\"", escaped(value)))
            .collect();
        let labels = match labels.is_empty() {
            true => String::new(),
            false => format!("{{{}}}", labels.join(",")),
        };
        let _ = writeln!(self.out, "{name}{labels} {value}");
    }
}

/// A label's value as the format has it.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    text.replace('\n', "\\n")
}

impl Board {
    pub(super) fn prometheus(&self) -> String {
        let mut text = Text::default();
        let players = self.newest();
        if let Some(run) = &self.run {
            let state = run.state(run.manifest().as_ref());
            text.family(
                "scc_run_up",
                "gauge",
                "1 while a process writes in the run folder.",
            );
            let up = f64::from(u8::from(state == RunState::Running));
            text.value("scc_run_up", &[("run", run.name().as_str())], up);
        }
        of_players(&mut text, &players);
        of_processes(&mut text, &self.processes(&players));
        self.of_league(&mut text);
        text.out
    }

    fn of_league(&self, text: &mut Text) {
        let (view, problem) = self.league();
        if self.storage.is_some() {
            text.family(
                "scc_storage_up",
                "gauge",
                "1 if the database could be read.",
            );
            text.value(
                "scc_storage_up",
                &[],
                f64::from(u8::from(problem.is_none())),
            );
        }
        let Some(league) = view.as_ref().and_then(|view| view.league.as_ref()) else {
            return;
        };
        text.family(
            "scc_league_matches_total",
            "counter",
            "Matches drawn and recorded.",
        );
        text.value(
            "scc_league_matches_total",
            &[],
            league.status.matches as f64,
        );
        text.family(
            "scc_player_elo",
            "gauge",
            "Elo; the supervised agent stands at 0.",
        );
        for p in &league.elo.players {
            let labels = [("player", p.name.as_str()), ("role", p.role)];
            text.value("scc_player_elo", &labels, p.elo);
        }
        text.family(
            "scc_player_games_total",
            "counter",
            "Games of training and evaluation.",
        );
        for p in &league.elo.players {
            text.value(
                "scc_player_games_total",
                &[("player", p.name.as_str())],
                p.games as f64,
            );
        }
    }
}

fn of_players(text: &mut Text, players: &[PlayerSeries]) {
    if players.is_empty() {
        return;
    }
    text.family("scc_step", "counter", "Training steps done.");
    for p in players {
        text.value("scc_step", &[("player", p.name.as_str())], p.step as f64);
    }
    text.family("scc_train_seconds", "counter", "Seconds of training.");
    for p in players {
        text.value(
            "scc_train_seconds",
            &[("player", p.name.as_str())],
            p.train_seconds,
        );
    }
    text.family(
        "scc_metric",
        "gauge",
        "Newest value of a number of docs/METRICS.md.",
    );
    for p in players {
        for (name, value) in &p.last {
            text.value(
                "scc_metric",
                &[("player", p.name.as_str()), ("name", name.as_str())],
                *value,
            );
        }
    }
}

fn of_processes(text: &mut Text, all: &Processes) {
    let now = crate::run::host::now_ms();
    text.family("scc_processes", "gauge", "Processes by role.");
    let mut roles: Vec<&str> = all.processes.iter().map(|p| p.role.as_str()).collect();
    roles.sort_unstable();
    for group in roles.chunk_by(|a, b| a == b) {
        text.value("scc_processes", &[("role", group[0])], group.len() as f64);
    }
    text.family(
        "scc_process_silent_seconds",
        "gauge",
        "Seconds since a process was heard of.",
    );
    for p in &all.processes {
        let labels = [
            ("role", p.role.as_str()),
            ("id", p.id.as_str()),
            ("host", p.host.as_str()),
        ];
        let silent = now.saturating_sub(p.seen_ms) as f64 / 1000.0;
        text.value("scc_process_silent_seconds", &labels, silent);
    }
    text.family("scc_process_rate", "gauge", "How fast a process works.");
    for p in &all.processes {
        for (name, rate) in &p.rates {
            let labels = [
                ("role", p.role.as_str()),
                ("id", p.id.as_str()),
                ("name", name.as_str()),
            ];
            text.value("scc_process_rate", &labels, *rate);
        }
    }
    if !all.wanted.is_empty() {
        let help = "How many processes of a role there should be, for autoscalers.";
        text.family("scc_wanted", "gauge", help);
        for (role, n) in &all.wanted {
            text.value("scc_wanted", &[("role", role.as_str())], *n);
        }
    }
    for (name, kind, help, of) in QUEUE_FAMILIES {
        text.family(name, kind, help);
        for q in &all.queues {
            if let Some(value) = of(q) {
                text.value(name, &[("queue", q.name.as_str())], value);
            }
        }
    }
}

type OfQueue = fn(&super::QueueReport) -> Option<f64>;

const QUEUE_FAMILIES: [(&str, &str, &str, OfQueue); 4] = [
    ("scc_queue_length", "gauge", "What waits now.", |q| {
        Some(q.length)
    }),
    (
        "scc_queue_capacity",
        "gauge",
        "What may wait at most.",
        |q| q.capacity,
    ),
    (
        "scc_queue_dropped_total",
        "counter",
        "Dropped so far.",
        |q| q.dropped,
    ),
    (
        "scc_queue_blocked_seconds_total",
        "counter",
        "Seconds that senders waited so far.",
        |q| q.blocked_seconds,
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::dashboard::{ProcessReport, QueueReport};

    #[test]
    fn names_with_anything_in_them_stay_one_label() {
        let mut text = Text::default();
        text.value("a", &[("x", "q\"\\\n}")], 1.5);
        text.value("b", &[], f64::NAN);
        assert_eq!(text.out, "a{x=\"q\\\"\\\\\\n}\"} 1.5\nb NaN\n");
    }

    #[test]
    fn processes_are_counted_by_role_and_queues_say_what_they_know() {
        let process = |role: &str, id: &str| ProcessReport {
            role: role.into(),
            id: id.into(),
            rates: [("games_per_second".to_owned(), 0.5)].into(),
            seen_ms: u64::MAX,
            ..ProcessReport::default()
        };
        let all = Processes {
            processes: vec![
                process("actor", "1"),
                process("learner", "2"),
                process("actor", "3"),
            ],
            queues: vec![QueueReport {
                name: "games".into(),
                length: 3.0,
                dropped: Some(2.0),
                ..QueueReport::default()
            }],
            wanted: [("actor".to_owned(), 5.0)].into(),
        };
        let mut text = Text::default();
        of_processes(&mut text, &all);
        for line in [
            "scc_processes{role=\"actor\"} 2",
            "scc_processes{role=\"learner\"} 1",
            "scc_process_rate{role=\"learner\",id=\"2\",name=\"games_per_second\"} 0.5",
            "scc_process_silent_seconds{role=\"actor\",id=\"3\",host=\"\"} 0",
            "scc_queue_length{queue=\"games\"} 3",
            "scc_wanted{role=\"actor\"} 5",
            "scc_queue_dropped_total{queue=\"games\"} 2",
        ] {
            assert!(text.out.lines().any(|l| l == line), "{line}\n{}", text.out);
        }
        assert!(!text.out.contains("scc_queue_capacity{"));
    }
}
