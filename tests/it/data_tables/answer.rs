//! The data answer that a client gets of us, all three races, against the real game's of 4.10: every field of every row for
//! which our tables have a figure (abilities that only the simulator offers, and neutrals but for what they hold, have none).
//! Absent and zero mean the same to clients.

use super::{Differences, api_data};
use scc::game::data;
use scc::game::{AbilityId, UnitTypeId};
use scc::sc2::encode::{self, DataWanted};
use scc::sc2::proto::{AbilityData, ResponseData, UnitTypeData, UpgradeData, Weapon};

/// Entry and field, and why ours says something else.
const INTENDED: &[(&str, &str)] = &[
    ("unit 34 VikingAssault.tech_alias", VIKING),
    ("unit 35 VikingFighter.tech_alias", VIKING),
    ("unit 10 Mothership.tech_requirement", ONE),
    ("unit 62 Gateway.tech_requirement", ONE),
    ("unit 63 Forge.tech_requirement", ONE),
    ("unit 142 NydusCanal.tech_requirement", ONE),
    ("unit 688 Ravager.tech_requirement", ONE),
    ("unit 893 OverlordTransport.tech_requirement", ONE),
    (
        "upgrade TerranVehicleAndShipArmorsLevel1.ability",
        super::PLATING,
    ),
    (
        "upgrade TerranVehicleAndShipArmorsLevel2.ability",
        super::PLATING,
    ),
    (
        "upgrade TerranVehicleAndShipArmorsLevel3.ability",
        super::PLATING,
    ),
    (
        "ability 1152 Build Hatchery.footprint_radius",
        "a hatchery covers 6 cells by 5, of which one figure cannot tell",
    ),
];

const VIKING: &str = super::VIKING;
const ONE: &str =
    "there is room for one requirement, and ours is what the technology tree names first";

fn served() -> ResponseData {
    encode::data(DataWanted {
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
    d.check(at, "has_vespene", ours.has_vespene(), theirs.has_vespene());
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
    if ours.is_building() {
        d.check(at, "is_building", true, theirs.is_building());
        let radius = f64::from(theirs.footprint_radius());
        d.close(at, "footprint_radius", ours.footprint_radius(), radius);
        let instant = (ours.is_instant_placement(), theirs.is_instant_placement());
        d.check(at, "is_instant_placement", instant.0, instant.1);
    }
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
        let Some(theirs) = real.units.iter().find(|row| row.unit_id == ours.unit_id) else {
            continue;
        };
        if data::unit(UnitTypeId(ours.unit_id() as u16)).is_some() {
            unit(&mut d, ours, theirs);
            n[0] += 1;
        } else {
            let at = format!("neutral {}", theirs.unit_id());
            d.check(&at, "name", ours.name(), theirs.name());
            d.check(&at, "has_vespene", ours.has_vespene(), theirs.has_vespene());
            let minerals = (ours.has_minerals(), theirs.has_minerals());
            d.check(&at, "has_minerals", minerals.0, minerals.1);
        }
    }
    for ours in &ours.abilities {
        let same = |row: &&AbilityData| row.ability_id == ours.ability_id;
        let in_table = data::ability(AbilityId(ours.ability_id() as u16)).is_some();
        if let Some(theirs) = real.abilities.iter().find(same).filter(|_| in_table) {
            ability(&mut d, ours, theirs);
            n[1] += 1;
        }
    }
    for ours in &ours.upgrades {
        let same = |row: &&UpgradeData| row.upgrade_id == ours.upgrade_id;
        let theirs = real.upgrades.iter().find(same);
        let at = format!("upgrade {}", ours.name());
        let figures = |row: &UpgradeData| {
            let cost = (row.mineral_cost(), row.vespene_cost());
            (row.name().to_owned(), cost, row.research_time())
        };
        d.check(&at, "row", Some(figures(ours)), theirs.map(figures));
        let made_by = theirs.map(|row| row.ability_id());
        d.check(&at, "ability", Some(ours.ability_id()), made_by);
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
        n[0] >= 170 && n[1] > 400 && n[2] > 60 && n[3] > 40 && n[4] == 12,
        "{n:?} rows compared"
    );
    d.expect(INTENDED);
}
