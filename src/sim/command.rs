//! What players send: checked when it arrives, carried out at the start of the next loop.
//!
//! A command is planned twice with the same code: at `submit` against the state of the last loop, for the answer, and at
//! `run`, where what cannot be done any more is dropped.

use super::ability::{self, Act, Offer};
use super::legal;
use super::order::{Aim, Order, OrderKind};
use super::orders;
use super::state::State;
use super::unit::{Unit, UnitRef};
use crate::game::data::Spell;
use crate::game::raw_obs::ExecutedCommand;
use crate::game::{ActionResult, Command, PlayerCommand, Point, Target, UnitTag};
use smallvec::SmallVec;

/// Units that take a command, with what it means to each.
type Plan = SmallVec<[(UnitRef, Offer, Aim); 16]>;

/// Commands a player may have waiting for one loop; more are refused.
const PENDING_MAX: usize = 1024;

/// Checks a command and keeps it for the next loop if it is good.
pub(super) fn submit(state: &mut State, p: usize, command: &PlayerCommand) -> ActionResult {
    if state.players[p].pending.len() >= PENDING_MAX {
        return ActionResult::Error;
    }
    let answer = match command {
        PlayerCommand::Unit(command) => plan(state, p, command, &mut Plan::new()),
        PlayerCommand::ToggleAutocast { ability, units } => {
            let any = units
                .iter()
                .any(|&tag| autocaster(state, p, tag, *ability).is_some());
            if any {
                ActionResult::Success
            } else {
                ActionResult::NotSupported
            }
        }
        PlayerCommand::CameraMove(at) if !at.is_finite() => ActionResult::Error,
        PlayerCommand::CameraMove(_) | PlayerCommand::Chat(_) | PlayerCommand::Leave => {
            ActionResult::Success
        }
    };
    if answer == ActionResult::Success {
        state.players[p].pending.push(command.clone());
        state.players[p].commands_sent += 1;
    }
    answer
}

/// Carries out what was submitted since the last loop: player 1's commands, then player 2's, each in the order sent.
pub(super) fn run(state: &mut State) {
    for p in 0..2 {
        if state.players[p].pending.is_empty() {
            continue;
        }
        let mut pending = std::mem::take(&mut state.players[p].pending);
        for command in pending.drain(..) {
            execute(state, p, command);
        }
        state.players[p].pending = pending;
    }
}

fn execute(state: &mut State, p: usize, command: PlayerCommand) {
    match command {
        PlayerCommand::Unit(command) => execute_unit(state, p, command),
        PlayerCommand::ToggleAutocast { ability, units } => {
            for &tag in &units {
                if let Some(slot) = autocaster(state, p, tag, ability) {
                    state.units[slot].autocast ^= true;
                }
            }
        }
        PlayerCommand::Chat(text) => {
            let id = state.players[p].id;
            for player in &mut state.players {
                player.chat.push((id, text.clone()));
            }
        }
        PlayerCommand::CameraMove(at) => {
            let area = state.map.playable;
            state.players[p].camera = Point::new(
                at.x.clamp(area.x0 as f32, area.x1 as f32),
                at.y.clamp(area.y0 as f32, area.y1 as f32),
            );
        }
        PlayerCommand::Leave => state.players[p].left = true,
    }
}

fn autocaster(
    state: &State,
    p: usize,
    tag: UnitTag,
    ability: crate::game::AbilityId,
) -> Option<usize> {
    let unit = state.get(UnitRef::of_tag(tag))?;
    if usize::from(unit.owner) != p {
        return None;
    }
    let offer = ability::resolve(unit.type_id, ability, &state.players[p])?;
    let automatic = matches!(
        offer.act,
        Act::Repair | Act::Heal | Act::Cast(Spell::LockOn | Spell::Sentinel)
    );
    automatic.then_some(unit.me.slot())
}

/// Fills `plan` with the units that can do what is asked. Success if there is one; else why the first cannot.
fn plan(state: &State, p: usize, command: &Command, plan: &mut Plan) -> ActionResult {
    let aim = match aim_of(state, p, command.target) {
        Ok(aim) => aim,
        Err(why) => return why,
    };
    let mut failure = ActionResult::Error;
    let mut failed = false;
    for (i, &tag) in command.units.iter().enumerate() {
        if command.units[..i].contains(&tag) {
            continue;
        }
        let answer = match plan_unit(state, p, tag, command, aim) {
            Ok(step) => {
                plan.push(step);
                continue;
            }
            Err(why) => why,
        };
        if !failed {
            (failure, failed) = (answer, true);
        }
    }
    if plan.is_empty() {
        failure
    } else {
        ActionResult::Success
    }
}

/// A command's target as the simulator means it; what the player cannot see cannot be aimed at.
fn aim_of(state: &State, p: usize, target: Target) -> Result<Aim, ActionResult> {
    match target {
        Target::None => Ok(Aim::None),
        Target::Point(at) => {
            let on_map = at.is_finite()
                && at.x >= 0.0
                && at.y >= 0.0
                && at.x <= state.map.width() as f32
                && at.y <= state.map.height_cells() as f32;
            if !on_map {
                return Err(ActionResult::Error);
            }
            // Positions are kept to 1/4096 of a cell, as the game keeps them.
            let fix = |v: f32| (v * 4096.0).floor() / 4096.0;
            Ok(Aim::Point(Point::new(fix(at.x), fix(at.y))))
        }
        Target::Unit(tag) => {
            let me = UnitRef::of_tag(tag);
            if let Some(unit) = state.get(me)
                && legal::can_aim_at(state, p, unit)
            {
                return Ok(Aim::Unit(me));
            }
            // Something remembered that is gone by now: go and see.
            let memory = &state.players[p].sight.snapshots;
            match memory.iter().find(|s| s.unit == me && me.is_some()) {
                Some(s) => Ok(Aim::Point(s.pos)),
                None => Err(ActionResult::Error),
            }
        }
    }
}

fn plan_unit(
    state: &State,
    p: usize,
    tag: UnitTag,
    command: &Command,
    aim: Aim,
) -> Result<(UnitRef, Offer, Aim), ActionResult> {
    let unit = state.get(UnitRef::of_tag(tag)).ok_or(ActionResult::Error)?;
    if usize::from(unit.owner) != p {
        // Another player's unit that is out of sight might as well not exist.
        let seen = unit.seen_by & Unit::bit(p) != 0 || unit.owner > 1;
        return Err(if seen {
            ActionResult::YouCantControlThatUnit
        } else {
            ActionResult::Error
        });
    }
    if unit.inside {
        return Err(ActionResult::Error);
    }
    let offer = ability::resolve(unit.type_id, command.ability, &state.players[p])
        .ok_or(ActionResult::NotSupported)?;
    let (offer, aim) = if offer.act == Act::Smart {
        legal::smart(state, unit, aim)?
    } else {
        (offer, aim)
    };
    match legal::check(state, p, unit, &offer, aim, command.queued) {
        ActionResult::Success => Ok((unit.me, offer, aim)),
        why => Err(why),
    }
}

fn execute_unit(state: &mut State, p: usize, command: Command) {
    let mut steps = Plan::new();
    if plan(state, p, &command, &mut steps) != ActionResult::Success {
        return;
    }
    let mut done: SmallVec<[UnitTag; 8]> = SmallVec::new();
    let mut exact = steps[0].1.exact;
    if steps[0].1.act.is_single() {
        let best = choose_one(state, &steps);
        let (unit, offer, aim) = steps[best];
        exact = offer.exact;
        if orders::take(state, p, unit, &offer, aim, command.queued) {
            done.push(unit.tag());
        }
    } else {
        for &(unit, offer, aim) in &steps {
            if orders::take(state, p, unit, &offer, aim, command.queued) {
                done.push(unit.tag());
            }
        }
    }
    if done.is_empty() {
        return;
    }
    let game_loop = state.game_loop;
    state.players[p].executed.push(ExecutedCommand {
        game_loop,
        command: Command {
            ability: exact,
            units: done,
            ..command
        },
    });
}

/// Who does what only one shall do: the shortest queue for training, the most energy for casting, the nearest free
/// worker for building.
fn choose_one(state: &State, steps: &Plan) -> usize {
    let cost = |&(unit, offer, aim): &(UnitRef, Offer, Aim)| -> f32 {
        let it = &state.units[unit.slot()];
        match offer.act {
            Act::Train(_) | Act::Research(_) => {
                let slots = if super::production::has_reactor(state, it) {
                    2.0
                } else {
                    1.0
                };
                it.queue.len() as f32 / slots
            }
            Act::Mule | Act::Scan | Act::SupplyDrop => -it.energy,
            Act::AddOn(_) | Act::Land(_) => 0.0,
            _ => builder_cost(it) + distance(state, it, aim),
        }
    };
    let mut best = (0, cost(&steps[0]));
    for (i, step) in steps.iter().enumerate().skip(1) {
        let c = cost(step);
        if c < best.1 {
            best = (i, c);
        }
    }
    best.0
}

fn builder_cost(unit: &Unit) -> f32 {
    match unit.orders.first().map(|o| o.kind) {
        Some(OrderKind::Build) => 1000.0,
        _ if unit.cargo_amount > 0 => 2.0,
        _ => 0.0,
    }
}

fn distance(state: &State, unit: &Unit, aim: Aim) -> f32 {
    match aim {
        Aim::None => 0.0,
        Aim::Point(at) => at.distance(unit.pos),
        Aim::Unit(it) => state.get(it).map_or(0.0, |t| t.pos.distance(unit.pos)),
    }
}

/// The order that a smart command or rally gives to a fresh unit; shared with `production`.
pub(super) fn move_order(unit: &Unit, aim: Aim) -> Option<Order> {
    let act = ability::offers(unit.type_id)
        .iter()
        .find(|o| o.act == Act::Move)?;
    Some(Order::new(OrderKind::Move, act.exact, aim))
}
