//! The legal masks: pure functions of an encoded [`Observation`], so that acting and training ask the same question.
//!
//! Function: some own unit can carry it out, and the player can pay, has the supply, the structures and the upgrades.
//! Selected units: those who can carry out the function. Target unit: those it accepts. What only the game can know
//! (cooldowns, placement, range, hidden units) is not in the masks.

use super::functions::{Function, FunctionKind, Gate, Offer, function, table};
use super::rules::TargetRule;
use crate::obs::{Facts, Observation, UnitRow, vocab};

/// Fills `obs.legal_functions`.
pub fn fill_legal_functions(obs: &mut Observation) {
    let t = table();
    let mut legal = std::mem::take(&mut obs.legal_functions);
    legal.clear();
    legal.resize(t.functions.len().div_ceil(64), 0);
    legal[0] = 1;
    let open: Vec<bool> = t.gates.iter().map(|g| gate_open(g, &obs.facts)).collect();
    let mut last = UnitRow::default();
    for row in &obs.units[0] {
        let state = |r: &UnitRow| (r.type_idx, r.flags, r.energy, r.tag.is_some());
        if state(row) == state(&last) {
            continue; // Workers in a mineral line all say the same.
        }
        last = *row;
        for o in &t.of_type[usize::from(row.type_idx).min(t.of_type.len() - 1)] {
            let can = row.flags & o.need == o.need
                && row.flags & o.forbid == 0
                && row.energy >= o.energy
                && row.tag.is_some();
            if can && open[usize::from(o.gate)] {
                legal[usize::from(o.function) / 64] |= 1 << (o.function % 64);
            }
        }
    }
    for (f, function) in t.functions.iter().enumerate() {
        let (word, bit) = (f / 64, 1u64 << (f % 64));
        if function.kind == FunctionKind::Unit
            && legal[word] & bit != 0
            && !any_target(function, obs)
        {
            legal[word] &= !bit;
        }
    }
    obs.legal_functions = legal;
}

/// `[N_mine]` into `out`: 1 = the unit can carry out the function now. All 0 for no-op and unknown functions.
pub fn selectable(obs: &Observation, function_idx: u16, out: &mut Vec<u8>) {
    out.clear();
    out.resize(obs.units[0].len(), 0);
    let Some(f) = function(function_idx) else {
        return;
    };
    let t = table();
    for (slot, row) in out.iter_mut().zip(&obs.units[0]) {
        let fits = |o: &&Offer| o.type_idx == row.type_idx && unit_can(o, row);
        let mut offers = f.offers.iter().filter(fits);
        *slot = u8::from(offers.any(|o| gate_open(&t.gates[usize::from(o.gate)], &obs.facts)));
    }
}

/// `[N_mine + N_enemy + N_neutral]` into `out`: 1 = the function accepts the unit as target. All 0 unless the function
/// takes a target unit.
pub fn targetable(obs: &Observation, function_idx: u16, out: &mut Vec<u8>) {
    out.clear();
    out.resize(obs.n_units(), 0);
    let Some(f) = function(function_idx).filter(|f| f.kind == FunctionKind::Unit) else {
        return;
    };
    let rows = obs
        .units
        .iter()
        .enumerate()
        .flat_map(|(g, rows)| rows.iter().map(move |r| (g, r)));
    for (slot, (group, row)) in out.iter_mut().zip(rows) {
        *slot = u8::from(accepts(f, group, row));
    }
}

fn any_target(f: &Function, obs: &Observation) -> bool {
    (0..3).any(|g| {
        f.targets.iter().any(|rule| rule.groups >> g & 1 == 1)
            && obs.units[g].iter().any(|row| accepts(f, g, row))
    })
}

fn accepts(f: &Function, group: usize, row: &UnitRow) -> bool {
    row.tag.is_some() && f.targets.iter().any(|rule| rule_holds(rule, group, row))
}

fn rule_holds(rule: &TargetRule, group: usize, row: &UnitRow) -> bool {
    if rule.groups >> group & 1 == 0
        || row.flags & rule.need != rule.need
        || row.flags & rule.forbid != 0
    {
        return false;
    }
    let t = vocab().type_row(row.type_idx);
    t.kinds & rule.no_kind == 0
        && (rule.any_kind == 0 || t.kinds & rule.any_kind != 0)
        && (!rule.cargo || t.cargo_size > 0)
        && (rule.types.is_empty() || rule.types.contains(&t.id))
}

fn unit_can(offer: &Offer, row: &UnitRow) -> bool {
    row.flags & offer.need == offer.need
        && row.flags & offer.forbid == 0
        && row.energy >= offer.energy
        && row.tag.is_some()
}

fn gate_open(gate: &Gate, facts: &Facts) -> bool {
    let p = &facts.player;
    p.minerals >= gate.minerals
        && p.vespene >= gate.vespene
        && (gate.supply == 0.0 || p.food_used as f32 + gate.supply <= p.food_cap as f32)
        && facts.upgrades & gate.upgrades == gate.upgrades
        && (facts.upgrades | facts.researching) & gate.not_upgrades == 0
        && gate
            .structures
            .iter()
            .all(|any_of| any_of.iter().zip(&facts.finished).any(|(a, b)| a & b != 0))
}
