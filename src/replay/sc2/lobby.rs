//! The initial data: the lobby, its slots and users, the game's options.

use super::bits::Fault;
use super::layout::{Layout, Section};
use super::names::Name;
use super::packed::Packed;
use super::value::{Content, Value};

/// The lobby as the game began.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lobby {
    /// Users by number; those without a name are empty places.
    pub users: Vec<User>,
    /// All slots, open and closed ones too.
    pub slots: Vec<Slot>,
    pub game: GameDescription,
}

/// Someone in the lobby, an observer too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct User {
    pub name: String,
    /// The MMR; absent in old replays and in games without one.
    pub scaled_rating: Option<i64>,
    pub highest_league: Option<i64>,
    pub combined_race_levels: Option<i64>,
    pub race_preference: Option<i64>,
    pub observe: i64,
}

/// A place in the lobby.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slot {
    /// 0 open, 1 closed, 2 human, 3 computer.
    pub control: i64,
    pub user_id: Option<i64>,
    pub team_id: i64,
    /// 0 plays, 1 looks on, 2 referee.
    pub observe: i64,
    pub race_pref: Option<i64>,
    pub difficulty: i64,
    pub ai_build: i64,
    pub handicap: i64,
    pub working_set_slot_id: Option<i64>,
}

/// The game's description.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GameDescription {
    pub map_size: [i64; 2],
    pub max_players: i64,
    pub max_users: i64,
    pub max_observers: i64,
    pub game_speed: i64,
    pub game_type: i64,
    pub is_blizzard_map: bool,
    pub is_coop: bool,
    pub is_premade_ffa: bool,
    pub default_difficulty: i64,
    /// The options that the build has, by the format's names.
    pub options: Vec<(&'static str, GameOption)>,
}

/// An option's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GameOption {
    Flag(bool),
    Number(i64),
}

impl Lobby {
    /// # Errors
    /// The section is cut off, damaged or of another build.
    pub fn read(bytes: &[u8], build: u32) -> Result<Lobby, Fault> {
        let layout = Layout::of(Section::Init, build);
        let root = layout.root.ok_or(Fault::Corrupt("it has no layout"))?;
        let mut cells = Vec::new();
        let mut decoder = Packed::new(bytes, layout.types);
        decoder.read(root, Name::Other, &mut cells)?;
        decoder.bits.align();
        // A wrong layout seldom fails, but it seldom ends where the section does either.
        if !decoder.bits.is_done() {
            return Err(Fault::Corrupt("there is more of it than its build has"));
        }
        let state = Value::first(bytes, &cells)
            .and_then(|value| value.get(Name::SyncLobbyState))
            .ok_or(Fault::Corrupt("it has no lobby"))?;
        let game = state.get(Name::GameDescription);
        let lobby = state.get(Name::LobbyState);
        let slots = lobby.and_then(|lobby| lobby.get(Name::Slots));
        let users = state.get(Name::UserInitialData);
        Ok(Lobby {
            users: users
                .into_iter()
                .flat_map(|u| u.parts())
                .map(user)
                .collect(),
            slots: slots
                .into_iter()
                .flat_map(|s| s.parts())
                .map(slot)
                .collect(),
            game: game.map(description).unwrap_or_default(),
        })
    }
}

fn user(it: Value<'_>) -> User {
    User {
        name: it.text(Name::PlayerName).unwrap_or_default(),
        scaled_rating: it.int(Name::ScaledRating),
        highest_league: it.int(Name::HighestLeague),
        combined_race_levels: it.int(Name::CombinedRaceLevels),
        race_preference: it.get(Name::RacePreference).and_then(|p| p.int(Name::Race)),
        observe: it.int(Name::Observe).unwrap_or(0),
    }
}

fn slot(it: Value<'_>) -> Slot {
    let int = |name| it.int(name).unwrap_or(0);
    Slot {
        control: int(Name::Control),
        user_id: it.int(Name::UserId),
        team_id: int(Name::TeamId),
        observe: int(Name::Observe),
        race_pref: it.get(Name::RacePref).and_then(|p| p.int(Name::Race)),
        difficulty: int(Name::Difficulty),
        ai_build: int(Name::AiBuild),
        handicap: int(Name::Handicap),
        working_set_slot_id: it.int(Name::WorkingSetSlotId),
    }
}

fn description(it: Value<'_>) -> GameDescription {
    let int = |name| it.int(name).unwrap_or(0);
    let options = it.get(Name::GameOptions);
    let options = options.into_iter().flat_map(|options| options.parts());
    GameDescription {
        map_size: [int(Name::MapSizeX), int(Name::MapSizeY)],
        max_players: int(Name::MaxPlayers),
        max_users: int(Name::MaxUsers),
        max_observers: int(Name::MaxObservers),
        game_speed: int(Name::GameSpeed),
        game_type: int(Name::GameType),
        is_blizzard_map: it.bool(Name::IsBlizzardMap),
        is_coop: it.bool(Name::IsCoopMode),
        is_premade_ffa: it.bool(Name::IsPremadeFfa),
        default_difficulty: int(Name::DefaultDifficulty),
        options: options.filter_map(option).collect(),
    }
}

fn option(it: Value<'_>) -> Option<(&'static str, GameOption)> {
    let value = match it.content() {
        Content::Bool(flag) => GameOption::Flag(flag),
        Content::Int(number) => GameOption::Number(number),
        _ => return None,
    };
    Some((it.name().text(), value))
}
