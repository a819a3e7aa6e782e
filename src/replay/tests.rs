use super::*;
use crate::game::{Command, GameResult, PlayerCommand, PlayerId, PlayerResult, Race, Seed};

pub(crate) fn sample() -> Replay {
    let seat = |name: &str, controller| SeatRecord {
        name: name.to_owned(),
        race: Race::Terran,
        controller,
        rating: Some(12.5),
    };
    let command = |game_loop| TimedCommand {
        game_loop,
        player: PlayerId(1),
        command: PlayerCommand::Unit(Command::default()),
    };
    Replay {
        header: Header {
            program: "test".to_owned(),
            map_name: "Flat64".to_owned(),
            map_hash: 7,
            seed: Seed(3),
            seats: [
                seat("a", Controller::Participant),
                seat("b", Controller::Computer { level: 2, build: 1 }),
            ],
            results: vec![
                PlayerResult {
                    player: PlayerId(1),
                    result: GameResult::Victory,
                },
                PlayerResult {
                    player: PlayerId(2),
                    result: GameResult::Defeat,
                },
            ],
            game_loops: 1344,
            state_hash: 99,
            n_commands: [200, 0],
        },
        map: None,
        commands: (0..200).map(command).collect(),
    }
}

#[test]
fn a_written_replay_reads_back_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.screp");
    write(&path, &sample()).unwrap();
    assert_eq!(read(&path).unwrap(), sample());
    assert_eq!(read_header(&path).unwrap(), sample().header);
    assert_eq!(sample().header.winner(), Some(0));
    let info = info(&path).unwrap();
    assert_eq!(
        (info.matchup.as_str(), info.players[0].apm),
        ("TvT", Some(200.0))
    );
    assert!(info.players[1].is_ai && info.players[1].apm.is_none());
    assert_eq!(list(dir.path()).unwrap(), vec![path]);
}

#[test]
fn every_truncation_and_every_flipped_byte_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.screp");
    write(&path, &sample()).unwrap();
    let whole = std::fs::read(&path).unwrap();
    for len in 0..whole.len() {
        std::fs::write(&path, &whole[..len]).unwrap();
        assert!(
            read(&path).is_err(),
            "{len} of {} bytes were read",
            whole.len()
        );
    }
    for at in (0..whole.len()).filter(|at| !(10..12).contains(at)) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x41;
        std::fs::write(&path, &bytes).unwrap();
        assert!(read(&path).is_err(), "byte {at} flipped went unnoticed");
    }
}

#[test]
fn what_is_no_replay_is_named_as_such() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.screp");
    std::fs::write(&path, "hello").unwrap();
    assert!(matches!(read(&path), Err(ReplayError::NotAReplay { .. })));
    std::fs::write(&path, "").unwrap();
    assert!(matches!(read(&path), Err(ReplayError::NotAReplay { .. })));
    assert!(
        matches!(read(dir.path()), Err(ReplayError::Read { .. })),
        "a folder"
    );
    assert!(matches!(
        read(&dir.path().join("none")),
        Err(ReplayError::Read { .. })
    ));
}

#[test]
fn a_failed_write_leaves_the_old_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.screp");
    write(&path, &sample()).unwrap();
    // A folder in the place of the target makes the last step fail, as a full disk makes an earlier one.
    let blocked = dir.path().join("blocked.screp");
    std::fs::create_dir_all(blocked.join("inside")).unwrap();
    assert!(matches!(
        write(&blocked, &sample()),
        Err(ReplayError::Write { .. })
    ));
    assert_eq!(read(&path).unwrap(), sample());
    let left = std::fs::read_dir(dir.path()).unwrap().count();
    assert_eq!(left, 2, "no temporary file stays");
}
