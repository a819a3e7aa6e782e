//! One look, one command: the most important thing that is not yet under way.
//!
//! What is decided depends on the observation alone (the army's present orders tell whether an attack is under way),
//! so that a network which sees the same can learn it.

use super::campaign::command_army;
use super::scripts::Script;
use crate::game::data::unit_ids as u;
use crate::tactics::production::{self, Limits};
use crate::tactics::{Budget, Orders, View, economy, micro};

/// Minerals from which spending comes before moving the army.
const RICH: u32 = 400;

/// Minerals from which a second unit waits in the queues, so that no structure stands idle until the next look.
const QUEUE_BANK: i32 = 300;

/// Appends at most one command to `out`, whose limit is 1.
pub fn decide(v: &View, script: &Script, out: &mut Orders) {
    if script.skill {
        micro::stim(v, 4, out);
        micro::siege(v, true, out);
        micro::vikings(v, out);
    }
    // One command a look: a long fight must not leave the bank unspent.
    let rich = v.obs.player.minerals > RICH;
    let steps: &[fn(&View, &Script, &mut Orders)] = if rich {
        &[spend, command_army, tend]
    } else {
        &[command_army, spend, tend]
    };
    for step in steps {
        if !out.is_full() {
            step(v, script, out);
        }
    }
}

/// What costs money.
fn spend(v: &View, script: &Script, out: &mut Orders) {
    let plan = &script.plan;
    let mut budget = Budget::of(v);
    economy::supply(v, plan.supply_slack, &mut budget, out);
    let hold = production::morph_is_due(v, plan);
    economy::train_workers(v, worker_goal(v, script), hold, &mut budget, out);
    economy::mules(v, out);
    if out.is_full() {
        return;
    }
    economy::resume_construction(v, out);
    economy::replace_base(v, &mut budget, out);
    production::goals(v, plan, &mut budget, out);
    let limits = Limits {
        queue_extra: usize::from(budget.minerals > QUEUE_BANK),
        ..Limits::NONE
    };
    production::units(v, plan.army, &limits, &mut budget, out);
}

/// Who works where.
fn tend(v: &View, script: &Script, out: &mut Orders) {
    let plan = &script.plan;
    if plan.proxy.is_some() {
        keep_builders(v, out);
    }
    economy::gas(v, plan.gas_workers, out);
    economy::idle_workers(v, out);
    economy::transfer(v, out);
    economy::repair(v, 3, &Budget::of(v), out);
}

/// Who has put up a structure near the enemy stays there for the next.
fn keep_builders(v: &View, out: &mut Orders) {
    for w in v.workers().filter(|w| w.orders.is_empty()) {
        if v.home_distance(w.pos) > 40.0 && v.obs.player.food_used < 40 {
            out.hold(w.tag);
        }
    }
}

/// Sixteen workers a base and three a refinery, up to the plan's limit.
fn worker_goal(v: &View, script: &Script) -> u16 {
    let bases = v.total(u::COMMAND_CENTER);
    let wanted = 16 * bases + 3 * v.total(u::REFINERY) + 2;
    wanted.min(script.plan.workers_max)
}
