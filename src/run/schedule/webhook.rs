//! Alerts to whoever listens: one HTTP POST of JSON, within a time, tried again.

use super::alert::Alert;
use super::play::sleep;
use crate::run::config::schedule::AlertConfig;
use crate::storage::RunKey;
use serde::Serialize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// Seconds between tries: doubled after each.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// What is posted. `text` is what chat services show.
#[derive(Serialize)]
struct Message<'a> {
    text: String,
    schedule: &'a str,
    #[serde(rename = "match")]
    match_name: &'a str,
    due: &'a str,
    alerts: Vec<Alert>,
}

/// The alerts of a run, as the database holds them, as a message.
pub fn message(key: &RunKey, alerts: &str) -> String {
    // Alerts that another version wrote are told of without their details.
    let alerts: Vec<Alert> = serde_json::from_str(alerts).unwrap_or_default();
    let lines: Vec<String> = alerts.iter().map(Alert::text).collect();
    let message = Message {
        text: format!(
            "scc: win rates of {} fell ({})\n{}",
            key.match_name,
            key.due,
            lines.join("\n")
        ),
        schedule: &key.schedule,
        match_name: &key.match_name,
        due: &key.due,
        alerts,
    };
    serde_json::to_string(&message).expect("a message always serializes")
}

/// Posts a message, and comes back within a second when `stop` is set.
///
/// # Errors
/// Why the last try failed. The URL, which may hold a secret, is not in it.
pub fn post(config: &AlertConfig, message: String, stop: &AtomicBool) -> Result<(), String> {
    let mut pause = FIRST_PAUSE;
    let mut why = String::new();
    for left in (0..config.tries).rev() {
        match once(config, message.clone(), stop) {
            Ok(()) => return Ok(()),
            Err(error) => why = error,
        }
        if left > 0 {
            sleep(pause, stop);
            pause *= 2;
        }
        if stop.load(Ordering::Relaxed) {
            break;
        }
    }
    Err(why)
}

/// In a thread of its own, which is left behind when `stop` is set.
fn once(config: &AlertConfig, message: String, stop: &AtomicBool) -> Result<(), String> {
    let limit = Duration::from_secs_f64(config.timeout_seconds);
    let url = config.webhook.clone();
    let (send, receive) = channel();
    std::thread::spawn(move || {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .timeout_global(Some(limit))
            .build()
            .into();
        let request = agent.post(&url).header("content-type", "application/json");
        let answer = request.send(message).map(drop);
        // Nobody may be waiting any more.
        let _ = send.send(answer.map_err(|e| e.to_string().replace(&url, "the webhook")));
    });
    loop {
        match receive.recv_timeout(Duration::from_millis(100)) {
            Ok(answer) => return answer,
            Err(RecvTimeoutError::Disconnected) => return Err("it crashed".to_owned()),
            Err(RecvTimeoutError::Timeout) if stop.load(Ordering::Relaxed) => {
                return Err("stopped".to_owned());
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::time::Instant;

    fn config(url: String, tries: u32) -> AlertConfig {
        AlertConfig {
            webhook: url,
            timeout_seconds: 1.0,
            tries,
            ..AlertConfig::default()
        }
    }

    /// Answers so many requests with `status`, then one with 200; how many came.
    fn listener(status: &'static str, refusals: usize) -> (String, std::thread::JoinHandle<usize>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/secret", listener.local_addr().expect("bound"));
        let thread = std::thread::spawn(move || {
            for n in 0..=refusals {
                let (mut stream, _) = listener.accept().expect("a request");
                let mut bytes = [0; 4096];
                let mut got = String::new();
                while !got.ends_with('}') {
                    let len = stream.read(&mut bytes).expect("readable");
                    got.push_str(&String::from_utf8_lossy(&bytes[..len]));
                }
                let status = if n == refusals { "200 OK" } else { status };
                let answer =
                    format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                stream.write_all(answer.as_bytes()).expect("writable");
            }
            refusals + 1
        });
        (url, thread)
    }

    #[test]
    fn a_listener_that_refuses_is_tried_again() {
        let (url, thread) = listener("503 Service Unavailable", 1);
        post(&config(url, 3), "{}".into(), &AtomicBool::new(false)).expect("posted");
        assert_eq!(thread.join().expect("served"), 2);
    }

    #[test]
    fn who_never_answers_is_given_up_and_no_secret_told() {
        // Bound, but nobody accepts.
        let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/secret", silent.local_addr().expect("bound"));
        let start = Instant::now();
        let why = post(
            &config(url.clone(), 1),
            "{}".into(),
            &AtomicBool::new(false),
        )
        .unwrap_err();
        assert!(
            start.elapsed() < Duration::from_secs(10),
            "{:?}",
            start.elapsed()
        );
        assert!(!why.contains("secret"), "{why}");
        let start = Instant::now();
        let mut patient = config(url, 3);
        patient.timeout_seconds = 60.0;
        assert!(post(&patient, "{}".into(), &AtomicBool::new(true)).is_err());
        assert!(
            start.elapsed() < Duration::from_secs(5),
            "{:?}",
            start.elapsed()
        );
    }
}
