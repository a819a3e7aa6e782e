//! The data answer against the real game's of 4.10, and against what observations hold.

use super::{Host, against_computer, created};
use prost::Message as _;
use scc::sc2::proto::{self, ResponseData, request::Request as Q, response::Response as Body};
use std::collections::BTreeMap;
use std::io::Read as _;

const CAPTURE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../shared/data/captures/data-82ed74e35b84.pb.gz"
);

fn served() -> ResponseData {
    let host = Host::start();
    let mut client = host.client();
    created(&mut client, against_computer());
    client.join();
    let all = Some(true);
    let request = proto::RequestData {
        ability_id: all,
        unit_type_id: all,
        upgrade_id: all,
        buff_id: all,
        effect_id: all,
    };
    match client.body(Q::Data(request)) {
        Body::Data(data) => data,
        other => panic!("{other:.100?}"),
    }
}

/// Figures of a unit type that clients compute with. Absent and zero mean the same to them.
fn figures(unit: &proto::UnitTypeData) -> BTreeMap<&'static str, String> {
    let mut aliases = unit.tech_alias.clone();
    aliases.sort_unstable();
    let mut attributes = unit.attributes.clone();
    attributes.sort_unstable();
    let rows = [
        ("minerals", unit.mineral_cost().to_string()),
        ("vespene", unit.vespene_cost().to_string()),
        ("food_required", unit.food_required().to_string()),
        ("food_provided", unit.food_provided().to_string()),
        ("build_time", format!("{:.2}", unit.build_time())),
        ("race", unit.race.unwrap_or(0).to_string()),
        ("ability", unit.ability_id().to_string()),
        ("cargo_size", unit.cargo_size().to_string()),
        (
            "needs",
            format!("{} {}", unit.tech_requirement(), unit.require_attached()),
        ),
        ("tech_alias", format!("{aliases:?}")),
        ("unit_alias", unit.unit_alias().to_string()),
        ("attributes", format!("{attributes:?}")),
        ("sight", unit.sight_range().to_string()),
    ];
    rows.into_iter().collect()
}

/// Terran types whose figures differ from the capture for a reason.
const DIFFERS: &[(u32, &str, &str)] = &[
    (
        34,
        "tech_alias",
        "type 1940, which no player can have and nothing requires",
    ),
    (
        35,
        "tech_alias",
        "type 1940, which no player can have and nothing requires",
    ),
];

#[test]
fn terran_unit_types_are_told_as_the_real_game_tells_them() {
    let Ok(packed) = std::fs::read(CAPTURE) else {
        println!("skipped: no capture at {CAPTURE}");
        return;
    };
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(packed.as_slice())
        .read_to_end(&mut plain)
        .unwrap();
    let real = ResponseData::decode(plain.as_slice()).unwrap();
    let ours = served();
    let mut differences = Vec::new();
    let mut n = 0;
    for unit in ours.units.iter().filter(|u| u.race == Some(1)) {
        let Some(theirs) = real.units.iter().find(|u| u.unit_id == unit.unit_id) else {
            continue;
        };
        n += 1;
        for ((name, a), (_, b)) in figures(unit).into_iter().zip(figures(theirs)) {
            let listed = DIFFERS
                .iter()
                .any(|row| (row.0, row.1) == (unit.unit_id(), name));
            if a != b && !listed {
                differences.push(format!("{} {name}: ours {a}, real {b}", unit.name()));
            }
        }
    }
    assert!(n >= 55, "{n} types compared");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn every_id_that_a_game_shows_is_in_the_data() {
    let data = served();
    let host = Host::start();
    let mut client = host.client();
    created(
        &mut client,
        super::flat_game(vec![
            super::client::participant(),
            super::client::computer(1, 7),
        ]),
    );
    client.join();
    let units: Vec<u32> = data
        .units
        .iter()
        .filter(|u| u.available())
        .map(|u| u.unit_id())
        .collect();
    let abilities: Vec<u32> = data.abilities.iter().map(|a| a.ability_id()).collect();
    for _ in 0..40 {
        client.step(100);
        let request = proto::RequestObservation {
            disable_fog: Some(true),
            game_loop: None,
        };
        let Body::Observation(look) = client.body(Q::Observation(request)) else {
            panic!("no observation");
        };
        for unit in look.observation.unwrap().raw_data.unwrap().units {
            assert!(
                units.contains(&unit.unit_type()),
                "type {}",
                unit.unit_type()
            );
            for order in &unit.orders {
                assert!(
                    abilities.contains(&order.ability_id()),
                    "ability {}",
                    order.ability_id()
                );
            }
        }
    }
    // What creates a structure says how wide it is; the general ability has a row of its own.
    let depot = data
        .abilities
        .iter()
        .find(|a| a.ability_id() == 319)
        .unwrap();
    assert_eq!((depot.footprint_radius(), depot.is_building()), (1.0, true));
    let attack = data
        .abilities
        .iter()
        .find(|a| a.ability_id() == 23)
        .unwrap();
    assert_eq!(attack.remaps_to_ability_id(), 3674);
    assert!(abilities.contains(&3674));
}
