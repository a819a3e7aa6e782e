//! How a league's players change: training goes on, copies join, exploiters start anew, agents branch (SCC §6.2).

use super::branch;
use super::config::{Start, StartFrom, check_name};
use super::error::LeagueError;
use super::player::{Condition, Player, PlayerId, Role, SUPERVISED};
use super::rules::{self, PromotionReason};
use super::state::League;
use serde::{Deserialize, Serialize};

/// What happened to the players; each is a row of the storage's `events`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum LeagueEvent {
    /// A player began with the supervised weights.
    Joined { player: PlayerId },
    /// A player began with the weights of `from` at `steps` (SCC §6.2).
    Branched {
        player: PlayerId,
        from: PlayerId,
        steps: u64,
        condition: Condition,
    },
    /// A copy of `player` joined as `past`.
    Promoted {
        player: PlayerId,
        past: PlayerId,
        steps: u64,
        reason: PromotionReason,
    },
    /// `player` must go on from the supervised weights, its optimizer as new.
    Reset { player: PlayerId, steps: u64 },
    /// `player` trains no more.
    Stopped { player: PlayerId, steps: u64 },
}

impl LeagueEvent {
    /// Whom it is about: in a branch and a start the new player, in a promotion the one that was copied.
    pub fn player(&self) -> PlayerId {
        match self {
            LeagueEvent::Joined { player }
            | LeagueEvent::Branched { player, .. }
            | LeagueEvent::Promoted { player, .. }
            | LeagueEvent::Reset { player, .. }
            | LeagueEvent::Stopped { player, .. } => *player,
        }
    }

    /// Agent steps at which it happened: the player's own, in a branch those behind its weights.
    pub fn steps(&self) -> u64 {
        match self {
            LeagueEvent::Joined { .. } => 0,
            LeagueEvent::Branched { steps, .. }
            | LeagueEvent::Promoted { steps, .. }
            | LeagueEvent::Reset { steps, .. }
            | LeagueEvent::Stopped { steps, .. } => *steps,
        }
    }

    /// `joined`, `branched`, `promoted`, `reset` or `stopped`.
    pub fn name(&self) -> &'static str {
        match self {
            LeagueEvent::Joined { .. } => "joined",
            LeagueEvent::Branched { .. } => "branched",
            LeagueEvent::Promoted { .. } => "promoted",
            LeagueEvent::Reset { .. } => "reset",
            LeagueEvent::Stopped { .. } => "stopped",
        }
    }
}

/// A new player that starts from another one's current weights.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BranchOrder {
    pub name: String,
    pub from: PlayerId,
    pub role: Role,
    pub condition: Condition,
}

impl League {
    /// Takes in that `player` has trained `steps` agent steps in all and saved its weights as `checkpoint`: who joins
    /// because of that, whether a copy of it does, whether it starts anew. In this order; a copy has `checkpoint`.
    ///
    /// # Errors
    /// [`LeagueError::StepsWentBack`], [`LeagueError::NotActive`], [`LeagueError::UnknownPlayer`].
    pub fn on_progress(
        &mut self,
        player: PlayerId,
        steps: u64,
        checkpoint: &str,
    ) -> Result<Vec<LeagueEvent>, LeagueError> {
        let known = self.active(player)?;
        if steps < known.steps {
            return Err(LeagueError::StepsWentBack {
                name: known.name.clone(),
                known: known.steps,
                told: steps,
            });
        }
        let entry = &mut self.players[player.idx()];
        entry.steps = steps;
        checkpoint.clone_into(&mut entry.checkpoint);
        let mut events = self.start_due(player);
        events.extend(self.promote(player));
        Ok(events)
    }

    /// Starts that wait: for a time, or (`BranchAuto`) for z statistics.
    pub fn pending_starts(&self) -> Vec<&Start> {
        let joined = |s: &Start| self.players.iter().any(|p| p.name == s.name);
        self.config.starts.iter().filter(|s| !joined(s)).collect()
    }

    fn start_due(&mut self, after: PlayerId) -> Vec<LeagueEvent> {
        let anchor = &self.players[after.idx()];
        let due = |s: &&Start| {
            s.after.as_deref() == Some(anchor.name.as_str()) && anchor.steps >= s.at_steps
        };
        let pending = self.pending_starts();
        let due: Vec<Start> = pending.into_iter().filter(due).cloned().collect();
        let mut events = Vec::new();
        for start in due {
            let from = match start.from {
                StartFrom::Supervised => SUPERVISED,
                StartFrom::BranchAuto | StartFrom::Branch(_) => after,
            };
            let condition = match &start.from {
                StartFrom::Supervised => Condition::Unconditional,
                StartFrom::Branch(ids) => Condition::of(ids.clone()),
                StartFrom::BranchAuto => match self.choose_z(after) {
                    Ok(condition) => condition,
                    Err(_) => continue, // it waits for statistics
                },
            };
            events.push(self.join(&start.name, start.role, from, condition));
        }
        events
    }

    fn promote(&mut self, player: PlayerId) -> Vec<LeagueEvent> {
        let original = &self.players[player.idx()];
        let rules = &self.config.rules;
        let Some(reason) = rules::promotion(&self.players, &self.payoff, original, rules) else {
            return Vec::new();
        };
        let steps = original.steps;
        let reset_probability = rules::reset_probability(original.role, rules);
        let past = PlayerId(self.players.len() as u32);
        self.players.push(Player {
            id: past,
            name: format!("{}@{steps}", original.name),
            role: Role::PastPlayer { of: player },
            active: false,
            ..original.clone()
        });
        self.players[player.idx()].promoted_step = steps;
        let mut events = vec![LeagueEvent::Promoted {
            player,
            past,
            steps,
            reason,
        }];
        if self.uniform("reset", u64::from(player.0), steps) < reset_probability {
            events.push(self.reset(player));
        }
        events
    }

    fn reset(&mut self, player: PlayerId) -> LeagueEvent {
        let checkpoint = self.players[SUPERVISED.idx()].checkpoint.clone();
        let entry = &mut self.players[player.idx()];
        entry.checkpoint = checkpoint;
        entry.resets += 1;
        let steps = entry.steps;
        self.payoff.forget(player);
        LeagueEvent::Reset { player, steps }
    }

    /// The z's that did best against `main`, as the config's `branch` section says.
    ///
    /// # Errors
    /// [`LeagueError::NoZStatistics`] before any z has been played often enough, [`LeagueError::UnknownPlayer`].
    pub fn choose_z(&self, main: PlayerId) -> Result<Condition, LeagueError> {
        let player = self.player(main)?;
        let ids = branch::choose(&self.z_statistics, main, &self.config.branch);
        if ids.is_empty() {
            return Err(LeagueError::NoZStatistics {
                name: player.name.clone(),
                games_min: self.config.branch.games_min,
            });
        }
        Ok(Condition::of(ids))
    }

    /// Makes a new player that starts from the latest checkpoint of another (SCC §6.2).
    ///
    /// # Errors
    /// [`LeagueError::Name`] if the name is taken or no name; [`LeagueError::NotActive`] if `from` does not train;
    /// [`LeagueError::Inconsistent`] if the role does not train.
    pub fn branch(&mut self, order: &BranchOrder) -> Result<LeagueEvent, LeagueError> {
        self.check_branch(order)?;
        Ok(self.join(&order.name, order.role, order.from, order.condition.clone()))
    }

    /// Whether [`League::branch`] would succeed.
    ///
    /// # Errors
    /// Its errors.
    pub fn check_branch(&self, order: &BranchOrder) -> Result<(), LeagueError> {
        let name = order.name.clone();
        if let Err(what) = check_name(&order.name) {
            return Err(LeagueError::Name { name, what });
        }
        let is_taken = self.players.iter().any(|p| p.name == name)
            || self.config.starts.iter().any(|s| s.name == name);
        if is_taken {
            let what = "is there already".to_owned();
            return Err(LeagueError::Name { name, what });
        }
        if !order.role.learns() {
            let what = format!(
                "{name} would be a {}, which does not train",
                order.role.name()
            );
            return Err(LeagueError::Inconsistent { what });
        }
        self.active(order.from).map(drop)
    }

    /// Ends a player's training; it stays as an opponent of nobody.
    ///
    /// # Errors
    /// [`LeagueError::NotActive`], [`LeagueError::UnknownPlayer`].
    pub fn stop(&mut self, player: PlayerId) -> Result<LeagueEvent, LeagueError> {
        let steps = self.active(player)?.steps;
        self.players[player.idx()].active = false;
        Ok(LeagueEvent::Stopped { player, steps })
    }

    pub(super) fn join(
        &mut self,
        name: &str,
        role: Role,
        from: PlayerId,
        condition: Condition,
    ) -> LeagueEvent {
        let player = PlayerId(self.players.len() as u32);
        let parent = &self.players[from.idx()];
        let steps = parent.start_step + parent.steps;
        self.players.push(Player {
            id: player,
            name: name.to_owned(),
            role,
            parent: Some(from),
            start_step: steps,
            steps: 0,
            promoted_step: 0,
            resets: 0,
            condition: condition.clone(),
            checkpoint: parent.checkpoint.clone(),
            active: true,
        });
        if from == SUPERVISED {
            return LeagueEvent::Joined { player };
        }
        LeagueEvent::Branched {
            player,
            from,
            steps,
            condition,
        }
    }
}
