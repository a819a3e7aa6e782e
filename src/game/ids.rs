//! Identifiers of the SC2 API, as newtypes over the numbers that the game itself uses (patch 4.10).

use serde::{Deserialize, Serialize};

macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident, $repr:ty) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub $repr);
    };
}

id_type!(
    /// Unit type, e.g. 48 = Marine. Constants live in [`crate::game::data::unit_ids`].
    UnitTypeId, u16
);
id_type!(
    /// Ability, exact (e.g. 23 = Attack Attack) or general (e.g. 3674 = Attack). 0 is no ability.
    AbilityId, u16
);
id_type!(
    /// Upgrade, e.g. 15 = Stimpack.
    UpgradeId, u16
);
id_type!(
    /// Buff on a unit, e.g. 27 = Stimpack (marine).
    BuffId, u16
);
id_type!(
    /// Lasting effect on the ground, e.g. 6 = scanner sweep.
    EffectId, u16
);
id_type!(
    /// Unit instance; unique within a game and stable through morphs. 0 is no unit.
    UnitTag, u64
);
id_type!(
    /// Player number of the API: 1 and 2 for the players, 16 for neutral.
    PlayerId, u8
);

impl PlayerId {
    /// Owner of resources, rocks and watch towers.
    pub const NEUTRAL: PlayerId = PlayerId(16);
}

impl UnitTag {
    /// No unit.
    pub const NONE: UnitTag = UnitTag(0);

    /// True unless this is [`UnitTag::NONE`].
    pub fn is_some(self) -> bool {
        self.0 != 0
    }
}

/// Race, numbered as in the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum Race {
    Terran = 1,
    Zerg = 2,
    Protoss = 3,
    Random = 4,
}

/// Whose a unit is, seen by the observing player; numbered as in the API.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[repr(u8)]
pub enum Alliance {
    Own = 1,
    Ally = 2,
    #[default]
    Neutral = 3,
    Enemy = 4,
}

/// How a unit comes to be in an observation; numbered as in the API.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[repr(u8)]
pub enum DisplayType {
    #[default]
    Visible = 1,
    /// Remembered structure, resource or rock under fog.
    Snapshot = 2,
    /// Not in view but shown, or cloaked and undetected.
    Hidden = 3,
    Placeholder = 4,
}

/// Cloak as the observing player knows it; numbered as in the API.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[repr(u8)]
pub enum CloakState {
    #[default]
    Unknown = 0,
    Cloaked = 1,
    CloakedDetected = 2,
    NotCloaked = 3,
    CloakedAllied = 4,
}

/// Unit attribute that bonus damage and abilities ask for; numbered as in the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum Attribute {
    Light = 1,
    Armored = 2,
    Biological = 3,
    Mechanical = 4,
    Robotic = 5,
    Psionic = 6,
    Massive = 7,
    Structure = 8,
    Hover = 9,
    Heroic = 10,
    Summoned = 11,
}
