//! Tracker events: what the game itself wrote down about units, upgrades and players.

use super::layout::Section;
use super::names::Name;
use super::stream::{self, StreamError};
use super::value::Value;

/// A tracker event.
#[derive(Clone, Debug, PartialEq)]
pub struct TrackerEvent {
    pub game_loop: u64,
    /// E.g. `UnitBornEvent`.
    pub name: &'static str,
    pub content: Tracked,
}

/// A unit, as tracker events name it: a place among the game's units and how often the place was used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnitTag {
    pub index: u32,
    pub recycle: u32,
}

impl UnitTag {
    /// As game events write it.
    pub fn of_event(tag: u32) -> UnitTag {
        UnitTag {
            index: tag >> 18,
            recycle: tag & 0x3_ffff,
        }
    }

    /// As game events write it.
    pub fn to_event(self) -> u32 {
        self.index << 18 | self.recycle & 0x3_ffff
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Tracked {
    Stats(Box<PlayerStats>),
    /// A unit that is there at once.
    Born(Box<UnitStart>),
    /// A structure or warp-in that begins.
    Init(Box<UnitStart>),
    Done(UnitTag),
    Died(Box<UnitDeath>),
    Owner {
        unit: UnitTag,
        control_player: u8,
        upkeep_player: u8,
    },
    TypeChange {
        unit: UnitTag,
        unit_type: String,
    },
    Upgrade {
        player: u8,
        upgrade: String,
        count: i64,
    },
    Positions(Vec<UnitPosition>),
    Setup(PlayerSetup),
    Other,
}

/// A player's figures, every 160 loops and at the end.
#[derive(Clone, Debug, PartialEq)]
pub struct PlayerStats {
    pub player: u8,
    /// The figures that the build has, in the format's order; food counts 4096 a unit.
    pub values: Vec<(Name, i64)>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct UnitStart {
    pub unit: UnitTag,
    pub unit_type: String,
    pub control_player: u8,
    pub upkeep_player: u8,
    /// Cell of the map.
    pub x: u8,
    pub y: u8,
    /// Who made it; none in old builds, which do not say.
    pub creator: Option<Creator>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Creator {
    pub index: Option<u32>,
    pub recycle: Option<u32>,
    pub ability: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct UnitDeath {
    pub unit: UnitTag,
    pub x: u8,
    pub y: u8,
    pub killer_player: Option<u8>,
    pub killer_index: Option<u32>,
    pub killer_recycle: Option<u32>,
}

/// Where a unit that fights stood.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UnitPosition {
    pub index: u32,
    /// Cell of the map.
    pub x: i64,
    pub y: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlayerSetup {
    pub player: u8,
    /// 1 human, 2 computer.
    pub kind: i64,
    pub user: Option<u32>,
    pub slot: Option<u32>,
}

#[derive(Clone, Copy)]
enum Kind {
    Stats,
    Born,
    Init,
    Done,
    Died,
    Owner,
    TypeChange,
    Upgrade,
    Positions,
    Setup,
}

fn kind(name: &str) -> Option<Kind> {
    Some(match name {
        "PlayerStatsEvent" => Kind::Stats,
        "UnitBornEvent" => Kind::Born,
        "UnitInitEvent" => Kind::Init,
        "UnitDoneEvent" => Kind::Done,
        "UnitDiedEvent" => Kind::Died,
        "UnitOwnerChangeEvent" => Kind::Owner,
        "UnitTypeChangeEvent" => Kind::TypeChange,
        "UpgradeEvent" => Kind::Upgrade,
        "UnitPositionsEvent" => Kind::Positions,
        "PlayerSetupEvent" => Kind::Setup,
        _ => return None,
    })
}

/// All tracker events.
///
/// # Errors
/// At the first that cannot be read.
pub fn tracker_events(bytes: &[u8], build: u32) -> Result<Vec<TrackerEvent>, StreamError> {
    let mut all = Vec::new();
    stream::tagged(Section::Tracker, bytes, build, kind, |stamp, held| {
        all.push(TrackerEvent {
            game_loop: stamp.game_loop,
            name: stamp.name,
            content: held.map_or(Tracked::Other, |(kind, it)| tracked(kind, it)),
        });
    })?;
    Ok(all)
}

fn tracked(kind: Kind, it: Value<'_>) -> Tracked {
    let player = |name| it.num::<u8>(name).unwrap_or(0);
    match kind {
        Kind::Stats => Tracked::Stats(Box::new(stats(it))),
        Kind::Born => Tracked::Born(Box::new(start(it))),
        Kind::Init => Tracked::Init(Box::new(start(it))),
        Kind::Done => Tracked::Done(unit(it)),
        Kind::Died => Tracked::Died(Box::new(UnitDeath {
            unit: unit(it),
            x: player(Name::X),
            y: player(Name::Y),
            killer_player: it.num(Name::KillerPlayerId),
            killer_index: it.num(Name::KillerUnitTagIndex),
            killer_recycle: it.num(Name::KillerUnitTagRecycle),
        })),
        Kind::Owner => Tracked::Owner {
            unit: unit(it),
            control_player: player(Name::ControlPlayerId),
            upkeep_player: player(Name::UpkeepPlayerId),
        },
        Kind::TypeChange => Tracked::TypeChange {
            unit: unit(it),
            unit_type: it.text(Name::UnitTypeName).unwrap_or_default(),
        },
        Kind::Upgrade => Tracked::Upgrade {
            player: player(Name::PlayerId),
            upgrade: it.text(Name::UpgradeTypeName).unwrap_or_default(),
            count: it.int(Name::Count).unwrap_or(0),
        },
        Kind::Positions => Tracked::Positions(positions(it)),
        Kind::Setup => Tracked::Setup(PlayerSetup {
            player: player(Name::PlayerId),
            kind: it.int(Name::Type).unwrap_or(0),
            user: it.num(Name::UserId),
            slot: it.num(Name::SlotId),
        }),
    }
}

fn unit(it: Value<'_>) -> UnitTag {
    UnitTag {
        index: it.num(Name::UnitTagIndex).unwrap_or(0),
        recycle: it.num(Name::UnitTagRecycle).unwrap_or(0),
    }
}

fn stats(it: Value<'_>) -> PlayerStats {
    let figures = it.get(Name::Stats);
    let figures = figures.into_iter().flat_map(|figures| figures.parts());
    PlayerStats {
        player: it.num(Name::PlayerId).unwrap_or(0),
        values: figures
            .map(|figure| (figure.name(), figure.as_int().unwrap_or(0)))
            .collect(),
    }
}

fn start(it: Value<'_>) -> UnitStart {
    let has_creator = it
        .parts()
        .any(|part| part.name() == Name::CreatorUnitTagIndex);
    UnitStart {
        unit: unit(it),
        unit_type: it.text(Name::UnitTypeName).unwrap_or_default(),
        control_player: it.num(Name::ControlPlayerId).unwrap_or(0),
        upkeep_player: it.num(Name::UpkeepPlayerId).unwrap_or(0),
        x: it.num(Name::X).unwrap_or(0),
        y: it.num(Name::Y).unwrap_or(0),
        creator: has_creator.then(|| Creator {
            index: it.num(Name::CreatorUnitTagIndex),
            recycle: it.num(Name::CreatorUnitTagRecycle),
            ability: it.text(Name::CreatorAbilityName),
        }),
    }
}

/// Triples: how far on among the units, and the place.
fn positions(it: Value<'_>) -> Vec<UnitPosition> {
    let items = it.get(Name::Items);
    let items: Vec<i64> = items
        .into_iter()
        .flat_map(|items| items.parts())
        .map(|item| item.as_int().unwrap_or(0))
        .collect();
    let mut index = it.int(Name::FirstUnitIndex).unwrap_or(0);
    let triples = items.chunks_exact(3).map(|triple| {
        index = index.wrapping_add(triple[0]);
        UnitPosition {
            index: u32::try_from(index).unwrap_or(0),
            x: triple[1],
            y: triple[2],
        }
    });
    triples.collect()
}
