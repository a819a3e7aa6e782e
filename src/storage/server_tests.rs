//! A database server that dies, hangs and comes back: an error within bounded time, nothing acknowledged lost, and the same
//! [`Storage`] goes on. One that does not let us in is told of.

use super::tests::{league_at, live};
use super::*;
use crate::test_servers::MariaDb;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::{Duration, Instant};

#[test]
fn a_server_that_dies_loses_nothing_and_is_found_again() {
    let Some(mut server) = MariaDb::start() else {
        return;
    };
    let at: StorageUrl = server.url().parse().unwrap();
    let (mut storage, mut league) = league_at(&at);
    live(&mut storage, &mut league, 5);
    server.kill();
    for _ in 0..2 {
        let refused = storage.load_league();
        assert!(
            matches!(refused, Err(StorageError::Connect { .. })),
            "{refused:?}"
        );
    }
    server.restart();
    assert_eq!(storage.load_league().unwrap(), league);
    live(&mut storage, &mut league, 5);
    assert_eq!(storage.load_league().unwrap(), league);
}

#[test]
fn a_server_that_hangs_is_waited_for_so_long_and_no_longer() {
    let Some(server) = MariaDb::start() else {
        return;
    };
    let at: StorageUrl = server.url().parse().unwrap();
    let (mut storage, league) = league_at(&at);
    storage.link.work_seconds = 1;
    server.freeze(true);
    let begun = Instant::now();
    let refused = storage.load_league();
    assert!(
        matches!(refused, Err(StorageError::Connect { .. })),
        "{refused:?}"
    );
    let waited = begun.elapsed();
    assert!(waited < Duration::from_secs(20), "{waited:?}");
    server.freeze(false);
    assert_eq!(storage.load_league().unwrap(), league);
}

#[test]
fn who_is_not_let_in_is_told_so_without_the_password() {
    let Some(server) = MariaDb::start() else {
        return;
    };
    for (login, database) in [
        ("scc:wrong-word", "scc"),
        ("nobody:secret", "scc"),
        ("scc:secret", "another"),
    ] {
        let url = format!("mysql://{login}@127.0.0.1:{}/{database}", server.port);
        let at: StorageUrl = url.parse().unwrap();
        let refused = Storage::create(&at).err();
        let Some(StorageError::Connect { .. }) = refused else {
            panic!("{refused:?}");
        };
        let told = refused.map(|e| e.to_string()).unwrap_or_default();
        assert!(
            !told.contains("secret") && !told.contains("wrong-word"),
            "{told}"
        );
    }
}

/// What a MySQL server says to who has no TLS: its greeting (MySQL 9.7.4), "send the password", and a key to encrypt it with.
#[test]
fn a_password_that_the_driver_cannot_send_is_told_of() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = std::thread::spawn(move || {
        let (mut client, _) = listener.accept().unwrap();
        let greeting = [
            b"\x0a9.7.4\0\x08\0\0\0abcdefgh\0".as_slice(),
            // What it can do, but for TLS; its character set; its state; the length of the next part.
            b"\xff\xf7\xff\x02\0\xff\xdf\x15",
            b"\0\0\0\0\0\0\0\0\0\0ijklmnopqrst\0caching_sha2_password\0",
        ];
        for (number, said) in [&greeting.concat(), b"\x01\x04".as_slice(), b"\x01key"]
            .into_iter()
            .enumerate()
        {
            let head = [said.len() as u8, 0, 0, 2 * number as u8];
            client.write_all(&[&head, said].concat()).unwrap();
            let _ = client.read(&mut [0; 1024]);
        }
    });
    let at: StorageUrl = format!("mysql://u:secret@127.0.0.1:{port}/scc")
        .parse()
        .unwrap();
    let refused = Storage::create(&at).err();
    let Some(StorageError::Login { .. }) = refused else {
        panic!("{refused:?}");
    };
    let told = refused.map(|e| e.to_string()).unwrap_or_default();
    assert!(
        told.contains("mysql_native_password") && !told.contains("secret"),
        "{told}"
    );
    server.join().unwrap();
}
