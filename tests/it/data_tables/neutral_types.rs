//! The neutral table against what captures show.

use super::{Differences, flag, number, rules};
use scc::game::UnitTypeId;
use scc::game::data::neutral;
use serde_json::Value;

/// Ids, radii, health and contents of the neutral table, against what 90 captures showed.
#[test]
fn neutral_types_are_those_of_the_captures() {
    let Some(rows) = rules("neutral", "neutral") else {
        return;
    };
    let mut d = Differences::default();
    let ids = |row: &Value| -> Vec<u16> {
        let list = row["unit_type_ids"].as_array().unwrap().iter();
        list.map(|id| id.as_u64().unwrap() as u16).collect()
    };
    let n_ids = rows.iter().map(|r| ids(r).len()).sum::<usize>();
    d.check("all", "count", neutral::rows().len(), n_ids);
    assert!(
        neutral::rows().is_sorted_by_key(|r| r.id),
        "looked up by bisection"
    );
    for row in &rows {
        for id in ids(row) {
            check_neutral(&mut d, neutral::find(UnitTypeId(id)).unwrap(), row);
        }
    }
    d.expect(&[
        (
            "all.count",
            "886 and 887 are python-sc2's; they stand on no captured map",
        ),
        ("AccelerationZoneLarge.health", SCENERY),
        ("AccelerationZoneSmall.health", SCENERY),
        ("InhibitorZoneSmall.health", SCENERY),
        ("InhibitorZoneMedium.health", SCENERY),
        ("Dog.health", SCENERY),
        ("CleaningBot.health", SCENERY),
        ("XelNagaHealingShrine.health", SCENERY),
        (
            "XelNagaTower.health",
            "towers report 400 and cannot be attacked",
        ),
    ]);
}

const SCENERY: &str = "no part in the rules, so it cannot be destroyed";

fn check_neutral(d: &mut Differences, ours: &neutral::NeutralData, row: &Value) {
    let name = row["name"].as_str().unwrap();
    let seen = |key: &str| -> Vec<f64> {
        let list = row[key].as_array().unwrap().iter();
        list.map(number).collect()
    };
    let known = |list: Vec<f64>, value: f64| list.is_empty() || list.contains(&value);
    let contents = [seen("mineral_contents_seen"), seen("vespene_contents_seen")].concat();
    d.check(name, "name", ours.name, name);
    d.check(
        name,
        "radius",
        known(seen("radius"), f64::from(ours.radius)),
        true,
    );
    d.check(
        name,
        "minerals",
        ours.kind.is_minerals(),
        flag(row, "has_minerals"),
    );
    d.check(
        name,
        "vespene",
        ours.kind.is_geyser(),
        flag(row, "has_vespene"),
    );
    d.check(
        name,
        "contents",
        known(contents, f64::from(ours.contents)),
        true,
    );
    d.check(
        name,
        "health",
        known(seen("health_max_seen"), f64::from(ours.health)),
        true,
    );
}
