//! Who reaches our servers when nothing is said of it: this machine alone.

use crate::cli::Fixture;
use std::io::{BufRead, BufReader, Read};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

/// Killed when dropped.
struct Started(Child);

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(command: &mut Command) -> Started {
    let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    Started(command.spawn().expect("the binary starts"))
}

/// On another address of this machine, where whoever listens on all of them would answer.
fn is_reached_elsewhere(port: u16) -> bool {
    TcpStream::connect(("127.0.0.2", port)).is_ok()
}

#[test]
fn the_api_server_listens_on_loopback_alone() {
    let fixture = Fixture::new();
    for (more, address) in [
        (&[][..], "127.0.0.1"),
        (&["-listen", "127.0.0.2"], "127.0.0.2"),
    ] {
        let args = [&["-v", "sim", "-port", "0"], more].concat();
        let mut server = start(&mut fixture.command(&args));
        let lines = BufReader::new(server.0.stderr.take().expect("piped")).lines();
        let mut told = lines.map_while(Result::ok);
        let line = told.find(|l| l.contains("ws://")).expect("its address");
        let (_, rest) = line.split_once(&format!("ws://{address}:")).expect("there");
        let port = rest.split('/').next().and_then(|p| p.parse().ok());
        let is_all = is_reached_elsewhere(port.expect("a port"));
        assert_eq!(is_all, address == "127.0.0.2", "{line}");
    }
}

#[test]
fn the_dashboard_listens_on_loopback_alone() {
    let fixture = Fixture::new();
    let mut served = start(&mut fixture.command(&["dashboard", "--replays", "."]));
    let mut told = String::new();
    let out = served.0.stdout.take().expect("piped");
    BufReader::new(out).read_line(&mut told).expect("UTF-8");
    if told.is_empty() {
        // Another program has the port: it names the address that it may not have.
        let err = served.0.stderr.as_mut().expect("piped");
        err.read_to_string(&mut told).expect("UTF-8");
        assert!(told.contains("cannot listen on 127.0.0.1:8800"), "{told}");
    } else {
        assert_eq!(told, "http://127.0.0.1:8800/\n");
        assert!(!is_reached_elsewhere(8800), "it listens everywhere");
    }
}
