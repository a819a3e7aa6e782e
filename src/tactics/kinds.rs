//! What a unit type is good for, worked out once from the data tables.

use crate::game::data::{self, Production, ProductionKind, WeaponTarget, unit_ids as u};
use crate::game::{AbilityId, Attribute, UnitTypeId, UpgradeId};
use std::sync::LazyLock;

/// Ids of units and upgrades that tables indexed by type make room for.
pub const TYPES_MAX: usize = 2048;

/// What an ability makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Product {
    Unit(UnitTypeId),
    Upgrade(UpgradeId),
}

/// One row of facts a look needs about every unit it sees.
#[derive(Clone, Copy, Debug, Default)]
pub struct Kind {
    /// The type it counts as: lowered depots are depots, flying barracks barracks, sieged tanks tanks.
    pub canonical: UnitTypeId,
    pub is_structure: bool,
    pub is_worker: bool,
    pub is_townhall: bool,
    pub is_addon: bool,
    /// Fights or supports those who fight: takes supply and is no worker.
    pub is_army: bool,
    pub hits_ground: bool,
    pub hits_air: bool,
    /// Minerals plus vespene, with what it was morphed from.
    pub value: u16,
    /// Of `value`, the minerals.
    pub minerals: u16,
    /// Longest weapon range, cells from edge to edge.
    pub range: f32,
    pub supply: f32,
    /// Half the width of its footprint, or its radius.
    pub half_width: f32,
    pub is_armored: bool,
    pub is_mechanical: bool,
    pub is_bio: bool,
}

static KINDS: LazyLock<Vec<Kind>> = LazyLock::new(|| {
    let mut rows = vec![Kind::default(); TYPES_MAX];
    for d in data::units() {
        let weaponless_gunner = matches!(d.id, u::BATTLECRUISER | u::BUNKER);
        let canonical = if d.unit_alias.0 != 0 {
            d.unit_alias
        } else {
            d.id
        };
        let hits = |air: bool| {
            weaponless_gunner
                || d.weapons.iter().any(|w| match w.target {
                    WeaponTarget::Both => true,
                    WeaponTarget::Air => air,
                    WeaponTarget::Ground => !air,
                })
        };
        let range = d.weapons.iter().map(|w| w.range).fold(0.0, f32::max);
        rows[usize::from(d.id.0)] = Kind {
            canonical,
            is_structure: d.is_structure,
            is_worker: d.is_worker,
            is_townhall: d.is_townhall,
            is_addon: d.is_addon,
            is_army: !d.is_structure && !d.is_worker && d.supply_used > 0.0,
            hits_ground: hits(false),
            hits_air: hits(true),
            value: (d.minerals_total + d.vespene_total) as u16,
            minerals: d.minerals_total as u16,
            range: if weaponless_gunner { 6.0 } else { range },
            supply: d.supply_used,
            half_width: match d.footprint.0 {
                0 => d.radius,
                w => f32::from(w) / 2.0,
            },
            is_armored: d.attributes.has(Attribute::Armored),
            is_mechanical: d.attributes.has(Attribute::Mechanical),
            is_bio: d.attributes.has(Attribute::Biological),
        };
    }
    rows
});

/// Facts about a type; all zero for neutrals and unknown types.
pub fn kind(id: UnitTypeId) -> &'static Kind {
    static NONE: Kind = Kind {
        canonical: UnitTypeId(0),
        is_structure: false,
        is_worker: false,
        is_townhall: false,
        is_addon: false,
        is_army: false,
        hits_ground: false,
        hits_air: false,
        value: 0,
        minerals: 0,
        range: 0.0,
        supply: 0.0,
        half_width: 0.0,
        is_armored: false,
        is_mechanical: false,
        is_bio: false,
    };
    KINDS.get(usize::from(id.0)).unwrap_or(&NONE)
}

static PRODUCTS: LazyLock<Vec<Option<(Product, ProductionKind)>>> = LazyLock::new(|| {
    let mut rows = vec![None; 4096];
    for d in data::units() {
        for p in d.produced_by {
            rows[usize::from(p.ability.0)].get_or_insert((Product::Unit(d.id), p.kind));
        }
    }
    for d in data::upgrades() {
        rows[usize::from(d.ability.0)] = Some((Product::Upgrade(d.id), ProductionKind::Train));
    }
    rows
});

/// What an order with this exact ability makes, and how; none if it makes nothing.
pub fn product(ability: AbilityId) -> Option<(Product, ProductionKind)> {
    PRODUCTS.get(usize::from(ability.0)).copied().flatten()
}

/// The way a unit type is paid for: trained, built, added on or morphed (never a free change of mode).
pub fn recipe(id: UnitTypeId) -> Option<&'static Production> {
    data::unit(id)?
        .produced_by
        .iter()
        .find(|p| p.kind != ProductionKind::ModeChange)
}

/// The general ability under which the raw interface offers an exact one.
pub fn general(ability: AbilityId) -> AbilityId {
    data::ability(ability).map_or(ability, |a| a.general)
}

/// Abilities by the names the raw interface gives them; general where there is a general one.
pub mod ability {
    use crate::game::AbilityId;

    pub const SMART: AbilityId = AbilityId(1);
    pub const ATTACK: AbilityId = AbilityId(3674);
    pub const MOVE: AbilityId = AbilityId(3794);
    pub const STOP: AbilityId = AbilityId(3665);
    pub const GATHER: AbilityId = AbilityId(3666);
    pub const RETURN: AbilityId = AbilityId(3667);
    pub const REPAIR: AbilityId = AbilityId(3685);
    pub const STIM: AbilityId = AbilityId(3675);
    pub const SIEGE: AbilityId = AbilityId(388);
    pub const UNSIEGE: AbilityId = AbilityId(390);
    pub const VIKING_LAND: AbilityId = AbilityId(403);
    pub const VIKING_FLY: AbilityId = AbilityId(405);
    pub const CLOAK_ON: AbilityId = AbilityId(3676);
    pub const MULE: AbilityId = AbilityId(171);
    pub const SCAN: AbilityId = AbilityId(399);
    pub const LOAD: AbilityId = AbilityId(3668);
    pub const UNLOAD_AT: AbilityId = AbilityId(3669);
    pub const LOWER_DEPOT: AbilityId = AbilityId(556);
    pub const LIFT: AbilityId = AbilityId(3679);
    pub const LAND: AbilityId = AbilityId(3678);
    pub const CANCEL: AbilityId = AbilityId(3659);
    pub const RALLY_UNITS: AbilityId = AbilityId(3673);
    pub const ATTACK_EXACT: AbilityId = AbilityId(23);
    pub const SCAN_MOVE_EXACT: AbilityId = AbilityId(19);
    pub const ATTACK_BATTLECRUISER: AbilityId = AbilityId(3771);
    pub const GATHER_SCV_EXACT: AbilityId = AbilityId(295);
    pub const RETURN_SCV_EXACT: AbilityId = AbilityId(296);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_follow_the_tables() {
        assert_eq!(kind(u::SUPPLY_DEPOT_LOWERED).canonical, u::SUPPLY_DEPOT);
        assert_eq!(kind(u::SIEGE_TANK_SIEGED).canonical, u::SIEGE_TANK);
        assert_eq!(kind(u::BARRACKS_FLYING).canonical, u::BARRACKS);
        assert!(
            kind(u::MARINE).is_army && kind(u::MEDIVAC).is_army && kind(u::BATTLECRUISER).is_army
        );
        assert!(!kind(u::SCV).is_army && !kind(u::MULE).is_army && !kind(u::BARRACKS).is_army);
        assert!(kind(u::MARINE).hits_air && !kind(u::MARAUDER).hits_air);
        assert_eq!(kind(u::SIEGE_TANK).value, 275);
        assert_eq!(
            kind(UnitTypeId(341)).canonical,
            UnitTypeId(0),
            "a neutral has no kind"
        );
    }

    #[test]
    fn abilities_name_their_products() {
        assert_eq!(
            product(AbilityId(560)),
            Some((Product::Unit(u::MARINE), ProductionKind::Train))
        );
        assert_eq!(
            product(AbilityId(730)).map(|p| p.0),
            Some(Product::Upgrade(UpgradeId(15)))
        );
        assert_eq!(product(AbilityId(23)), None);
        for id in [
            u::MARINE,
            u::BARRACKS,
            u::ORBITAL_COMMAND,
            u::BARRACKS_REACTOR,
            u::REFINERY,
        ] {
            let r = recipe(id).expect("has a recipe");
            assert_eq!(
                product(r.ability).map(|p| p.0),
                Some(Product::Unit(id)),
                "{id:?}"
            );
        }
        assert_eq!(general(AbilityId(23)), ability::ATTACK);
        assert_eq!(general(AbilityId(421)), AbilityId(3682));
        assert_eq!(general(AbilityId(380)), ability::STIM);
    }
}
