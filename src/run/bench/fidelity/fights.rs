//! Army value lost a second in mirrored fights, against what the damage figures say.
//!
//! Ten against ten of a kind stand in two lines, all in range. Each attacker is due half an attack at the first hit (the first
//! volley comes at once, the next a cooldown later, the last may just have been missed) and one a cooldown until it dies
//! or the fight is half over; each hit takes what the table says from a life that is worth the unit's price; of the last
//! hit on each victim half is wasted. The simulator's own difference to that: targets are chosen anew after a kill (up to 8
//! loops), missiles fly, and a volley may kill twice. Hence 10%. Kinds with splash, and those of which the game reports no
//! weapon, are left out.

use super::super::{BenchError, Figures};
use super::ground::{Ground, SITE, get};
use super::{Line, unexpected};
use crate::game::data::{self, UnitData, WeaponTarget, unit_ids as u};
use crate::game::{LOOPS_PER_SECOND, Point, Seed, UnitTag, UnitTypeId};

const KINDS: [UnitTypeId; 7] = [
    u::MARINE,
    u::MARAUDER,
    u::REAPER,
    u::GHOST,
    u::CYCLONE,
    u::SIEGE_TANK,
    u::VIKING_FIGHTER,
];
const SIDE: usize = 10;
const TOLERANCE: f64 = 0.1;
const LIMIT: u32 = 2000;
/// Share of its range at which the two lines stand.
const APART: f32 = 0.6;

/// `fight.NAME`: minerals and vespene lost a second by both sides, from the first hit until half is lost.
pub(super) fn all(figures: &mut Figures, seed: Seed) -> Result<(), BenchError> {
    for kind in KINDS {
        let row = data::unit(kind).ok_or_else(|| unexpected("a unit type"))?;
        let (sim, expected) = fight(row, seed)?;
        Line {
            name: format!("fight.{}", row.name),
            unit: "a second",
            n: 2 * SIDE,
            sim,
            real: expected,
            standard_error: 0.0,
            allowed: TOLERANCE * expected,
            known: None,
        }
        .add_to(figures);
    }
    Ok(())
}

/// What one attack takes from a unit of the same kind, and the loops between two.
fn blow(row: &UnitData) -> Option<(f64, f64)> {
    let hits = |target| match target {
        WeaponTarget::Both => true,
        WeaponTarget::Air => row.is_flying,
        WeaponTarget::Ground => !row.is_flying,
    };
    let weapon = row.weapons.iter().find(|weapon| hits(weapon.target))?;
    let bonus = weapon
        .bonus
        .iter()
        .filter(|b| row.attributes.has(b.attribute));
    let damage = weapon.damage + bonus.map(|b| b.damage).sum::<f32>() - row.armor;
    Some((
        f64::from(damage.max(0.5) * f32::from(weapon.attacks)),
        f64::from(weapon.cooldown_loops),
    ))
}

/// Value lost a second, simulated and expected.
fn fight(row: &UnitData, seed: Seed) -> Result<(f64, f64), BenchError> {
    let (damage, cooldown) = blow(row).ok_or_else(|| unexpected("a weapon"))?;
    let (mut ground, fighters) = line_up(row, seed)?;
    let (life, worth) = (
        f64::from(row.life),
        f64::from(row.minerals_total + row.vespene_total),
    );
    let total = life * fighters.len() as f64;
    let mut ends: Vec<Option<u32>> = vec![None; fighters.len()];
    let mut first = None;
    for _ in 0..LIMIT {
        ground.sim.step(1);
        let (state, now) = (ground.sim.state(), ground.sim.game_loop());
        let mut left = 0.0;
        for (tag, end) in fighters.iter().zip(&mut ends) {
            match get(state, *tag) {
                Some(it) => left += f64::from(it.life),
                None => *end = end.or(Some(now)),
            }
        }
        if left < total && first.is_none() {
            first = Some(now);
        }
        let Some(first) = first.filter(|_| left <= total / 2.0) else {
            continue;
        };
        let attacks: f64 = (ends.iter())
            .map(|end| 0.5 + f64::from(end.unwrap_or(now) - first) / cooldown)
            .sum();
        let kills = ends.iter().flatten().count() as f64;
        let expected = damage * (attacks - kills * 0.5);
        let seconds = f64::from(now - first) / LOOPS_PER_SECOND;
        let a_second = |lost: f64| lost / life * worth / seconds.max(1e-3);
        return Ok((a_second(total - left), a_second(expected)));
    }
    Err(unexpected("a fight to its half"))
}

fn line_up(row: &UnitData, seed: Seed) -> Result<(Ground, Vec<UnitTag>), BenchError> {
    let mut ground = Ground::new(&[[7.0, 0.0]], &[], seed)?;
    let range = row
        .weapons
        .iter()
        .map(|weapon| weapon.range)
        .fold(f32::MAX, f32::min);
    let apart = row.radius + APART * range / 2.0;
    let mut fighters = Vec::new();
    for owner in 0..2 {
        let x = if owner == 0 { -apart } else { apart };
        for i in 0..SIDE {
            let y = (i as f32 - 4.5) * (2.0 * row.radius + 0.1);
            fighters.push(ground.put_for(owner, row.id, SITE + Point::new(x, y))?);
        }
    }
    Ok((ground, fighters))
}
