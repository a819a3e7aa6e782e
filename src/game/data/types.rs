//! The shape of the data tables.

use crate::game::ids::{AbilityId, Attribute, Race, UnitTypeId, UpgradeId};

/// A set of [`Attribute`]s, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attributes(pub u16);

impl Attributes {
    pub const fn of(list: &[Attribute]) -> Attributes {
        let (mut bits, mut i) = (0, 0);
        while i < list.len() {
            bits |= 1 << list[i] as u16;
            i += 1;
        }
        Attributes(bits)
    }

    pub const fn has(self, attribute: Attribute) -> bool {
        self.0 & (1 << attribute as u16) != 0
    }
}

/// What a weapon can hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WeaponTarget {
    Ground,
    Air,
    Both,
}

/// Extra damage against one attribute.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DamageBonus {
    pub attribute: Attribute,
    pub damage: f32,
    /// Added per weapon upgrade level.
    pub per_level: f32,
}

/// A weapon as the API reports it. Damage is per hit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeaponData {
    pub target: WeaponTarget,
    pub damage: f32,
    /// Added per weapon upgrade level.
    pub damage_per_level: f32,
    /// Hits per attack.
    pub attacks: u8,
    /// Cells, from edge to edge.
    pub range: f32,
    /// Game loops between attacks.
    pub cooldown_loops: f32,
    pub bonus: &'static [DamageBonus],
}

/// How a unit comes into being.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProductionKind {
    /// Queued in a structure.
    Train,
    /// Put up by a worker.
    Build,
    BuildOnGeyser,
    BuildAddon,
    WarpIn,
    /// One unit becomes another, for a price.
    Morph,
    /// One unit becomes another for free (siege, lift, burrow).
    ModeChange,
}

/// One way to make a unit or research an upgrade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Production {
    pub producer: UnitTypeId,
    /// Exact ability.
    pub ability: AbilityId,
    pub kind: ProductionKind,
    /// Finished structures that must stand; an alias counts (an orbital command is a command center).
    pub structures: &'static [UnitTypeId],
    pub upgrades: &'static [UpgradeId],
    /// Needs a tech lab attached to the producer.
    pub tech_lab: bool,
}

/// One row of the unit table (patch 4.10).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UnitData {
    pub id: UnitTypeId,
    pub name: &'static str,
    pub race: Race,
    pub is_structure: bool,
    pub is_flying: bool,
    pub is_worker: bool,
    pub is_townhall: bool,
    pub is_addon: bool,
    pub accepts_addon: bool,
    pub needs_geyser: bool,
    pub needs_creep: bool,
    pub needs_power: bool,
    /// What is paid at the moment of the order.
    pub minerals: u32,
    pub vespene: u32,
    /// What the API reports: for a morph the total with its source.
    pub minerals_total: u32,
    pub vespene_total: u32,
    pub supply_used: f32,
    pub supply_provided: f32,
    /// Game loops.
    pub build_time: f32,
    pub life: f32,
    pub shields: f32,
    pub energy_max: f32,
    pub energy_start: f32,
    pub armor: f32,
    pub attributes: Attributes,
    /// Cells a game loop; 0 = cannot move.
    pub speed: f32,
    /// Cells a game loop, gained per game loop; 0 = at once.
    pub acceleration: f32,
    /// Radians a game loop; 0 = at once.
    pub turn_rate: f32,
    /// Cells.
    pub sight: f32,
    pub radius: f32,
    /// Cells covered, width and height; (0, 0) = none.
    pub footprint: (u8, u8),
    /// Slots it takes in a transport; 0 = cannot be loaded.
    pub cargo_size: u8,
    pub cargo_capacity: u16,
    pub detect_range: f32,
    pub radar_range: f32,
    pub power_radius: f32,
    pub weapons: &'static [WeaponData],
    pub creation_ability: AbilityId,
    pub tech_alias: &'static [UnitTypeId],
    pub unit_alias: UnitTypeId,
    pub produced_by: &'static [Production],
}

/// A row with nothing set, to fill up the rows of tables.
pub const BLANK: UnitData = UnitData {
    id: UnitTypeId(0),
    name: "",
    race: Race::Terran,
    is_structure: false,
    is_flying: false,
    is_worker: false,
    is_townhall: false,
    is_addon: false,
    accepts_addon: false,
    needs_geyser: false,
    needs_creep: false,
    needs_power: false,
    minerals: 0,
    vespene: 0,
    minerals_total: 0,
    vespene_total: 0,
    supply_used: 0.0,
    supply_provided: 0.0,
    build_time: 0.0,
    life: 0.0,
    shields: 0.0,
    energy_max: 0.0,
    energy_start: 0.0,
    armor: 0.0,
    attributes: Attributes(0),
    speed: 0.0,
    acceleration: 0.0,
    turn_rate: 0.0,
    sight: 0.0,
    radius: 0.0,
    footprint: (0, 0),
    cargo_size: 0,
    cargo_capacity: 0,
    detect_range: 0.0,
    radar_range: 0.0,
    power_radius: 0.0,
    weapons: &[],
    creation_ability: AbilityId(0),
    tech_alias: &[],
    unit_alias: UnitTypeId(0),
    produced_by: &[],
};

/// One row of the upgrade table (patch 4.10).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UpgradeData {
    pub id: UpgradeId,
    pub name: &'static str,
    /// 1..3 for upgrades that come in levels, else 0.
    pub level: u8,
    pub minerals: u32,
    pub vespene: u32,
    /// Game loops.
    pub research_time: f32,
    /// Exact ability.
    pub ability: AbilityId,
    pub researched_at: &'static [Production],
}

/// What an ability may be aimed at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AbilityTarget {
    None,
    Point,
    Unit,
    PointOrUnit,
    PointOrNone,
}

/// One row of the ability table (patch 4.10): every ability that a melee unit offers, and the general ones they remap to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AbilityData {
    pub id: AbilityId,
    /// The API's link name, empty for general abilities.
    pub link: &'static str,
    pub link_index: u16,
    pub friendly: &'static str,
    pub target: AbilityTarget,
    /// The general ability; itself if there is none.
    pub general: AbilityId,
    /// Cells; negative = not stated.
    pub cast_range: f32,
    pub allow_autocast: bool,
    /// Melee unit types that list it.
    pub offered_by: &'static [UnitTypeId],
}
