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
use crate::action::{Action, ActionConfig, CodecCounts, Interface, Specs};
use crate::game::{GameInfo, PlayerCommand, RawObservation, Seed};
use crate::obs::{Conditioning, ObsConfig, Observation};
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
    specs: Specs,
    game: Option<Game>,
}

struct Game {
    interface: Interface,
    encoded: Observation,
    know: Knowledge,
    index: Index,
    orders: Orders,
    player: Player,
}

impl ScriptedAgent {
    pub fn new(script: Script) -> ScriptedAgent {
        let specs = Specs::new(ObsConfig::default(), ActionConfig::default())
            .expect("the default configs are valid");
        ScriptedAgent {
            script,
            specs,
            game: None,
        }
    }

    /// What the action space could and could not express of the present game's commands.
    pub fn counts(&self) -> CodecCounts {
        self.game
            .as_ref()
            .map_or(CodecCounts::default(), |g| *g.interface.counts())
    }
}

impl Agent for ScriptedAgent {
    fn name(&self) -> &str {
        self.script.plan.name
    }

    fn begin(&mut self, info: &GameInfo, seed: Seed) {
        self.game = Some(Game {
            interface: Interface::new(&self.specs, info, Conditioning::default()),
            encoded: Observation::default(),
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
        let skip_loops = game.player.skip(&view);
        game.interface.observe(obs, &mut game.encoded);
        let action = command
            .and_then(|c| {
                let c = PlayerCommand::Unit(c);
                game.interface.encode(&c, skip_loops.into(), &game.encoded)
            })
            .unwrap_or(Action {
                skip_loops,
                ..Action::default()
            });
        // What is sent is what the action means, not what was intended.
        let sent = game.interface.decode(&action, &game.encoded, obs);
        game.interface.record(&action, &game.encoded);
        AgentStep {
            commands: sent.ok().flatten().into_iter().collect(),
            skip_loops,
            action: Some(action),
        }
    }
}
