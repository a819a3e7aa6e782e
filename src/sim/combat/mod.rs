//! Combat: who shoots at whom, when, and what it does.
//!
//! Invariant: all damage of a loop is worked out before any of it is dealt, so neither side shoots first. A unit never
//! picks a target that its owner cannot see, nor one that is cloaked and not detected.
//!
//! Flow of a loop: units are indexed by place; missiles that are due and attacks whose damage point is reached give
//! hits (`fire`, with targets from `target`); hits are spread over splashed units (`splash`), reduced by armor
//! (`damage`), dealt through [`State::damage`], and answered by idle friends of the victim; `support` heals and
//! regenerates. What a unit wants to do about enemies is its [`super::unit::Stance`]; where combat wants it to go is
//! [`Motion`], which movement puts before the order's goal.
//!
//! Left out: spells and other abilities than the weapons' own (concussive shells are here); they are `casts`' business.

pub mod damage;
mod fire;
pub(super) mod splash;
mod support;
pub mod target;
#[cfg(test)]
mod tests;
pub mod weapons;

use super::spatial::Entry;
use super::state::State;
use super::unit::{Goal, UnitRef};
use crate::game::data::unit_ids as u;
use weapons::Weapon;

/// What combat wants of movement.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Motion {
    /// Nothing: the order's goal holds.
    #[default]
    Orders,
    /// Stand still, to shoot.
    Stand,
    /// Go here first: after a target, or back to the post.
    Chase(Goal),
}

/// What combat keeps per unit beside `Unit::target` and `Unit::cooldown`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Arms {
    pub motion: Motion,
    /// Loops until the attack under way does its damage; 0 = none under way.
    pub windup: f32,
    /// Whom that attack is aimed at.
    pub aimed: UnitRef,
    /// Loop from which targets are looked for again.
    pub look_at: u32,
    /// Loop until which it may not attack, whatever its orders.
    pub quiet_until: u32,
    /// The target was taken to help a friend or to strike back, out of the usual reach.
    pub answers: bool,
}

/// A missile on its way.
#[derive(Clone, Copy, Debug)]
pub struct Shot {
    pub from: UnitRef,
    pub to: UnitRef,
    pub weapon: &'static Weapon,
    pub level: u8,
    /// Game loop at which it arrives.
    pub due: u32,
}

/// An attack that lands in this loop.
#[derive(Clone, Copy, Debug)]
struct Hit {
    from: UnitRef,
    to: UnitRef,
    weapon: &'static Weapon,
    level: u8,
}

/// Working memory, reused from loop to loop; holds nothing that matters between loops.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    hits: Vec<Hit>,
    /// Whom a hit touches, with the share of its damage.
    touched: Vec<(UnitRef, f32)>,
    /// Slots of this loop's reapers, which heal by themselves.
    reapers: Vec<u16>,
    /// Of those who have anything to do with fighting.
    armed: Vec<u16>,
    /// Of the cloaked.
    pub(super) cloaked: Vec<u16>,
}

/// One loop of fighting. Runs after orders and before movement.
pub fn run(state: &mut State) {
    let mut scratch = std::mem::take(&mut state.combat);
    fill_index(state, &mut scratch);
    scratch.hits.clear();
    land_shots(state, &mut scratch);
    for &slot in &scratch.armed {
        fire::run(state, usize::from(slot), &mut scratch.hits);
    }
    for i in 0..scratch.hits.len() {
        let hit = scratch.hits[i];
        splash::deal(state, &hit, &mut scratch.touched);
    }
    support::run(state, &scratch.reapers);
    state.combat = scratch;
}

fn fill_index(state: &mut State, scratch: &mut Scratch) {
    state.space.clear();
    scratch.reapers.clear();
    scratch.armed.clear();
    scratch.cloaked.clear();
    let first = state.first_player();
    for &slot in &state.order[first..] {
        let unit = &state.units[usize::from(slot)];
        if !unit.alive {
            continue;
        }
        if unit.type_id == u::REAPER {
            scratch.reapers.push(slot);
        }
        if unit.cloaked {
            scratch.cloaked.push(slot);
        }
        if fire::concerns(unit, state.game_loop) {
            scratch.armed.push(slot);
        }
        if !unit.inside {
            let entry = Entry::new(
                usize::from(slot),
                unit.pos,
                unit.radius,
                unit.flying,
                unit.data.is_structure,
            );
            state.space.add(usize::from(unit.owner), entry);
        }
    }
}

fn land_shots(state: &mut State, scratch: &mut Scratch) {
    let now = state.game_loop;
    let hits = &mut scratch.hits;
    state.shots.retain(|shot| {
        let lands = shot.due <= now;
        if lands {
            hits.push(Hit {
                from: shot.from,
                to: shot.to,
                weapon: shot.weapon,
                level: shot.level,
            });
        }
        !lands
    });
}
