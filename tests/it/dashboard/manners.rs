//! What is refused, by the server and before there is one.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use super::{get, league_in, send, serve};
use crate::cli::{Fixture, own_replays};

#[test]
fn whatever_is_sent_is_answered_or_dropped_and_the_server_goes_on() {
    let fixture = Fixture::new();
    let served = serve(&fixture, &["--replays", &own_replays()]);
    let to = served.address;
    let head = format!("Host: {to}\r\n\r\n");
    for (request, status) in [
        (
            format!("POST / HTTP/1.1\r\nContent-Length: 0\r\n{head}"),
            405,
        ),
        (format!("DELETE /api/games HTTP/1.1\r\n{head}"), 405),
        (format!("GET /nothing HTTP/1.1\r\n{head}"), 404),
        (
            format!("GET /api/replay?file=..%2f..%2fCargo.toml HTTP/1.1\r\n{head}"),
            404,
        ),
        (format!("GET /../../Cargo.toml HTTP/1.1\r\n{head}"), 404),
        (format!("GET /api/metrics HTTP/1.1\r\n{head}"), 404),
        (
            "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n".to_owned(),
            403,
        ),
        ("no HTTP at all\r\n\r\n".to_owned(), 400),
        (
            format!("GET /{} HTTP/1.1\r\n{head}", "x".repeat(100_000)),
            431,
        ),
        (
            format!("GET / HTTP/1.1\r\nX: {}\r\n{head}", "x".repeat(100_000)),
            431,
        ),
        (format!("HEAD / HTTP/1.1\r\n{head}"), 200),
    ] {
        let mut stream = TcpStream::connect(to).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(60)))
            .unwrap();
        // It may be cut off in the middle of what is too long.
        let _ = stream.write_all(request.as_bytes());
        let mut all = Vec::new();
        let _ = stream.read_to_end(&mut all);
        let all = String::from_utf8_lossy(&all);
        let told = all.split(' ').nth(1).unwrap_or_default();
        let start: String = request.chars().take(60).collect();
        assert!(
            told == status.to_string() || all.is_empty() && status > 410,
            "{start}: {told} {all}"
        );
    }
    // Clients that never ask hold places, but not all of them.
    let silent: Vec<TcpStream> = (0..30).map(|_| TcpStream::connect(to).unwrap()).collect();
    assert_eq!(get(to, "/").0, 200);
    drop(silent);
    assert_eq!(get(to, "/api/overview").0, 200);
}

#[test]
fn a_token_is_asked_for() {
    let fixture = Fixture::new();
    std::fs::write(fixture.path("secret"), "hunter2\n").unwrap();
    let served = serve(
        &fixture,
        &["--replays", &own_replays(), "--token", "@secret"],
    );
    let to = served.address;
    assert_eq!(get(to, "/api/games").0, 401);
    assert_eq!(get(to, "/?token=hunter2").0, 200);
    let bearer =
        "GET /api/games HTTP/1.1\r\nHost: any.example\r\nAuthorization: Bearer hunter2\r\n\r\n";
    assert_eq!(send(to, bearer).0, 200);
    fixture.refused(
        &["dashboard", "--replays", ".", "--token", "@nowhere"],
        "nowhere",
    );
    fixture.refused(&["dashboard", "--replays", ".", "--token", ""], "empty");
}

#[test]
fn what_cannot_be_shown_or_served_is_refused() {
    let fixture = Fixture::new();
    fixture.refused(&["dashboard"], "name what to show");
    fixture.refused(&["dashboard", "nowhere"], "is no run folder");
    fixture.refused(&["dashboard", "."], "is no run folder");
    fixture.refused(
        &["dashboard", "--storage", "sqlite://none.db"],
        "no league database",
    );
    fixture.refused(&["dashboard", "--replays", "none"], "no folder of replays");
    fixture.refused(
        &["dashboard", "--replays", ".", "--listen", "8800"],
        "--listen",
    );
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    fixture.refused(
        &["dashboard", "--replays", ".", "--listen", &address],
        "cannot listen",
    );
    league_in(&fixture);
    let db = fixture.path("run/league.db");
    let mut bytes = std::fs::read(&db).unwrap();
    bytes[..16].copy_from_slice(b"SQLite format 9\0");
    std::fs::write(&db, bytes).unwrap();
    fixture.refused(&["dashboard", "run"], "is no database");
}
