//! What upgrades and buffs do to a unit's figures: levels, speed, life.

use super::player::Player;
use super::state::State;
use super::unit::{NEUTRAL, Unit};
use crate::game::data::{unit_ids as u, upgrade_ids as g};
use crate::game::{BuffId, UnitTypeId, UpgradeId};

/// Buffs that the rules give, by their 4.10 ids (`data/rules/buffs.json` of the game data).
pub mod buffs {
    use crate::game::BuffId;
    pub const GHOST_CLOAK: BuffId = BuffId(6);
    /// A ghost that holds its fire.
    pub const HOLD_FIRE: BuffId = BuffId(13);
    /// An EMP round keeps cloaks from working.
    pub const EMP_DECLOAK: BuffId = BuffId(16);
    pub const BANSHEE_CLOAK: BuffId = BuffId(7);
    pub const STIM_MARAUDER: BuffId = BuffId(24);
    pub const SUPPLY_DROP: BuffId = BuffId(25);
    pub const STIM: BuffId = BuffId(27);
    /// Concussive shells' slow.
    pub const SLOW: BuffId = BuffId(33);
    pub const MEDIVAC_BOOST: BuffId = BuffId(89);
    pub const LOCK_ON: BuffId = BuffId(116);
    /// A ghost takes aim.
    pub const SNIPE: BuffId = BuffId(145);
    pub const CARRY_MINERALS: BuffId = BuffId(271);
    pub const CARRY_RICH_MINERALS: BuffId = BuffId(272);
    pub const CARRY_GAS: BuffId = BuffId(273);
    pub const INTERFERENCE_MATRIX: BuffId = BuffId(277);
    /// Armor taken by an anti-armor missile.
    pub const ARMOR_REDUCTION: BuffId = BuffId(280);

    /// Those whose end is nobody's order: they are part of the state's hash.
    pub fn is_spell(id: BuffId) -> bool {
        [
            HOLD_FIRE,
            EMP_DECLOAK,
            LOCK_ON,
            SNIPE,
            INTERFERENCE_MATRIX,
            ARMOR_REDUCTION,
        ]
        .contains(&id)
    }
}

/// Which upgrade line a unit's weapon and armor belong to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    Infantry,
    Vehicle,
    Ship,
    Structure,
    None,
}

fn line(id: UnitTypeId) -> Line {
    match id {
        u::MARINE | u::MARAUDER | u::REAPER | u::GHOST | u::SCV | u::MULE => Line::Infantry,
        u::HELLION
        | u::HELLION_TANK
        | u::WIDOW_MINE
        | u::WIDOW_MINE_BURROWED
        | u::SIEGE_TANK
        | u::SIEGE_TANK_SIEGED
        | u::CYCLONE
        | u::THOR
        | u::THOR_AP => Line::Vehicle,
        u::VIKING_FIGHTER
        | u::VIKING_ASSAULT
        | u::MEDIVAC
        | u::LIBERATOR
        | u::LIBERATOR_AG
        | u::BANSHEE
        | u::RAVEN
        | u::BATTLECRUISER => Line::Ship,
        _ => Line::None,
    }
}

fn level(player: &Player, levels: [UpgradeId; 3]) -> u8 {
    levels.iter().filter(|&&up| player.has(up)).count() as u8
}

fn weapon_level(player: &Player, line: Line, id: UnitTypeId) -> u8 {
    match line {
        Line::Infantry if id != u::SCV && id != u::MULE => level(
            player,
            [
                g::TERRAN_INFANTRY_WEAPONS_LEVEL1,
                g::TERRAN_INFANTRY_WEAPONS_LEVEL2,
                g::TERRAN_INFANTRY_WEAPONS_LEVEL3,
            ],
        ),
        Line::Vehicle => level(
            player,
            [
                g::TERRAN_VEHICLE_WEAPONS_LEVEL1,
                g::TERRAN_VEHICLE_WEAPONS_LEVEL2,
                g::TERRAN_VEHICLE_WEAPONS_LEVEL3,
            ],
        ),
        Line::Ship => level(
            player,
            [
                g::TERRAN_SHIP_WEAPONS_LEVEL1,
                g::TERRAN_SHIP_WEAPONS_LEVEL2,
                g::TERRAN_SHIP_WEAPONS_LEVEL3,
            ],
        ),
        _ => 0,
    }
}

fn armor_level(player: &Player, line: Line) -> u8 {
    match line {
        Line::Infantry => level(
            player,
            [
                g::TERRAN_INFANTRY_ARMORS_LEVEL1,
                g::TERRAN_INFANTRY_ARMORS_LEVEL2,
                g::TERRAN_INFANTRY_ARMORS_LEVEL3,
            ],
        ),
        Line::Vehicle | Line::Ship => level(
            player,
            [
                g::TERRAN_VEHICLE_AND_SHIP_ARMORS_LEVEL1,
                g::TERRAN_VEHICLE_AND_SHIP_ARMORS_LEVEL2,
                g::TERRAN_VEHICLE_AND_SHIP_ARMORS_LEVEL3,
            ],
        ),
        // Neosteel armor gives structures 2 points at once (Liquipedia, "Neosteel Armor").
        Line::Structure => 2 * u8::from(player.has(g::TERRAN_BUILDING_ARMOR)),
        Line::None => 0,
    }
}

/// Brings a unit's levels, speed and greatest life up to date with its type, buffs and its owner's upgrades.
pub(super) fn refresh_unit(state: &mut State, slot: usize) {
    let (units, players) = (&mut state.units, &state.players);
    let unit = &mut units[slot];
    if unit.owner >= NEUTRAL {
        return;
    }
    let player = &players[usize::from(unit.owner)];
    let line = if unit.data.is_structure {
        Line::Structure
    } else {
        line(unit.type_id)
    };
    unit.weapon_level = weapon_level(player, line, unit.type_id);
    unit.armor_level = armor_level(player, line);
    unit.speed = speed(unit, player);
    let life_max = unit.data.life + bonus_life(unit.type_id, player);
    if life_max > unit.life_max {
        unit.life += (life_max - unit.life_max).min(life_max);
    }
    unit.life_max = life_max;
    unit.life = unit.life.min(life_max);
}

/// Combat shield gives marines 10 life (Liquipedia, "Combat Shield").
fn bonus_life(id: UnitTypeId, player: &Player) -> f32 {
    if id == u::MARINE && player.has(g::SHIELD_WALL) {
        10.0
    } else {
        0.0
    }
}

/// Cells a loop now. Factors from Liquipedia: stim +50%, concussive shells -50%, hyperflight rotors 1.0 more
/// (at speed Normal), afterburners 1.7 times as much (MedivacSpeedBoost).
fn speed(unit: &Unit, player: &Player) -> f32 {
    let mut speed = unit.data.speed;
    if unit.type_id == u::BANSHEE && player.has(g::BANSHEE_SPEED) {
        speed += 1.0 / 16.0;
    }
    if unit.buffs.is_empty() {
        return speed;
    }
    if unit.has_buff(buffs::STIM) || unit.has_buff(buffs::STIM_MARAUDER) {
        speed *= 1.5;
    }
    if unit.has_buff(buffs::MEDIVAC_BOOST) {
        speed *= 1.7;
    }
    if unit.has_buff(buffs::SLOW) {
        speed *= 0.5;
    }
    speed
}

/// Cells a weapon reaches further than its row says. Hi-sec auto tracking: turrets and planetary fortresses +1, advanced
/// ballistics: liberators in ground mode +4 (`UpgradeData.xml` of 4.10: HiSecAutoTracking, LiberatorAGRangeUpgrade).
pub fn range_bonus(player: &Player, id: UnitTypeId) -> f32 {
    match id {
        u::MISSILE_TURRET | u::PLANETARY_FORTRESS | u::AUTO_TURRET
            if player.has(g::HI_SEC_AUTO_TRACKING) =>
        {
            1.0
        }
        u::LIBERATOR_AG if player.has(g::LIBERATOR_AG_RANGE_UPGRADE) => BALLISTICS_RANGE,
        _ => 0.0,
    }
}

/// What advanced ballistics adds to a liberator's range, and to how far away it may set up its zone.
pub const BALLISTICS_RANGE: f32 = 4.0;

/// What the infernal pre-igniter adds against light units: 5 for hellions, 12 for hellbats (`UpgradeData.xml` of 4.10,
/// HighCapacityBarrels).
pub fn light_bonus(player: &Player, id: UnitTypeId) -> f32 {
    let bonus = match id {
        u::HELLION => 5.0,
        u::HELLION_TANK => 12.0,
        _ => return 0.0,
    };
    if player.has(g::HIGH_CAPACITY_BARRELS) {
        bonus
    } else {
        0.0
    }
}

/// Armor that a unit lacks after an anti-armor missile: 3 (`BehaviorData.xml` of 4.10, RavenShredderMissileArmorReduction).
#[inline]
pub fn armor_lost(unit: &Unit) -> f32 {
    if !unit.buffs.is_empty() && unit.has_buff(buffs::ARMOR_REDUCTION) {
        3.0
    } else {
        0.0
    }
}

/// Gives every unit of a player the figures of the upgrades that the player has now.
pub(super) fn refresh_player(state: &mut State, player: u8) {
    for i in 0..state.order.len() {
        let slot = usize::from(state.order[i]);
        if state.units[slot].owner == player && state.units[slot].alive {
            refresh_unit(state, slot);
        }
    }
}

/// Puts a buff on a unit for some loops; a buff it has already is renewed.
pub fn add_buff(state: &mut State, slot: usize, id: BuffId, loops: u32) {
    let until = state.game_loop.saturating_add(loops);
    let unit = &mut state.units[slot];
    match unit.buffs.iter_mut().find(|b| b.id == id) {
        Some(buff) => (buff.until, buff.loops) = (until, loops),
        None => unit.buffs.push(super::unit::Buff { id, until, loops }),
    }
    refresh_unit(state, slot);
}

/// Takes a buff off a unit, if it has it.
pub fn remove_buff(state: &mut State, slot: usize, id: BuffId) {
    let unit = &mut state.units[slot];
    let before = unit.buffs.len();
    unit.buffs.retain(|b| b.id != id);
    if unit.buffs.len() != before {
        refresh_unit(state, slot);
    }
}
