//! One player's view of the game: what the SC2 API's `ResponseObservation` carries on the raw interface.
//!
//! The embedded simulator fills it directly; `sc2` converts the real game's messages to it. Buffers are meant to be
//! reused: fillers clear and refill the vectors of an existing value.

use super::command::{ActionResult, Command, Target};
use super::geometry::{BitGrid, Grid, Point};
use super::ids::*;
use super::map::MapData;
use super::outcome::PlayerResult;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use std::sync::Arc;

/// What stays fixed for a whole game, as one player knows it.
#[derive(Clone, Debug)]
pub struct GameInfo {
    pub map: Arc<MapData>,
    /// The observing player.
    pub player: PlayerId,
    /// Both players, sorted by id.
    pub players: Vec<PlayerInfo>,
    /// The observing player's own start location (town-hall center).
    pub own_start: Point,
    /// The opponents' possible start locations.
    pub enemy_starts: Vec<Point>,
}

/// A player, as far as it is known to the observing one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlayerInfo {
    pub id: PlayerId,
    pub race_requested: Race,
    /// Known of oneself, and in replays.
    pub race_actual: Option<Race>,
    pub name: String,
    pub is_computer: bool,
}

/// The observing player's counters, as in the API's `PlayerCommon`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlayerCommon {
    pub player_id: u8,
    pub minerals: u32,
    pub vespene: u32,
    pub food_cap: u32,
    /// Supply used, units in production included, halves rounded down.
    pub food_used: u32,
    pub food_army: u32,
    pub food_workers: u32,
    pub idle_worker_count: u32,
    pub army_count: u32,
    pub warp_gate_count: u32,
    pub larva_count: u32,
}

/// An order that a unit of the observing player holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RawOrder {
    /// Exact ability.
    pub ability: AbilityId,
    pub target: Target,
    /// 0..1 for training and research, else 0.
    pub progress: f32,
}

/// A unit inside a transport or bunker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Passenger {
    pub tag: UnitTag,
    pub unit_type: UnitTypeId,
    pub health: f32,
    pub health_max: f32,
    pub shield: f32,
    pub shield_max: f32,
    pub energy: f32,
    pub energy_max: f32,
}

/// One unit as the observing player sees it. Fields that the API leaves out are 0 or empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RawUnit {
    pub tag: UnitTag,
    pub unit_type: UnitTypeId,
    pub owner: PlayerId,
    pub alliance: Alliance,
    pub display: DisplayType,
    pub cloak: CloakState,
    pub pos: Point,
    /// Height above the zero plane, in cells.
    pub z: f32,
    /// Radians from the +x axis, `[0, TAU)`.
    pub facing: f32,
    pub radius: f32,
    /// 0..1 while under construction, exactly 1 afterwards.
    pub build_progress: f32,
    pub health: f32,
    pub health_max: f32,
    pub shield: f32,
    pub shield_max: f32,
    pub energy: f32,
    pub energy_max: f32,
    pub mineral_contents: u32,
    pub vespene_contents: u32,
    pub is_flying: bool,
    pub is_burrowed: bool,
    pub is_hallucination: bool,
    pub is_powered: bool,
    pub is_active: bool,
    pub is_selected: bool,
    pub is_on_screen: bool,
    pub is_blip: bool,
    /// Cells; 0 if the unit detects nothing.
    pub detect_range: f32,
    pub radar_range: f32,
    pub attack_upgrade_level: u8,
    pub armor_upgrade_level: u8,
    pub shield_upgrade_level: u8,
    pub buffs: SmallVec<[BuffId; 2]>,
    // Own units only, from here on.
    pub orders: SmallVec<[RawOrder; 1]>,
    pub add_on: UnitTag,
    pub passengers: Vec<Passenger>,
    pub cargo_space_taken: u8,
    pub cargo_space_max: u8,
    pub assigned_harvesters: u16,
    pub ideal_harvesters: u16,
    /// Game loops until the next shot.
    pub weapon_cooldown: f32,
    pub engaged_target: UnitTag,
    /// Game loops.
    pub buff_duration_remain: u32,
    pub buff_duration_max: u32,
    pub rally_targets: SmallVec<[Target; 1]>,
}

impl RawUnit {
    /// Makes it equal to the default again, but keeps what its lists have allocated.
    pub fn reset(&mut self) {
        let mut blank = RawUnit {
            buffs: std::mem::take(&mut self.buffs),
            orders: std::mem::take(&mut self.orders),
            passengers: std::mem::take(&mut self.passengers),
            rally_targets: std::mem::take(&mut self.rally_targets),
            ..RawUnit::default()
        };
        blank.buffs.clear();
        blank.orders.clear();
        blank.passengers.clear();
        blank.rally_targets.clear();
        *self = blank;
    }
}

/// A lasting effect: scan, storm, nuke.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RawEffect {
    pub effect: EffectId,
    pub pos: SmallVec<[Point; 1]>,
    pub alliance: Alliance,
    pub owner: PlayerId,
    pub radius: f32,
}

/// A pylon's or prism's field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PowerSource {
    pub pos: Point,
    pub radius: f32,
    pub tag: UnitTag,
}

/// An order of one's own that failed after it was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionError {
    pub unit: UnitTag,
    pub ability: AbilityId,
    pub result: ActionResult,
}

/// A command of one's own that the game carried out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExecutedCommand {
    pub game_loop: u32,
    /// With the exact ability and the units that took it.
    pub command: Command,
}

/// Alerts, numbered as in the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum Alert {
    NuclearLaunchDetected = 1,
    NydusWormDetected = 2,
    AlertError = 3,
    AddOnComplete = 4,
    BuildingComplete = 5,
    BuildingUnderAttack = 6,
    LarvaHatched = 7,
    MergeComplete = 8,
    MineralsExhausted = 9,
    MorphComplete = 10,
    MothershipComplete = 11,
    MuleExpired = 12,
    NukeComplete = 13,
    ResearchComplete = 14,
    TrainError = 15,
    TrainUnitComplete = 16,
    TrainWorkerComplete = 17,
    TransformationComplete = 18,
    UnitUnderAttack = 19,
    UpgradeComplete = 20,
    VespeneExhausted = 21,
    WarpInComplete = 22,
}

impl Alert {
    /// Every variant, ascending from 1 without a gap.
    pub const ALL: [Alert; 22] = [
        Alert::NuclearLaunchDetected,
        Alert::NydusWormDetected,
        Alert::AlertError,
        Alert::AddOnComplete,
        Alert::BuildingComplete,
        Alert::BuildingUnderAttack,
        Alert::LarvaHatched,
        Alert::MergeComplete,
        Alert::MineralsExhausted,
        Alert::MorphComplete,
        Alert::MothershipComplete,
        Alert::MuleExpired,
        Alert::NukeComplete,
        Alert::ResearchComplete,
        Alert::TrainError,
        Alert::TrainUnitComplete,
        Alert::TrainWorkerComplete,
        Alert::TransformationComplete,
        Alert::UnitUnderAttack,
        Alert::UpgradeComplete,
        Alert::VespeneExhausted,
        Alert::WarpInComplete,
    ];

    /// The variant of an API number.
    pub fn from_number(number: i32) -> Option<Alert> {
        usize::try_from(number.checked_sub(1)?)
            .ok()
            .and_then(|i| Alert::ALL.get(i).copied())
    }
}

/// One `CategoryScoreDetails` of the API: an amount per kind of thing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CategoryScore {
    pub none: f32,
    pub army: f32,
    pub economy: f32,
    pub technology: f32,
    pub upgrade: f32,
}

/// One `VitalScoreDetails` of the API.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct VitalScore {
    pub life: f32,
    pub shields: f32,
    pub energy: f32,
}

/// The API's `Score` with all of its `ScoreDetails`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Score {
    pub score: i32,
    pub idle_production_time: f32,
    pub idle_worker_time: f32,
    pub total_value_units: f32,
    pub total_value_structures: f32,
    pub killed_value_units: f32,
    pub killed_value_structures: f32,
    pub collected_minerals: f32,
    pub collected_vespene: f32,
    /// A minute of speed-Faster time, at the current rate.
    pub collection_rate_minerals: f32,
    pub collection_rate_vespene: f32,
    pub spent_minerals: f32,
    pub spent_vespene: f32,
    pub food_used: CategoryScore,
    pub killed_minerals: CategoryScore,
    pub killed_vespene: CategoryScore,
    pub lost_minerals: CategoryScore,
    pub lost_vespene: CategoryScore,
    pub friendly_fire_minerals: CategoryScore,
    pub friendly_fire_vespene: CategoryScore,
    pub used_minerals: CategoryScore,
    pub used_vespene: CategoryScore,
    pub total_used_minerals: CategoryScore,
    pub total_used_vespene: CategoryScore,
    pub total_damage_dealt: VitalScore,
    pub total_damage_taken: VitalScore,
    pub total_healed: VitalScore,
    pub current_apm: f32,
    pub current_effective_apm: f32,
}

/// Everything one player is told at one game loop.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RawObservation {
    pub game_loop: u32,
    pub player: PlayerCommon,
    pub camera: Point,
    /// Finished upgrades, ascending.
    pub upgrades: Vec<UpgradeId>,
    /// Own units, then the others, in an order that does not depend on what is hidden.
    pub units: Vec<RawUnit>,
    /// 0 never seen, 1 seen before, 2 in view; one value a map cell, row 0 at the bottom.
    pub visibility: Grid<u8>,
    pub creep: BitGrid,
    pub effects: Vec<RawEffect>,
    pub power_sources: Vec<PowerSource>,
    pub score: Score,
    /// Since the last observation: alerts, deaths in view, own commands carried out, own orders that failed, chat.
    pub alerts: Vec<Alert>,
    pub dead_units: Vec<UnitTag>,
    pub executed: Vec<ExecutedCommand>,
    pub action_errors: Vec<ActionError>,
    pub chat: Vec<(PlayerId, String)>,
    /// Empty until the game has ended; then all players, sorted by id.
    pub results: Vec<PlayerResult>,
}
