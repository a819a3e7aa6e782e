//! Terran's abilities, played through. Expected numbers: costs, times, ranges and life are the rules tables'; what those lack is
//! the game's own data files' of 4.10, as `game::data::spells` cites them (16 loops a second at speed Normal).

mod cruiser;
mod cyclone;
mod ghost;
mod liberator;
mod mine;
mod passives;
mod raven;
mod reaper;
mod structures;
mod upgrades;
mod watching;

use crate::game::{PlayerId, RawObservation, Target, UnitTag, UnitTypeId, UpgradeId};
use crate::sim::Sim;
use crate::sim::testing::{game, order, run_until, spawn, unit_of};
use crate::sim::unit::{Unit, UnitRef};

/// What a player sees now.
fn look(sim: &mut Sim, player: u8) -> RawObservation {
    let mut obs = RawObservation::default();
    sim.observe_into(PlayerId(player), &mut obs);
    obs
}

fn lives(sim: &Sim, tag: UnitTag) -> bool {
    sim.state().get(UnitRef::of_tag(tag)).is_some()
}

fn life(sim: &Sim, tag: UnitTag) -> f32 {
    unit_of(sim, tag).life
}

fn edit(sim: &mut Sim, tag: UnitTag) -> &mut Unit {
    sim.state_mut()
        .get_mut(UnitRef::of_tag(tag))
        .expect("it lives")
}

/// Gives player 1 upgrades, by ascending id.
fn grant(sim: &mut Sim, upgrades: &[UpgradeId]) {
    sim.state_mut().players[0].upgrades = upgrades.to_vec();
    crate::sim::upgrades::refresh_player(sim.state_mut(), 0);
}

/// A unit of player 2 that does not shoot back.
fn victim(sim: &mut Sim, id: UnitTypeId, x: f32, y: f32) -> UnitTag {
    let tag = spawn(sim, 2, id, x, y);
    edit(sim, tag).arms.quiet_until = u32::MAX;
    tag
}

/// What the first hit of `by` takes, with the attacker's and the victim's upgrades.
fn first_hit(ups: [&[UpgradeId]; 2], by: UnitTypeId, on: UnitTypeId) -> f32 {
    let mut sim = game(97);
    for (p, ups) in ups.into_iter().enumerate() {
        sim.state_mut().players[p].upgrades = ups.to_vec();
    }
    let by = spawn(&mut sim, 1, by, 40.0, 40.0);
    let on = victim(&mut sim, on, 42.5, 40.0);
    for p in 0..2 {
        crate::sim::upgrades::refresh_player(sim.state_mut(), p);
    }
    let full = life(&sim, on);
    order(&mut sim, &[by], 3674, Target::Unit(on));
    run_until(&mut sim, 90, |s| life(s, on) < full);
    full - life(&sim, on)
}
