//! The whole data answer that a client gets of us, all three races, against the real game's of 4.10: every field of every row
//! that both have. Absent and zero mean the same to clients.

use super::{Differences, api_data};
use scc::sc2::encode::{DataWanted, data};
use scc::sc2::proto::{AbilityData, ResponseData, UnitTypeData, Weapon};

/// Entry and field, and why ours says something else.
const INTENDED: &[(&str, &str)] = &[];

fn served() -> ResponseData {
    data(DataWanted {
        abilities: true,
        units: true,
        upgrades: true,
        buffs: true,
        effects: true,
    })
}

fn unit(d: &mut Differences, ours: &UnitTypeData, theirs: &UnitTypeData) {
    let sorted = |list: &[u32]| {
        let mut list = list.to_vec();
        list.sort_unstable();
        list
    };
    let attributes = |unit: &UnitTypeData| {
        let mut list = unit.attributes.clone();
        list.sort_unstable();
        list
    };
    let name = format!("unit {} {}", theirs.unit_id(), theirs.name());
    let at = name.as_str();
    d.check(at, "name", ours.name(), theirs.name());
    d.check(at, "race", ours.race.unwrap_or(0), theirs.race.unwrap_or(0));
    d.check(at, "cargo_size", ours.cargo_size(), theirs.cargo_size());
    d.check(at, "minerals", ours.mineral_cost(), theirs.mineral_cost());
    d.check(at, "vespene", ours.vespene_cost(), theirs.vespene_cost());
    d.check(at, "ability", ours.ability_id(), theirs.ability_id());
    d.check(at, "has_vespene", ours.has_vespene(), theirs.has_vespene());
    d.check(
        at,
        "has_minerals",
        ours.has_minerals(),
        theirs.has_minerals(),
    );
    d.check(at, "unit_alias", ours.unit_alias(), theirs.unit_alias());
    d.check(
        at,
        "tech_alias",
        sorted(&ours.tech_alias),
        sorted(&theirs.tech_alias),
    );
    d.check(
        at,
        "tech_requirement",
        ours.tech_requirement(),
        theirs.tech_requirement(),
    );
    d.check(
        at,
        "require_attached",
        ours.require_attached(),
        theirs.require_attached(),
    );
    d.check(at, "attributes", attributes(ours), attributes(theirs));
    for (field, a, b) in [
        (
            "food_required",
            ours.food_required(),
            theirs.food_required(),
        ),
        (
            "food_provided",
            ours.food_provided(),
            theirs.food_provided(),
        ),
        ("build_time", ours.build_time(), theirs.build_time()),
        ("sight", ours.sight_range(), theirs.sight_range()),
        ("speed", ours.movement_speed(), theirs.movement_speed()),
        ("armor", ours.armor(), theirs.armor()),
    ] {
        d.close(at, field, a, f64::from(b));
    }
    d.check(at, "weapons", ours.weapons.len(), theirs.weapons.len());
    for (i, (a, b)) in ours.weapons.iter().zip(&theirs.weapons).enumerate() {
        weapon(d, &format!("{at} weapon {i}"), a, b);
    }
}

fn weapon(d: &mut Differences, at: &str, ours: &Weapon, theirs: &Weapon) {
    d.check(at, "type", ours.r#type, theirs.r#type);
    d.check(at, "attacks", ours.attacks(), theirs.attacks());
    d.close(at, "damage", ours.damage(), f64::from(theirs.damage()));
    d.close(at, "range", ours.range(), f64::from(theirs.range()));
    d.close(at, "speed", ours.speed(), f64::from(theirs.speed()));
    let bonuses = |it: &Weapon| {
        let mut list: Vec<(i32, String)> = (it.damage_bonus.iter())
            .map(|b| (b.attribute.unwrap_or(0), format!("{:.3}", b.bonus())))
            .collect();
        list.sort();
        list
    };
    d.check(at, "bonus", bonuses(ours), bonuses(theirs));
}

fn ability(d: &mut Differences, ours: &AbilityData, theirs: &AbilityData) {
    let name = format!("ability {} {}", theirs.ability_id(), theirs.friendly_name());
    let at = name.as_str();
    d.check(at, "link_name", ours.link_name(), theirs.link_name());
    d.check(at, "link_index", ours.link_index(), theirs.link_index());
    d.check(
        at,
        "friendly_name",
        ours.friendly_name(),
        theirs.friendly_name(),
    );
    d.check(
        at,
        "remaps_to",
        ours.remaps_to_ability_id(),
        theirs.remaps_to_ability_id(),
    );
    d.check(
        at,
        "target",
        ours.target.unwrap_or(0),
        theirs.target.unwrap_or(0),
    );
    d.check(
        at,
        "allow_autocast",
        ours.allow_autocast(),
        theirs.allow_autocast(),
    );
    d.check(at, "is_building", ours.is_building(), theirs.is_building());
    d.close(
        at,
        "footprint_radius",
        ours.footprint_radius(),
        f64::from(theirs.footprint_radius()),
    );
    let instant = (ours.is_instant_placement(), theirs.is_instant_placement());
    d.check(at, "is_instant_placement", instant.0, instant.1);
    d.close(
        at,
        "cast_range",
        ours.cast_range(),
        f64::from(theirs.cast_range()),
    );
}

#[test]
fn the_whole_answer_is_the_games() {
    let Some(real) = api_data() else {
        return;
    };
    let ours = served();
    let mut d = Differences::default();
    let mut n = [0; 5];
    for ours in &ours.units {
        if let Some(theirs) = real.units.iter().find(|row| row.unit_id == ours.unit_id) {
            unit(&mut d, ours, theirs);
            n[0] += 1;
        }
    }
    for ours in &ours.abilities {
        if let Some(theirs) = real
            .abilities
            .iter()
            .find(|row| row.ability_id == ours.ability_id)
        {
            ability(&mut d, ours, theirs);
            n[1] += 1;
        }
    }
    for ours in &ours.upgrades {
        let theirs = real
            .upgrades
            .iter()
            .find(|row| row.upgrade_id == ours.upgrade_id);
        let at = format!("upgrade {}", ours.name());
        d.check(&at, "row", Some(ours), theirs);
        n[2] += 1;
    }
    for ours in &ours.buffs {
        let theirs = real.buffs.iter().find(|row| row.buff_id == ours.buff_id);
        d.check(&format!("buff {}", ours.name()), "row", Some(ours), theirs);
        n[3] += 1;
    }
    for ours in &ours.effects {
        let theirs = real
            .effects
            .iter()
            .find(|row| row.effect_id == ours.effect_id);
        let at = format!("effect {}", ours.name());
        d.check(&at, "name", Some(ours.name()), theirs.map(|row| row.name()));
        let radius = theirs.map_or(-1.0, |row| row.radius());
        d.close(&at, "radius", ours.radius(), f64::from(radius));
        n[4] += 1;
    }
    assert!(
        n[0] > 176 && n[1] > 400 && n[2] > 60 && n[3] > 40 && n[4] == 12,
        "{n:?} rows compared"
    );
    d.expect(INTENDED);
}
