//! Choosing replays, and of them players: `mmr>4300`, `winner and mmr>5500`, `matchup=TvT, map~triton`.
//!
//! A condition is about the game or about a player. A game is chosen with those players of whom all conditions hold; a
//! figure that is unknown holds of nothing.

use super::{InfoPlayer, ReplayInfo};
use crate::game::LOOPS_PER_SECOND;

/// Why a text is no condition.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    #[error("{0:?} is no condition: KEY, KEY=VALUE, or with != > >= < <= ~ (contains)")]
    NotACondition(String),
    #[error("{0:?} is nothing that a replay is asked for; there are {KEYS}")]
    UnknownKey(String),
    #[error("{0:?} is no number, and {1} is one")]
    NotANumber(String, &'static str),
    #[error("{0:?} is no number: it is compared by = != ~ only")]
    NotOrdered(String),
}

const KEYS: &str = "version, build, map, kind, matchup, players, loops, minutes; \
                    of a player race, mmr, apm, result, winner, ai, name; the same with opponent_ before them";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Op {
    Equal,
    NotEqual,
    Above,
    AtLeast,
    Below,
    AtMost,
    Contains,
}

/// Longer ones first: `>=` is not `>`.
const OPS: [(&str, Op); 7] = [
    (">=", Op::AtLeast),
    ("<=", Op::AtMost),
    ("!=", Op::NotEqual),
    (">", Op::Above),
    ("<", Op::Below),
    ("=", Op::Equal),
    ("~", Op::Contains),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    Version,
    Build,
    Map,
    Kind,
    Matchup,
    Players,
    Loops,
    Minutes,
    Player(PlayerKey),
    Opponent(PlayerKey),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PlayerKey {
    Race,
    Mmr,
    Apm,
    Result,
    Winner,
    Ai,
    Name,
}

/// One condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    key: Key,
    op: Op,
    /// Any of these.
    values: Vec<String>,
}

/// Conditions that all must hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter(pub Vec<Condition>);

/// What of a replay was chosen.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Chosen {
    pub file: String,
    /// Numbers of the players of whom all conditions hold.
    pub players: Vec<u8>,
}

impl std::str::FromStr for Filter {
    type Err = FilterError;

    /// Conditions with `and` or a comma between them.
    fn from_str(text: &str) -> Result<Filter, FilterError> {
        let parts = text.split(',').flat_map(|part| part.split(" and "));
        let conditions = parts.map(|part| condition(part.trim()));
        Ok(Filter(conditions.collect::<Result<_, _>>()?))
    }
}

fn condition(text: &str) -> Result<Condition, FilterError> {
    let split = text
        .find(['=', '!', '<', '>', '~'])
        .map(|at| text.split_at(at));
    let Some((key, rest)) = split else {
        // A word alone: `winner`, `ai`.
        let key = key_of(text)?;
        return match key {
            Key::Player(PlayerKey::Winner | PlayerKey::Ai)
            | Key::Opponent(PlayerKey::Winner | PlayerKey::Ai) => Ok(Condition {
                key,
                op: Op::Equal,
                values: vec!["yes".to_owned()],
            }),
            _ => Err(FilterError::NotACondition(text.to_owned())),
        };
    };
    let key = key_of(key.trim())?;
    let op = OPS
        .iter()
        .find_map(|(sign, op)| Some((*op, rest.strip_prefix(sign)?)));
    let (op, value) = op.ok_or_else(|| FilterError::NotACondition(text.to_owned()))?;
    let values: Vec<String> = value
        .split('|')
        .map(|value| value.trim().to_owned())
        .collect();
    if values.iter().any(String::is_empty) {
        return Err(FilterError::NotACondition(text.to_owned()));
    }
    if let Some(name) = key.number_name() {
        if let Some(bad) = values.iter().find(|value| value.parse::<f64>().is_err()) {
            return Err(FilterError::NotANumber(bad.clone(), name));
        }
    } else if key != Key::Version && !matches!(op, Op::Equal | Op::NotEqual | Op::Contains) {
        return Err(FilterError::NotOrdered(text.to_owned()));
    }
    Ok(Condition { key, op, values })
}

fn key_of(text: &str) -> Result<Key, FilterError> {
    let of_player = |text: &str| {
        Some(match text {
            "race" => PlayerKey::Race,
            "mmr" => PlayerKey::Mmr,
            "apm" => PlayerKey::Apm,
            "result" => PlayerKey::Result,
            "winner" => PlayerKey::Winner,
            "ai" => PlayerKey::Ai,
            "name" => PlayerKey::Name,
            _ => return None,
        })
    };
    let key = match text {
        "version" => Some(Key::Version),
        "build" => Some(Key::Build),
        "map" => Some(Key::Map),
        "kind" => Some(Key::Kind),
        "matchup" => Some(Key::Matchup),
        "players" => Some(Key::Players),
        "loops" => Some(Key::Loops),
        "minutes" => Some(Key::Minutes),
        _ => match text.strip_prefix("opponent_") {
            Some(rest) => of_player(rest).map(Key::Opponent),
            None => of_player(text).map(Key::Player),
        },
    };
    key.ok_or_else(|| FilterError::UnknownKey(text.to_owned()))
}

impl Key {
    /// The name of a key whose values are numbers.
    fn number_name(self) -> Option<&'static str> {
        match self {
            Key::Build => Some("build"),
            Key::Players => Some("players"),
            Key::Loops => Some("loops"),
            Key::Minutes => Some("minutes"),
            Key::Player(PlayerKey::Mmr) | Key::Opponent(PlayerKey::Mmr) => Some("mmr"),
            Key::Player(PlayerKey::Apm) | Key::Opponent(PlayerKey::Apm) => Some("apm"),
            _ => None,
        }
    }
}

impl Filter {
    /// The replay with its players of whom all conditions hold; none if there are none.
    pub fn choose(&self, info: &ReplayInfo) -> Option<Chosen> {
        let players = info.players.iter();
        let players = players.filter(|player| self.0.iter().all(|c| c.holds(info, player)));
        let players: Vec<u8> = players.map(|player| player.id).collect();
        (!players.is_empty()).then(|| Chosen {
            file: info.file.clone(),
            players,
        })
    }
}

impl Condition {
    fn holds(&self, info: &ReplayInfo, player: &InfoPlayer) -> bool {
        match self.key {
            Key::Version => self.holds_of_version(&info.version),
            Key::Build => self.holds_of_number(Some(f64::from(info.base_build))),
            Key::Map => self.holds_of_text(&info.map),
            Key::Kind => self.holds_of_text(&info.kind),
            Key::Matchup => self.holds_of_any(
                |value| sorted(value) == sorted(&info.matchup),
                &info.matchup,
            ),
            Key::Players => self.holds_of_number(Some(info.players.len() as f64)),
            Key::Loops => self.holds_of_number(Some(f64::from(info.loops))),
            Key::Minutes => {
                let minutes = f64::from(info.loops) / LOOPS_PER_SECOND / 60.0;
                self.holds_of_number(Some(minutes))
            }
            Key::Player(key) => self.holds_of_player(key, player),
            Key::Opponent(key) => info
                .players
                .iter()
                .any(|other| other.id != player.id && self.holds_of_player(key, other)),
        }
    }

    fn holds_of_player(&self, key: PlayerKey, player: &InfoPlayer) -> bool {
        match key {
            // By name or first letter.
            PlayerKey::Race => self.holds_of_any(
                |value| {
                    let value = value.to_lowercase();
                    let race = player.race.to_lowercase();
                    race == value || value.len() == 1 && race.starts_with(&value)
                },
                &player.race,
            ),
            PlayerKey::Mmr => self.holds_of_number(player.mmr.map(f64::from)),
            PlayerKey::Apm => self.holds_of_number(player.apm),
            PlayerKey::Result => self.holds_of_text(&player.result),
            PlayerKey::Winner => self.holds_of_flag(player.result == "Win"),
            PlayerKey::Ai => self.holds_of_flag(player.is_ai),
            PlayerKey::Name => self.holds_of_text(&player.name),
        }
    }

    fn holds_of_flag(&self, flag: bool) -> bool {
        self.holds_of_any(|value| matches!(value, "yes" | "true" | "1") == flag, "")
    }

    fn holds_of_text(&self, text: &str) -> bool {
        self.holds_of_any(|value| value.to_lowercase() == text.to_lowercase(), text)
    }

    /// By `equals`, or as a part of `text`.
    fn holds_of_any(&self, equals: impl Fn(&str) -> bool, text: &str) -> bool {
        let mut values = self.values.iter().map(String::as_str);
        match self.op {
            Op::Contains => values.any(|value| text.to_lowercase().contains(&value.to_lowercase())),
            Op::NotEqual => !values.any(equals),
            _ => values.any(equals),
        }
    }

    fn holds_of_number(&self, number: Option<f64>) -> bool {
        let Some(number) = number else {
            return false;
        };
        let values = self
            .values
            .iter()
            .filter_map(|value| value.parse::<f64>().ok());
        self.holds_of_order(values.map(|value| number.partial_cmp(&value)))
    }

    /// Part by part as far as both go: 4.10 is above 4.9, and 4.10.0.75689 equals 4.10.
    fn holds_of_version(&self, version: &str) -> bool {
        if self.op == Op::Contains {
            return self.holds_of_text(version);
        }
        let parts = |text: &str| {
            text.split('.')
                .map(|part| part.parse().unwrap_or(0))
                .collect::<Vec<u64>>()
        };
        let ours = parts(version);
        let values = self.values.iter().map(|value| {
            let wanted = parts(value);
            let n = wanted.len().min(ours.len());
            Some(ours[..n].cmp(&wanted[..n]))
        });
        self.holds_of_order(values)
    }

    fn holds_of_order(&self, mut orders: impl Iterator<Item = Option<std::cmp::Ordering>>) -> bool {
        match self.op {
            Op::Equal | Op::Contains => orders.any(|order| order.is_some_and(|o| o.is_eq())),
            Op::NotEqual => orders.all(|order| order.is_some_and(|o| o.is_ne())),
            Op::Above => orders.any(|order| order.is_some_and(|o| o.is_gt())),
            Op::AtLeast => orders.any(|order| order.is_some_and(|o| o.is_ge())),
            Op::Below => orders.any(|order| order.is_some_and(|o| o.is_lt())),
            Op::AtMost => orders.any(|order| order.is_some_and(|o| o.is_le())),
        }
    }
}

/// A matchup whichever side it is seen from.
fn sorted(matchup: &str) -> Vec<char> {
    let mut letters: Vec<char> = matchup.to_lowercase().chars().collect();
    letters.sort_unstable();
    letters
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A ladder game of ten minutes, Terran of 5600 over Zerg of 5400.
    fn game() -> ReplayInfo {
        let player = |id, race: &str, result: &str, mmr| InfoPlayer {
            id,
            name: format!("n{id}"),
            race: race.into(),
            result: result.into(),
            mmr,
            apm: Some(200.0),
            is_ai: false,
        };
        ReplayInfo {
            file: "a.SC2Replay".into(),
            version: "4.10.0.75689".into(),
            base_build: 75689,
            map: "Kairos Junction LE".into(),
            loops: 13_440,
            kind: "human vs human".into(),
            matchup: "ZvT".into(),
            players: vec![
                player(1, "Zerg", "Loss", Some(5400.0)),
                player(2, "Terran", "Win", Some(5600.0)),
            ],
            error: None,
            data_version: String::new(),
        }
    }

    fn chosen(text: &str, info: &ReplayInfo) -> Vec<u8> {
        let filter: Filter = text.parse().unwrap();
        filter.choose(info).map(|it| it.players).unwrap_or_default()
    }

    #[test]
    fn the_papers_three_sets_are_one_condition_each() {
        let mut info = game();
        assert_eq!(chosen("mmr>4300", &info), [1, 2]);
        assert_eq!(chosen("mmr>5500", &info), [2]);
        assert_eq!(chosen("winner and mmr>5500", &info), [2]);
        assert_eq!(chosen("winner and mmr>5600", &info), [0u8; 0]);
        info.players[1].mmr = None;
        assert_eq!(
            chosen("mmr>4300", &info),
            [1],
            "an unknown rating is above nothing"
        );
    }

    #[test]
    fn games_and_players_are_chosen_by_every_key() {
        let info = game();
        let cases: [(&str, &[u8]); 16] = [
            ("matchup=TvZ", &[1, 2]),
            ("matchup=TvT|ZvT", &[1, 2]),
            ("matchup!=TvZ", &[]),
            ("race=T", &[2]),
            ("race=zerg, opponent_race=T", &[1]),
            ("opponent_winner", &[1]),
            ("map~kairos", &[1, 2]),
            ("map=Kairos", &[]),
            ("version>=4.9 and version<5", &[1, 2]),
            ("version=4.10", &[1, 2]),
            ("version>4.10", &[]),
            ("minutes>=10, minutes<10.1", &[1, 2]),
            ("loops<13440", &[]),
            ("ai", &[]),
            ("ai=no, apm>=200, players=2", &[1, 2]),
            ("result=Loss, kind~human", &[1]),
        ];
        for (text, players) in cases {
            assert_eq!(chosen(text, &info), players, "{text}");
        }
    }

    #[test]
    fn what_is_no_condition_is_refused_with_what_there_is() {
        let refused = |text: &str| text.parse::<Filter>().unwrap_err();
        assert_eq!(refused("mmr"), FilterError::NotACondition("mmr".into()));
        assert_eq!(refused("mmr>"), FilterError::NotACondition("mmr>".into()));
        assert_eq!(refused("elo>1"), FilterError::UnknownKey("elo".into()));
        assert_eq!(refused("mmr>x"), FilterError::NotANumber("x".into(), "mmr"));
        assert!(matches!(refused("map>a"), FilterError::NotOrdered(_)));
        assert!(refused("elo>1").to_string().contains("opponent_"));
    }
}
