//! A server in a thread of its own, and a client of it.

use prost::Message as _;
use scc::game::Seed;
use scc::sc2::proto::{
    self, InterfaceOptions, LocalMap, PlayerSetup, PlayerType, Request, RequestCreateGame,
    RequestJoinGame, RequestObservation, RequestStep, Response, ResponseObservation, Status,
    request::Request as Q, request_create_game::Map, request_join_game::Participation,
    response::Response as Body,
};
use scc::server::{Folders, Options, Server};
use std::net::{SocketAddr, TcpStream};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tungstenite::{Message, WebSocket};

/// Longer than anything here takes, so that a hang is a failure and not a hang of the suite.
const PATIENCE: Duration = Duration::from_secs(120);

/// A server of the API; it ends when its client says so, or with the test process.
pub struct Host {
    pub at: SocketAddr,
    thread: Option<JoinHandle<std::io::Result<()>>>,
}

impl Host {
    pub fn start() -> Host {
        Host::with(Folders::default())
    }

    pub fn with(folders: Folders) -> Host {
        let server = Server::bind(Options {
            listen: "127.0.0.1".into(),
            port: 0,
            folders,
            entropy: Seed(7),
        })
        .unwrap();
        let at = server.local_addr().unwrap();
        let thread = std::thread::spawn(move || server.run());
        Host {
            at,
            thread: Some(thread),
        }
    }

    pub fn stream(&self) -> TcpStream {
        let stream = TcpStream::connect(self.at).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    pub fn client(&self) -> Client {
        let url = format!("ws://{}/sc2api", self.at);
        let (ws, _) = tungstenite::client(url, self.stream()).unwrap();
        Client { ws }
    }

    /// Waits for the server's loop to end; it has to within a second of `quit`.
    pub fn ended(&mut self) {
        let since = Instant::now();
        let thread = self.thread.take().unwrap();
        while !thread.is_finished() {
            assert!(since.elapsed() < Duration::from_secs(5), "the server stays");
            std::thread::sleep(Duration::from_millis(5));
        }
        thread.join().unwrap().unwrap();
    }
}

pub struct Client {
    pub ws: WebSocket<TcpStream>,
}

impl Client {
    pub fn send(&mut self, request: Q) {
        let message = Request {
            id: None,
            request: Some(request),
        };
        self.send_bytes(message.encode_to_vec());
    }

    pub fn send_bytes(&mut self, bytes: Vec<u8>) {
        self.ws.send(Message::binary(bytes)).unwrap();
    }

    pub fn receive(&mut self) -> Response {
        match self.ws.read().unwrap() {
            Message::Binary(bytes) => Response::decode(bytes).unwrap(),
            other => panic!("an answer is a binary message, not {other:?}"),
        }
    }

    pub fn ask(&mut self, request: Q) -> Response {
        self.send(request);
        self.receive()
    }

    /// The body of an answer without an error.
    pub fn body(&mut self, request: Q) -> Body {
        let name = format!("{request:?}");
        let response = self.ask(request);
        assert!(
            response.error.is_empty(),
            "{:?} to {name:.100}",
            response.error
        );
        response.response.unwrap()
    }

    /// The error text of a request that is refused.
    pub fn refusal(&mut self, request: Q) -> String {
        let name = format!("{request:?}");
        let response = self.ask(request);
        assert!(response.response.is_none(), "{name:.100} got a body");
        response.error.join("; ")
    }

    pub fn status(&mut self) -> Status {
        let response = self.ask(Q::Ping(proto::RequestPing {}));
        Status::try_from(response.status.unwrap()).unwrap()
    }

    pub fn step(&mut self, count: u32) -> u32 {
        match self.body(Q::Step(RequestStep { count: Some(count) })) {
            Body::Step(step) => step.simulation_loop.unwrap(),
            other => panic!("{other:?}"),
        }
    }

    pub fn observe(&mut self) -> ResponseObservation {
        match self.body(Q::Observation(RequestObservation::default())) {
            Body::Observation(look) => look,
            other => panic!("{other:.100?}"),
        }
    }

    pub fn game_info(&mut self) -> proto::ResponseGameInfo {
        match self.body(Q::GameInfo(proto::RequestGameInfo {})) {
            Body::GameInfo(info) => info,
            other => panic!("{other:.100?}"),
        }
    }

    pub fn act(&mut self, actions: Vec<proto::Action>) -> Vec<i32> {
        match self.body(Q::Action(proto::RequestAction { actions })) {
            Body::Action(answer) => answer.result,
            other => panic!("{other:?}"),
        }
    }

    pub fn query(&mut self, query: proto::RequestQuery) -> proto::ResponseQuery {
        match self.body(Q::Query(query)) {
            Body::Query(answer) => answer,
            other => panic!("{other:?}"),
        }
    }

    /// Joins as a Terran player; the player's id.
    pub fn join(&mut self) -> u32 {
        match self.body(Q::JoinGame(join_as(1))) {
            Body::JoinGame(join) => join.player_id.expect("joined"),
            other => panic!("{other:?}"),
        }
    }

    pub fn debug(&mut self, command: proto::debug_command::Command) -> Response {
        self.ask(Q::Debug(proto::RequestDebug {
            debug: vec![proto::DebugCommand {
                command: Some(command),
            }],
        }))
    }

    pub fn save_replay(&mut self) -> prost::bytes::Bytes {
        match self.body(Q::SaveReplay(proto::RequestSaveReplay {})) {
            Body::SaveReplay(saved) => saved.data.unwrap(),
            other => panic!("{other:?}"),
        }
    }
}

pub fn raw_options() -> InterfaceOptions {
    InterfaceOptions {
        raw: Some(true),
        score: Some(true),
        ..InterfaceOptions::default()
    }
}

pub fn join_as(race: i32) -> RequestJoinGame {
    RequestJoinGame {
        participation: Some(Participation::Race(race)),
        options: Some(raw_options()),
        player_name: Some("tester".into()),
        ..RequestJoinGame::default()
    }
}

pub fn participant() -> PlayerSetup {
    PlayerSetup {
        r#type: Some(PlayerType::Participant as i32),
        ..PlayerSetup::default()
    }
}

pub fn computer(race: i32, level: i32) -> PlayerSetup {
    PlayerSetup {
        r#type: Some(PlayerType::Computer as i32),
        race: Some(race),
        difficulty: Some(level),
        ..PlayerSetup::default()
    }
}

/// A game on Flat64, which is built in and needs no file, with a fixed seed.
pub fn flat_game(players: Vec<PlayerSetup>) -> RequestCreateGame {
    RequestCreateGame {
        map: Some(Map::LocalMap(LocalMap {
            map_path: Some("Melee/Flat64.SC2Map".into()),
            map_data: None,
        })),
        player_setup: players,
        random_seed: Some(11),
        ..RequestCreateGame::default()
    }
}

/// A participant (player 1) against a very easy computer.
pub fn against_computer() -> RequestCreateGame {
    flat_game(vec![participant(), computer(1, 1)])
}

/// Creates a game; fails the test if that fails.
pub fn created(client: &mut Client, game: RequestCreateGame) {
    match client.body(Q::CreateGame(game)) {
        Body::CreateGame(answer) => assert_eq!(answer.error, None, "{answer:?}"),
        other => panic!("{other:?}"),
    }
}
