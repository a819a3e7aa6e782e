//! What a player may order, and what the game answers.

use super::geometry::Point;
use super::ids::{AbilityId, UnitTag};
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

/// Where an order is aimed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Target {
    #[default]
    None,
    Point(Point),
    Unit(UnitTag),
}

/// One raw unit command: an ability, the units that shall carry it out, a target.
///
/// `ability` may be exact (524 = train SCV) or general (3674 = attack); the game resolves a general one per unit type.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Command {
    pub ability: AbilityId,
    pub target: Target,
    pub units: SmallVec<[UnitTag; 8]>,
    /// Append to the units' orders instead of replacing them.
    pub queued: bool,
}

/// Everything a player can send to the game.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum PlayerCommand {
    Unit(Command),
    ToggleAutocast {
        ability: AbilityId,
        units: SmallVec<[UnitTag; 8]>,
    },
    Chat(String),
    /// Moves the camera; has no effect on the game, kept because replays and the API have it.
    CameraMove(Point),
    /// Give up: defeat for the player who sends it.
    Leave,
}

/// The game's answer to a command; numbers of the API's `ActionResult`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u16)]
pub enum ActionResult {
    Success = 1,
    NotSupported = 2,
    Error = 3,
    CantQueueThatOrder = 4,
    Retry = 5,
    Cooldown = 6,
    QueueIsFull = 7,
    RallyQueueIsFull = 8,
    NotEnoughMinerals = 9,
    NotEnoughVespene = 10,
    NotEnoughTerrazine = 11,
    NotEnoughCustom = 12,
    NotEnoughFood = 13,
    FoodUsageImpossible = 14,
    NotEnoughLife = 15,
    NotEnoughShields = 16,
    NotEnoughEnergy = 17,
    LifeSuppressed = 18,
    ShieldsSuppressed = 19,
    EnergySuppressed = 20,
    NotEnoughCharges = 21,
    CantAddMoreCharges = 22,
    TooMuchMinerals = 23,
    TooMuchVespene = 24,
    TooMuchLife = 29,
    TooMuchEnergy = 31,
    CantTargetThatUnit = 36,
    MissedTarget = 37,
    UnitCantMove = 38,
    UnitCantMoveByFood = 39,
    BuildTechRequirementsNotMet = 40,
    CantFindPlacementLocation = 41,
    CantBuildOnThat = 42,
    CantBuildTooCloseToDropOff = 43,
    CantBuildLocationInvalid = 44,
    CantSeeBuildLocation = 45,
    CantBuildTooCloseToCreepSource = 46,
    CantBuildTooCloseToResources = 47,
    CantBuildTooFarFromWater = 48,
    CantBuildTooFarFromCreepSource = 49,
    CantBuildTooFarFromBuildPowerSource = 50,
    CantBuildOnDenseTerrain = 51,
    CantLandLocationInvalid = 53,
    CantSeeLandLocation = 54,
    CantLandTooCloseToResources = 57,
    CantTrainTooFarFromTrainPowerSource = 58,
    MustBuildRefineryFirst = 63,
    NotEnoughRoomToLoadUnit = 67,
    CantLoadUnitWhileOccupied = 68,
    NoCargoToUnload = 74,
    CantUnloadOntoTerrain = 75,
    TechRequirementsNotMet = 79,
    MustTargetUnit = 81,
    MustTargetStructures = 83,
    YouCantControlThatUnit = 87,
    MustTargetVisibleUnit = 88,
    MustTargetResources = 89,
    CantTargetAirUnits = 94,
    CantTargetGroundUnits = 95,
    CantTargetStructures = 99,
    CantAttackThatTarget = 103,
    OutOfRange = 123,
    CantRallyToThat = 129,
    NothingToCancel = 131,
}

impl ActionResult {
    /// Every variant, ascending.
    pub const ALL: &[ActionResult] = &[
        ActionResult::Success,
        ActionResult::NotSupported,
        ActionResult::Error,
        ActionResult::CantQueueThatOrder,
        ActionResult::Retry,
        ActionResult::Cooldown,
        ActionResult::QueueIsFull,
        ActionResult::RallyQueueIsFull,
        ActionResult::NotEnoughMinerals,
        ActionResult::NotEnoughVespene,
        ActionResult::NotEnoughTerrazine,
        ActionResult::NotEnoughCustom,
        ActionResult::NotEnoughFood,
        ActionResult::FoodUsageImpossible,
        ActionResult::NotEnoughLife,
        ActionResult::NotEnoughShields,
        ActionResult::NotEnoughEnergy,
        ActionResult::LifeSuppressed,
        ActionResult::ShieldsSuppressed,
        ActionResult::EnergySuppressed,
        ActionResult::NotEnoughCharges,
        ActionResult::CantAddMoreCharges,
        ActionResult::TooMuchMinerals,
        ActionResult::TooMuchVespene,
        ActionResult::TooMuchLife,
        ActionResult::TooMuchEnergy,
        ActionResult::CantTargetThatUnit,
        ActionResult::MissedTarget,
        ActionResult::UnitCantMove,
        ActionResult::UnitCantMoveByFood,
        ActionResult::BuildTechRequirementsNotMet,
        ActionResult::CantFindPlacementLocation,
        ActionResult::CantBuildOnThat,
        ActionResult::CantBuildTooCloseToDropOff,
        ActionResult::CantBuildLocationInvalid,
        ActionResult::CantSeeBuildLocation,
        ActionResult::CantBuildTooCloseToCreepSource,
        ActionResult::CantBuildTooCloseToResources,
        ActionResult::CantBuildTooFarFromWater,
        ActionResult::CantBuildTooFarFromCreepSource,
        ActionResult::CantBuildTooFarFromBuildPowerSource,
        ActionResult::CantBuildOnDenseTerrain,
        ActionResult::CantLandLocationInvalid,
        ActionResult::CantSeeLandLocation,
        ActionResult::CantLandTooCloseToResources,
        ActionResult::CantTrainTooFarFromTrainPowerSource,
        ActionResult::MustBuildRefineryFirst,
        ActionResult::NotEnoughRoomToLoadUnit,
        ActionResult::CantLoadUnitWhileOccupied,
        ActionResult::NoCargoToUnload,
        ActionResult::CantUnloadOntoTerrain,
        ActionResult::TechRequirementsNotMet,
        ActionResult::MustTargetUnit,
        ActionResult::MustTargetStructures,
        ActionResult::YouCantControlThatUnit,
        ActionResult::MustTargetVisibleUnit,
        ActionResult::MustTargetResources,
        ActionResult::CantTargetAirUnits,
        ActionResult::CantTargetGroundUnits,
        ActionResult::CantTargetStructures,
        ActionResult::CantAttackThatTarget,
        ActionResult::OutOfRange,
        ActionResult::CantRallyToThat,
        ActionResult::NothingToCancel,
    ];

    /// The variant of an API number; [`ActionResult::Error`] for one that has no variant here.
    pub fn from_number(number: i32) -> ActionResult {
        let at = ActionResult::ALL.binary_search_by_key(&number, |r| i32::from(*r as u16));
        at.map_or(ActionResult::Error, |i| ActionResult::ALL[i])
    }
}
