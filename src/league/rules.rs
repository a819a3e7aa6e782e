//! When a copy of a player joins the league, and when the player starts anew (AlphaStar, Methods and pseudocode).

use super::config::{PromotionRule, RulesConfig};
use super::payoff::Payoff;
use super::player::{Player, PlayerId, Role};
use serde::{Deserialize, Serialize};

/// Why a copy joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PromotionReason {
    /// Everybody that counts is beaten.
    Beaten,
    /// It trained long enough whatever the win rates.
    Timeout,
}

/// Whom a player must beat for a copy of it to join: a main agent the past players, a main exploiter the current main
/// agents, a league exploiter both.
pub fn must_beat(players: &[Player], player: &Player) -> Vec<PlayerId> {
    let counts = |p: &&Player| match player.role {
        Role::MainAgent => p.is_past(),
        Role::MainExploiter => p.is_current_main(),
        Role::LeagueExploiter => p.is_past() || p.is_current_main(),
        Role::Supervised | Role::PastPlayer { .. } => false,
    };
    let others = players.iter().filter(|p| p.id != player.id).filter(counts);
    others.map(|p| p.id).collect()
}

/// Whether a copy of `player` joins now, and why.
pub fn promotion(
    players: &[Player],
    payoff: &Payoff,
    player: &Player,
    rules: &RulesConfig,
) -> Option<PromotionReason> {
    let rule = rule_of(player.role, rules)?;
    let steps_since = player.steps.saturating_sub(player.promoted_step);
    if !player.active || steps_since < rule.steps_min.max(1) {
        return None;
    }
    let is_beaten = |opponent: &PlayerId| {
        let record = payoff.get(player.id, *opponent);
        record.games() >= rule.games_min && record.win_rate() > rule.win_rate
    };
    let opponents = must_beat(players, player);
    if !opponents.is_empty() && opponents.iter().all(is_beaten) {
        return Some(PromotionReason::Beaten);
    }
    (steps_since >= rule.steps_max).then_some(PromotionReason::Timeout)
}

/// Probability that a player of this role goes back to the supervised weights once its copy has joined.
pub fn reset_probability(role: Role, rules: &RulesConfig) -> f64 {
    match role {
        Role::MainExploiter => rules.main_exploiter_reset,
        Role::LeagueExploiter => rules.league_exploiter_reset,
        Role::MainAgent | Role::Supervised | Role::PastPlayer { .. } => 0.0,
    }
}

fn rule_of(role: Role, rules: &RulesConfig) -> Option<PromotionRule> {
    match role {
        Role::MainAgent => Some(rules.main_agent),
        Role::MainExploiter => Some(rules.main_exploiter),
        Role::LeagueExploiter => Some(rules.league_exploiter),
        Role::Supervised | Role::PastPlayer { .. } => None,
    }
}
