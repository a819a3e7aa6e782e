//! Whole games over the API: they go as the embedded ones do, and what a client is told is what the simulator knows.

use super::client::{computer, participant};
use super::{Client, Host, against_computer, created, flat_game};
use scc::agent::{Agent, scripted};
use scc::env::{GameSettings, Seat, SimEnv};
use scc::game::{
    ActionResult, Command, GameResult, PlayerCommand, PlayerId, Point, Race, RawObservation, Seed,
    Target,
};
use scc::sc2::{convert, proto};
use scc::sim::{AiBuild, Difficulty, maps};

/// The message that a command is sent as.
pub fn action(command: &PlayerCommand) -> proto::Action {
    use proto::action_raw::Action;
    let raw = |action| proto::Action {
        action_raw: Some(proto::ActionRaw {
            action: Some(action),
        }),
        ..proto::Action::default()
    };
    match command {
        PlayerCommand::Unit(command) => raw(Action::UnitCommand(unit_command(command))),
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
                z: None,
            }),
        })),
        PlayerCommand::Chat(text) => proto::Action {
            action_chat: Some(proto::ActionChat {
                channel: None,
                message: Some(text.clone()),
            }),
            ..proto::Action::default()
        },
        PlayerCommand::Leave => panic!("leaving is a request of its own"),
    }
}

fn unit_command(command: &Command) -> proto::ActionRawUnitCommand {
    use proto::action_raw_unit_command::Target as To;
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

/// What a seat of the embedded game and a client of the server have in common.
trait Player {
    fn look(&mut self, raw: &mut RawObservation);
    fn order(&mut self, command: &PlayerCommand) -> bool;
    fn run(&mut self, loops: u32);
}

struct Embedded(SimEnv);

impl Player for Embedded {
    fn look(&mut self, raw: &mut RawObservation) {
        self.0.observe(PlayerId(1), raw);
    }

    fn order(&mut self, command: &PlayerCommand) -> bool {
        self.0.submit(PlayerId(1), command) == ActionResult::Success
    }

    fn run(&mut self, loops: u32) {
        self.0.step(loops);
    }
}

struct OverTheWire {
    client: Client,
    size: (usize, usize),
}

impl Player for OverTheWire {
    fn look(&mut self, raw: &mut RawObservation) {
        let message = self.client.observe();
        convert::observation(&message, self.size, false, raw).unwrap();
    }

    fn order(&mut self, command: &PlayerCommand) -> bool {
        self.client.act(vec![action(command)]) == [1]
    }

    fn run(&mut self, loops: u32) {
        self.client.step(loops);
    }
}

/// The seat's numbers of one game: each look's loop and what was ordered, accepted or not.
type Log = Vec<(u32, Vec<(PlayerCommand, bool)>)>;

/// Plays a script to the end or to loop 20,000.
fn play(
    player: &mut dyn Player,
    agent: &mut dyn Agent,
    check: &mut dyn FnMut(&RawObservation),
) -> Log {
    let mut log = Log::new();
    let mut raw = RawObservation::default();
    loop {
        player.look(&mut raw);
        check(&raw);
        if !raw.results.is_empty() || raw.game_loop >= 20_000 {
            return log;
        }
        let step = agent.act(&raw);
        let orders = step.commands.into_iter();
        let orders = orders.map(|c| {
            let taken = player.order(&c);
            (c, taken)
        });
        log.push((raw.game_loop, orders.collect()));
        player.run(step.skip_loops.max(1).into());
    }
}

fn settings() -> GameSettings {
    GameSettings {
        map: maps::by_name("Flat64").unwrap(),
        seats: [
            Seat::Participant {
                race: Race::Terran,
                name: "tester".into(),
            },
            Seat::Computer {
                race: Race::Terran,
                level: Difficulty::VeryEasy,
                build: AiBuild::RandomBuild,
            },
        ],
        seed: Seed(11),
    }
}

/// A script plays a whole game embedded and one over the wire: look by look the same observations, field by field, the
/// same orders, the same end and the same final state.
#[test]
fn a_game_over_the_api_is_the_embedded_game() {
    let mut env = SimEnv::new(&settings()).unwrap();
    let info = env.game_info(PlayerId(1));
    let mut looks: Vec<RawObservation> = Vec::new();
    let mut agent = scripted::by_name("marine").unwrap();
    agent.begin(&info, Seed(5));
    let mut embedded = Embedded(env);
    let expected = play(&mut embedded, &mut agent, &mut |raw| {
        looks.push(raw.clone())
    });
    env = embedded.0;
    assert!(!env.results().is_empty(), "the game ended by itself");

    let host = Host::start();
    let mut client = host.client();
    created(&mut client, against_computer());
    assert_eq!(client.join(), 1);
    let message = client.game_info();
    let map = maps::by_name("Flat64").unwrap();
    let told = convert::game_info(&message, map.clone(), PlayerId(1), Point::default());
    assert_eq!(told.own_start, info.own_start);
    assert_eq!(told.enemy_starts, info.enemy_starts);
    assert_eq!(told.players, info.players);
    let mut agent = scripted::by_name("marine").unwrap();
    agent.begin(&told, Seed(5));
    let mut wire = OverTheWire {
        client,
        size: (map.width(), map.height_cells()),
    };
    let mut n = 0;
    let log = play(&mut wire, &mut agent, &mut |raw| {
        assert_same(raw, &looks[n]);
        n += 1;
    });
    assert_eq!(n, looks.len());
    assert_eq!(log, expected);
    let results = wire.client.observe().player_result;
    let pairs = results.iter().map(|r| (r.player_id(), r.result.unwrap()));
    let own: Vec<(u32, i32)> = pairs.collect();
    let known = env.results().iter();
    let known: Vec<(u32, i32)> = known
        .map(|r| (r.player.0.into(), r.result as i32))
        .collect();
    assert_eq!(own, known);
    let header = super::replays::header(&wire.client.save_replay());
    assert_eq!(
        (header.state_hash, header.game_loops),
        (env.state_hash(), env.game_loop())
    );
}

/// Unit by unit first, for a readable failure.
fn assert_same(told: &RawObservation, known: &RawObservation) {
    assert_eq!(
        told.units.len(),
        known.units.len(),
        "loop {}",
        known.game_loop
    );
    for (a, b) in told.units.iter().zip(&known.units) {
        assert_eq!(a, b, "loop {}", known.game_loop);
    }
    assert_eq!(told, known, "loop {}", known.game_loop);
}

#[test]
fn surrender_and_victory_by_debug_give_both_results_to_every_later_look() {
    for (end, own, other) in [
        (1, GameResult::Defeat, GameResult::Victory),
        (2, GameResult::Victory, GameResult::Defeat),
    ] {
        let host = Host::start();
        let mut client = host.client();
        created(&mut client, against_computer());
        client.join();
        client.step(5);
        let command = proto::debug_command::Command::EndGame(proto::DebugEndGame {
            end_result: Some(end),
        });
        assert_eq!(
            client.debug(command).status,
            Some(proto::Status::Ended as i32)
        );
        for _ in 0..2 {
            let results: Vec<(u32, i32)> = client
                .observe()
                .player_result
                .iter()
                .map(|r| (r.player_id(), r.result.unwrap()))
                .collect();
            assert_eq!(results, [(1, own as i32), (2, other as i32)]);
        }
    }
}

#[test]
fn the_computer_may_be_the_first_player_and_a_restart_begins_at_loop_0() {
    let host = Host::start();
    let mut client = host.client();
    created(&mut client, flat_game(vec![computer(4, 3), participant()]));
    assert_eq!(client.join(), 2);
    assert_eq!(
        client
            .observe()
            .observation
            .unwrap()
            .player_common
            .unwrap()
            .player_id,
        Some(2)
    );
    let info = client.game_info();
    assert_eq!(info.player_info[0].difficulty, Some(3));
    assert_eq!(info.player_info[0].race_actual, None);
    assert_eq!(info.player_info[1].race_actual, Some(1));
    client.step(30);
    client.body(proto::request::Request::RestartGame(
        proto::RequestRestartGame {},
    ));
    let look = client.observe();
    assert_eq!(look.observation.unwrap().game_loop, Some(0));
    assert_eq!(client.step(1), 1);
}

/// Two computers play, and somebody watches.
#[test]
fn a_game_of_two_computers_can_be_watched_but_not_played() {
    let host = Host::start();
    let mut client = host.client();
    let observer = proto::PlayerSetup {
        r#type: Some(proto::PlayerType::Observer as i32),
        ..proto::PlayerSetup::default()
    };
    created(
        &mut client,
        flat_game(vec![computer(1, 1), computer(1, 2), observer]),
    );
    let join = proto::RequestJoinGame {
        participation: Some(proto::request_join_game::Participation::ObservedPlayerId(2)),
        options: Some(super::raw_options()),
        ..proto::RequestJoinGame::default()
    };
    client.body(proto::request::Request::JoinGame(join));
    assert_eq!(client.step(8), 8);
    let look = client.observe().observation.unwrap();
    assert_eq!(look.player_common.unwrap().player_id, Some(2));
    let action = proto::RequestAction::default();
    assert!(
        !client
            .refusal(proto::request::Request::Action(action))
            .is_empty()
    );
}

/// Realtime: the game runs by itself, a step is an error, an observation waits for its loop.
#[test]
fn a_realtime_game_runs_by_itself_and_observations_wait_for_their_loop() {
    let host = Host::start();
    let mut client = host.client();
    let mut game = against_computer();
    game.realtime = Some(true);
    created(&mut client, game);
    client.join();
    let step = proto::request::Request::Step(proto::RequestStep { count: Some(1) });
    assert!(!client.refusal(step).is_empty());
    let since = std::time::Instant::now();
    let request = proto::RequestObservation {
        game_loop: Some(10),
        disable_fog: None,
    };
    let body = client.body(proto::request::Request::Observation(request));
    let proto::response::Response::Observation(look) = body else {
        panic!("no observation");
    };
    assert!(look.observation.unwrap().game_loop() >= 10);
    // 10 loops take 0.45 s; waking early would be wrong, late is the machine's business.
    assert!(since.elapsed().as_millis() >= 400);
}
