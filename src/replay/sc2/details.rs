//! The details: map, time, and who played with which result.

use super::bits::Fault;
use super::layout::{Layout, Section};
use super::names::Name;
use super::tagged::Tagged;
use super::value::Value;

/// Map, time and players.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// The map's title, in the language of whoever saved the replay.
    pub title: String,
    pub game_speed: i64,
    pub is_blizzard_map: bool,
    /// Steps of 100 ns since 1601.
    pub time_utc: i64,
    pub mini_save: bool,
    /// In the order of player numbers, from 1.
    pub players: Vec<DetailsPlayer>,
}

/// One player; a computer's too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DetailsPlayer {
    pub name: String,
    /// The race in the language of whoever saved the replay.
    pub race_text: String,
    /// 0 undecided, 1 win, 2 loss, 3 tie.
    pub result: i64,
    /// 2 human, 3 computer.
    pub control: i64,
    pub team_id: i64,
    pub observe: i64,
    pub handicap: i64,
    pub working_set_slot_id: Option<i64>,
    /// Alpha, red, green, blue.
    pub color: [i64; 4],
    /// Region, realm and number on Battle.net; zeros of a computer.
    pub account: [i64; 3],
}

impl Details {
    /// # Errors
    /// The section is cut off or damaged.
    pub fn read(bytes: &[u8], build: u32) -> Result<Details, Fault> {
        let layout = Layout::of(Section::Details, build);
        let root = layout.root.ok_or(Fault::Corrupt("it has no layout"))?;
        let mut cells = Vec::new();
        Tagged::new(bytes, layout.types).read(root, Name::Other, &mut cells)?;
        let value = Value::first(bytes, &cells).ok_or(Fault::Truncated)?;
        let players = value.get(Name::PlayerList).map(|list| list.parts());
        Ok(Details {
            title: value.text(Name::Title).unwrap_or_default(),
            game_speed: value.int(Name::GameSpeed).unwrap_or(0),
            is_blizzard_map: value.bool(Name::IsBlizzardMap),
            time_utc: value.int(Name::TimeUtc).unwrap_or(0),
            mini_save: value.bool(Name::MiniSave),
            players: players.into_iter().flatten().map(player).collect(),
        })
    }
}

fn player(it: Value<'_>) -> DetailsPlayer {
    let int = |name| it.int(name).unwrap_or(0);
    let color = it.get(Name::Color);
    let tint = |name| color.and_then(|color| color.int(name)).unwrap_or(0);
    let toon = it.get(Name::Toon);
    let toon_part = |name| toon.and_then(|toon| toon.int(name)).unwrap_or(0);
    DetailsPlayer {
        name: it.text(Name::PlayerName).unwrap_or_default(),
        race_text: it.text(Name::Race).unwrap_or_default(),
        result: int(Name::Result),
        control: int(Name::Control),
        team_id: int(Name::TeamId),
        observe: int(Name::Observe),
        handicap: int(Name::Handicap),
        working_set_slot_id: it.int(Name::WorkingSetSlotId),
        color: [Name::A, Name::R, Name::G, Name::B].map(tint),
        account: [Name::Region, Name::Realm, Name::Id].map(toon_part),
    }
}
