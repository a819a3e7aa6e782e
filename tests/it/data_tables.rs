//! The tables in `game::data` against their sources, field by field: the rules tables and the game's own data answer of
//! 4.10. Whatever differs is listed here with its reason, and nothing else may.

mod answer;
mod neutral_types;

use scc::game::data::{self, ProductionKind, UnitData, WeaponTarget};
use scc::game::{Attribute, UnitTypeId};
use scc::sc2::proto;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data");

/// Entry and field, and why our table says something else than the rules tables do.
const INTENDED: &[(&str, &str)] = &[
    ("InfestorTerran.minerals", INFESTED),
    ("InfestorTerran.vespene", INFESTED),
    ("InfestorTerranBurrowed.minerals", INFESTED),
    ("InfestorTerranBurrowed.vespene", INFESTED),
    (
        "Mothership.produced_by",
        "the Mothership Core left the game in 4.0; no melee player has one",
    ),
    ("VikingAssault.tech_alias", VIKING),
    ("VikingFighter.tech_alias", VIKING),
];

const INFESTED: &str =
    "an egg costs energy; the source subtracts the Infestor's price from nothing";
const VIKING: &str = "the alias is type 1940, which no player can have and nothing requires";

/// The same against the game's data answer of 4.10.
const INTENDED_API: &[(&str, &str)] = &[
    ("VikingAssault.tech_alias", VIKING),
    ("VikingFighter.tech_alias", VIKING),
];

fn rules(file: &str, key: &str) -> Option<Vec<Value>> {
    let Ok(text) = std::fs::read_to_string(format!("{ROOT}/rules/{file}.json")) else {
        println!("skipped: no rules tables at {ROOT}/rules");
        return None;
    };
    let json: Value = serde_json::from_str(&text).unwrap();
    Some(json[key].as_array().unwrap().clone())
}

fn api_data() -> Option<proto::ResponseData> {
    let answer = crate::captures::data_answer("82ed74e35b84");
    if answer.is_none() {
        println!("skipped: no captures at {ROOT}/captures");
    }
    answer
}

/// Collects what differs, by "entry.field".
#[derive(Default)]
struct Differences(BTreeMap<String, String>);

impl Differences {
    fn check<T: PartialEq + Debug>(&mut self, entry: &str, field: &str, ours: T, theirs: T) {
        if ours != theirs {
            self.0.insert(
                format!("{entry}.{field}"),
                format!("ours {ours:?}, source {theirs:?}"),
            );
        }
    }

    fn close(&mut self, entry: &str, field: &str, ours: f32, theirs: f64) {
        if (f64::from(ours) - theirs).abs() > 1e-3 * theirs.abs().max(0.02) {
            self.0.insert(
                format!("{entry}.{field}"),
                format!("ours {ours}, source {theirs}"),
            );
        }
    }

    /// Exactly the intended differences, no more and no fewer.
    fn expect(self, intended: &[(&str, &str)]) {
        let listed: BTreeSet<&str> = intended.iter().map(|(at, _)| *at).collect();
        let found: BTreeSet<&str> = self.0.keys().map(String::as_str).collect();
        let unlisted: Vec<String> = (found.difference(&listed))
            .map(|at| format!("{at}: {}", self.0[*at]))
            .collect();
        let gone: Vec<&&str> = listed.difference(&found).collect();
        assert!(
            unlisted.is_empty() && gone.is_empty(),
            "differences that are not listed:\n  {}\nlisted but not there: {gone:?}",
            unlisted.join("\n  ")
        );
        assert!(intended.iter().all(|(_, why)| !why.is_empty()));
    }
}

fn number(v: &Value) -> f64 {
    v.as_f64().unwrap_or(0.0)
}

fn flag(v: &Value, key: &str) -> bool {
    v[key].as_bool().unwrap_or(false)
}

fn texts(v: &Value) -> BTreeSet<String> {
    let list = v.as_array().into_iter().flatten();
    list.map(|t| t.as_str().unwrap().to_owned()).collect()
}

fn attribute(name: &str) -> Attribute {
    use Attribute::*;
    *[
        Light, Armored, Biological, Mechanical, Robotic, Psionic, Massive, Structure, Hover,
        Heroic, Summoned,
    ]
    .iter()
    .find(|a| format!("{a:?}") == name)
    .unwrap()
}

fn names(ids: &[UnitTypeId]) -> BTreeSet<String> {
    ids.iter()
        .map(|id| data::unit(*id).unwrap().name.to_owned())
        .collect()
}

#[test]
fn units_are_those_of_the_rules_tables() {
    let Some(rows) = rules("units", "units") else {
        return;
    };
    let mut d = Differences::default();
    d.check("all", "count", data::units().count(), rows.len());
    for row in &rows {
        let name = row["name"].as_str().unwrap();
        let id = UnitTypeId(number(&row["unit_type_id"]) as u16);
        let Some(unit) = data::unit(id) else {
            d.check(name, "present", false, true);
            continue;
        };
        check_kind(&mut d, name, unit, row);
        check_figures(&mut d, name, unit, row);
        check_movement(&mut d, name, unit, row);
        check_weapons(&mut d, name, unit, row);
        check_production(&mut d, name, unit, row);
    }
    d.expect(INTENDED);
}

fn check_kind(d: &mut Differences, name: &str, unit: &UnitData, row: &Value) {
    d.check(name, "name", unit.name, name);
    d.check(
        name,
        "race",
        format!("{:?}", unit.race),
        row["race"].as_str().unwrap().into(),
    );
    for (field, ours) in [
        ("is_structure", unit.is_structure),
        ("is_flying", unit.is_flying),
        ("is_worker", unit.is_worker),
        ("is_townhall", unit.is_townhall),
        ("is_addon", unit.is_addon),
        ("accepts_addon", unit.accepts_addon),
        ("needs_geyser", unit.needs_geyser),
        ("needs_creep", unit.needs_creep),
        ("needs_power", unit.needs_power),
    ] {
        d.check(name, field, ours, flag(row, field));
    }
    let attributes = texts(&row["attributes"]);
    for a in attributes.iter().map(|a| attribute(a)) {
        d.check(name, "attributes", unit.attributes.has(a), true);
    }
    d.check(
        name,
        "attributes",
        unit.attributes.0.count_ones() as usize,
        attributes.len(),
    );
}

fn check_figures(d: &mut Differences, name: &str, unit: &UnitData, row: &Value) {
    let cells = &row["footprint"]["cells"];
    for (field, ours, theirs) in [
        (
            "minerals_total",
            unit.minerals_total as f32,
            &row["minerals"],
        ),
        ("vespene_total", unit.vespene_total as f32, &row["vespene"]),
        ("supply_used", unit.supply_used, &row["supply_used"]),
        (
            "supply_provided",
            unit.supply_provided,
            &row["supply_provided"],
        ),
        ("build_time", unit.build_time, &row["build_time_loops"]),
        ("life", unit.life, &row["life_max"]),
        ("shields", unit.shields, &row["shields_max"]),
        ("energy_max", unit.energy_max, &row["energy_max"]),
        ("energy_start", unit.energy_start, &row["energy_start"]),
        ("armor", unit.armor, &row["armor"]),
        ("sight", unit.sight, &row["sight_range"]),
        ("radius", unit.radius, &row["radius"]),
        ("cargo_size", f32::from(unit.cargo_size), &row["cargo_size"]),
        (
            "cargo_capacity",
            f32::from(unit.cargo_capacity),
            &row["cargo_capacity"],
        ),
        ("detect_range", unit.detect_range, &row["detect_range"]),
        ("radar_range", unit.radar_range, &row["radar_range"]),
        ("power_radius", unit.power_radius, &row["power_radius"]),
        ("footprint width", f32::from(unit.footprint.0), &cells[0]),
        ("footprint height", f32::from(unit.footprint.1), &cells[1]),
        (
            "creation_ability",
            f32::from(unit.creation_ability.0),
            &row["created_by_ability_id"],
        ),
        ("minerals", unit.minerals as f32, &row["price"]["minerals"]),
        ("vespene", unit.vespene as f32, &row["price"]["vespene"]),
    ] {
        d.close(name, field, ours, number(theirs));
    }
    let alias = data::unit(unit.unit_alias).map_or("", |u| u.name);
    d.check(
        name,
        "unit_alias",
        alias,
        row["unit_alias"].as_str().unwrap_or(""),
    );
    d.check(
        name,
        "tech_alias",
        names(unit.tech_alias),
        texts(&row["tech_alias"]),
    );
}

fn check_movement(d: &mut Differences, name: &str, unit: &UnitData, row: &Value) {
    let m = &row["movement"];
    d.close(name, "speed", unit.speed, number(&m["speed_per_loop"]));
    // 1000 stands for "at once". From cells per normal second squared to cells per loop squared: twice by 16.
    let acceleration = number(&m["acceleration_5_0_14"]);
    let acceleration = if acceleration >= 1000.0 {
        0.0
    } else {
        acceleration / 256.0
    };
    d.close(name, "acceleration", unit.acceleration, acceleration);
    let turn = number(&m["turn_rate_deg_5_0_14"]).to_radians() / 16.0;
    d.close(name, "turn_rate", unit.turn_rate, turn);
}

fn check_weapons(d: &mut Differences, name: &str, unit: &UnitData, row: &Value) {
    let theirs = row["weapons"].as_array().unwrap();
    d.check(name, "weapons", unit.weapons.len(), theirs.len());
    for (i, (w, t)) in unit.weapons.iter().zip(theirs).enumerate() {
        let at = format!("{name}.weapon{i}");
        let target = match w.target {
            WeaponTarget::Ground => "ground",
            WeaponTarget::Air => "air",
            WeaponTarget::Both => "both",
        };
        d.check(&at, "target", target, t["target"].as_str().unwrap());
        d.close(&at, "damage", w.damage, number(&t["damage"]));
        d.close(
            &at,
            "per_level",
            w.damage_per_level,
            number(&t["per_attack_level"]["base"]),
        );
        d.close(&at, "attacks", f32::from(w.attacks), number(&t["attacks"]));
        d.close(&at, "range", w.range, number(&t["range"]));
        d.close(
            &at,
            "cooldown",
            w.cooldown_loops,
            number(&t["cooldown_loops"]),
        );
        let bonuses = t["bonus"].as_array().unwrap();
        d.check(&at, "bonuses", w.bonus.len(), bonuses.len());
        for (b, t_bonus) in w.bonus.iter().zip(bonuses) {
            let kind = t_bonus["attribute"].as_str().unwrap();
            d.check(&at, "bonus attribute", b.attribute, attribute(kind));
            d.close(&at, "bonus", b.damage, number(&t_bonus["damage"]));
            let per_level = number(&t["per_attack_level"][kind]);
            d.close(&at, "bonus per_level", b.per_level, per_level);
        }
    }
}

fn check_production(d: &mut Differences, name: &str, unit: &UnitData, row: &Value) {
    let theirs = row["produced_by"].as_array().map_or(&[][..], |v| v);
    d.check(name, "produced_by", unit.produced_by.len(), theirs.len());
    for (p, t) in unit.produced_by.iter().zip(theirs) {
        let producer = t["producer"].as_str().unwrap();
        let at = format!("{name} from {producer}");
        d.check(
            &at,
            "producer",
            data::unit(p.producer).unwrap().name,
            producer,
        );
        d.close(
            &at,
            "ability",
            f32::from(p.ability.0),
            number(&t["ability_id"]),
        );
        let kind = match p.kind {
            ProductionKind::Train => "train",
            ProductionKind::Build => "build",
            ProductionKind::BuildOnGeyser => "build_on_geyser",
            ProductionKind::BuildAddon => "build_addon",
            ProductionKind::WarpIn => "warp_in",
            ProductionKind::Morph => "morph",
            ProductionKind::ModeChange => "mode_change",
        };
        d.check(&at, "how", kind, t["how"].as_str().unwrap());
        let requires = &t["requires"];
        d.check(
            &at,
            "structures",
            names(p.structures),
            texts(&requires["structures"]),
        );
        let upgrades = p
            .upgrades
            .iter()
            .map(|g| data::upgrade(*g).unwrap().name.to_owned());
        d.check(
            &at,
            "upgrades",
            upgrades.collect(),
            texts(&requires["upgrades"]),
        );
        let addon = !texts(&requires["attached_addons"]).is_empty();
        d.check(&at, "tech_lab", p.tech_lab, addon);
    }
}

#[test]
fn upgrades_are_those_of_the_rules_tables() {
    let Some(rows) = rules("upgrades", "upgrades") else {
        return;
    };
    let mut d = Differences::default();
    let melee: Vec<&Value> = rows.iter().filter(|r| flag(r, "melee_4_10")).collect();
    d.check("all", "count", data::upgrades().len(), melee.len());
    for row in melee {
        let name = row["name"].as_str().unwrap();
        let id = scc::game::UpgradeId(number(&row["upgrade_id"]) as u16);
        let Some(upgrade) = data::upgrade(id) else {
            d.check(name, "present", false, true);
            continue;
        };
        d.check(name, "name", upgrade.name, name);
        d.close(
            name,
            "level",
            f32::from(upgrade.level),
            number(&row["level"]),
        );
        d.close(
            name,
            "minerals",
            upgrade.minerals as f32,
            number(&row["minerals"]),
        );
        d.close(
            name,
            "vespene",
            upgrade.vespene as f32,
            number(&row["vespene"]),
        );
        d.close(
            name,
            "research_time",
            upgrade.research_time,
            number(&row["research_time_loops"]),
        );
        d.close(
            name,
            "ability",
            f32::from(upgrade.ability.0),
            number(&row["ability_id"]),
        );
        let theirs = row["researched_at"].as_array().unwrap();
        d.check(
            name,
            "researched_at",
            upgrade.researched_at.len(),
            theirs.len(),
        );
        for (p, t) in upgrade.researched_at.iter().zip(theirs) {
            let at = t["structure"].as_str().unwrap();
            d.check(name, "structure", data::unit(p.producer).unwrap().name, at);
            d.close(
                name,
                "at ability",
                f32::from(p.ability.0),
                number(&t["ability_id"]),
            );
            let structures = texts(&t["requires"]["structures"]);
            d.check(name, "structures", names(p.structures), structures);
        }
    }
    d.expect(&[]);
}

/// The game's own answer: what the API reports for a unit type is what a client of ours would be told.
#[test]
fn units_are_those_of_the_games_data_answer() {
    let Some(answer) = api_data() else {
        return;
    };
    let mut d = Differences::default();
    for t in &answer.units {
        if let Some(unit) = data::unit(UnitTypeId(t.unit_id() as u16)) {
            check_answer(&mut d, unit, t);
        }
    }
    d.expect(INTENDED_API);
}

fn check_answer(d: &mut Differences, unit: &UnitData, t: &proto::UnitTypeData) {
    let name = unit.name;
    d.check(name, "name", name, t.name());
    for (field, ours, theirs) in [
        (
            "minerals_total",
            unit.minerals_total as f32,
            t.mineral_cost() as f32,
        ),
        (
            "vespene_total",
            unit.vespene_total as f32,
            t.vespene_cost() as f32,
        ),
        ("supply_used", unit.supply_used, t.food_required()),
        ("supply_provided", unit.supply_provided, t.food_provided()),
        ("build_time", unit.build_time, t.build_time()),
        ("armor", unit.armor, t.armor()),
        ("sight", unit.sight, t.sight_range()),
        ("speed", unit.speed * 16.0, t.movement_speed()),
        (
            "cargo_size",
            f32::from(unit.cargo_size),
            t.cargo_size() as f32,
        ),
        (
            "creation_ability",
            f32::from(unit.creation_ability.0),
            t.ability_id() as f32,
        ),
        (
            "unit_alias",
            f32::from(unit.unit_alias.0),
            t.unit_alias() as f32,
        ),
    ] {
        d.close(name, field, ours, f64::from(theirs));
    }
    let bits = t.attributes.iter().fold(0u16, |bits, a| bits | 1 << a);
    d.check(name, "attributes", unit.attributes.0, bits);
    let aliases: Vec<u32> = unit.tech_alias.iter().map(|id| u32::from(id.0)).collect();
    d.check(name, "tech_alias", aliases, t.tech_alias.clone());
    d.check(name, "weapons", unit.weapons.len(), t.weapons.len());
    for (w, t) in unit.weapons.iter().zip(&t.weapons) {
        d.close(name, "damage", w.damage, f64::from(t.damage()));
        d.close(
            name,
            "attacks",
            f32::from(w.attacks),
            f64::from(t.attacks()),
        );
        d.close(name, "range", w.range, f64::from(t.range()));
        d.close(
            name,
            "cooldown",
            w.cooldown_loops,
            f64::from(t.speed()) * 16.0,
        );
        d.check(name, "bonuses", w.bonus.len(), t.damage_bonus.len());
    }
}

#[test]
fn abilities_are_those_of_the_games_data_answer() {
    let Some(answer) = api_data() else {
        return;
    };
    let mut d = Differences::default();
    for t in &answer.abilities {
        let id = scc::game::AbilityId(t.ability_id() as u16);
        let Some(ability) = data::ability(id) else {
            continue;
        };
        let at = format!("ability {}", id.0);
        d.check(&at, "link", ability.link, t.link_name());
        d.close(
            &at,
            "link_index",
            f32::from(ability.link_index),
            f64::from(t.link_index()),
        );
        d.check(&at, "friendly", ability.friendly, t.friendly_name());
        let general = match t.remaps_to_ability_id() {
            0 => t.ability_id(),
            general => general,
        };
        d.close(
            &at,
            "general",
            f32::from(ability.general.0),
            f64::from(general),
        );
        d.check(
            &at,
            "target",
            ability.target as i32 + 1,
            t.target.unwrap_or(0),
        );
        d.check(
            &at,
            "allow_autocast",
            ability.allow_autocast,
            t.allow_autocast(),
        );
        let range = t.cast_range.unwrap_or(-1.0);
        d.close(&at, "cast_range", ability.cast_range, f64::from(range));
    }
    d.expect(&[]);
}

#[test]
fn upgrades_are_those_of_the_games_data_answer() {
    let Some(answer) = api_data() else {
        return;
    };
    let mut d = Differences::default();
    for t in &answer.upgrades {
        let Some(upgrade) = data::upgrade(scc::game::UpgradeId(t.upgrade_id() as u16)) else {
            continue;
        };
        let name = upgrade.name;
        d.check(name, "name", name, t.name());
        d.close(
            name,
            "minerals",
            upgrade.minerals as f32,
            f64::from(t.mineral_cost()),
        );
        d.close(
            name,
            "vespene",
            upgrade.vespene as f32,
            f64::from(t.vespene_cost()),
        );
        d.close(
            name,
            "research_time",
            upgrade.research_time,
            f64::from(t.research_time()),
        );
        d.close(
            name,
            "ability",
            f32::from(upgrade.ability.0),
            f64::from(t.ability_id()),
        );
    }
    d.expect(INTENDED_API_UPGRADES);
}

const INTENDED_API_UPGRADES: &[(&str, &str)] = &[
    ("TerranVehicleAndShipArmorsLevel1.ability", PLATING),
    ("TerranVehicleAndShipArmorsLevel2.ability", PLATING),
    ("TerranVehicleAndShipArmorsLevel3.ability", PLATING),
];

const PLATING: &str =
    "the answer names the campaign's ability; the Armory of a melee game offers 864 to 866";
