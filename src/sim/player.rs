//! A player's counters, and what has happened since the player last looked.

use super::Difficulty;
use super::vision::Sight;
use crate::game::raw_obs::{ActionError, Alert, ExecutedCommand};
use crate::game::{GameResult, PlayerCommand, PlayerId, Point, Race, Score, UnitTag, UpgradeId};

/// One player. `index` 0 is player 1 of the API.
#[derive(Clone)]
pub struct Player {
    pub id: PlayerId,
    pub race: Race,
    /// As asked for, `Race::Random` included.
    pub race_requested: Race,
    pub name: String,
    pub is_computer: bool,
    pub start: Point,
    pub minerals: u32,
    pub vespene: u32,
    /// The built-in AI's level, which decides what a trip brings.
    pub level: Option<Difficulty>,
    /// Thousandths of minerals and vespene that the cheating levels' trips have brought beyond what is credited.
    pub bonus_left: [u32; 2],
    /// Supply in halves, so that zerglings count exactly.
    pub supply_used_halves: u32,
    pub supply_made_halves: u32,
    /// Units in production counted in `supply_used_halves`.
    pub supply_queued_halves: u32,
    /// Finished upgrades, ascending.
    pub upgrades: Vec<UpgradeId>,
    /// Upgrades being researched.
    pub researching: Vec<UpgradeId>,
    /// Changes whenever a structure finishes, dies or an upgrade is done.
    pub tech_version: u32,
    /// Living finished structures per type id (aliases not folded in), for tech requirements.
    pub finished: Vec<u16>,
    pub structures: u32,
    pub camera: Point,
    pub sight: Sight,
    /// Whole map in view, as the cheating levels have it.
    pub sees_all: bool,
    /// Commands accepted since the last loop, in the order sent.
    pub pending: Vec<PlayerCommand>,
    pub left: bool,
    pub result: Option<GameResult>,
    pub score: Score,
    /// Credits of the last minute by quarter seconds, for the collection rates.
    pub income: super::score::IncomeWindow,
    pub commands_sent: u32,

    // Since the last observation.
    pub alerts: Vec<Alert>,
    pub dead: Vec<UnitTag>,
    pub executed: Vec<ExecutedCommand>,
    pub errors: Vec<ActionError>,
    pub chat: Vec<(PlayerId, String)>,

    /// A built-in AI's own list of the dead, so that whoever looks at its seat from outside (a game as text, a strategy
    /// library) takes nothing from it: the game would go another way.
    pub dead_for_ai: Vec<UnitTag>,
    /// Somebody outside looks at this built-in AI's seat: what accumulates is kept for that one.
    pub is_watched: bool,
}

impl Player {
    pub fn has(&self, upgrade: UpgradeId) -> bool {
        self.upgrades.binary_search(&upgrade).is_ok()
    }

    /// Supply cap in halves, at most 200.
    pub fn supply_cap_halves(&self) -> u32 {
        self.supply_made_halves.min(400)
    }

    /// Whether `halves` more supply fit.
    pub fn has_room(&self, halves: u32) -> bool {
        halves == 0 || self.supply_used_halves + halves <= self.supply_cap_halves()
    }

    pub fn can_pay(&self, minerals: u32, vespene: u32) -> bool {
        self.minerals >= minerals && self.vespene >= vespene
    }
}
