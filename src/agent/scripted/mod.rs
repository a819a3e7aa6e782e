//! Scripted players for demonstrations: clearly different Terran strategies with a human-like hand.
//!
//! Invariant: one look gives at most one command, and it goes through the policy's own action space: what is sent is
//! the decoded action, so a demonstration holds nothing that a policy could not do.
//!
//! Flow: `RawObservation` → [`tactics::View`](crate::tactics::View) → `decide` → the hand's noise → action codec → command.

mod decide;
mod hand;
mod scripts;

use super::{Agent, AgentStep};
use crate::game::{GameInfo, PlayerCommand, RawObservation, Seed};
use crate::tactics::{Index, Knowledge, Orders, View};
use hand::Player;
pub use scripts::{Hand, SCRIPTS, Script};

/// Names of all scripts.
pub fn names() -> Vec<&'static str> {
    SCRIPTS.iter().map(|s| s.plan.name).collect()
}

/// The script's player, or none if there is no such script.
pub fn by_name(name: &str) -> Option<ScriptedAgent> {
    SCRIPTS
        .iter()
        .find(|s| s.plan.name == name)
        .map(|s| ScriptedAgent::new(*s))
}

/// A script that plays.
pub struct ScriptedAgent {
    script: Script,
    game: Option<Game>,
}

struct Game {
    know: Knowledge,
    index: Index,
    orders: Orders,
    player: Player,
}

impl ScriptedAgent {
    pub fn new(script: Script) -> ScriptedAgent {
        ScriptedAgent { script, game: None }
    }
}

impl Agent for ScriptedAgent {
    fn name(&self) -> &str {
        self.script.plan.name
    }

    fn begin(&mut self, info: &GameInfo, seed: Seed) {
        self.game = Some(Game {
            know: Knowledge::new(info),
            index: Index::default(),
            orders: Orders::new(1),
            player: Player::new(self.script.hand, seed),
        });
    }

    fn act(&mut self, obs: &RawObservation) -> AgentStep {
        let Some(game) = &mut self.game else {
            return AgentStep::default();
        };
        game.index.refill(obs, &game.know);
        let view = View {
            obs,
            ix: &game.index,
            know: &game.know,
        };
        game.orders.clear();
        if !game.player.is_idle(obs.game_loop) {
            decide::decide(&view, &self.script, &mut game.orders);
        }
        let command = game.player.handle(&view, game.orders.list.pop());
        AgentStep {
            skip_loops: game.player.skip(&view),
            commands: command.map(PlayerCommand::Unit).into_iter().collect(),
            action: None,
        }
    }
}
