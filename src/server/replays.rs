//! Replays over the API: saved from a game, described, watched.

use super::archive::{self, ArchiveError, Terms};
use super::envelope::{Body, Handled, Refusal};
use super::game::{Game, PLAYERS};
use super::requests::now;
use super::session::{Session, Stage, Table, Who};
use super::setup::{SeatSetup, Setup, decode};
use super::viewer::{Eyes, Viewer};
use super::{BUILD, DATA_VERSION, GAME_VERSION};
use crate::files;
use crate::game::{GameResult, LOOPS_PER_SECOND, MapData, PlayerCommand, PlayerResult};
use crate::replay::{Controller, Header, Replay, SeatRecord};
use crate::sc2::proto::{
    self, PlayerType, RequestReplayInfo, RequestStartReplay, ResponseReplayInfo,
    ResponseStartReplay, request_replay_info, request_start_replay,
    response_replay_info::Error as InfoError, response_start_replay::Error as StartError,
};
use crate::sim::{AiBuild, Difficulty, Seat, maps};
use std::path::Path;
use std::sync::Arc;

const FILE_BYTES_MAX: u64 = 64 << 20;

impl Session {
    pub(super) fn save_replay(&mut self) -> Handled {
        let Stage::Playing(table) = &self.stage else {
            return Err(Refusal::new(super::envelope::NOT_STARTED));
        };
        if table.game.is_replay() {
            return Err(Refusal::new("save_replay: not while a replay is watched"));
        }
        let bytes = archive::pack(&record(&table.game), terms(&table.game));
        now(Body::SaveReplay(proto::ResponseSaveReplay {
            data: Some(bytes.into()),
        }))
    }

    pub(super) fn start_replay(&mut self, request: &RequestStartReplay) -> Handled {
        if let Stage::Playing(table) = &self.stage
            && table.is_shared
            && !table.game.is_over()
        {
            return Err(Refusal::new(
                "a game with another player is going on: leave it first",
            ));
        }
        let mut body = ResponseStartReplay::default();
        match self.watch(request) {
            Ok(table) => {
                self.leave(Who::Local);
                self.stage = Stage::Playing(Box::new(table));
            }
            Err((error, details)) => {
                body.error = Some(error as i32);
                body.error_details = Some(details);
            }
        }
        now(Body::StartReplay(body))
    }

    fn watch(&self, request: &RequestStartReplay) -> Result<Table, (StartError, String)> {
        use request_start_replay::Replay as From;
        let (bytes, path) = match &request.replay {
            None => return Err((StartError::MissingReplay, "no replay is named".into())),
            Some(From::ReplayData(data)) => (data.to_vec(), String::new()),
            Some(From::ReplayPath(path)) => {
                let bytes = self.replay_bytes(path);
                (
                    bytes.map_err(|text| (StartError::InvalidReplayPath, text))?,
                    path.clone(),
                )
            }
        };
        let Some(options) = request.options else {
            return Err((StartError::MissingOptions, "no interface options".into()));
        };
        let observed = request.observed_player_id();
        let Some(eyes) = u32::try_from(observed).ok().and_then(Eyes::watching) else {
            let text = format!("the replay has no player {observed}");
            return Err((StartError::InvalidObservedPlayerId, text));
        };
        let invalid = |why: ArchiveError| (StartError::InvalidReplayData, chain(&why));
        let (replay, terms) = archive::unpack(&bytes, path.as_ref()).map_err(invalid)?;
        if terms.is_altered {
            return Err(invalid(ArchiveError::Altered));
        }
        let map = map_of(&replay, request)?;
        let seats = replay.header.seats.each_ref().map(seat_of);
        let [Some(first), Some(second)] = seats else {
            let text = "the replay names a computer player that does not exist".to_owned();
            return Err((StartError::InvalidReplayData, text));
        };
        let setup = Setup {
            map,
            map_path: format!("{}.SC2Map", replay.header.map_name),
            seats: [seat_setup(&first), seat_setup(&second)],
            observers: 1,
            seed: replay.header.seed,
            disable_fog: terms.disable_fog,
            realtime: request.realtime(),
        };
        let game = Game::watch(Arc::new(setup), [first, second], Arc::new(replay))
            .map_err(|why| (StartError::LaunchError, why.to_string()))?;
        let viewer = Viewer::new(&game, eyes, &options);
        Ok(Table::alone(game, viewer))
    }

    pub(super) fn replay_info(&self, request: &RequestReplayInfo) -> ResponseReplayInfo {
        use request_replay_info::Replay as From;
        let failed = |error: InfoError, details: String| ResponseReplayInfo {
            error: Some(error as i32),
            error_details: Some(details),
            ..ResponseReplayInfo::default()
        };
        let bytes = match &request.replay {
            None => return failed(InfoError::MissingReplay, "no replay is named".into()),
            Some(From::ReplayData(data)) => data.to_vec(),
            Some(From::ReplayPath(path)) => match self.replay_bytes(path) {
                Ok(bytes) => bytes,
                Err(text) => return failed(InfoError::InvalidReplayPath, text),
            },
        };
        match archive::unpack(&bytes, Path::new("")) {
            Ok((replay, _)) => described(&replay.header),
            Err(why) => failed(InfoError::InvalidReplayData, chain(&why)),
        }
    }

    fn replay_bytes(&self, path: &str) -> Result<Vec<u8>, String> {
        let file = self.folders.replay_file(path);
        let file = file.ok_or_else(|| format!("there is no replay {path:?}"))?;
        files::read_limited(&file, FILE_BYTES_MAX).map_err(|why| chain(&why))
    }
}

fn chain(why: &dyn std::error::Error) -> String {
    match why.source() {
        Some(cause) => format!("{why}: {cause}"),
        None => why.to_string(),
    }
}

fn terms(game: &Game) -> Terms {
    Terms {
        disable_fog: game.setup.disable_fog,
        is_altered: game.is_altered,
    }
}

/// The game so far as a replay.
pub(super) fn record(game: &Game) -> Replay {
    let map = &game.setup.map;
    let map_hash = map.hash();
    let built_in = maps::by_name(&map.name).is_some_and(|m| m.hash() == map_hash);
    let mut results = game.results();
    if results.is_empty() {
        results.extend(PLAYERS.map(|player| PlayerResult {
            player,
            result: GameResult::Undecided,
        }));
    }
    let n_commands = PLAYERS.map(|player| {
        let own = game.commands.iter().filter(|c| c.player == player);
        own.filter(|c| !matches!(c.command, PlayerCommand::CameraMove(_)))
            .count() as u32
    });
    Replay {
        header: Header {
            program: concat!("scc ", env!("CARGO_PKG_VERSION")).to_owned(),
            map_name: map.name.clone(),
            map_hash,
            seed: game.seed(),
            seats: game.seats().each_ref().map(seat_record),
            results,
            game_loops: game.game_loop(),
            state_hash: game.sim.state_hash(),
            n_commands,
        },
        map: (!built_in).then(|| (**map).clone()),
        commands: game.commands.clone(),
    }
}

fn seat_record(seat: &Seat) -> SeatRecord {
    let (name, race, controller) = match seat {
        Seat::Participant { race, name } => (name.clone(), *race, Controller::Participant),
        Seat::Computer { race, level, build } => (
            format!("builtin:{level}:{build}"),
            *race,
            Controller::Computer {
                level: *level as u8,
                build: *build as u8,
            },
        ),
    };
    SeatRecord {
        name,
        race,
        controller,
        rating: None,
    }
}

fn seat_of(record: &SeatRecord) -> Option<Seat> {
    Some(match record.controller {
        Controller::Participant => Seat::Participant {
            race: record.race,
            name: record.name.clone(),
        },
        Controller::Computer { level, build } => Seat::Computer {
            race: record.race,
            level: Difficulty::from_api(level.into())?,
            build: AiBuild::from_api(build.into())?,
        },
    })
}

fn seat_setup(seat: &Seat) -> SeatSetup {
    match *seat {
        Seat::Participant { .. } => SeatSetup::Participant,
        Seat::Computer { race, level, build } => SeatSetup::Computer { race, level, build },
    }
}

fn map_of(
    replay: &Replay,
    request: &RequestStartReplay,
) -> Result<Arc<MapData>, (StartError, String)> {
    let given = request.map_data.as_ref().filter(|data| !data.is_empty());
    let map = match (given, &replay.map) {
        (Some(data), _) => decode(data, Path::new("map_data"))
            .map_err(|fault| (StartError::InvalidMapData, fault.1))?,
        (None, Some(map)) => Arc::new(map.clone()),
        (None, None) => maps::by_name(&replay.header.map_name).ok_or_else(|| {
            let text = format!("the map {} is not built in", replay.header.map_name);
            (StartError::InvalidMapData, text)
        })?,
    };
    match map.hash() == replay.header.map_hash {
        true => Ok(map),
        false => Err((
            StartError::InvalidMapData,
            "the map is another than the recorded one".into(),
        )),
    }
}

fn described(header: &Header) -> ResponseReplayInfo {
    let seconds = f64::from(header.game_loops) / LOOPS_PER_SECOND;
    let players = header.seats.iter().enumerate();
    ResponseReplayInfo {
        map_name: Some(header.map_name.clone()),
        local_map_path: Some(format!("{}.SC2Map", header.map_name)),
        player_info: players
            .map(|(i, seat)| player(header, i, seat, seconds))
            .collect(),
        game_duration_loops: Some(header.game_loops),
        game_duration_seconds: Some(seconds as f32),
        game_version: Some(GAME_VERSION.to_owned()),
        data_version: Some(DATA_VERSION.to_owned()),
        data_build: Some(BUILD),
        base_build: Some(BUILD),
        error: None,
        error_details: None,
    }
}

fn player(
    header: &Header,
    index: usize,
    seat: &SeatRecord,
    seconds: f64,
) -> proto::PlayerInfoExtra {
    let id = index as u32 + 1;
    let (kind, level, build) = match seat.controller {
        Controller::Participant => (PlayerType::Participant, None, None),
        Controller::Computer { level, build } => {
            (PlayerType::Computer, Some(level.into()), Some(build.into()))
        }
    };
    let result = header.results.iter().find(|r| u32::from(r.player.0) == id);
    let apm = f64::from(header.n_commands[index]) * 60.0 / seconds.max(1.0);
    proto::PlayerInfoExtra {
        player_info: Some(proto::PlayerInfo {
            player_id: Some(id),
            r#type: Some(kind as i32),
            race_requested: Some(seat.race as i32),
            // A random race is Terran: the only one that is played.
            race_actual: Some(proto::Race::Terran as i32),
            difficulty: level,
            ai_build: build,
            player_name: Some(seat.name.clone()),
        }),
        player_result: Some(proto::PlayerResult {
            player_id: Some(id),
            result: Some(result.map_or(GameResult::Undecided, |r| r.result) as i32),
        }),
        player_mmr: seat.rating.map(|rating| rating as i32),
        player_apm: Some(apm.round() as i32),
    }
}
