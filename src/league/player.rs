//! Who is in the league (SCC §6.2; AlphaStar, Methods): roles, where a player comes from, what it plays for.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A player's number: its place in the order in which players joined. Never used again.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct PlayerId(pub u32);

/// The supervised agent: the first player of every league, and the anchor of all ratings (Elo 0).
pub const SUPERVISED: PlayerId = PlayerId(0);

impl PlayerId {
    /// As an index into the league's players.
    pub fn idx(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Display for PlayerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// What a player is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The imitation agent, frozen: what everybody starts from and is measured against.
    Supervised,
    /// Trains against everybody; never reset.
    MainAgent,
    /// Trains against the current main agents to find their weaknesses.
    MainExploiter,
    /// Trains against the whole league to find weaknesses that all share.
    LeagueExploiter,
    /// A frozen copy of an active player.
    PastPlayer { of: PlayerId },
}

impl Role {
    /// `supervised`, `main_agent`, `main_exploiter`, `league_exploiter` or `past_player`.
    pub fn name(self) -> &'static str {
        match self {
            Role::Supervised => "supervised",
            Role::MainAgent => "main_agent",
            Role::MainExploiter => "main_exploiter",
            Role::LeagueExploiter => "league_exploiter",
            Role::PastPlayer { .. } => "past_player",
        }
    }

    /// The role of this name; `of` is whose copy a past player is.
    pub fn from_name(name: &str, of: Option<PlayerId>) -> Option<Role> {
        Some(match name {
            "supervised" => Role::Supervised,
            "main_agent" => Role::MainAgent,
            "main_exploiter" => Role::MainExploiter,
            "league_exploiter" => Role::LeagueExploiter,
            "past_player" => Role::PastPlayer { of: of? },
            _ => return None,
        })
    }

    /// Whether players of this role learn; the others are frozen for good.
    pub fn learns(self) -> bool {
        matches!(
            self,
            Role::MainAgent | Role::MainExploiter | Role::LeagueExploiter
        )
    }
}

/// What a player is rewarded for beside winning (SCC §6.1, §6.2): the dense reward of strategy statistics z, named by
/// their numbers in the league's z library.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// Winning and losing only.
    #[default]
    Unconditional,
    /// One z, in every game.
    Z(u32),
    /// One of these z's, drawn anew for every game.
    ZSet(Vec<u32>),
}

impl Condition {
    /// From a list of z's: none, one or several.
    pub fn of(mut ids: Vec<u32>) -> Condition {
        match ids.len() {
            0 => Condition::Unconditional,
            1 => Condition::Z(ids.swap_remove(0)),
            _ => Condition::ZSet(ids),
        }
    }

    /// The z's, in order; empty without a condition.
    pub fn ids(&self) -> &[u32] {
        match self {
            Condition::Unconditional => &[],
            Condition::Z(id) => std::slice::from_ref(id),
            Condition::ZSet(ids) => ids,
        }
    }
}

/// One player of the league: plain data. Steps are agent steps (samples) that its learner has consumed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Player {
    pub id: PlayerId,
    /// Unique in the league: `main`, `main@120000` for its copy at that step.
    pub name: String,
    pub role: Role,
    /// Whose weights it began with; none for the supervised agent.
    pub parent: Option<PlayerId>,
    /// Steps behind the weights that it began with: 0 from the supervised agent, the main agent's in a branch.
    pub start_step: u64,
    /// Steps trained since it joined, resets included; for a past player, its original's steps when it was copied.
    pub steps: u64,
    /// `steps` when it was last copied into the league (or joined).
    pub promoted_step: u64,
    /// How often it was set back to the supervised weights.
    pub resets: u32,
    pub condition: Condition,
    /// Where the weights are, relative to the run folder: an active player's latest, a frozen one's only ones.
    pub checkpoint: String,
    /// Whether it trains; a player that learns can be stopped, past players never were active.
    pub active: bool,
}

impl Player {
    /// Whose copy this is, for a past player.
    pub fn past_of(&self) -> Option<PlayerId> {
        match self.role {
            Role::PastPlayer { of } => Some(of),
            _ => None,
        }
    }

    /// Whether its weights never change: past players and the supervised agent.
    pub fn is_past(&self) -> bool {
        !self.role.learns()
    }

    /// Whether it is a main agent that trains: what main exploiters play against.
    pub fn is_current_main(&self) -> bool {
        self.role == Role::MainAgent && self.active
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_known_by_name() {
        let of = PlayerId(3);
        for role in [
            Role::Supervised,
            Role::MainAgent,
            Role::MainExploiter,
            Role::LeagueExploiter,
            Role::PastPlayer { of },
        ] {
            assert_eq!(Role::from_name(role.name(), Some(of)), Some(role));
        }
        assert_eq!(Role::from_name("past_player", None), None);
        assert_eq!(Role::from_name("coach", None), None);
    }

    #[test]
    fn conditions_hold_none_one_or_several() {
        for (ids, condition) in [
            (vec![], Condition::Unconditional),
            (vec![4], Condition::Z(4)),
            (vec![4, 1], Condition::ZSet(vec![4, 1])),
        ] {
            assert_eq!(Condition::of(ids.clone()), condition);
            assert_eq!(condition.ids(), ids);
        }
    }
}
