//! The file of `scc schedule`: which matches are played when, and who is told when a win rate falls.

use super::check::{invalid, positive, within};
use super::{ConfigError, GameConfig, GameKind, edit, read};
use crate::env::{AiBuild, Difficulty};
use crate::evaluator::{AgentSpec, LOOPS_MAX_DEFAULT};
use serde::{Deserialize, Serialize};
use std::path::Path;
use toml::{Table, Value};

/// Stands for a checkpoint's file in an agent of a match that follows a run.
pub const CHECKPOINT: &str = "{checkpoint}";
/// Longest name of a schedule or a match: as the database has it.
const NAME_MAX: usize = 60;
/// Most matches of a file, and most rows of a match: more are a typing error.
const MATCHES_MAX: usize = 1000;
const ROWS_MAX: usize = 10_000;
const GAMES_MAX: u32 = 1_000_000;

/// A schedule file. Paths in it are relative to the file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ScheduleConfig {
    /// What results are kept under, at most 60 letters, digits, `-`, `_`, `.`; the file's name if empty.
    pub name: String,
    /// Where results, locks and copies of checkpoints go; the file's folder if empty.
    pub folder: String,
    /// Database of the results: `sqlite://PATH`, `mysql://...`, or `env:NAME` for what that variable says; NAME.db in `folder` if
    /// empty.
    pub storage: String,
    /// Folder for a replay of every game, below `folder`; none are kept if empty.
    pub replays: String,
    pub alert: AlertConfig,
    #[serde(rename = "match")]
    pub matches: Vec<MatchConfig>,
}

/// What the file says besides its matches.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Head {
    name: String,
    folder: String,
    storage: String,
    replays: String,
    alert: AlertConfig,
}

/// With what a match is compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Against {
    /// The run before.
    #[default]
    Previous,
    /// The first run.
    First,
    /// All runs before, taken together.
    All,
}

/// When a fall of a win rate is told, and to whom.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AlertConfig {
    /// Chance of a false alarm in one run where nothing changed, 0 to 0.5 (0: never). Each row of the run is tested by Fisher's
    /// exact test, one-sided, at `level` / rows.
    pub level: f64,
    /// What a run is compared with: `previous`, `first` or `all` (earlier runs).
    pub against: Against,
    /// Where alerts are posted as JSON: an http or https URL, `env:NAME` for what that variable says, or nobody.
    pub webhook: String,
    /// Seconds that one try may take, up to 600.
    pub timeout_seconds: f64,
    /// Tries before it is left for later, 1 to 10.
    pub tries: u32,
}

impl Default for AlertConfig {
    fn default() -> AlertConfig {
        AlertConfig {
            level: 0.01,
            against: Against::Previous,
            webhook: String::new(),
            timeout_seconds: 10.0,
            tries: 3,
        }
    }
}

/// What begins a match that has no `cron`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum On {
    /// A checkpoint of `run` that was not played yet.
    Checkpoint,
}

/// One match: every agent against every opponent on every map. Keys that a match lacks are those of `[defaults]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MatchConfig {
    /// At most 60 letters, digits, `-`, `_`, `.`.
    pub name: String,
    /// When it is due: minute, hour, day of month, month, day of week (seconds may stand before, a year behind).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cron: Option<String>,
    /// Where the clock of `cron` stands: a name of the IANA time zone database.
    pub time_zone: String,
    /// `checkpoint`: due when `run` has a new one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<On>,
    /// The run folder (or a folder of checkpoints) that is followed.
    pub run: String,
    /// Which of its checkpoints: a name without extension, `*` for anything.
    pub checkpoints: String,
    /// Who plays; `{checkpoint}` stands for the checkpoint that the match is due for.
    pub agent: String,
    /// More of them.
    pub agents: Vec<String>,
    /// Against whom.
    pub opponents: Vec<String>,
    /// And against the built-in AI: every one of these levels,
    pub levels: Vec<String>,
    /// of every one of these races (terran),
    pub races: Vec<String>,
    /// with every one of these builds (RandomBuild).
    pub builds: Vec<String>,
    /// Names or files (relative to the schedule) of maps; none = what `scc match` takes.
    pub maps: Vec<String>,
    /// Games of each row, 1 to 1000000.
    pub games: u32,
    /// Every run plays other games, by this seed and its due time.
    pub seed: u64,
    /// How freely checkpoints choose, 0 to 10: 1 as trained, 0 always the best guess.
    pub temperature: f64,
    /// Loops after which a game is a tie, 1 to 10000000.
    pub max_loops: u32,
    /// What is played on: `sim`, or `sc2` over the API.
    pub game: GameKind,
    /// As `[game]` of other configs.
    pub game_version: String,
    pub game_timeout: f64,
    /// Where `league:ID` is looked up: a run folder or a URL.
    pub league: String,
}

impl Default for MatchConfig {
    fn default() -> MatchConfig {
        let game = GameConfig::default();
        MatchConfig {
            name: String::new(),
            cron: None,
            time_zone: "UTC".to_owned(),
            on: None,
            run: String::new(),
            checkpoints: "best".to_owned(),
            agent: String::new(),
            agents: Vec::new(),
            opponents: Vec::new(),
            levels: Vec::new(),
            races: Vec::new(),
            builds: Vec::new(),
            maps: Vec::new(),
            games: 10,
            seed: 0,
            temperature: 1.0,
            max_loops: LOOPS_MAX_DEFAULT,
            game: game.kind,
            game_version: game.version,
            game_timeout: game.timeout_seconds,
            league: String::new(),
        }
    }
}

impl MatchConfig {
    /// All agents as they are written; a match that follows a run plays its checkpoint where none is named.
    pub fn all_agents(&self) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        if !self.agent.is_empty() {
            all.push(self.agent.clone());
        }
        all.extend(self.agents.iter().cloned());
        if all.is_empty() && self.on.is_some() {
            all.push(format!("checkpoint:{CHECKPOINT}"));
        }
        all
    }

    /// All opponents, those of `levels` x `races` x `builds` behind the named ones. Only what was checked.
    pub fn all_opponents(&self) -> Vec<String> {
        let or = |list: &[String], one: &str| match list {
            [] => vec![one.to_owned()],
            list => list.to_vec(),
        };
        let mut all = self.opponents.clone();
        for race in or(&self.races, "terran") {
            for level in &self.levels {
                for build in or(&self.builds, &AiBuild::default().to_string()) {
                    all.push(format!("builtin:{level}:{race}:{build}"));
                }
            }
        }
        all
    }

    /// What is played on.
    pub fn game(&self) -> GameConfig {
        GameConfig {
            kind: self.game,
            version: self.game_version.clone(),
            timeout_seconds: self.game_timeout,
        }
    }

    fn validate(&self) -> Result<(), String> {
        check_name(&self.name)?;
        match (&self.cron, self.on, self.run.is_empty()) {
            (None, None, _) => return Err("lacks cron = \"...\" or on = \"checkpoint\"".to_owned()),
            (Some(_), Some(_), _) => return Err("has both cron and on: choose one".to_owned()),
            (None, Some(On::Checkpoint), true) => {
                return Err(
                    "on = \"checkpoint\" follows a run: name it by run = \"FOLDER\"".to_owned(),
                );
            }
            (Some(_), None, false) => return Err("run goes with on = \"checkpoint\"".to_owned()),
            _ => {}
        }
        self.validate_players()?;
        self.validate_numbers().map_err(|e| e.to_string())
    }

    fn validate_players(&self) -> Result<(), String> {
        let agents = self.all_agents();
        if agents.is_empty() {
            return Err("lacks agent = \"SPEC\"".to_owned());
        }
        for agent in &agents {
            if self.on.is_none() && agent.contains(CHECKPOINT) {
                return Err(format!(
                    "{agent:?}: {CHECKPOINT} goes with on = \"checkpoint\""
                ));
            }
            agent.parse::<AgentSpec>().map_err(|e| e.to_string())?;
        }
        for level in &self.levels {
            level.parse::<Difficulty>().map_err(|e| e.to_string())?;
        }
        for build in &self.builds {
            build.parse::<AiBuild>().map_err(|e| e.to_string())?;
        }
        let opponents = self.all_opponents();
        if opponents.is_empty() {
            return Err(
                "lacks opponents = [\"SPEC\", ...] or levels = [\"VeryHard\", ...]".to_owned(),
            );
        }
        for opponent in &opponents {
            opponent.parse::<AgentSpec>().map_err(|e| e.to_string())?;
        }
        let rows = agents.len() * opponents.len() * self.maps.len().max(1);
        match rows {
            0..=ROWS_MAX => Ok(()),
            _ => Err(format!("has {rows} rows, {ROWS_MAX} at most")),
        }
    }

    fn validate_numbers(&self) -> Result<(), ConfigError> {
        within("games", self.games, 1, GAMES_MAX)?;
        within("temperature", self.temperature, 0.0, 10.0)?;
        within("max_loops", self.max_loops, 1, 10_000_000)?;
        within("game_timeout", self.game_timeout, 1.0, 3600.0)?;
        if self.game == GameKind::Sim && !self.game_version.is_empty() {
            return invalid("game_version", "goes with game = \"sc2\"");
        }
        Ok(())
    }
}

impl AlertConfig {
    fn validate(&self) -> Result<(), ConfigError> {
        within("alert.level", self.level, 0.0, 0.5)?;
        positive("alert.timeout_seconds", self.timeout_seconds)?;
        within("alert.timeout_seconds", self.timeout_seconds, 0.0, 600.0)?;
        within("alert.tries", self.tries, 1, 10)?;
        let known = ["", "http://", "https://", "env:"];
        if !known.iter().any(|k| match *k {
            "" => self.webhook.is_empty(),
            start => self.webhook.starts_with(start),
        }) {
            return invalid(
                "alert.webhook",
                "is no http:// or https:// URL, nor env:NAME",
            );
        }
        Ok(())
    }
}

/// A name that can be a file's and a key's.
fn check_name(name: &str) -> Result<(), String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let is_good = name.chars().all(plain) && !name.starts_with('.');
    match name.len() {
        0 => Err("lacks a name".to_owned()),
        1..=NAME_MAX if is_good => Ok(()),
        _ => Err(format!(
            "name {:?}: 1 to {NAME_MAX} of letters, digits, - _ .",
            name.chars().take(NAME_MAX + 1).collect::<String>()
        )),
    }
}

impl ScheduleConfig {
    /// Reads a schedule, changes keys as `--set key=value` says (matches by number: `match.0.games=2`), and checks all that can
    /// be checked without looking elsewhere.
    ///
    /// # Errors
    /// A file that cannot be read or is no TOML, an unknown key, a value that cannot be.
    pub fn load(path: &Path, set: &[(String, String)]) -> Result<ScheduleConfig, ConfigError> {
        ScheduleConfig::parse(&read(path)?, path, set)
    }

    pub(super) fn parse(
        text: &str,
        path: &Path,
        set: &[(String, String)],
    ) -> Result<ScheduleConfig, ConfigError> {
        let mut table: Table = toml::from_str(text).map_err(|e| ConfigError::Syntax {
            path: path.to_owned(),
            what: e.to_string(),
        })?;
        for (key, value) in set {
            edit::set(&mut table, key, value).map_err(|what| ConfigError::Set {
                key: key.clone(),
                value: value.clone(),
                what,
            })?;
        }
        let mut config = from_table(table).map_err(|what| ConfigError::Key {
            path: path.to_owned(),
            what,
        })?;
        if config.name.is_empty() {
            let stem = path.file_stem().unwrap_or_default();
            config.name = stem.to_string_lossy().into_owned();
        }
        config.validate()?;
        Ok(config)
    }

    fn validate(&self) -> Result<(), ConfigError> {
        if let Err(what) = check_name(&self.name) {
            return invalid("name", what);
        }
        self.alert.validate()?;
        if !(1..=MATCHES_MAX).contains(&self.matches.len()) {
            let n = self.matches.len();
            return invalid(
                "match",
                format!("has {n} entries, must be 1 to {MATCHES_MAX}: [[match]]"),
            );
        }
        for (i, one) in self.matches.iter().enumerate() {
            let key = format!("match.{i} ({})", one.name);
            if let Err(what) = one.validate() {
                return invalid(&key, what);
            }
            if self.matches[..i]
                .iter()
                .any(|before| before.name == one.name)
            {
                return invalid(&key, "the name is another match's");
            }
        }
        Ok(())
    }
}

/// The matches with what `[defaults]` says of keys that they lack.
fn from_table(mut table: Table) -> Result<ScheduleConfig, String> {
    let defaults = match table.remove("defaults") {
        None => Table::new(),
        Some(Value::Table(defaults)) => defaults,
        Some(_) => return Err("defaults is no table: [defaults]".to_owned()),
    };
    let listed = match table.remove("match") {
        None => Vec::new(),
        Some(Value::Array(list)) => list,
        Some(_) => return Err("match is no list of tables: [[match]]".to_owned()),
    };
    let mut matches = Vec::new();
    for (i, one) in listed.into_iter().enumerate() {
        let Value::Table(own) = one else {
            return Err(format!("match.{i} is no table: [[match]]"));
        };
        let name = own.get("name").and_then(Value::as_str).unwrap_or_default();
        let at = format!("match.{i} ({name})");
        let merged = merged(&defaults, own);
        let read = MatchConfig::deserialize(merged);
        matches.push(read.map_err(|e| format!("{at}: {}", e.to_string().trim()))?);
    }
    let head = Head::deserialize(table).map_err(|e| e.to_string().trim().to_owned())?;
    Ok(ScheduleConfig {
        name: head.name,
        folder: head.folder,
        storage: head.storage,
        replays: head.replays,
        alert: head.alert,
        matches,
    })
}

/// A match's own keys over the defaults; what begins it and who plays are taken whole from one of both.
fn merged(defaults: &Table, own: Table) -> Table {
    let together: [&[&str]; 3] = [
        &["cron", "on"],
        &["agent", "agents"],
        &["opponents", "levels"],
    ];
    let mut merged = defaults.clone();
    for keys in together {
        if keys.iter().any(|key| own.contains_key(*key)) {
            for key in keys {
                merged.remove(*key);
            }
        }
    }
    merged.extend(own);
    merged
}
