//! Queries and debug commands: numbers from the rules, not from the server.

use super::{Client, Host, against_computer, created};
use scc::sc2::proto::{
    self, RequestQueryAvailableAbilities, RequestQueryBuildingPlacement, RequestQueryPathing,
    debug_command::Command, request_query_pathing::Start,
};

const SCV: u32 = 45;
const MARINE: u32 = 48;
const HALL: u32 = 18;

fn playing() -> (Host, Client) {
    let host = Host::start();
    let mut client = host.client();
    created(&mut client, against_computer());
    client.join();
    (host, client)
}

fn own(client: &mut Client, kind: u32) -> Vec<proto::Unit> {
    let raw = client.observe().observation.unwrap().raw_data.unwrap();
    let own = raw.units.into_iter().filter(|u| u.owner == Some(1));
    own.filter(|u| u.unit_type == Some(kind)).collect()
}

fn abilities(client: &mut Client, tag: u64, ignore: bool) -> Vec<i32> {
    let answer = client.query(proto::RequestQuery {
        abilities: vec![RequestQueryAvailableAbilities {
            unit_tag: Some(tag),
        }],
        ignore_resource_requirements: Some(ignore),
        ..proto::RequestQuery::default()
    });
    assert_eq!(answer.abilities[0].unit_tag, Some(tag));
    answer.abilities[0]
        .abilities
        .iter()
        .map(|a| a.ability_id.unwrap())
        .collect()
}

fn create(client: &mut Client, kind: u32, at: (f32, f32), quantity: u32) {
    let response = client.debug(Command::CreateUnit(proto::DebugCreateUnit {
        unit_type: Some(kind),
        owner: Some(1),
        pos: Some(proto::Point2D {
            x: Some(at.0),
            y: Some(at.1),
        }),
        quantity: Some(quantity),
    }));
    assert!(response.error.is_empty(), "{response:?}");
    client.step(1);
}

#[test]
fn what_units_may_do_follows_tech_money_and_what_there_is_to_cancel() {
    let (_host, mut client) = playing();
    let hall = own(&mut client, HALL)[0].tag();
    // 50 minerals: an SCV can be paid, an orbital command needs a barracks.
    let offered = abilities(&mut client, hall, false);
    assert!(offered.contains(&524), "{offered:?}");
    assert!(
        !offered.contains(&1516) && !offered.contains(&308),
        "{offered:?}"
    );
    let train = scc::game::Command {
        ability: scc::game::AbilityId(524),
        units: [scc::game::UnitTag(hall)].into_iter().collect(),
        ..Default::default()
    };
    let train = super::games::action(&scc::game::PlayerCommand::Unit(train));
    assert_eq!(client.act(vec![train]), [1]);
    client.step(1);
    let offered = abilities(&mut client, hall, false);
    assert!(!offered.contains(&524), "no money: {offered:?}");
    assert!(
        offered.contains(&308),
        "the SCV can be canceled: {offered:?}"
    );
    assert!(abilities(&mut client, hall, true).contains(&524));
    let scv = own(&mut client, SCV)[0].tag();
    // A depot costs 100, a barracks needs one; both cost nothing where money is ignored.
    let offered = abilities(&mut client, scv, true);
    assert!(
        offered.contains(&319) && offered.contains(&295),
        "{offered:?}"
    );
    assert!(!offered.contains(&321), "{offered:?}");
    assert!(!abilities(&mut client, scv, false).contains(&319));
    // A unit that is not one's own, or not there.
    assert!(abilities(&mut client, 12345, true).is_empty());
}

#[test]
fn a_marine_can_stop_move_patrol_hold_and_attack() {
    let (_host, mut client) = playing();
    create(&mut client, MARINE, (32.0, 32.0), 3);
    let marines = own(&mut client, MARINE);
    assert_eq!(marines.len(), 3);
    let offered = abilities(&mut client, marines[0].tag(), false);
    assert_eq!(offered, [4, 16, 17, 18, 23]);
}

#[test]
fn ground_distances_are_those_of_a_flat_map_and_no_way_is_no_number() {
    let (_host, mut client) = playing();
    let point = |x: f32, y: f32| proto::Point2D {
        x: Some(x),
        y: Some(y),
    };
    let ways = [
        (point(30.5, 30.5), point(33.5, 34.5)),
        (point(30.5, 30.5), point(0.5, 0.5)),
        (point(30.5, 30.5), point(-5.0, 900.0)),
        (point(30.5, 30.5), point(f32::NAN, 3.0)),
    ];
    let answer = client.query(proto::RequestQuery {
        pathing: ways
            .map(|(from, to)| RequestQueryPathing {
                start: Some(Start::StartPos(from)),
                end_pos: Some(to),
            })
            .to_vec(),
        ..proto::RequestQuery::default()
    });
    let distances: Vec<Option<f32>> = answer.pathing.iter().map(|p| p.distance).collect();
    // 3 and 4 are the sides of a right triangle.
    assert_eq!(distances, [Some(5.0), None, None, None]);
}

/// As clients ask for the way to each place for a town hall: from the middle of their own, and of the enemy's, which they
/// never saw.
#[test]
fn ways_from_a_town_hall_begin_beside_it() {
    let (_host, mut client) = playing();
    let hall = own(&mut client, HALL)[0].pos.unwrap();
    let ways = [(hall.x(), hall.y()), (64.0 - hall.x(), 64.0 - hall.y())].map(|(x, y)| {
        let start = proto::Point2D {
            x: Some(x),
            y: Some(y),
        };
        let end = proto::Point2D {
            x: Some(32.0),
            y: Some(32.0),
        };
        RequestQueryPathing {
            start: Some(Start::StartPos(start)),
            end_pos: Some(end),
        }
    });
    let answer = client.query(proto::RequestQuery {
        pathing: ways.to_vec(),
        ..proto::RequestQuery::default()
    });
    let straight = (hall.x() - 32.0).hypot(hall.y() - 32.0);
    for way in &answer.pathing {
        let way = way.distance.expect("there is a way");
        assert!(
            (straight..straight + 2.0).contains(&way),
            "{way} {straight}"
        );
    }
}

#[test]
fn places_for_structures_by_the_rules() {
    let (_host, mut client) = playing();
    let hall = own(&mut client, HALL)[0].clone();
    let raw = client.observe().observation.unwrap().raw_data.unwrap();
    let geyser = raw
        .units
        .iter()
        .find(|u| u.unit_type == Some(342))
        .unwrap()
        .pos
        .unwrap();
    let at = |x: f32, y: f32| (x, y);
    let hall_at = hall.pos.unwrap();
    let cases = [
        (319, at(32.0, 32.0), 1),
        // On the town hall, on a mineral field, off the map.
        (319, at(hall_at.x(), hall_at.y()), 42),
        (319, at(-3.0, 2.0), 44),
        // A refinery stands on a geyser and nowhere else.
        (320, at(geyser.x(), geyser.y()), 1),
        (320, at(32.5, 32.5), 44),
    ];
    let ask = |cases: &[(i32, (f32, f32), i32)], ignore| proto::RequestQuery {
        placements: cases
            .iter()
            .map(|(ability, (x, y), _)| RequestQueryBuildingPlacement {
                ability_id: Some(*ability),
                target_pos: Some(proto::Point2D {
                    x: Some(*x),
                    y: Some(*y),
                }),
                placing_unit_tag: None,
            })
            .collect(),
        ignore_resource_requirements: Some(ignore),
        ..proto::RequestQuery::default()
    };
    let results = client.query(ask(&cases, true));
    let results: Vec<i32> = results
        .placements
        .iter()
        .map(|p| p.result.unwrap())
        .collect();
    assert_eq!(results, cases.map(|case| case.2));
    // A town hall (2.5 from its center) keeps 3 cells from a geyser (1.5 from its): 6 is too near in every direction.
    let around = [(6.0, 0.0), (-6.0, 0.0), (0.0, 6.0), (0.0, -6.0)];
    let near = around.map(|(x, y)| (318, at(geyser.x() + x, geyser.y() + y), 47));
    let answers = client.query(ask(&near, true));
    let answers: Vec<i32> = answers
        .placements
        .iter()
        .map(|p| p.result.unwrap())
        .collect();
    assert!(
        answers.contains(&47) && !answers.contains(&1),
        "{answers:?}"
    );
    // 50 minerals do not pay a depot.
    let poor = client.query(ask(&cases[..1], false));
    assert_eq!(poor.placements[0].result, Some(9));
}

#[test]
fn units_made_killed_and_changed_by_debug() {
    let (_host, mut client) = playing();
    create(&mut client, MARINE, (32.0, 32.0), 20);
    let marines = own(&mut client, MARINE);
    assert_eq!(marines.len(), 20);
    for (i, a) in marines.iter().enumerate() {
        for b in &marines[i + 1..] {
            let (p, q) = (a.pos.unwrap(), b.pos.unwrap());
            // Two marines are 0.75 wide together; moving off each other takes a loop or two.
            assert!((p.x() - q.x()).hypot(p.y() - q.y()) > 0.5, "{p:?} {q:?}");
        }
    }
    let tag = marines[0].tag();
    client.debug(Command::UnitValue(proto::DebugSetUnitValue {
        unit_value: Some(2),
        value: Some(7.0),
        unit_tag: Some(tag),
    }));
    client.debug(Command::KillUnit(proto::DebugKillUnit {
        tag: vec![marines[1].tag()],
    }));
    client.debug(Command::GameState(
        proto::DebugGameState::AllResources as i32,
    ));
    client.step(1);
    let look = client.observe().observation.unwrap();
    let raw = look.raw_data.unwrap();
    let hurt = raw.units.iter().find(|u| u.tag == Some(tag)).unwrap();
    assert_eq!(hurt.health, Some(7.0));
    assert_eq!(raw.event.unwrap().dead_units, [marines[1].tag()]);
    assert_eq!(look.player_common.unwrap().minerals, Some(5050));
    // A command center for the gas: 500 of each at most, and no Zerg.
    let refused = client.debug(Command::CreateUnit(proto::DebugCreateUnit {
        unit_type: Some(105),
        owner: Some(1),
        pos: Some(proto::Point2D {
            x: Some(30.0),
            y: Some(30.0),
        }),
        quantity: Some(1),
    }));
    assert!(refused.error[0].contains("105"), "{refused:?}");
}

#[test]
fn orders_get_the_results_that_bots_look_at() {
    let (_host, mut client) = playing();
    let raw = client.observe().observation.unwrap().raw_data.unwrap();
    let find = |kind: u32| {
        raw.units
            .iter()
            .find(|u| u.unit_type == Some(kind))
            .unwrap()
            .tag()
    };
    let (hall, scv) = (find(HALL), find(SCV));
    let field = raw
        .units
        .iter()
        .find(|u| u.mineral_contents() > 0)
        .unwrap()
        .tag();
    let order = |ability: i32, unit: u64, target| proto::Action {
        action_raw: Some(proto::ActionRaw {
            action: Some(proto::action_raw::Action::UnitCommand(
                proto::ActionRawUnitCommand {
                    ability_id: Some(ability),
                    unit_tags: vec![unit, unit],
                    target,
                    queue_command: None,
                },
            )),
        }),
        ..proto::Action::default()
    };
    use proto::action_raw_unit_command::Target as To;
    let at = |x: f32, y: f32| {
        Some(To::TargetWorldSpacePos(proto::Point2D {
            x: Some(x),
            y: Some(y),
        }))
    };
    let results = client.act(vec![
        order(524, hall, None),            // an SCV: success
        order(319, scv, at(32.0, 32.0)),   // a depot costs 100 of 50
        order(321, scv, at(32.5, 32.5)),   // a barracks needs a depot
        order(16, field, at(32.0, 32.0)),  // a mineral field obeys nobody
        order(16, 999, at(32.0, 32.0)),    // no such unit
        order(560, hall, None),            // a town hall trains no marines
        order(16, scv, at(f32::NAN, 1.0)), // nowhere
        order(3794, scv, at(40.0, 40.0)),  // the general move
        order(-7, scv, None),              // no ability
        proto::Action::default(),          // nothing
    ]);
    assert_eq!(results, [1, 9, 40, 87, 3, 2, 3, 1, 2, 2]);
}

#[test]
fn cropped_to_the_playable_area_all_positions_move_together() {
    let host = Host::start();
    let mut client = host.client();
    let mut seen = Vec::new();
    for cropped in [false, true] {
        created(&mut client, against_computer());
        let mut join = super::client::join_as(1);
        join.options.as_mut().unwrap().raw_crop_to_playable_area = Some(cropped);
        client.body(proto::request::Request::JoinGame(join));
        let info = client.game_info().start_raw.unwrap();
        let hall = own(&mut client, HALL)[0].pos.unwrap();
        let size = info.map_size.unwrap();
        let area = info.playable_area.unwrap();
        let (p0, p1) = (area.p0.unwrap(), area.p1.unwrap());
        let bytes = info.pathing_grid.unwrap().data.unwrap().len();
        seen.push((
            (hall.x(), hall.y()),
            (size.x(), size.y()),
            (p0.x(), p0.y()),
            (p1.x(), p1.y()),
            bytes,
        ));
    }
    let (whole, cut) = (&seen[0], &seen[1]);
    let corner = (whole.2.0 as f32, whole.2.1 as f32);
    assert_eq!(cut.0, (whole.0.0 - corner.0, whole.0.1 - corner.1));
    assert_eq!(cut.1, (whole.3.0 - whole.2.0, whole.3.1 - whole.2.1));
    assert_eq!((cut.2, cut.3), ((0, 0), cut.1));
    assert_eq!(cut.4, ((cut.1.0 * cut.1.1) as usize).div_ceil(8));
}
