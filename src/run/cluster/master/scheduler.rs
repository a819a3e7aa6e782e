//! Which predictors answer for which players, by how much these are asked (SCC App. B: Scheduler), and how many predictors
//! and actors there should be. Pure functions.

use crate::run::cluster::messages::ServeMessage;
use std::collections::{BTreeMap, BTreeSet};

/// Whom a predictor answers for.
pub type Plan = BTreeMap<String, BTreeSet<ServeMessage>>;

/// Shares the players out among the predictors: everybody is answered for by at least one, a player that is asked more than
/// a predictor's fair share by several, and who answers already goes on as long as that is no worse.
///
/// `demand`: questions a second by player; `now`: whom the predictors that live answer for.
pub fn assign(demand: &BTreeMap<ServeMessage, f64>, now: &Plan) -> Plan {
    let mut plan: Plan = now.keys().map(|id| (id.clone(), BTreeSet::new())).collect();
    if plan.is_empty() || demand.is_empty() {
        return plan;
    }
    // Somebody new has not been asked yet, and will be.
    let of = |asked: f64| asked.max(1.0);
    let fair = demand.values().copied().map(of).sum::<f64>() / plan.len() as f64;
    let mut players: Vec<(&ServeMessage, f64)> = demand.iter().map(|(p, d)| (p, of(*d))).collect();
    players.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
    let mut load: BTreeMap<&str, f64> = now.keys().map(|id| (id.as_str(), 0.0)).collect();
    for (player, asked) in players {
        // A hair less than a whole share more does not ask for one more predictor.
        let several = (asked / fair - 0.25).ceil().max(1.0) as usize;
        let n = several.min(now.len());
        let share = asked / n as f64;
        for _ in 0..n {
            let free = now.keys().filter(|id| !plan[*id].contains(player));
            // Who answers already may have a tenth of a fair share more than others.
            let cost = |id: &&String| {
                let stays = now[*id].contains(player);
                load[id.as_str()] - if stays { 0.1 * fair } else { 0.0 }
            };
            let Some(id) = free.min_by(|a, b| cost(a).total_cmp(&cost(b)).then(a.cmp(b))) else {
                break;
            };
            *load.entry(id).or_default() += share;
            plan.entry(id.clone()).or_default().insert(player.clone());
        }
    }
    plan
}

/// How many processes there should be: as many as bring their mean load (share of the time that they work) to `load`, within
/// `min..=max`. One more or less than there are is left alone within a tenth of the load, so that nobody comes and goes.
pub fn wanted(n: usize, mean_load: f64, load: f64, min: usize, max: usize) -> usize {
    let exact = n as f64 * mean_load / load.max(1e-6);
    let near = (mean_load - load).abs() <= 0.1 * load;
    let wanted = if near { n } else { exact.ceil() as usize };
    wanted.clamp(min, max.max(min))
}

/// How many actors there should be: more where learners wait for games for `waits` of their time, fewer where `dropped` of the
/// games are learned from by nobody.
pub fn wanted_actors(n: usize, waits: f64, dropped: f64, min: usize, max: usize) -> usize {
    // A learner that never waits has games lying about that grow old.
    const WAITS_LEAST: f64 = 0.1;
    let exact = if dropped > WAITS_LEAST {
        n as f64 * (1.0 - dropped)
    } else if waits > WAITS_LEAST {
        n as f64 * (1.0 - WAITS_LEAST) / (1.0 - waits).max(0.1)
    } else {
        n as f64
    };
    // Less than a hundredth of an actor is rounding.
    ((exact - 0.01).ceil() as usize).clamp(min, max.max(min))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn player(name: &str) -> ServeMessage {
        ServeMessage {
            name: name.to_owned(),
            path: None,
        }
    }

    fn demand(list: &[(&str, f64)]) -> BTreeMap<ServeMessage, f64> {
        list.iter().map(|(n, d)| (player(n), *d)).collect()
    }

    fn idle(ids: &[&str]) -> Plan {
        ids.iter()
            .map(|id| ((*id).to_owned(), BTreeSet::new()))
            .collect()
    }

    fn load(plan: &Plan, demand: &BTreeMap<ServeMessage, f64>) -> BTreeMap<String, f64> {
        let answer = |p: &ServeMessage| plan.values().filter(|s| s.contains(p)).count() as f64;
        plan.iter()
            .map(|(id, s)| {
                (
                    id.clone(),
                    s.iter().map(|p| demand[p].max(1.0) / answer(p)).sum(),
                )
            })
            .collect()
    }

    #[test]
    fn everybody_is_answered_for_and_the_load_is_even() {
        let demand = demand(&[
            ("a", 400.0),
            ("b", 100.0),
            ("c", 100.0),
            ("d", 0.0),
            ("e", 0.0),
        ]);
        let plan = assign(&demand, &idle(&["p", "q", "r"]));
        for p in demand.keys() {
            assert!(plan.values().any(|s| s.contains(p)), "{p:?}");
        }
        assert!(plan.values().filter(|s| s.contains(&player("a"))).count() >= 2);
        let load = load(&plan, &demand);
        assert!(
            load.values().all(|l| (130.0..270.0).contains(l)),
            "{load:?}"
        );
    }

    #[test]
    fn a_plan_stays_while_demand_does_and_a_lost_predictor_is_replaced() {
        let demand = demand(&[("a", 100.0), ("b", 90.0), ("c", 80.0), ("d", 70.0)]);
        let first = assign(&demand, &idle(&["p", "q"]));
        assert_eq!(assign(&demand, &first), first);
        let mut left = first.clone();
        left.remove("p");
        let alone = assign(&demand, &left);
        assert_eq!(alone["q"].len(), 4);
        let mut back = alone;
        back.insert("s".to_owned(), BTreeSet::new());
        let again = assign(&demand, &back);
        assert_eq!((again["q"].len(), again["s"].len()), (2, 2));
    }

    #[test]
    fn without_predictors_or_players_there_is_nothing_to_plan() {
        assert!(assign(&demand(&[("a", 1.0)]), &Plan::new()).is_empty());
        assert_eq!(assign(&demand(&[]), &idle(&["p"])), idle(&["p"]));
    }

    #[test]
    fn as_many_are_wanted_as_the_load_asks_for_within_bounds() {
        assert_eq!(wanted(2, 0.95, 0.7, 1, 8), 3);
        assert_eq!(wanted(4, 0.2, 0.7, 1, 8), 2);
        assert_eq!(wanted(4, 0.72, 0.7, 1, 8), 4, "near enough");
        assert_eq!(wanted(8, 1.0, 0.5, 1, 8), 8);
        assert_eq!(wanted(1, 0.0, 0.7, 1, 8), 1);
        assert_eq!(wanted(0, 0.0, 0.7, 2, 8), 2);
    }

    #[test]
    fn actors_follow_what_learners_can_use() {
        assert_eq!(wanted_actors(8, 0.05, 0.0, 1, 100), 8);
        assert_eq!(
            wanted_actors(8, 0.55, 0.0, 1, 100),
            16,
            "learners wait more than half of the time"
        );
        assert_eq!(wanted_actors(8, 0.0, 0.5, 1, 100), 4);
        assert_eq!(wanted_actors(8, 1.0, 0.0, 1, 20), 20);
        assert_eq!(wanted_actors(0, 1.0, 0.0, 2, 20), 2);
    }
}
