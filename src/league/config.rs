//! The league's settings, with AlphaStar's values as defaults (Methods and pseudocode); SCC §6.2 adds branching.

use super::player::Role;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Everything that can be set about a league. `validate` before use.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LeagueConfig {
    /// What a pair's earlier games are multiplied by at each new one, 0..=1: 0.99 remembers about 100 games.
    pub payoff_decay: f64,
    pub matchmaking: MatchmakingConfig,
    pub rules: RulesConfig,
    pub branch: BranchConfig,
    /// Who joins, in order; the supervised agent is always there.
    pub starts: Vec<Start>,
}

/// Who plays whom. Shares are of a main agent's games and sum to 1; the rest are win rates in 0..=1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MatchmakingConfig {
    /// Share of a main agent's games against current main agents, itself included (AlphaStar: 0.35).
    pub self_play: f64,
    /// Share against past players, the hardest first (AlphaStar: 0.5).
    pub pfsp: f64,
    /// Share against players it has forgotten to beat and past exploiters; self-play if there are none (AlphaStar: 0.15).
    pub forgotten: f64,
    /// Power of the hard weighting (1 - p)^power (AlphaStar: 2).
    pub hard_power: f64,
    /// A main agent beaten less often than this is too strong to learn from: its checkpoints stand in (AlphaStar: 0.3).
    pub self_play_win_rate_min: f64,
    /// A past exploiter beaten less often than this is played in the forgotten share (AlphaStar: 0.3).
    pub exploiter_win_rate_min: f64,
    /// A past player beaten less often than this, though earlier ones are not, is forgotten (AlphaStar: 0.7).
    pub forgotten_win_rate_max: f64,
    /// A main exploiter that wins less than this plays the main agent's checkpoints (AlphaStar: 0.2).
    pub exploiter_curriculum_below: f64,
}

/// When a player's copy joins the league, and when it starts anew.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RulesConfig {
    pub main_agent: PromotionRule,
    pub main_exploiter: PromotionRule,
    pub league_exploiter: PromotionRule,
    /// Probability that a main exploiter goes back to the supervised weights after its promotion (AlphaStar: 1).
    pub main_exploiter_reset: f64,
    /// The same of a league exploiter (AlphaStar: 0.25). Main agents are never reset.
    pub league_exploiter_reset: f64,
}

/// A copy joins after `steps_min` steps if every opponent that counts is beaten, and after `steps_max` in any case.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PromotionRule {
    /// Agent steps since the last copy before which there is none.
    pub steps_min: u64,
    /// Agent steps since the last copy after which there is one whatever the win rates.
    pub steps_max: u64,
    /// Beaten: a win rate above this, 0..=1 (AlphaStar: 0.7).
    pub win_rate: f64,
    /// Games (older ones counting less) against an opponent before its win rate says anything.
    pub games_min: f64,
}

/// How a branch chooses its z (SCC §6.2).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BranchConfig {
    pub by: BranchBy,
    /// How many z's a branch is rewarded for, the best ones: 1 for a quick exploiter (SCC §6.2), more for variety.
    pub set_size: u32,
    /// Games of a z before it is considered.
    pub games_min: u32,
}

/// What makes a z the best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BranchBy {
    /// The lower end of the win rate's 95% interval: few games prove little.
    LowerBound,
    /// The win rate itself.
    Rate,
}

/// A player that joins at a given time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Start {
    /// Unique name of letters, digits, `-` and `_`.
    pub name: String,
    /// `main_agent`, `main_exploiter` or `league_exploiter`.
    pub role: Role,
    /// Joins once this player has trained `at_steps`; at the league's beginning if none. A branch starts from it.
    #[serde(default)]
    pub after: Option<String>,
    /// Agent steps of `after`.
    #[serde(default)]
    pub at_steps: u64,
    /// What it starts from and is rewarded for.
    #[serde(default)]
    pub from: StartFrom,
}

/// Whose weights a new player begins with.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StartFrom {
    /// The supervised agent's.
    #[default]
    Supervised,
    /// Those of `after`, at the time; rewarded for the z's that do best against it, by [`BranchConfig`]. Waits until
    /// enough games of z's are known.
    BranchAuto,
    /// Those of `after`, at the time; rewarded for these z's, or for winning alone if none are named.
    Branch(Vec<u32>),
}

impl Default for LeagueConfig {
    fn default() -> LeagueConfig {
        let at_once = |name: &str, role| Start {
            name: name.to_owned(),
            role,
            after: None,
            at_steps: 0,
            from: StartFrom::Supervised,
        };
        LeagueConfig {
            payoff_decay: 0.99,
            matchmaking: MatchmakingConfig::default(),
            rules: RulesConfig::default(),
            branch: BranchConfig::default(),
            starts: vec![
                at_once("main", Role::MainAgent),
                at_once("main-exploiter", Role::MainExploiter),
                at_once("league-exploiter", Role::LeagueExploiter),
            ],
        }
    }
}

impl Default for MatchmakingConfig {
    fn default() -> MatchmakingConfig {
        MatchmakingConfig {
            self_play: 0.35,
            pfsp: 0.5,
            forgotten: 0.15,
            hard_power: 2.0,
            self_play_win_rate_min: 0.3,
            exploiter_win_rate_min: 0.3,
            forgotten_win_rate_max: 0.7,
            exploiter_curriculum_below: 0.2,
        }
    }
}

impl Default for RulesConfig {
    fn default() -> RulesConfig {
        let rule = |steps_min, steps_max| PromotionRule {
            steps_min,
            steps_max,
            win_rate: 0.7,
            games_min: 10.0,
        };
        RulesConfig {
            main_agent: rule(2_000_000_000, 4_000_000_000),
            main_exploiter: rule(2_000_000_000, 4_000_000_000),
            league_exploiter: rule(2_000_000_000, 4_000_000_000),
            main_exploiter_reset: 1.0,
            league_exploiter_reset: 0.25,
        }
    }
}

impl Default for BranchConfig {
    fn default() -> BranchConfig {
        BranchConfig {
            by: BranchBy::LowerBound,
            set_size: 1,
            games_min: 10,
        }
    }
}

/// A setting that makes no sense.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("league.{key}: {what}")]
pub struct InvalidConfig {
    /// Below the league's section, e.g. `matchmaking.pfsp`.
    pub key: String,
    pub what: String,
}

fn invalid(key: impl Into<String>, what: impl Into<String>) -> InvalidConfig {
    InvalidConfig {
        key: key.into(),
        what: what.into(),
    }
}

fn check(holds: bool, key: impl Into<String>, what: &str) -> Result<(), InvalidConfig> {
    if holds {
        Ok(())
    } else {
        Err(invalid(key, what))
    }
}

fn check_rate(value: f64, key: &str) -> Result<(), InvalidConfig> {
    check((0.0..=1.0).contains(&value), key, "must lie in 0..=1")
}

impl LeagueConfig {
    /// Checks ranges, sums and names.
    ///
    /// # Errors
    /// The first key that is wrong, and what it must be.
    pub fn validate(&self) -> Result<(), InvalidConfig> {
        check_rate(self.payoff_decay, "payoff_decay")?;
        self.matchmaking.validate()?;
        self.rules.validate()?;
        check(
            self.branch.set_size > 0,
            "branch.set_size",
            "must be at least 1",
        )?;
        self.validate_starts()
    }

    fn validate_starts(&self) -> Result<(), InvalidConfig> {
        let mut known = BTreeSet::new();
        for (i, start) in self.starts.iter().enumerate() {
            let key = |field: &str| format!("starts[{i}].{field}");
            check_name(&start.name).map_err(|what| invalid(key("name"), what))?;
            check(
                start.role.learns(),
                key("role"),
                "must be a role that trains",
            )?;
            let branches = start.from != StartFrom::Supervised;
            match &start.after {
                Some(after) if !known.contains(after.as_str()) => {
                    let what = format!("there is no earlier start {after:?}");
                    return Err(invalid(key("after"), what));
                }
                None if branches || start.at_steps > 0 => {
                    return Err(invalid(key("after"), "says after whom; it is missing"));
                }
                _ => {}
            }
            check(
                known.insert(start.name.as_str()),
                key("name"),
                "is there twice",
            )?;
        }
        let has_main = |s: &Start| s.role == Role::MainAgent && s.after.is_none();
        check(
            self.starts.iter().any(has_main),
            "starts",
            "need a main agent that joins at once (no `after`)",
        )
    }
}

/// Whether a player may be called so: names stand in file names and on command lines.
///
/// # Errors
/// What is wrong with it.
pub fn check_name(name: &str) -> Result<(), String> {
    const NAME_BYTES_MAX: usize = 40;
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name.is_empty() || name.len() > NAME_BYTES_MAX || !name.chars().all(fits) {
        return Err(format!(
            "must be 1 to {NAME_BYTES_MAX} letters, digits, - and _"
        ));
    }
    if name == super::SUPERVISED_NAME || name.chars().all(|c| c.is_ascii_digit()) {
        return Err(format!(
            "{name:?} is taken: numbers and that name mean other things"
        ));
    }
    Ok(())
}

impl MatchmakingConfig {
    fn validate(&self) -> Result<(), InvalidConfig> {
        let rates = [
            ("self_play", self.self_play),
            ("pfsp", self.pfsp),
            ("forgotten", self.forgotten),
            ("self_play_win_rate_min", self.self_play_win_rate_min),
            ("exploiter_win_rate_min", self.exploiter_win_rate_min),
            ("forgotten_win_rate_max", self.forgotten_win_rate_max),
            (
                "exploiter_curriculum_below",
                self.exploiter_curriculum_below,
            ),
        ];
        for (key, value) in rates {
            check_rate(value, &format!("matchmaking.{key}"))?;
        }
        let sum = self.self_play + self.pfsp + self.forgotten;
        check(
            (sum - 1.0).abs() < 1e-9,
            "matchmaking",
            "self_play + pfsp + forgotten must be 1",
        )?;
        check(
            self.hard_power > 0.0 && self.hard_power <= 20.0,
            "matchmaking.hard_power",
            "must lie above 0 and be 20 at most",
        )
    }
}

impl RulesConfig {
    fn validate(&self) -> Result<(), InvalidConfig> {
        let rules = [
            ("main_agent", self.main_agent),
            ("main_exploiter", self.main_exploiter),
            ("league_exploiter", self.league_exploiter),
        ];
        for (name, rule) in rules {
            let key = |field| format!("rules.{name}.{field}");
            check_rate(rule.win_rate, &key("win_rate"))?;
            check(
                rule.steps_max >= 1 && rule.steps_min <= rule.steps_max,
                key("steps_min"),
                "must not exceed steps_max, which is at least 1",
            )?;
            check(
                rule.games_min >= 0.0 && rule.games_min.is_finite(),
                key("games_min"),
                "must not be negative",
            )?;
        }
        check_rate(self.main_exploiter_reset, "rules.main_exploiter_reset")?;
        check_rate(self.league_exploiter_reset, "rules.league_exploiter_reset")
    }
}
