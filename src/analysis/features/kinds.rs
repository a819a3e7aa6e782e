//! Kinds of things that are made, by the game's names: what they cost, what they are for, what people call them.

use crate::game::UnitTypeId;
use crate::game::data;
use std::collections::HashMap;
use std::sync::LazyLock;

/// A kind: index into the table of all units and upgrades.
pub type Kind = u16;

/// What something is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Fights, or goes with those that fight: takes supply and is no worker.
    Army,
    TownHall,
    /// Trains army.
    Production,
    /// Other structures that a build is told by.
    Tech,
    /// Supply, refineries, defense and add-ons: they say little about a strategy.
    Minor,
    Upgrade,
    /// Workers, and what costs nothing.
    Other,
}

/// One row of the table.
pub struct Info {
    pub name: &'static str,
    pub role: Role,
    /// The kind of which this is a form (landed, sieged, burrowed, flying); itself where it is none.
    pub base: Kind,
    /// Minerals and vespene in one of it, with what it was made from.
    pub value: u32,
    /// Loops that it takes to make.
    pub build_loops: u32,
    /// The name in words, e.g. `Viking (landed)`.
    pub text: String,
}

struct Table {
    rows: Vec<Info>,
    by_name: HashMap<&'static str, Kind>,
}

static TABLE: LazyLock<Table> = LazyLock::new(table);

/// The kind of the game's name; none of what no player makes (eggs, beacons) and of what the tables do not know.
pub fn kind(name: &str) -> Option<Kind> {
    TABLE.by_name.get(name).copied()
}

/// The row of a kind.
pub fn info(kind: Kind) -> &'static Info {
    &TABLE.rows[usize::from(kind)]
}

fn table() -> Table {
    let units: Vec<&'static data::UnitData> =
        data::units().filter(|u| !u.name.is_empty()).collect();
    let mut by_name = HashMap::new();
    for (at, unit) in units.iter().enumerate() {
        by_name.entry(unit.name).or_insert(at as Kind);
    }
    let mut rows: Vec<Info> = units
        .iter()
        .enumerate()
        .map(|(at, unit)| row(unit, at as Kind, &by_name))
        .collect();
    for upgrade in data::upgrades() {
        by_name.entry(upgrade.name).or_insert(rows.len() as Kind);
        rows.push(Info {
            name: upgrade.name,
            role: Role::Upgrade,
            base: rows.len() as Kind,
            value: upgrade.minerals + upgrade.vespene,
            build_loops: upgrade.research_time as u32,
            text: words(upgrade.name),
        });
    }
    Table { rows, by_name }
}

fn row(unit: &'static data::UnitData, own: Kind, by_name: &HashMap<&'static str, Kind>) -> Info {
    let source = (unit.unit_alias != UnitTypeId(0))
        .then(|| data::unit(unit.unit_alias))
        .flatten();
    let meant = source.unwrap_or(unit);
    Info {
        name: unit.name,
        role: role(meant),
        base: by_name.get(meant.name).copied().unwrap_or(own),
        value: unit.minerals_total.max(meant.minerals_total)
            + unit.vespene_total.max(meant.vespene_total),
        build_loops: unit.build_time as u32,
        text: words(unit.name),
    }
}

fn role(unit: &data::UnitData) -> Role {
    let cost = unit.minerals_total + unit.vespene_total;
    if !unit.is_structure {
        let fights = !unit.is_worker && unit.supply_used > 0.0 && cost > 0;
        return if fights { Role::Army } else { Role::Other };
    }
    if unit.is_townhall {
        return Role::TownHall;
    }
    if unit.is_addon || unit.needs_geyser || unit.supply_provided > 0.0 || !unit.weapons.is_empty()
    {
        return Role::Minor;
    }
    if matches!(
        unit.name,
        "Bunker" | "MissileTurret" | "SensorTower" | "CreepTumor" | "WarpGate"
    ) {
        return Role::Minor;
    }
    let trains = data::units().any(|made| {
        let here = made
            .produced_by
            .iter()
            .any(|way| way.producer == unit.id && trains(way.kind));
        here && !made.is_structure
    });
    if trains { Role::Production } else { Role::Tech }
}

fn trains(kind: data::ProductionKind) -> bool {
    matches!(
        kind,
        data::ProductionKind::Train | data::ProductionKind::WarpIn
    )
}

/// What people call it.
fn words(name: &str) -> String {
    let known = match name {
        "VikingFighter" => "Viking",
        "VikingAssault" => "Viking (landed)",
        "HellionTank" => "Hellbat",
        "LiberatorAG" => "Liberator (ground mode)",
        "ThorAP" => "Thor (high impact)",
        "ShieldWall" => "Combat Shield",
        "PunisherGrenades" => "Concussive Shells",
        "zerglingmovementspeed" => "Zergling speed",
        "zerglingattackspeed" => "Zergling attack speed",
        "overlordspeed" => "Overlord speed",
        "BattlecruiserEnableSpecializations" => "Yamato Cannon",
        _ => "",
    };
    if !known.is_empty() {
        return known.to_owned();
    }
    for (ending, form) in [
        ("Sieged", "sieged"),
        ("Burrowed", "burrowed"),
        ("Flying", "flying"),
        ("Lowered", "lowered"),
        ("Phasing", "phasing"),
    ] {
        if let Some(base) = name.strip_suffix(ending) {
            return format!("{} ({form})", spaced(base));
        }
    }
    spaced(name)
}

/// `SiegeTank` -> `Siege Tank`, `TerranInfantryWeaponsLevel1` -> `Terran Infantry Weapons Level 1`.
fn spaced(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 4);
    let mut before = ' ';
    for letter in name.chars() {
        let begins = letter.is_uppercase() && before.is_lowercase();
        let counts = letter.is_ascii_digit() && before.is_alphabetic();
        if begins || counts {
            text.push(' ');
        }
        text.push(letter);
        before = letter;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_roles_values_and_words() {
        let of = |name: &str| info(kind(name).unwrap());
        assert_eq!(of("VikingAssault").base, kind("VikingFighter").unwrap());
        assert_eq!(of("VikingAssault").value, 225);
        assert_eq!(of("SiegeTankSieged").text, "Siege Tank (sieged)");
        assert_eq!(of("SiegeTankSieged").role, Role::Army);
        assert_eq!(
            of("TerranInfantryWeaponsLevel1").text,
            "Terran Infantry Weapons Level 1"
        );
        for (name, role) in [
            ("Marine", Role::Army),
            ("SCV", Role::Other),
            ("MULE", Role::Other),
            ("CommandCenter", Role::TownHall),
            ("Hatchery", Role::TownHall),
            ("Barracks", Role::Production),
            ("Gateway", Role::Production),
            ("Armory", Role::Tech),
            ("SupplyDepotLowered", Role::Minor),
            ("Bunker", Role::Minor),
            ("PhotonCannon", Role::Minor),
            ("BarracksTechLab", Role::Minor),
            ("Stimpack", Role::Upgrade),
        ] {
            assert_eq!(of(name).role, role, "{name}");
        }
        assert_eq!(kind("BeaconArmy"), None);
    }
}
