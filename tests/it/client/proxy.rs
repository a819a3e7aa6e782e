//! A game that a test stands in for: its executable only says at which port it is to listen, the test listens there, passes
//! everything on to a real server, and does what no game should.

use super::Installed;
use crate::server::Host;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

/// What goes wrong, from the n-th piece of what the game sends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Everything arrives late, but arrives.
    Slow,
    /// Nothing arrives any more.
    Silent,
    /// A byte a little while: never silent, never done.
    Dripping,
    /// Half of a frame arrives, then the connection closes.
    CutShort,
    /// Bytes that are no frame.
    NoFrames,
    /// A whole frame whose content is no message.
    Garbage,
    /// An answer, but to nothing that was asked.
    WrongAnswer,
}

/// Makes the installation's game one that is stood in for, with this fault after `pieces`.
pub struct Stand {
    stop: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
    /// Games that were stood in for.
    pub games: Arc<AtomicUsize>,
}

impl Stand {
    pub fn new(installed: &Installed, fault: Fault, pieces: usize) -> Stand {
        let told = installed.folder().join("ports");
        std::fs::create_dir_all(&told).unwrap();
        installed.write_executable(&format!(
            "for word in \"$@\"; do\n\
               [ \"$before\" = -port ] && echo > '{}'/\"$word\"\n\
               before=$word\n\
             done\n\
             exec sleep 1000",
            told.display()
        ));
        let (stop, games) = (Arc::new(AtomicBool::new(false)), Arc::default());
        let (own_stop, own_games) = (stop.clone(), Arc::clone(&games));
        let thread = std::thread::spawn(move || stand(told, fault, pieces, &own_stop, &own_games));
        Stand {
            stop,
            thread: Some(thread),
            games,
        }
    }
}

impl Drop for Stand {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Waits for games to say their port, and serves each in a thread of its own.
fn stand(told: PathBuf, fault: Fault, pieces: usize, stop: &AtomicBool, games: &AtomicUsize) {
    while !stop.load(Ordering::Relaxed) {
        for entry in std::fs::read_dir(&told).into_iter().flatten().flatten() {
            let port: u16 = entry.file_name().to_str().unwrap().parse().unwrap();
            std::fs::remove_file(entry.path()).unwrap();
            games.fetch_add(1, Ordering::Relaxed);
            std::thread::spawn(move || serve(port, fault, pieces));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// One game: a server, and one connection passed on to it.
fn serve(port: u16, fault: Fault, pieces: usize) {
    let host = Host::start();
    let Ok(listener) = TcpListener::bind(("127.0.0.1", port)) else {
        return;
    };
    let Ok((client, _)) = listener.accept() else {
        return;
    };
    let server = TcpStream::connect(host.at).unwrap();
    let (mut from_client, mut to_server) =
        (client.try_clone().unwrap(), server.try_clone().unwrap());
    let requests = std::thread::spawn(move || {
        let _ = std::io::copy(&mut from_client, &mut to_server);
        let _ = to_server.shutdown(Shutdown::Both);
    });
    pass(server, client, fault, pieces);
    let _ = requests.join();
}

fn pass(mut server: TcpStream, mut client: TcpStream, fault: Fault, pieces: usize) {
    let mut buffer = vec![0; 1 << 20];
    let mut n = 0;
    while let Ok(length @ 1..) = server.read(&mut buffer) {
        let piece = &buffer[..length];
        n += 1;
        let passed = match n > pieces {
            false => client.write_all(piece),
            true => fail(&mut client, piece, fault),
        };
        if passed.is_err() {
            break;
        }
    }
    let _ = client.shutdown(Shutdown::Both);
    let _ = server.shutdown(Shutdown::Both);
}

fn fail(client: &mut TcpStream, piece: &[u8], fault: Fault) -> std::io::Result<()> {
    let binary_frame = |content: &[u8]| {
        let mut frame = vec![0x82, content.len() as u8];
        frame.extend_from_slice(content);
        frame
    };
    match fault {
        Fault::Slow => {
            std::thread::sleep(Duration::from_millis(10));
            client.write_all(piece)
        }
        Fault::Silent => Ok(()),
        Fault::Dripping => {
            for byte in piece {
                client.write_all(&[*byte])?;
                std::thread::sleep(Duration::from_millis(50));
            }
            Ok(())
        }
        Fault::CutShort => {
            client.write_all(&piece[..piece.len().div_ceil(2)])?;
            Err(std::io::ErrorKind::ConnectionReset.into())
        }
        Fault::NoFrames => client.write_all(&[0xff; 64]),
        Fault::Garbage => client.write_all(&binary_frame(&[0xff; 40])),
        // An empty answer with status `in_game`.
        Fault::WrongAnswer => client.write_all(&binary_frame(&[0x98, 0x06, 0x03])),
    }
}
