//! A player without a plan: any legal function, any legal arguments, any skip; the floor that others stand above.

use super::{Agent, AgentStep};
use crate::action::{
    Action, Interface, SKIP_LOOPS_MAX, SKIP_LOOPS_MIN, Specs, function, selectable, targetable,
};
use crate::game::{GameInfo, RawObservation, Seed};
use crate::obs::{Conditioning, Observation};
use rand::RngExt as _;
use rand::seq::IndexedRandom as _;
use rand_pcg::Pcg64Mcg;

/// Units that one random action selects at most.
const SELECTED_MAX: usize = 8;

/// Chooses uniformly under the legal masks, through the same action space as a policy.
pub struct RandomAgent {
    specs: Specs,
    game: Option<Game>,
}

struct Game {
    interface: Interface,
    obs: Observation,
    rng: Pcg64Mcg,
}

impl RandomAgent {
    pub fn new(specs: Specs) -> RandomAgent {
        RandomAgent { specs, game: None }
    }
}

impl Default for RandomAgent {
    fn default() -> RandomAgent {
        RandomAgent::new(Specs::default())
    }
}

impl Agent for RandomAgent {
    fn name(&self) -> &str {
        "random"
    }

    fn begin(&mut self, info: &GameInfo, seed: Seed) {
        self.game = Some(Game {
            interface: Interface::new(&self.specs, info, Conditioning::default()),
            obs: Observation::default(),
            rng: seed.fork("random agent", 0).rng(),
        });
    }

    fn act(&mut self, raw: &RawObservation) -> AgentStep {
        let Some(game) = &mut self.game else {
            return AgentStep::default();
        };
        game.interface.observe(raw, &mut game.obs);
        let action = choose(&game.obs, &self.specs, &mut game.rng);
        let command = game.interface.decode(&action, &game.obs, raw);
        game.interface.record(&action, &game.obs);
        AgentStep {
            // An action that does not decode is a step in which nothing is ordered.
            commands: command.ok().flatten().into_iter().collect(),
            skip_loops: action.skip_loops,
            action: Some(action),
        }
    }
}

/// A random action that the masks allow; no-op where a function turns out to have no unit or target.
fn choose(obs: &Observation, specs: &Specs, rng: &mut Pcg64Mcg) -> Action {
    let idle = Action {
        skip_loops: rng.random_range(SKIP_LOOPS_MIN..=SKIP_LOOPS_MAX),
        ..Action::default()
    };
    let legal: Vec<u16> = (0..specs.action.n_functions as u16)
        .filter(|&f| obs.is_legal(f))
        .collect();
    let Some(&chosen) = legal.choose(rng) else {
        return idle;
    };
    let Some(args) = function(chosen).map(|f| f.args()) else {
        return idle;
    };
    let mut action = Action {
        function: chosen,
        queued: args.queued && rng.random_bool(0.1),
        ..idle.clone()
    };
    let mut mask = Vec::new();
    if args.units {
        selectable(obs, chosen, &mut mask);
        let able = allowed(&mask);
        let n = rng.random_range(1..=SELECTED_MAX);
        action.selected = able.sample(rng, n).map(|&i| i as u16).collect();
        action.selected.sort_unstable();
        if action.selected.is_empty() {
            return idle;
        }
    }
    if args.target_unit {
        targetable(obs, chosen, &mut mask);
        match allowed(&mask).choose(rng) {
            Some(&target) => action.target_unit = Some(target as u16),
            None => return idle,
        }
    }
    if args.target_cell {
        let side = specs.action.target_grid as u32;
        action.target_cell = Some(rng.random_range(0..side * side));
    }
    action
}

fn allowed(mask: &[u8]) -> Vec<usize> {
    (0..mask.len()).filter(|&i| mask[i] != 0).collect()
}
