//! Tables that turn game ids into small dense indices: unit types, orders, counted types, build items.
//!
//! Derived once from `game::data`; an index means the same thing as long as the data tables stay as they are, which
//! `ObsSpec::hash` watches over.

use super::flags::kind;
use crate::game::data::{self, unit_ids as u};
use crate::game::{AbilityId, Attribute, UnitTypeId};
use std::sync::LazyLock;

/// A class of neutral units that share one embedding: skins and sizes do not matter to play.
struct Neutral {
    name: &'static str,
    kinds: u16,
    ids: &'static [u16],
}

/// Neutral unit types seen in 4.8 to 5.0 captures, by what they are to a player.
const NEUTRALS: &[Neutral] = &[
    Neutral {
        name: "MineralField",
        kinds: kind::MINERALS,
        ids: &[341, 483, 665, 666, 884, 885, 1961, 1976, 1996],
    },
    Neutral {
        name: "RichMineralField",
        kinds: kind::MINERALS,
        ids: &[146, 147, 796, 797],
    },
    Neutral {
        name: "VespeneGeyser",
        kinds: kind::GEYSER,
        ids: &[342, 343, 608, 880, 881],
    },
    Neutral {
        name: "RichVespeneGeyser",
        kinds: kind::GEYSER,
        ids: &[344],
    },
    Neutral {
        name: "DestructibleRock",
        kinds: kind::DESTRUCTIBLE,
        ids: &[
            312, 350, 364, 365, 370, 371, 475, 628, 629, 638, 639, 648, 836,
        ],
    },
    Neutral {
        name: "DestructibleRamp",
        kinds: kind::DESTRUCTIBLE,
        ids: &[
            372, 373, 376, 377, 630, 640, 641, 642, 643, 651, 1902, 1904, 1906, 1908,
        ],
    },
    Neutral {
        name: "CollapsibleTower",
        kinds: kind::DESTRUCTIBLE,
        ids: &[485, 588, 589, 590, 591, 609, 610, 663, 664, 882],
    },
    Neutral {
        name: "Unbuildable",
        kinds: kind::DESTRUCTIBLE,
        ids: &[472, 473, 474],
    },
    Neutral {
        name: "XelNagaTower",
        kinds: kind::SCENERY,
        ids: &[149, 606],
    },
    Neutral {
        name: "Zone",
        kinds: kind::SCENERY,
        ids: &[1958, 1959, 1971, 1982, 1983, 1985, 1987],
    },
    Neutral {
        name: "Critter",
        kinds: kind::SCENERY,
        ids: &[336, 612],
    },
];

/// One row of the unit-type table.
#[derive(Clone, Debug)]
pub struct UnitTypeRow {
    pub name: &'static str,
    /// First id of the class; melee types have exactly one.
    pub id: UnitTypeId,
    /// Bits of [`flags::kind`](super::flags::kind).
    pub kinds: u16,
    /// Row of the counted-types table, if the type is counted.
    pub count_idx: Option<u16>,
    /// Slots in a transport.
    pub cargo_size: u8,
}

/// All derived tables.
pub struct Vocab {
    types: Vec<UnitTypeRow>,
    type_of_id: Vec<u16>,
    counted: Vec<UnitTypeId>,
    orders: Vec<AbilityId>,
    order_of_id: Vec<u16>,
    build_items: Vec<UnitTypeId>,
    build_item_of_type: Vec<u16>,
}

/// The tables; built on first use.
pub fn vocab() -> &'static Vocab {
    static VOCAB: LazyLock<Vocab> = LazyLock::new(Vocab::build);
    &VOCAB
}

impl Vocab {
    fn build() -> Vocab {
        let counted = counted_types();
        let types = unit_types(&counted);
        let mut type_of_id = vec![0; 2048];
        for (idx, row) in types.iter().enumerate().skip(1) {
            type_of_id[usize::from(row.id.0)] = idx as u16;
        }
        for neutral in NEUTRALS {
            let idx = type_of_id[usize::from(neutral.ids[0])];
            for &id in neutral.ids {
                type_of_id[usize::from(id)] = idx;
            }
        }
        let (orders, order_of_id) = order_tables();
        let build_items: Vec<UnitTypeId> = counted
            .iter()
            .copied()
            .filter(|&id| {
                data::unit(id)
                    .is_some_and(|d| !d.is_worker && (!d.produced_by.is_empty() || d.is_addon))
            })
            .collect();
        let build_item_of_type = types
            .iter()
            .map(|row| {
                let base = canonical(row.id);
                let at = build_items.iter().position(|&b| b == base);
                at.map_or(0, |i| i as u16 + 1)
            })
            .collect();
        Vocab {
            types,
            type_of_id,
            counted,
            orders,
            order_of_id,
            build_items,
            build_item_of_type,
        }
    }

    /// The unit-type table; row 0 is the unknown type.
    pub fn types(&self) -> &[UnitTypeRow] {
        &self.types
    }

    /// Row of the unit-type table; 0 for types it does not have.
    #[inline]
    pub fn type_idx(&self, id: UnitTypeId) -> u16 {
        self.type_of_id.get(usize::from(id.0)).copied().unwrap_or(0)
    }

    /// The row at an index; the unknown type's for an index beyond the table.
    #[inline]
    pub fn type_row(&self, type_idx: u16) -> &UnitTypeRow {
        self.types
            .get(usize::from(type_idx))
            .unwrap_or(&self.types[0])
    }

    /// Types that the count vectors have, one slot each; modes of a unit (sieged, burrowed, flying) share a slot.
    pub fn counted(&self) -> &[UnitTypeId] {
        &self.counted
    }

    /// General abilities that stand in an order column; row 0 is "no order".
    pub fn orders(&self) -> &[AbilityId] {
        &self.orders
    }

    /// Row of the order table for an exact or general ability; 0 for abilities outside the table.
    #[inline]
    pub fn order_idx(&self, ability: AbilityId) -> u16 {
        self.order_of_id
            .get(usize::from(ability.0))
            .copied()
            .unwrap_or(0)
    }

    /// Things that a build order (z) may name; row 0 of the build-item table is "none", so item i is `build_items()[i - 1]`.
    pub fn build_items(&self) -> &[UnitTypeId] {
        &self.build_items
    }

    /// Row of the build-item table for a unit type of the type table; 0 = not part of build orders (workers, neutrals).
    pub fn build_item(&self, type_idx: u16) -> u16 {
        self.build_item_of_type
            .get(usize::from(type_idx))
            .copied()
            .unwrap_or(0)
    }
}

/// The type that a unit is counted as: its alias, and one tech lab and one reactor for all hosts.
pub fn canonical(id: UnitTypeId) -> UnitTypeId {
    let Some(row) = data::unit(id) else { return id };
    if row.unit_alias.0 != 0 {
        return row.unit_alias;
    }
    match row.tech_alias.first() {
        Some(&base) if base == u::TECH_LAB || base == u::REACTOR => base,
        _ => id,
    }
}

/// Things of a moment (cocoons, missiles, hallucination helpers) that no count is kept of.
const NOT_COUNTED: &[UnitTypeId] = &[
    u::NUKE,
    u::KD8_CHARGE,
    u::RAVEN_REPAIR_DRONE,
    u::INFESTOR_TERRAN,
    u::BROODLING_ESCORT,
    u::INFESTED_TERRANS_EGG,
    u::FORCE_FIELD,
    u::DISRUPTOR_PHASED,
    u::ORACLE_STASIS_TRAP,
    u::INTERCEPTOR,
    u::EGG,
    u::BANELING_COCOON,
    u::BROOD_LORD_COCOON,
    u::OVERLORD_COCOON,
    u::LURKER_MP_EGG,
    u::RAVAGER_COCOON,
    u::TRANSPORT_OVERLORD_COCOON,
    u::CHANGELING,
];

fn counted_types() -> Vec<UnitTypeId> {
    let mut list: Vec<UnitTypeId> = data::units()
        .map(|d| d.id)
        .filter(|&id| canonical(id) == id && !NOT_COUNTED.contains(&id))
        .collect();
    list.sort_unstable();
    list
}

fn unit_types(counted: &[UnitTypeId]) -> Vec<UnitTypeRow> {
    let mut types = vec![UnitTypeRow {
        name: "Unknown",
        id: UnitTypeId(0),
        kinds: 0,
        count_idx: None,
        cargo_size: 0,
    }];
    let mut melee: Vec<_> = data::units().collect();
    melee.sort_unstable_by_key(|d| d.id);
    for d in melee {
        types.push(UnitTypeRow {
            name: d.name,
            id: d.id,
            kinds: kinds_of(d),
            count_idx: counted
                .binary_search(&canonical(d.id))
                .ok()
                .map(|i| i as u16),
            cargo_size: d.cargo_size,
        });
    }
    for neutral in NEUTRALS {
        types.push(UnitTypeRow {
            name: neutral.name,
            id: UnitTypeId(neutral.ids[0]),
            kinds: neutral.kinds,
            count_idx: None,
            cargo_size: 0,
        });
    }
    types
}

fn kinds_of(d: &data::UnitData) -> u16 {
    let mut kinds = kind::MELEE;
    let mut set = |on: bool, bit: u16| {
        if on {
            kinds |= bit;
        }
    };
    set(d.is_structure, kind::STRUCTURE);
    set(d.attributes.has(Attribute::Mechanical), kind::MECHANICAL);
    set(d.attributes.has(Attribute::Biological), kind::BIOLOGICAL);
    set(d.attributes.has(Attribute::Psionic), kind::PSIONIC);
    set(d.is_worker, kind::WORKER);
    set(d.is_townhall, kind::TOWN_HALL);
    set(d.needs_geyser, kind::GAS_STRUCTURE);
    set(d.is_flying, kind::AIR);
    set(d.energy_max > 0.0, kind::CASTER);
    kinds
}

fn order_tables() -> (Vec<AbilityId>, Vec<u16>) {
    let mut orders: Vec<AbilityId> = data::abilities()
        .iter()
        .filter(|a| !a.offered_by.is_empty())
        .map(|a| a.general)
        .chain(data::units().flat_map(|d| d.produced_by.iter().map(|p| general(p.ability))))
        .chain(
            data::upgrades()
                .iter()
                .flat_map(|r| r.researched_at.iter().map(|p| general(p.ability))),
        )
        .chain([AbilityId(3667)])
        .chain([AbilityId(0)])
        .collect();
    orders.sort_unstable();
    orders.dedup();
    let mut of_id = vec![0u16; 4096];
    for (idx, ability) in orders.iter().enumerate() {
        of_id[usize::from(ability.0)] = idx as u16;
    }
    for a in data::abilities() {
        if let Ok(idx) = orders.binary_search(&a.general) {
            of_id[usize::from(a.id.0)] = idx as u16;
        }
    }
    // Harvest return has no row of its own in the ability table: no idle worker offers it.
    for exact in [167, 296, 299, 1184] {
        of_id[exact] = of_id[3667];
    }
    (orders, of_id)
}

fn general(ability: AbilityId) -> AbilityId {
    data::ability(ability).map_or(ability, |a| a.general)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_melee_type_has_its_own_row_and_fits_the_bit_sets() {
        let v = vocab();
        let mut seen = std::collections::BTreeSet::new();
        for d in data::units() {
            let idx = v.type_idx(d.id);
            assert!(idx > 0 && seen.insert(idx), "{}", d.name);
            assert_eq!(v.type_row(idx).id, d.id);
        }
        assert!(v.types().len() <= 256, "Facts::finished has 256 bits");
        assert!(
            data::upgrades().len() <= 128,
            "Facts::upgrades has 128 bits"
        );
    }

    #[test]
    fn modes_share_a_count_and_unknown_types_have_none() {
        let v = vocab();
        let count = |id| v.type_row(v.type_idx(id)).count_idx;
        assert_eq!(count(u::SIEGE_TANK), count(u::SIEGE_TANK_SIEGED));
        assert_eq!(count(u::BARRACKS), count(u::BARRACKS_FLYING));
        assert_eq!(count(u::BARRACKS_TECH_LAB), count(u::STARPORT_TECH_LAB));
        assert_ne!(count(u::COMMAND_CENTER), count(u::ORBITAL_COMMAND));
        assert_eq!(v.type_idx(UnitTypeId(60000)), 0);
        assert_eq!(v.type_idx(UnitTypeId(666)), v.type_idx(UnitTypeId(341)));
    }

    #[test]
    fn exact_orders_fall_on_their_general_ability() {
        let v = vocab();
        assert_eq!(v.order_idx(AbilityId(23)), v.order_idx(AbilityId(3674)));
        assert_ne!(v.order_idx(AbilityId(296)), 0);
        assert_eq!(v.order_idx(AbilityId(0)), 0);
    }
}
