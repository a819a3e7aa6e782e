//! What a thing of a game is, by the game's name of it: worker, town hall, unit, and what it costs (patch 4.10 tables).
//!
//! Replays name types in words, of every version since 1.0; what the tables do not have (campaign units, scenery) is
//! [`Kind::Other`] and worth nothing, so that it is listed among makings and counted nowhere else.

use crate::game::Race;
use crate::game::data::{self, ProductionKind, UnitData, unit_ids as u};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

/// What something is to a player.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Worker,
    TownHall,
    /// Refineries and their like.
    Gas,
    /// Depots, pylons, overlords and what they turn into.
    Supply,
    /// Structures that train units, town halls left out (so Zerg has none).
    Production,
    /// All other structures: tech, defense, add-ons.
    Structure,
    /// What fights or helps those who do: everything trained that takes supply, workers left out.
    Unit,
    /// What nobody pays for (larvae, eggs, MULEs, broodlings, interceptors, ...), and what no table knows.
    Other,
}

/// What is known of a type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Facts {
    /// Its name in the form in which it is counted: sieged, burrowed, lifted and lowered ones under the plain name.
    pub name: &'static str,
    pub kind: Kind,
    pub race: Race,
    /// Minerals and vespene of one, with all that it was made of.
    pub value: u32,
    /// Minerals and vespene of the last step alone: 50 of a baneling.
    pub step: u32,
    /// Whether a finished unit becomes it, for good and for a price: an orbital command, a baneling.
    pub is_morph: bool,
}

impl Facts {
    /// Whether it is a structure.
    pub fn is_structure(&self) -> bool {
        !matches!(self.kind, Kind::Worker | Kind::Unit | Kind::Other)
            && !matches!(self.name, "Overlord" | "Overseer" | "OverlordTransport")
    }
}

/// Types of other versions than the tables': name, minerals and vespene.
const OTHER_VERSIONS: [(&str, Race, u32); 3] = [
    ("MothershipCore", Race::Protoss, 200),
    ("Warhound", Race::Terran, 225),
    ("Replicant", Race::Protoss, 400),
];

/// Names that other versions have for types of the tables.
const OTHER_NAMES: [(&str, &str); 4] = [
    ("BattleHellion", "HellionTank"),
    ("LurkerDen", "LurkerDenMP"),
    ("SwarmHost", "SwarmHostMP"),
    ("Lurker", "LurkerMP"),
];

static FACTS: LazyLock<HashMap<&'static str, Facts>> = LazyLock::new(|| {
    let producers = producers();
    let rows = data::units().map(|row| (row.name, facts_of(row, &producers)));
    let mut facts: HashMap<_, _> = rows.collect();
    for (name, race, value) in OTHER_VERSIONS {
        let step = value;
        let it = Facts {
            name,
            kind: Kind::Unit,
            race,
            value,
            step,
            is_morph: false,
        };
        facts.insert(name, it);
    }
    for (other, name) in OTHER_NAMES {
        if let Some(it) = facts.get(name).copied() {
            facts.insert(other, it);
        }
    }
    facts
});

/// What is known of a type by the game's name; none of what no table has.
pub fn facts(name: &str) -> Option<&'static Facts> {
    FACTS.get(name)
}

/// The kind of a type; [`Kind::Other`] of what no table has.
pub fn kind(name: &str) -> Kind {
    facts(name).map_or(Kind::Other, |it| it.kind)
}

/// The name under which a type is counted; its own where no table has it.
pub fn counted_as(name: &str) -> &str {
    facts(name).map_or(name, |it| it.name)
}

/// Whether a unit is on its way to another form and is nothing by itself: larvae, eggs and cocoons.
pub fn is_transitional(name: &str) -> bool {
    name == "Larva" || name.ends_with("Egg") || name.ends_with("Cocoon")
}

/// Whether a structure is a drone before.
pub fn takes_a_drone(name: &str) -> bool {
    let is_of_zerg = facts(name).is_some_and(|it| it.race == Race::Zerg && it.is_structure());
    is_of_zerg && !name.starts_with("CreepTumor") && !name.starts_with("Nydus")
        || name == "NydusNetwork"
}

/// Whether a name stands for a mark on the map and not for a thing: what players set for their allies.
pub fn is_mark(name: &str) -> bool {
    name.starts_with("Beacon")
}

/// Whether an upgrade is for the eye, or bookkeeping of a map, and not for play. What every player has from the start
/// is left out by its time.
pub fn is_cosmetic(upgrade: &str) -> bool {
    ["Spray", "Reward", "Game"]
        .iter()
        .any(|prefix| upgrade.starts_with(prefix))
}

fn producers() -> BTreeSet<&'static str> {
    let trained = data::units().filter(|row| row.supply_used > 0.0 && !row.is_worker);
    let ways = trained
        .flat_map(|row| row.produced_by)
        .filter(|way| matches!(way.kind, ProductionKind::Train | ProductionKind::WarpIn));
    ways.filter_map(|way| data::unit(way.producer))
        .filter(|row| row.is_structure && !row.is_townhall)
        .map(|row| plain(row).name)
        .collect()
}

/// The row of the form that it is counted as.
fn plain(row: &'static UnitData) -> &'static UnitData {
    if row.name == "WarpGate" {
        // No alias in the table: it is another type to the game, and the same building to a player.
        return data::units()
            .find(|other| other.name == "Gateway")
            .unwrap_or(row);
    }
    data::unit(row.unit_alias).unwrap_or(row)
}

fn facts_of(row: &'static UnitData, producers: &BTreeSet<&'static str>) -> Facts {
    let base = plain(row);
    let value = base.minerals_total + base.vespene_total;
    // Larvae give two zerglings at once: a step is never worth more than the whole.
    let step = (row.minerals + row.vespene).min(value);
    Facts {
        name: base.name,
        kind: kind_of(base, producers, value),
        race: row.race,
        value,
        step,
        is_morph: row
            .produced_by
            .iter()
            .any(|way| way.kind == ProductionKind::Morph && way.producer != u::LARVA && step > 0),
    }
}

fn kind_of(row: &UnitData, producers: &BTreeSet<&'static str>, value: u32) -> Kind {
    let is_free = value == 0
        || matches!(
            row.name,
            "MULE" | "AutoTurret" | "RavenRepairDrone" | "Interceptor"
        );
    match row {
        _ if is_transitional(row.name) || is_free => Kind::Other,
        _ if row.is_worker => Kind::Worker,
        _ if row.is_townhall => Kind::TownHall,
        _ if matches!(row.name, "Refinery" | "Assimilator" | "Extractor") => Kind::Gas,
        _ if row.supply_provided > 0.0 => Kind::Supply,
        _ if producers.contains(row.name) => Kind::Production,
        _ if row.is_structure => Kind::Structure,
        _ if row.supply_used > 0.0 => Kind::Unit,
        _ => Kind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_are_what_players_call_them() {
        let is = |name, kind| assert_eq!(super::kind(name), kind, "{name}");
        for name in ["SCV", "Drone", "Probe"] {
            is(name, Kind::Worker);
        }
        for name in [
            "OrbitalCommandFlying",
            "PlanetaryFortress",
            "Lair",
            "Hive",
            "Nexus",
        ] {
            is(name, Kind::TownHall);
        }
        for name in [
            "Barracks",
            "FactoryFlying",
            "WarpGate",
            "RoboticsFacility",
            "Stargate",
        ] {
            is(name, Kind::Production);
        }
        for name in ["Overlord", "Overseer", "Pylon", "SupplyDepotLowered"] {
            is(name, Kind::Supply);
        }
        for name in [
            "Marine",
            "SiegeTankSieged",
            "Medivac",
            "Queen",
            "Zergling",
            "Archon",
        ] {
            is(name, Kind::Unit);
        }
        for name in [
            "Larva",
            "Egg",
            "BanelingCocoon",
            "MULE",
            "Broodling",
            "Interceptor",
            "Nonsense",
        ] {
            is(name, Kind::Other);
        }
        for name in [
            "EngineeringBay",
            "BarracksTechLab",
            "Bunker",
            "SpawningPool",
        ] {
            is(name, Kind::Structure);
        }
        is("RefineryRich", Kind::Gas);
    }

    #[test]
    fn forms_are_counted_under_the_plain_name_and_steps_cost_what_is_added() {
        assert_eq!(counted_as("VikingAssault"), "VikingFighter");
        assert_eq!(counted_as("WarpGate"), "Gateway");
        assert_eq!(counted_as("LurkerMPBurrowed"), "LurkerMP");
        assert_eq!(counted_as("OrbitalCommand"), "OrbitalCommand");
        let it = facts("Baneling").unwrap();
        assert_eq!((it.value, it.step), (75, 50));
        let it = facts("Zergling").unwrap();
        assert_eq!((it.value, it.step), (25, 25));
        assert_eq!(facts("SiegeTankSieged").unwrap().step, 0);
        let is_morph = |name| facts(name).unwrap().is_morph;
        assert!(
            ["OrbitalCommand", "Lair", "Baneling", "LurkerMP", "Overseer"]
                .into_iter()
                .all(is_morph)
        );
        assert!(
            !["SiegeTank", "Drone", "Zergling", "Hellion", "Barracks"]
                .into_iter()
                .any(is_morph)
        );
    }
}
