//! What each unit type offers: ability ids, exact and general, and what they do. Worked out once from the data tables.

use super::player::Player;
use crate::game::data::{self, Production, ProductionKind, Spell, unit_ids as u};
use crate::game::{AbilityId, UnitTypeId, UpgradeId};
use std::sync::LazyLock;

/// What an ability does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Smart,
    Stop,
    Hold,
    Move,
    Patrol,
    Attack,
    ScanMove,
    Gather,
    Return,
    Repair,
    Heal,
    Build(UnitTypeId),
    AddOn(UnitTypeId),
    Train(UnitTypeId),
    Research(UpgradeId),
    /// Siege, lift, raise, orbital: the unit becomes another type where it is.
    Morph(UnitTypeId),
    Land(UnitTypeId),
    Rally,
    Mule,
    Scan,
    SupplyDrop,
    Stim,
    CloakOn,
    CloakOff,
    Boost,
    /// A ghost's: on or off.
    HoldFire(bool),
    /// A spell of the table.
    Cast(Spell),
    Load,
    LoadAll,
    UnloadAll,
    UnloadAllAt,
    Cancel,
    CancelLast,
    Halt,
    Salvage,
}

impl Act {
    /// Done by one of the units that the command names, and paid once.
    pub fn is_single(self) -> bool {
        if let Act::Cast(spell) = self {
            return data::spell(spell).single;
        }
        matches!(
            self,
            Act::Build(_)
                | Act::AddOn(_)
                | Act::Train(_)
                | Act::Research(_)
                | Act::Land(_)
                | Act::Mule
                | Act::Scan
                | Act::SupplyDrop
        )
    }

    /// Takes effect at once and leaves the unit's orders alone.
    pub fn is_instant(self) -> bool {
        matches!(
            self,
            Act::Train(_)
                | Act::Research(_)
                | Act::Rally
                | Act::Mule
                | Act::Scan
                | Act::SupplyDrop
                | Act::Stim
                | Act::CloakOn
                | Act::CloakOff
                | Act::Boost
                | Act::HoldFire(_)
                | Act::Cancel
                | Act::CancelLast
                | Act::Halt
                | Act::Salvage
                | Act::LoadAll
        )
    }
}

/// One ability of one unit type.
#[derive(Clone, Copy, Debug)]
pub struct Offer {
    pub exact: AbilityId,
    /// Itself where there is none.
    pub general: AbilityId,
    pub act: Act,
    /// Requirements, for what is produced.
    pub production: Option<&'static Production>,
}

static OFFERS: LazyLock<Vec<Vec<Offer>>> = LazyLock::new(build_table);

/// All that a type offers, by exact id. Empty for neutrals.
pub fn offers(id: UnitTypeId) -> &'static [Offer] {
    OFFERS.get(usize::from(id.0)).map_or(&[], Vec::as_slice)
}

/// What an ability, exact or general, means to a type; for research in levels the next one the player lacks.
pub fn resolve(id: UnitTypeId, ability: AbilityId, player: &Player) -> Option<Offer> {
    let list = offers(id);
    if let Ok(at) = list.binary_search_by_key(&ability, |o| o.exact) {
        return Some(list[at]);
    }
    let mut fitting = list.iter().filter(|o| o.general == ability);
    let first = fitting.next()?;
    let Act::Research(_) = first.act else {
        return Some(*first);
    };
    let missing = |o: &&Offer| match o.act {
        Act::Research(up) => !player.has(up) && !player.researching.contains(&up),
        _ => false,
    };
    let next = list.iter().filter(|o| o.general == ability).find(missing);
    Some(*next.unwrap_or(first))
}

static PRODUCERS: LazyLock<Vec<bool>> = LazyLock::new(|| {
    OFFERS
        .iter()
        .map(|list| {
            let trains = |o: &Offer| matches!(o.act, Act::Train(id) if id != u::NUKE);
            list.iter().any(trains)
        })
        .collect()
});

/// Whether a type trains units.
pub fn produces(id: UnitTypeId) -> bool {
    PRODUCERS.get(usize::from(id.0)).copied().unwrap_or(false)
}

fn build_table() -> Vec<Vec<Offer>> {
    let mut table: Vec<Vec<Offer>> = Vec::new();
    let mut put = |id: UnitTypeId, offer: Offer| {
        let at = usize::from(id.0);
        if table.len() <= at {
            table.resize(at + 1, Vec::new());
        }
        if !table[at].iter().any(|o| o.exact == offer.exact) {
            table[at].push(offer);
        }
    };
    for row in data::units() {
        for production in row.produced_by {
            if let Some(act) = produced(row.id, production) {
                put(
                    production.producer,
                    offer(production.ability, act, Some(production)),
                );
            }
        }
    }
    for row in data::upgrades() {
        for production in row.researched_at {
            let act = Act::Research(row.id);
            put(
                production.producer,
                offer(production.ability, act, Some(production)),
            );
        }
    }
    for row in data::abilities() {
        if let Some(act) = plain_act(row.id) {
            for &id in row.offered_by {
                put(id, offer(row.id, act, None));
            }
        }
    }
    put(
        u::GHOST_ACADEMY,
        offer(NUKE.ability, Act::Train(u::NUKE), Some(&NUKE)),
    );
    for &(id, exact, general, act) in UNLISTED {
        for &id in id {
            put(
                id,
                Offer {
                    exact: AbilityId(exact),
                    general: AbilityId(general),
                    act,
                    production: None,
                },
            );
        }
    }
    for list in &mut table {
        list.sort_by_key(|o| o.exact);
    }
    table
}

/// Arming a silo: the tables have no row for it. It needs a factory (requirement TrainNuke of the game's data).
static NUKE: Production = Production {
    producer: u::GHOST_ACADEMY,
    ability: AbilityId(710),
    kind: ProductionKind::Train,
    structures: &[u::FACTORY],
    upgrades: &[],
    tech_lab: false,
};

fn offer(exact: AbilityId, act: Act, production: Option<&'static Production>) -> Offer {
    let general = data::ability(exact).map_or(exact, |a| a.general);
    Offer {
        exact,
        general,
        act,
        production,
    }
}

fn produced(to: UnitTypeId, production: &Production) -> Option<Act> {
    let flies = data::unit(production.producer).is_some_and(|p| p.is_flying && p.is_structure);
    match production.kind {
        ProductionKind::Train | ProductionKind::WarpIn => Some(Act::Train(to)),
        ProductionKind::BuildAddon => Some(Act::AddOn(to)),
        ProductionKind::Morph => Some(Act::Morph(to)),
        ProductionKind::ModeChange if flies => Some(Act::Land(to)),
        // Aimed, so a spell.
        ProductionKind::ModeChange if to == u::LIBERATOR_AG => None,
        ProductionKind::Build if to == u::AUTO_TURRET => None,
        ProductionKind::ModeChange => Some(Act::Morph(to)),
        ProductionKind::Build | ProductionKind::BuildOnGeyser => Some(Act::Build(to)),
    }
}

/// Abilities that do the same for all types that offer them.
fn plain_act(id: AbilityId) -> Option<Act> {
    if let Some(row) = data::spells().iter().find(|s| s.ability == id) {
        return Some(Act::Cast(row.spell));
    }
    Some(match id.0 {
        1 => Act::Smart,
        4 | 3783 => Act::Stop,
        16 | 3776 => Act::Move,
        17 | 3777 => Act::Patrol,
        18 | 3778 => Act::Hold,
        19 => Act::ScanMove,
        23 | 3771 => Act::Attack,
        32 => Act::Salvage,
        36 => Act::HoldFire(true),
        166 | 295 => Act::Gather,
        78 | 316 => Act::Repair,
        386 => Act::Heal,
        171 => Act::Mule,
        255 => Act::SupplyDrop,
        399 => Act::Scan,
        195 | 203 => Act::Rally,
        253 | 380 => Act::Stim,
        382 | 392 => Act::CloakOn,
        2116 => Act::Boost,
        394 | 407 => Act::Load,
        416 => Act::LoadAll,
        _ => return None,
    })
}

const TOWN_HALLS: &[UnitTypeId] = &[u::COMMAND_CENTER, u::ORBITAL_COMMAND, u::PLANETARY_FORTRESS];
const CARRYING_HALLS: &[UnitTypeId] = &[
    u::COMMAND_CENTER,
    u::COMMAND_CENTER_FLYING,
    u::PLANETARY_FORTRESS,
];
const WITH_ADD_ONS: &[UnitTypeId] = &[u::BARRACKS, u::FACTORY, u::STARPORT];
const RESEARCHERS: &[UnitTypeId] = &[
    u::ENGINEERING_BAY,
    u::ARMORY,
    u::GHOST_ACADEMY,
    u::FUSION_CORE,
    u::BARRACKS_TECH_LAB,
    u::FACTORY_TECH_LAB,
    u::STARPORT_TECH_LAB,
];
const BUILT_STRUCTURES: &[UnitTypeId] = &[
    u::COMMAND_CENTER,
    u::SUPPLY_DEPOT,
    u::REFINERY,
    u::REFINERY_RICH,
    u::BARRACKS,
    u::FACTORY,
    u::STARPORT,
    u::ENGINEERING_BAY,
    u::ARMORY,
    u::BUNKER,
    u::MISSILE_TURRET,
    u::SENSOR_TOWER,
    u::GHOST_ACADEMY,
    u::FUSION_CORE,
];

/// Abilities that the tables do not list by unit: types, exact id, general id. Ids as in the API's `stableid.json`.
#[rustfmt::skip]
const UNLISTED: &[(&[UnitTypeId], u16, u16, Act)] = &[
    (&[u::SCV], 296, 3667, Act::Return),
    (&[u::MULE], 167, 3667, Act::Return),
    (&[u::SCV], 348, 3660, Act::Halt),
    (&[u::GHOST], 38, 3689, Act::HoldFire(false)),
    (&[u::GHOST], 383, 3677, Act::CloakOff),
    (&[u::GHOST], 1622, 1622, Act::Cast(Spell::Nuke)),
    (&[u::GHOST], 1623, 3659, Act::Cancel),
    (&[u::GHOST], 2715, 3659, Act::Cancel),
    (&[u::CYCLONE], 2354, 3659, Act::Cancel),
    (&[u::BANSHEE], 393, 3677, Act::CloakOff),
    (&[u::MEDIVAC], 395, 3664, Act::UnloadAll),
    (&[u::MEDIVAC], 396, 3669, Act::UnloadAllAt),
    (&[u::BUNKER], 408, 3664, Act::UnloadAll),
    (CARRYING_HALLS, 413, 3664, Act::UnloadAll),
    (TOWN_HALLS, 308, 3671, Act::CancelLast),
    (WITH_ADD_ONS, 312, 3671, Act::CancelLast),
    (WITH_ADD_ONS, 306, 3671, Act::CancelLast),
    (RESEARCHERS, 306, 3671, Act::CancelLast),
    (RESEARCHERS, 304, 3671, Act::CancelLast),
    (BUILT_STRUCTURES, 314, 3659, Act::Cancel),
    (BUILT_STRUCTURES, 315, 3660, Act::Halt),
    (&[u::BARRACKS], 451, 3659, Act::Cancel),
    (&[u::FACTORY], 484, 3659, Act::Cancel),
    (&[u::STARPORT], 517, 3659, Act::Cancel),
    (&[u::COMMAND_CENTER], 1451, 3659, Act::Cancel),
    (&[u::COMMAND_CENTER], 1517, 3659, Act::Cancel),
];
