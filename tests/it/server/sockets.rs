//! Hostile, careless and vanishing clients: an error or a clean close, and the next client is served.

use super::{Client, Host, against_computer, created};
use prost::Message as _;
use scc::sc2::proto::{self, RequestStep, Status, request::Request as Q};
use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant};
use tungstenite::Message;
use tungstenite::protocol::frame::Frame;
use tungstenite::protocol::frame::coding::{CloseCode, Data, OpCode};

fn ping_bytes() -> Vec<u8> {
    let request = proto::Request {
        id: Some(5),
        request: Some(Q::Ping(proto::RequestPing {})),
    };
    request.encode_to_vec()
}

/// The next client, as soon as the server has noticed that the one before is gone.
fn next_client(host: &Host) -> Client {
    let mut client = host.client();
    assert_eq!(client.ask(Q::Ping(proto::RequestPing {})).error.len(), 0);
    client
}

#[test]
fn bytes_that_are_no_request_get_an_error_and_the_connection_stays() {
    let host = Host::start();
    let mut client = host.client();
    for bytes in [
        vec![],
        vec![0xff; 9],
        vec![0x0a, 0x7f],
        b"GET / HTTP/1.1".to_vec(),
    ] {
        client.send_bytes(bytes.clone());
        let response = client.receive();
        assert!(response.response.is_none(), "{bytes:?}");
        assert_eq!(response.error.len(), 1, "{bytes:?}");
        assert_eq!(response.status, Some(Status::Launched as i32));
    }
    assert_eq!(client.status(), Status::Launched);
}

#[test]
fn text_frames_that_are_not_utf8_fragments_and_pings_between_are_understood() {
    let host = Host::start();
    let mut client = host.client();
    // PySC2: a request in a text frame. This one's bytes are made not to be UTF-8 by an unknown field.
    let mut bytes = ping_bytes();
    bytes.extend([0x82, 0x7d, 2, 0xff, 0xfe]);
    assert!(std::str::from_utf8(&bytes).is_err());
    let text = |bytes: &[u8], kind, last| {
        let mut frame = Frame::message(bytes.to_vec(), OpCode::Data(kind), last);
        frame.header_mut().mask = None;
        Message::Frame(frame)
    };
    client.ws.send(text(&bytes, Data::Text, true)).unwrap();
    assert_eq!(client.receive().id, Some(5));
    client
        .ws
        .send(text(&bytes[..2], Data::Text, false))
        .unwrap();
    client
        .ws
        .send(Message::Ping(b"hey".to_vec().into()))
        .unwrap();
    client
        .ws
        .send(text(&bytes[2..4], Data::Continue, false))
        .unwrap();
    client
        .ws
        .send(text(&bytes[4..], Data::Continue, true))
        .unwrap();
    assert_eq!(
        client.ws.read().unwrap(),
        Message::Pong(b"hey".to_vec().into())
    );
    assert_eq!(client.receive().id, Some(5));
}

#[test]
fn several_requests_may_be_sent_before_an_answer_is_read() {
    let host = Host::start();
    let mut client = host.client();
    created(&mut client, against_computer());
    client.join();
    for count in 1..=5 {
        client.send(Q::Step(RequestStep { count: Some(count) }));
    }
    client.send(Q::Ping(proto::RequestPing {}));
    let loops: Vec<u32> = (0..5)
        .map(|_| match client.receive().response {
            Some(proto::response::Response::Step(step)) => step.simulation_loop.unwrap(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(loops, [1, 3, 6, 10, 15]);
    assert!(client.receive().response.is_some());
}

/// Sends raw bytes after a handshake; the close code that comes back.
fn close_code(host: &Host, frame: &[u8]) -> Option<CloseCode> {
    let mut client = next_client(host);
    client.ws.get_mut().write_all(frame).unwrap();
    match client.ws.read() {
        Ok(Message::Close(frame)) => frame.map(|f| f.code),
        _ => None,
    }
}

#[test]
fn frames_against_the_rules_are_closed_with_the_right_code_and_the_next_client_is_served() {
    let host = Host::start();
    let masked = |first: u8, length: u8| vec![first, 0x80 | length, 0, 0, 0, 0];
    // 65 MiB announced, nothing sent: the length alone decides.
    let mut huge = vec![0x82, 0xff];
    huge.extend((65u64 << 20).to_be_bytes());
    huge.extend([0; 4]);
    let cases = [
        (huge, CloseCode::Size),
        (vec![0x82, 1, 0], CloseCode::Protocol), // not masked
        (masked(0xc2, 0), CloseCode::Protocol),  // a reserved bit
        (masked(0x83, 0), CloseCode::Protocol),  // an opcode that does not exist
        (masked(0x80, 0), CloseCode::Protocol),  // goes on with nothing begun
        (masked(0x09, 0), CloseCode::Protocol),  // a ping in parts
        (masked(0x88, 0), CloseCode::Normal),    // a close
    ];
    for (frame, expected) in cases {
        assert_eq!(close_code(&host, &frame), Some(expected), "{frame:?}");
    }
    next_client(&host);
}

#[test]
fn what_is_no_handshake_or_another_path_is_turned_away() {
    let host = Host::start();
    let ask = |text: &str| {
        let mut stream = host.stream();
        stream.write_all(text.as_bytes()).unwrap();
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        answer
    };
    let upgrade = "Host: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                   Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
    let elsewhere = ask(&format!("GET /other HTTP/1.1\r\n{upgrade}"));
    assert!(elsewhere.starts_with("HTTP/1.1 404"), "{elsewhere}");
    assert!(!ask("nonsense\r\n\r\n").contains("101"));
    assert!(!ask("GET /sc2api HTTP/1.1\r\n\r\n").contains("101"));
    // One that connects and says nothing holds nobody up.
    let _silent = host.stream();
    next_client(&host);
}

#[test]
fn a_second_client_is_refused_and_the_first_is_not_disturbed() {
    let host = Host::start();
    let mut first = host.client();
    created(&mut first, against_computer());
    let url = format!("ws://{}/sc2api", host.at);
    assert!(tungstenite::client(url, host.stream()).is_err());
    first.join();
    assert_eq!(first.step(2), 2);
    drop(first);
    // The next one finds the game as it was left.
    let mut second = host.client();
    assert_eq!(second.status(), Status::InGame);
    assert_eq!(second.step(1), 3);
}

#[test]
fn a_client_that_vanishes_in_a_long_step_leaves_the_server_free() {
    let host = Host::start();
    let mut client = host.client();
    created(&mut client, against_computer());
    client.join();
    client.send(Q::Step(RequestStep {
        count: Some(u32::MAX),
    }));
    drop(client);
    let since = Instant::now();
    let mut next = next_client(&host);
    assert_eq!(next.status(), Status::InGame);
    assert!(since.elapsed() < Duration::from_secs(5));
}

#[test]
fn many_games_one_after_another_on_one_server() {
    let host = Host::start();
    let mut client = host.client();
    for n in 0..50 {
        if n % 10 == 9 {
            drop(client);
            client = next_client(&host);
        }
        created(&mut client, against_computer());
        assert_eq!(client.join(), 1);
        assert_eq!(client.step(4), 4);
        assert_eq!(client.observe().observation.unwrap().game_loop, Some(4));
        // Some are left, some abandoned.
        if n % 2 == 0 {
            client.ask(Q::LeaveGame(proto::RequestLeaveGame {}));
            assert_eq!(client.status(), Status::Launched);
        }
    }
}
