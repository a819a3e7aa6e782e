//! The requests that a game takes, from our own types.

use super::ClientError;
use crate::game::{Command, PlayerCommand, PlayerId, Race, Seed, Target};
use crate::sc2::proto::{
    self, InterfaceOptions, LocalMap, PlayerSetup, PlayerType, PortSet, RequestCreateGame,
    RequestJoinGame, RequestStartReplay, action_raw::Action,
    action_raw_unit_command as unit_command, request::Request as Q, request_create_game::Map,
    request_join_game::Participation, request_start_replay::Replay, response::Response as Body,
    response_create_game, response_join_game, response_start_replay,
};
use crate::sim::Seat;

/// A request in words, for messages.
pub fn name(request: &Q) -> &'static str {
    match request {
        Q::CreateGame(_) => "create_game",
        Q::JoinGame(_) => "join_game",
        Q::RestartGame(_) => "restart_game",
        Q::StartReplay(_) => "start_replay",
        Q::LeaveGame(_) => "leave_game",
        Q::QuickSave(_) => "quick_save",
        Q::QuickLoad(_) => "quick_load",
        Q::Quit(_) => "quit",
        Q::GameInfo(_) => "game_info",
        Q::Observation(_) => "observation",
        Q::Action(_) => "action",
        Q::ObsAction(_) => "obs_action",
        Q::Step(_) => "step",
        Q::Data(_) => "data",
        Q::Query(_) => "query",
        Q::SaveReplay(_) => "save_replay",
        Q::MapCommand(_) => "map_command",
        Q::ReplayInfo(_) => "replay_info",
        Q::AvailableMaps(_) => "available_maps",
        Q::SaveMap(_) => "save_map",
        Q::Ping(_) => "ping",
        Q::Debug(_) => "debug",
    }
}

/// A melee game of two. With no participant somebody may watch.
pub fn create_game(map: LocalMap, seats: &[Seat; 2], seed: Seed) -> Q {
    let mut players: Vec<PlayerSetup> = seats.iter().map(player_setup).collect();
    let is_computer = |seat: &Seat| matches!(seat, Seat::Computer { .. });
    if seats.iter().all(is_computer) {
        players.push(PlayerSetup {
            r#type: Some(PlayerType::Observer as i32),
            ..PlayerSetup::default()
        });
    }
    Q::CreateGame(RequestCreateGame {
        map: Some(Map::LocalMap(map)),
        player_setup: players,
        disable_fog: Some(false),
        random_seed: Some(seed.0 as u32),
        realtime: Some(false),
    })
}

fn player_setup(seat: &Seat) -> PlayerSetup {
    match seat {
        Seat::Participant { race, name } => PlayerSetup {
            r#type: Some(PlayerType::Participant as i32),
            race: Some(*race as i32),
            player_name: Some(name.clone()),
            ..PlayerSetup::default()
        },
        Seat::Computer { race, level, build } => PlayerSetup {
            r#type: Some(PlayerType::Computer as i32),
            race: Some(*race as i32),
            difficulty: Some(*level as i32),
            ai_build: Some(*build as i32),
            player_name: None,
        },
    }
}

/// How one client takes part.
#[derive(Clone, Copy, Debug)]
pub enum Part<'a> {
    Play {
        race: Race,
        name: &'a str,
    },
    /// Of a game of two computers.
    Watch,
}

/// Joins a game that was created. A game of two clients needs four ports, in the same order for both.
pub fn join_game(part: Part, ports: Option<[u16; 4]>) -> Q {
    let pair = |game: u16, base: u16| PortSet {
        game_port: Some(game.into()),
        base_port: Some(base.into()),
    };
    let (participation, name) = match part {
        Part::Play { race, name } => (Participation::Race(race as i32), Some(name.to_owned())),
        Part::Watch => (Participation::ObservedPlayerId(1), None),
    };
    Q::JoinGame(RequestJoinGame {
        participation: Some(participation),
        options: Some(raw_and_score()),
        server_ports: ports.map(|p| pair(p[0], p[1])),
        client_ports: ports.map(|p| pair(p[2], p[3])).into_iter().collect(),
        player_name: name,
        ..RequestJoinGame::default()
    })
}

/// Why a game cannot be created as it was asked for; none if it was.
///
/// # Errors
/// If the answer is one to something else.
pub fn create_refusal(body: &Body) -> Result<Option<String>, ClientError> {
    let Body::CreateGame(answer) = body else {
        return Err(other("create_game"));
    };
    let words = |error: i32| match response_create_game::Error::try_from(error) {
        Ok(error) => format!("{error:?}"),
        Err(_) => format!("error {error}"),
    };
    Ok(answer
        .error
        .map(|e| detailed(words(e), answer.error_details())))
}

/// How joining went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Joined {
    /// With this player id (0: nobody's, for who watches).
    As(u8),
    /// Another program has taken a port, or the other client was not there: another try may go well.
    TryAgain(String),
    Refused(String),
}

/// How joining went.
///
/// # Errors
/// If the answer is one to something else.
pub fn joined(body: &Body) -> Result<Joined, ClientError> {
    use response_join_game::Error;
    let Body::JoinGame(answer) = body else {
        return Err(other("join_game"));
    };
    let Some(number) = answer.error else {
        let id = answer.player_id.and_then(|id| u8::try_from(id).ok());
        return Ok(Joined::As(id.unwrap_or(0)));
    };
    let error = Error::try_from(number);
    let words = error.map_or(format!("error {number}"), |e| format!("{e:?}"));
    let text = detailed(words, answer.error_details());
    Ok(match error {
        Ok(Error::NetworkError) => Joined::TryAgain(text),
        _ => Joined::Refused(text),
    })
}

fn raw_and_score() -> InterfaceOptions {
    InterfaceOptions {
        raw: Some(true),
        score: Some(true),
        ..InterfaceOptions::default()
    }
}

/// Shows a replay (the bytes of its file) as this player saw it.
pub fn start_replay(replay: &[u8], player: PlayerId) -> Q {
    Q::StartReplay(RequestStartReplay {
        replay: Some(Replay::ReplayData(replay.to_vec().into())),
        observed_player_id: Some(player.0.into()),
        options: Some(raw_and_score()),
        disable_fog: Some(false),
        realtime: Some(false),
        ..RequestStartReplay::default()
    })
}

/// Why a replay cannot be shown; none if it is.
///
/// # Errors
/// If the answer is one to something else.
pub fn start_replay_refusal(body: &Body) -> Result<Option<String>, ClientError> {
    let Body::StartReplay(answer) = body else {
        return Err(other("start_replay"));
    };
    let words = |error: i32| match response_start_replay::Error::try_from(error) {
        Ok(error) => format!("{error:?}"),
        Err(_) => format!("error {error}"),
    };
    Ok(answer
        .error
        .map(|e| detailed(words(e), answer.error_details())))
}

fn detailed(error: String, details: &str) -> String {
    match details {
        "" => error,
        details => format!("{error}: {details}"),
    }
}

/// An answer to something that was not asked.
pub fn other(doing: &'static str) -> ClientError {
    ClientError::nonsense(doing, "it answers something else")
}

/// A command as the action that asks for it; none for leaving, which is no action.
pub fn action(command: &PlayerCommand) -> Option<proto::Action> {
    let raw = |action| {
        Some(proto::Action {
            action_raw: Some(proto::ActionRaw {
                action: Some(action),
            }),
            ..proto::Action::default()
        })
    };
    match command {
        PlayerCommand::Unit(command) => raw(Action::UnitCommand(unit_order(command))),
        PlayerCommand::ToggleAutocast { ability, units } => {
            raw(Action::ToggleAutocast(proto::ActionRawToggleAutocast {
                ability_id: Some(ability.0.into()),
                unit_tags: units.iter().map(|t| t.0).collect(),
            }))
        }
        PlayerCommand::CameraMove(at) => raw(Action::CameraMove(proto::ActionRawCameraMove {
            center_world_space: Some(proto::Point {
                x: Some(at.x),
                y: Some(at.y),
                z: Some(0.0),
            }),
        })),
        PlayerCommand::Chat(text) => Some(proto::Action {
            action_chat: Some(proto::ActionChat {
                channel: Some(proto::action_chat::Channel::Broadcast as i32),
                message: Some(text.clone()),
            }),
            ..proto::Action::default()
        }),
        PlayerCommand::Leave => None,
    }
}

fn unit_order(command: &Command) -> proto::ActionRawUnitCommand {
    use unit_command::Target as To;
    proto::ActionRawUnitCommand {
        ability_id: Some(command.ability.0.into()),
        target: match command.target {
            Target::None => None,
            Target::Point(at) => Some(To::TargetWorldSpacePos(proto::Point2D {
                x: Some(at.x),
                y: Some(at.y),
            })),
            Target::Unit(tag) => Some(To::TargetUnitTag(tag.0)),
        },
        unit_tags: command.units.iter().map(|t| t.0).collect(),
        queue_command: Some(command.queued),
    }
}

/// Giving up: the game ends with a defeat of who asks, and can still be looked at.
pub fn surrender() -> Q {
    let end = proto::DebugEndGame {
        end_result: Some(proto::debug_end_game::EndResult::Surrender as i32),
    };
    Q::Debug(proto::RequestDebug {
        debug: vec![proto::DebugCommand {
            command: Some(proto::debug_command::Command::EndGame(end)),
        }],
    })
}
