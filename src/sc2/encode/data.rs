//! `ResponseData`: the data tables as the game states them.

use crate::game::data::{
    self, AbilityTarget, Production, ProductionKind, UnitData, UpgradeData, WeaponData,
    WeaponTarget, neutral, unit_ids as u,
};
use crate::game::time::LOOPS_PER_NORMAL_SECOND;
use crate::game::{AbilityId, Attribute};
use crate::sc2::proto::{self, ResponseData, ability_data, weapon};
use crate::sim::ability;
use std::collections::BTreeMap;

/// Which lists the client has asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DataWanted {
    pub abilities: bool,
    pub units: bool,
    pub upgrades: bool,
    pub buffs: bool,
    pub effects: bool,
}

/// The tables that are wanted; what is not stays empty.
///
/// Every id that an observation can hold is here: unit types of players and neutrals, every ability that an order can
/// have. Deviation from the game: costs, armor and weapons are those without upgrades.
pub fn data(wanted: DataWanted) -> ResponseData {
    let mut answer = ResponseData::default();
    if wanted.abilities {
        answer.abilities = abilities();
    }
    if wanted.units {
        answer.units = data::units().map(unit).collect();
        answer
            .units
            .extend(neutral::rows().iter().map(neutral_type));
        answer.units.sort_by_key(|unit| unit.unit_id);
    }
    if wanted.upgrades {
        answer.upgrades = data::upgrades().iter().map(upgrade).collect();
    }
    if wanted.buffs {
        answer.buffs = BUFFS.iter().map(buff).collect();
    }
    if wanted.effects {
        answer.effects = EFFECTS.iter().map(effect).collect();
    }
    answer
}

/// The table's rows, and those that units offer and the table lacks; by id.
fn abilities() -> Vec<proto::AbilityData> {
    let mut rows: BTreeMap<AbilityId, proto::AbilityData> = data::abilities()
        .iter()
        .map(|row| (row.id, listed(row)))
        .collect();
    for offer in data::units().flat_map(|unit| ability::offers(unit.id)) {
        let general = offer.general;
        rows.entry(offer.exact)
            .or_insert_with(|| bare(offer.exact, general));
        rows.entry(general)
            .or_insert_with(|| bare(general, general));
    }
    for unit in data::units().filter(|unit| unit.is_structure) {
        if let Some(row) = rows.get_mut(&unit.creation_ability) {
            placing(unit, row);
        }
    }
    rows.into_values().collect()
}

fn listed(row: &data::AbilityData) -> proto::AbilityData {
    use ability_data::Target;
    let target = match row.target {
        AbilityTarget::None => Target::None,
        AbilityTarget::Point => Target::Point,
        AbilityTarget::Unit => Target::Unit,
        AbilityTarget::PointOrUnit => Target::PointOrUnit,
        AbilityTarget::PointOrNone => Target::PointOrNone,
    };
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    proto::AbilityData {
        link_name: text(row.link),
        link_index: Some(row.link_index.into()),
        button_name: text(row.friendly),
        friendly_name: text(row.friendly),
        target: Some(target as i32),
        allow_minimap: Some(matches!(target, Target::Point | Target::PointOrUnit)),
        allow_autocast: row.allow_autocast.then_some(true),
        cast_range: (row.cast_range >= 0.0).then_some(row.cast_range),
        ..bare(row.id, row.general)
    }
}

fn bare(id: AbilityId, general: AbilityId) -> proto::AbilityData {
    proto::AbilityData {
        ability_id: Some(id.0.into()),
        available: Some(true),
        target: Some(ability_data::Target::None as i32),
        remaps_to_ability_id: (general != id).then_some(general.0.into()),
        ..proto::AbilityData::default()
    }
}

/// What an ability that puts up a structure says of its place.
fn placing(unit: &UnitData, row: &mut proto::AbilityData) {
    let is_placed = unit.produced_by.iter().any(|p| {
        p.ability == unit.creation_ability
            && matches!(
                p.kind,
                ProductionKind::Build | ProductionKind::BuildOnGeyser | ProductionKind::BuildAddon
            )
    });
    if !is_placed {
        return;
    }
    row.is_building = Some(true);
    row.footprint_radius = Some(match unit.is_addon {
        // The game counts the host in.
        true => 3.5,
        false => f32::from(unit.footprint.0) / 2.0,
    });
    row.is_instant_placement = unit.is_addon.then_some(true);
}

fn unit(row: &UnitData) -> proto::UnitTypeData {
    let way = row
        .produced_by
        .iter()
        .find(|p| p.kind != ProductionKind::ModeChange);
    let (needs, attached) = way.map_or((None, false), requirement);
    let some = |v: f32| (v > 0.0).then_some(v);
    proto::UnitTypeData {
        unit_id: Some(row.id.0.into()),
        name: Some(row.name.to_owned()),
        available: Some(true),
        cargo_size: (row.cargo_size > 0).then_some(row.cargo_size.into()),
        mineral_cost: Some(row.minerals_total),
        vespene_cost: Some(row.vespene_total),
        food_required: some(row.supply_used),
        food_provided: some(row.supply_provided),
        ability_id: (row.creation_ability.0 > 0).then_some(row.creation_ability.0.into()),
        race: Some(row.race as i32),
        build_time: Some(row.build_time),
        has_vespene: row.needs_geyser.then_some(true),
        has_minerals: None,
        sight_range: Some(row.sight),
        tech_alias: row.tech_alias.iter().map(|id| id.0.into()).collect(),
        unit_alias: (row.unit_alias.0 > 0).then_some(row.unit_alias.0.into()),
        tech_requirement: needs,
        require_attached: attached.then_some(true),
        attributes: attributes(row),
        movement_speed: some(row.speed * LOOPS_PER_NORMAL_SECOND as f32),
        armor: Some(row.armor),
        weapons: row.weapons.iter().map(weapon).collect(),
    }
}

/// The one requirement that the game's answer has room for, and whether it is an add-on.
fn requirement(way: &Production) -> (Option<u32>, bool) {
    match (way.tech_lab, way.structures) {
        (true, []) => (Some(u::TECH_LAB.0.into()), true),
        (true, _) | (false, []) => (None, false),
        (false, [first, ..]) => (Some(first.0.into()), false),
    }
}

fn attributes(row: &UnitData) -> Vec<i32> {
    use Attribute as A;
    let all = [
        A::Light,
        A::Armored,
        A::Biological,
        A::Mechanical,
        A::Robotic,
        A::Psionic,
        A::Massive,
        A::Structure,
        A::Hover,
        A::Heroic,
        A::Summoned,
    ];
    let own = all.into_iter().filter(|a| row.attributes.has(*a));
    own.map(|a| a as i32).collect()
}

fn weapon(it: &WeaponData) -> proto::Weapon {
    let kind = match it.target {
        WeaponTarget::Ground => weapon::TargetType::Ground,
        WeaponTarget::Air => weapon::TargetType::Air,
        WeaponTarget::Both => weapon::TargetType::Any,
    };
    proto::Weapon {
        r#type: Some(kind as i32),
        damage: Some(it.damage),
        damage_bonus: it
            .bonus
            .iter()
            .map(|b| proto::DamageBonus {
                attribute: Some(b.attribute as i32),
                bonus: Some(b.damage),
            })
            .collect(),
        attacks: Some(it.attacks.into()),
        range: Some(it.range),
        speed: Some(it.cooldown_loops / LOOPS_PER_NORMAL_SECOND as f32),
    }
}

/// Fields, geysers, rocks: the game lists them without a race.
fn neutral_type(row: &neutral::NeutralData) -> proto::UnitTypeData {
    let destructible = row.kind == neutral::NeutralKind::Rocks;
    let attributes = match row.kind {
        neutral::NeutralKind::Scenery => Vec::new(),
        _ if destructible => vec![Attribute::Armored as i32, Attribute::Structure as i32],
        _ => vec![Attribute::Structure as i32],
    };
    proto::UnitTypeData {
        unit_id: Some(row.id.0.into()),
        name: Some(row.name.to_owned()),
        available: Some(true),
        race: Some(proto::Race::NoRace as i32),
        has_minerals: row.kind.is_minerals().then_some(true),
        has_vespene: row.kind.is_geyser().then_some(true),
        attributes,
        ..proto::UnitTypeData::default()
    }
}

fn upgrade(row: &UpgradeData) -> proto::UpgradeData {
    proto::UpgradeData {
        upgrade_id: Some(row.id.0.into()),
        name: Some(row.name.to_owned()),
        mineral_cost: Some(row.minerals),
        vespene_cost: Some(row.vespene),
        research_time: Some(row.research_time),
        ability_id: Some(row.ability.0.into()),
    }
}

fn buff(&(id, name): &(u32, &str)) -> proto::BuffData {
    proto::BuffData {
        buff_id: Some(id),
        name: Some(name.to_owned()),
    }
}

fn effect(&(id, name, friendly, radius): &(u32, &str, &str, f32)) -> proto::EffectData {
    proto::EffectData {
        effect_id: Some(id),
        name: Some(name.to_owned()),
        friendly_name: Some(friendly.to_owned()),
        radius: Some(radius),
    }
}

/// Buffs that melee units can have, as the game's data answer of 4.10 names them.
#[rustfmt::skip]
const BUFFS: &[(u32, &str)] = &[
    (5, "GravitonBeam"), (6, "GhostCloak"), (7, "BansheeCloak"), (11, "QueenSpawnLarvaTimer"), (16, "EMPDecloak"),
    (17, "FungalGrowth"), (18, "GuardianShield"), (20, "TimeWarpProduction"), (22, "NeuralParasite"),
    (24, "StimpackMarauder"), (25, "SupplyDrop"), (27, "Stimpack"), (28, "PsiStorm"), (30, "Charging"), (33, "Slow"),
    (49, "OracleRevelation"), (71, "BuildingStasis"), (72, "Stasis"), (83, "BlindingCloud"), (89, "MedivacSpeedBoost"),
    (99, "OracleWeapon"), (102, "ImmortalOverload"), (111, "PurificationNova"), (116, "LockOn"), (121, "TemporalField"),
    (122, "VoidRaySwarmDamageBoost"), (129, "OracleStasisTrapTarget"), (132, "ParasiticBomb"), (136, "LurkerHoldFire"),
    (137, "LurkerHoldFireB"), (140, "PurificationNovaPost"), (142, "BypassArmorDebuffOne"), (143, "BypassArmorDebuffTwo"),
    (144, "BypassArmorDebuffThree"), (145, "ChannelSnipeCombat"), (271, "CarryMineralFieldMinerals"),
    (272, "CarryHighYieldMineralFieldMinerals"), (273, "CarryHarvestableVespeneGeyserGas"),
    (274, "CarryHarvestableVespeneGeyserGasProtoss"), (275, "CarryHarvestableVespeneGeyserGasZerg"),
    (277, "RavenScramblerMissile"), (278, "RavenShredderMissileTimeout"), (279, "RavenShredderMissileTint"),
    (280, "RavenShredderMissileArmorReduction"), (281, "ChronoBoostEnergyCost"), (284, "InfestorEnsnare"),
    (288, "Transfusion"), (289, "InhibitorZoneTemporalField"),
];

/// Effects: id, name, friendly name, radius in cells.
#[rustfmt::skip]
const EFFECTS: &[(u32, &str, &str, f32)] = &[
    (1, "PsiStormPersistent", "PsiStorm", 1.5),
    (2, "GuardianShieldPersistent", "GuardianShield", 4.0),
    (3, "TemporalFieldGrowingBubbleCreatePersistent", "TemporalFieldGrowing", 4.0),
    (4, "TemporalFieldAfterBubbleCreatePersistent", "TemporalField", 4.0),
    (5, "ThermalLancesForward", "ThermalLance", 0.15),
    (6, "ScannerSweep", "ScannerSweep", 13.0),
    (7, "NukePersistent", "NukeDot", 0.5),
    (8, "LiberatorTargetMorphDelayPersistent", "LiberatorDefenderZoneSetup", 5.0),
    (9, "LiberatorTargetMorphPersistent", "LiberatorDefenderZone", 5.0),
    (10, "BlindingCloudCP", "BlindingCloud", 2.0),
    (11, "RavagerCorrosiveBileCP", "CorrosiveBile", 0.5),
    (12, "LurkerMP", "LurkerSpines", 0.5),
];
