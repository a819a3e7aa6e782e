//! The books: who made, spent, killed and lost what. Feeds the API's `ScoreDetails`.

use super::stalemate;
use super::state::State;
use super::unit::UnitRef;
use crate::game::UnitTypeId;
use crate::game::data::{UnitData, unit_ids as u};
use crate::game::raw_obs::CategoryScore;

/// Span of the collection rates, and the factor that makes them a minute's: both read off a recorded run of the real
/// game, whose rates are whole loads times 5.59375.
const RATE_LOOPS: u32 = 240;
const RATE_FACTOR: f32 = 5.593_75;
/// Loops per bucket of the income window.
const BUCKET_LOOPS: u32 = 4;
const BUCKETS: usize = (RATE_LOOPS / BUCKET_LOOPS) as usize;

/// Credits of the last 240 loops, in buckets.
#[derive(Clone)]
pub struct IncomeWindow {
    buckets: [(u16, u16); BUCKETS],
    /// Bucket number (not index) of the newest.
    newest: u32,
}

impl Default for IncomeWindow {
    fn default() -> IncomeWindow {
        IncomeWindow {
            buckets: [(0, 0); BUCKETS],
            newest: 0,
        }
    }
}

impl IncomeWindow {
    fn roll(&mut self, game_loop: u32) {
        let bucket = game_loop / BUCKET_LOOPS;
        // More than a whole window without income: one turn clears it.
        self.newest = self.newest.max(bucket.saturating_sub(BUCKETS as u32));
        while self.newest < bucket {
            self.newest += 1;
            self.buckets[self.newest as usize % BUCKETS] = (0, 0);
        }
    }

    pub fn add(&mut self, game_loop: u32, minerals: u32, vespene: u32) {
        self.roll(game_loop);
        let bucket = &mut self.buckets[self.newest as usize % BUCKETS];
        bucket.0 += minerals as u16;
        bucket.1 += vespene as u16;
    }

    /// Minerals and vespene a minute of speed Faster.
    pub fn rates(&mut self, game_loop: u32) -> (f32, f32) {
        self.roll(game_loop);
        let sum = self.buckets.iter().fold((0u32, 0u32), |s, b| {
            (s.0 + u32::from(b.0), s.1 + u32::from(b.1))
        });
        let rate = |v: u32| (v as f32 * RATE_FACTOR).floor();
        (rate(sum.0), rate(sum.1))
    }
}

/// Which of the API's score categories something counts under.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Category {
    Army,
    Economy,
    Technology,
    Upgrade,
}

/// Economy: workers, town halls, supply, gas. Technology: production and tech structures. The rest is army.
pub fn category(row: &UnitData) -> Category {
    let economy = row.is_worker
        || row.is_townhall
        || row.needs_geyser
        || matches!(
            row.id,
            u::SUPPLY_DEPOT | u::SUPPLY_DEPOT_LOWERED | u::PYLON | u::OVERLORD | u::MULE
        );
    if economy {
        Category::Economy
    } else if row.is_structure && row.weapons.is_empty() && row.id != u::BUNKER {
        Category::Technology
    } else {
        Category::Army
    }
}

pub(super) fn add(to: &mut CategoryScore, category: Category, amount: f32) {
    match category {
        Category::Army => to.army += amount,
        Category::Economy => to.economy += amount,
        Category::Technology => to.technology += amount,
        Category::Upgrade => to.upgrade += amount,
    }
}

/// Credits what a worker brings home.
pub(super) fn collect(state: &mut State, player: usize, minerals: u32, vespene: u32) {
    let now = state.game_loop;
    let p = &mut state.players[player];
    let permille = p.level.map_or(1000, |l| l.harvest_permille(now));
    // What does not make a whole mineral yet is kept for the next trip.
    let mut credited = [minerals, vespene];
    for (amount, left) in credited.iter_mut().zip(&mut p.bonus_left) {
        *left += *amount * permille;
        *amount = *left / 1000;
        *left %= 1000;
    }
    let [minerals, vespene] = credited;
    p.minerals += minerals;
    p.vespene += vespene;
    p.score.collected_minerals += minerals as f32;
    p.score.collected_vespene += vespene as f32;
    p.income.add(now, minerals, vespene);
    stalemate::progressed(state);
}

/// Takes a price from a player's bank; the caller has checked that it is there.
pub(super) fn spend(state: &mut State, player: usize, minerals: u32, vespene: u32, to: Category) {
    let p = &mut state.players[player];
    p.minerals = p.minerals.saturating_sub(minerals);
    p.vespene = p.vespene.saturating_sub(vespene);
    p.score.spent_minerals += minerals as f32;
    p.score.spent_vespene += vespene as f32;
    let (m, v) = (minerals as f32, vespene as f32);
    add(&mut p.score.used_minerals, to, m);
    add(&mut p.score.used_vespene, to, v);
    add(&mut p.score.total_used_minerals, to, m);
    add(&mut p.score.total_used_vespene, to, v);
}

/// Gives back what was spent, all or in part.
pub(super) fn refund(
    state: &mut State,
    player: usize,
    (minerals, vespene): (u32, u32),
    from: Category,
) {
    let p = &mut state.players[player];
    p.minerals += minerals;
    p.vespene += vespene;
    let (m, v) = (minerals as f32, vespene as f32);
    p.score.spent_minerals -= m;
    p.score.spent_vespene -= v;
    for to in [&mut p.score.used_minerals, &mut p.score.total_used_minerals] {
        add(to, from, -m);
    }
    for to in [&mut p.score.used_vespene, &mut p.score.total_used_vespene] {
        add(to, from, -v);
    }
}

/// What a canceled structure or morph does not pay back is in use no longer.
pub(super) fn write_off(
    state: &mut State,
    player: usize,
    (minerals, vespene): (u32, u32),
    from: Category,
) {
    let s = &mut state.players[player].score;
    add(&mut s.used_minerals, from, -(minerals as f32));
    add(&mut s.used_vespene, from, -(vespene as f32));
}

/// Adds the time since the last call, in seconds at speed Normal, for idle workers and production structures.
pub(super) fn count_idle(state: &mut State, loops: u32) {
    let time = loops as f32 / 16.0;
    let State {
        units,
        order,
        players,
        ..
    } = state;
    for &slot in order.iter() {
        let unit = &units[usize::from(slot)];
        if unit.owner > 1 || !unit.is_done() || !unit.orders.is_empty() || unit.inside {
            continue;
        }
        let score = &mut players[usize::from(unit.owner)].score;
        if unit.data.is_worker {
            score.idle_worker_time += time;
        } else if unit.data.is_structure
            && !unit.flying
            && unit.queue.is_empty()
            && unit.morph.is_none()
            && super::ability::produces(unit.type_id)
        {
            score.idle_production_time += time;
        }
    }
}

/// Sum over the categories.
pub(super) fn total(of: &CategoryScore) -> f32 {
    of.army + of.economy + of.technology + of.upgrade
}

/// Damage done, by life and shields.
pub(super) fn damage(state: &mut State, from: UnitRef, to: UnitRef, life: f32, shields: f32) {
    let dealer = owner_of(state, from);
    let taker = owner_of(state, to);
    if let Some(p) = taker.and_then(|i| state.players.get_mut(i)) {
        p.score.total_damage_taken.life += life;
        p.score.total_damage_taken.shields += shields;
    }
    if let Some(p) = dealer.and_then(|i| state.players.get_mut(i)) {
        p.score.total_damage_dealt.life += life;
        p.score.total_damage_dealt.shields += shields;
    }
}

fn owner_of(state: &State, unit: UnitRef) -> Option<usize> {
    let it = state.units.get(unit.slot())?;
    (unit.is_some() && it.me == unit && it.owner < 2).then_some(usize::from(it.owner))
}

/// What nobody pays for, whatever price the table gives it: MULEs, turrets, charges.
pub(super) fn is_free(id: UnitTypeId) -> bool {
    matches!(id, u::MULE | u::AUTO_TURRET | u::KD8_CHARGE)
}

/// A unit falls to damage: the killer's and the loser's sums.
pub(super) fn killed(state: &mut State, from: UnitRef, to: UnitRef) {
    let killer = owner_of(state, from);
    let Some(loser) = owner_of(state, to) else {
        return;
    };
    let unit = &state.units[to.slot()];
    let (row, done) = (unit.data, unit.is_done());
    let kind = category(row);
    let price = if is_free(row.id) {
        (0, 0)
    } else {
        (row.minerals_total, row.vespene_total)
    };
    let (m, v) = (price.0 as f32, price.1 as f32);
    let structure = row.is_structure;
    if let Some(killer) = killer {
        let s = &mut state.players[killer].score;
        if killer == loser {
            add(&mut s.friendly_fire_minerals, kind, m);
            add(&mut s.friendly_fire_vespene, kind, v);
        } else {
            add(&mut s.killed_minerals, kind, m);
            add(&mut s.killed_vespene, kind, v);
            if structure {
                s.killed_value_structures += m + v;
            } else {
                s.killed_value_units += m + v;
            }
        }
    }
    if structure && killer.is_some_and(|k| k != loser) {
        stalemate::progressed(state);
    }
    let s = &mut state.players[loser].score;
    if done {
        add(&mut s.lost_minerals, kind, m);
        add(&mut s.lost_vespene, kind, v);
    }
    add(&mut s.used_minerals, kind, -m);
    add(&mut s.used_vespene, kind, -v);
}
