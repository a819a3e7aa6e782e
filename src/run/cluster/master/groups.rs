//! Which learners train which player together (SCC App. B: several trainers an agent). A pure state machine: what time it is
//! is told, so that tests decide.
//!
//! A learner asks for a seat until it gets one. A group forms of all who wait for a player once nobody trains it, and is
//! never changed: who joins later, or is lost, makes everybody leave and a new group form, of the next generation. Whoever
//! has made the most updates is the first, from whom the others take their state.

use crate::league::PlayerId;
use crate::run::cluster::messages::Held;
use std::collections::{BTreeMap, BTreeSet};

/// When groups form and fall apart; seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GroupRules {
    /// A learner that says nothing for so long is lost.
    pub silent: f64,
    /// A group waits so long for more members.
    pub settle: f64,
    /// A group whose first opens no meeting place within this forms anew.
    pub forming_max: f64,
    /// Learners a player.
    pub members_max: usize,
}

/// A player that trains, and how often it was reset.
pub type Trains = (PlayerId, u32);

/// What a learner that looks for a seat is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Ask again soon.
    Wait,
    Seat {
        player: PlayerId,
        generation: u64,
        rank: usize,
        size: usize,
        /// None for the first, who is to open a meeting place.
        address: Option<String>,
    },
}

#[derive(Clone, Debug)]
struct Learner {
    seen: f64,
    player: Option<PlayerId>,
    /// Since when it waits for a seat, and the updates behind its state.
    waits: Option<(f64, u64)>,
}

#[derive(Clone, Debug, Default)]
struct Group {
    /// By rank.
    members: Vec<String>,
    /// Those who have been told of their seat and have not left.
    present: BTreeSet<String>,
    address: Option<String>,
    formed: f64,
}

/// See the module.
#[derive(Debug)]
pub struct Groups {
    rules: GroupRules,
    trains: BTreeMap<PlayerId, u32>,
    learners: BTreeMap<String, Learner>,
    groups: BTreeMap<PlayerId, Group>,
    /// Of the group formed last; never the same again, over all players.
    generation: u64,
    generations: BTreeMap<PlayerId, u64>,
}

impl Groups {
    /// Generations go on from `generation`: those of an earlier master are not given again.
    pub fn new(rules: GroupRules, generation: u64) -> Groups {
        Groups {
            rules,
            trains: BTreeMap::new(),
            learners: BTreeMap::new(),
            groups: BTreeMap::new(),
            generation,
            generations: BTreeMap::new(),
        }
    }

    /// Who trains from now on. Whose player is not among them gets another when it asks.
    pub fn set_players(&mut self, trains: impl IntoIterator<Item = Trains>) {
        self.trains = trains.into_iter().collect();
        let trains = &self.trains;
        self.groups.retain(|player, _| trains.contains_key(player));
        for learner in self.learners.values_mut() {
            learner.player = learner.player.filter(|p| trains.contains_key(p));
        }
    }

    /// A sign of life.
    pub fn heard(&mut self, learner: &str, now: f64) {
        if let Some(known) = self.learners.get_mut(learner) {
            known.seen = now;
        }
    }

    /// A learner asks for a seat.
    pub fn join(&mut self, learner: &str, holds: Option<Held>, now: f64) -> Place {
        self.forget_silent(now);
        let known = self.learners.entry(learner.to_owned()).or_insert(Learner {
            seen: now,
            player: None,
            waits: None,
        });
        known.seen = now;
        let player = known.player;
        if let Some(place) = player.and_then(|p| self.told(learner, p, now)) {
            return place;
        }
        let Some(player) = self.choose(learner, holds) else {
            return Place::Wait;
        };
        let of_use =
            holds.filter(|h| h.player == player && self.trains.get(&player) == Some(&h.resets));
        let updates = of_use.map_or(0, |h| h.updates);
        if let Some(known) = self.learners.get_mut(learner) {
            let since = known.waits.map_or(now, |(since, _)| since);
            known.player = Some(player);
            known.waits = Some((since, updates));
        }
        self.form(player, now);
        self.told(learner, player, now).unwrap_or(Place::Wait)
    }

    /// The learner's seat in a group that has formed and that it has not been told of yet.
    fn told(&mut self, learner: &str, player: PlayerId, now: f64) -> Option<Place> {
        let generation = *self.generations.get(&player)?;
        let first_is_gone = {
            let first = self.groups.get(&player)?.members.first()?;
            !self.learners.contains_key(first)
        };
        let group = self.groups.get_mut(&player)?;
        let rank = group.members.iter().position(|m| m == learner)?;
        if group.present.remove(learner) {
            // It has been told before: it has left, or the answer was lost. The group is of no more use to it.
            group.members[rank].clear();
            return None;
        }
        let never_opened = group.address.is_none() && now - group.formed > self.rules.forming_max;
        if rank > 0 && (first_is_gone || never_opened) {
            self.groups.remove(&player);
            return None;
        }
        if rank > 0 && group.address.is_none() {
            return Some(Place::Wait);
        }
        group.present.insert(learner.to_owned());
        let place = Place::Seat {
            player,
            generation,
            rank,
            size: group.members.len(),
            address: (rank > 0).then(|| group.address.clone()).flatten(),
        };
        if let Some(known) = self.learners.get_mut(learner) {
            known.waits = None;
        }
        Some(place)
    }

    /// The player that a learner is for: the one whose state it holds, unless another has nobody and this one has others;
    /// else the one with the fewest.
    fn choose(&self, learner: &str, holds: Option<Held>) -> Option<PlayerId> {
        let mut counts: BTreeMap<PlayerId, usize> = self.trains.keys().map(|p| (*p, 0)).collect();
        for (name, other) in &self.learners {
            if let Some(count) = other.player.and_then(|p| counts.get_mut(&p))
                && name != learner
            {
                *count += 1;
            }
        }
        let before = self.learners.get(learner).and_then(|l| l.player);
        let own = holds.map(|h| h.player).or(before);
        let own = own.filter(|p| counts.contains_key(p));
        let somebody_has_none = counts.iter().any(|(p, n)| *n == 0 && Some(*p) != own);
        if let Some(own) = own
            && counts[&own] < self.rules.members_max
            && !(somebody_has_none && counts[&own] > 0)
        {
            return Some(own);
        }
        let free = counts
            .into_iter()
            .filter(|(_, n)| *n < self.rules.members_max);
        free.min_by_key(|(p, n)| (*n, *p)).map(|(p, _)| p)
    }

    /// Makes a group of all who wait for a player, if nobody trains it and they have waited long enough.
    fn form(&mut self, player: PlayerId, now: f64) {
        if let Some(group) = self.groups.get(&player) {
            let forming = group.members.iter().any(|m| {
                let waits = |l: &Learner| l.player == Some(player) && l.waits.is_some();
                self.learners.get(m).is_some_and(waits)
            }) && group.address.is_none();
            if !group.present.is_empty() || forming {
                return;
            }
        }
        let mut waiting: Vec<(u64, f64, String)> = Vec::new();
        for (name, l) in &self.learners {
            if let (Some((since, updates)), true) = (l.waits, l.player == Some(player)) {
                waiting.push((updates, since, name.clone()));
            }
        }
        let first = waiting.iter().map(|w| w.1).fold(f64::INFINITY, f64::min);
        if now - first < self.rules.settle {
            return;
        }
        waiting.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)));
        waiting.truncate(self.rules.members_max);
        self.generation += 1;
        self.generations.insert(player, self.generation);
        let group = Group {
            members: waiting.into_iter().map(|w| w.2).collect(),
            formed: now,
            ..Group::default()
        };
        self.groups.insert(player, group);
    }

    /// The first of a group tells where it is met; whether there still is such a group.
    pub fn rendezvous(
        &mut self,
        learner: &str,
        player: PlayerId,
        generation: u64,
        at: &str,
    ) -> bool {
        let is_latest = self.generations.get(&player) == Some(&generation);
        match self.groups.get_mut(&player) {
            Some(group) if is_latest && group.members.first().is_some_and(|m| m == learner) => {
                group.address = Some(at.to_owned());
                true
            }
            _ => false,
        }
    }

    /// Whether a group is to leave: it is none of ours, it has lost one, somebody waits to join it, or one of it is needed elsewhere.
    pub fn is_to_leave(&mut self, player: PlayerId, generation: u64, now: f64) -> bool {
        self.forget_silent(now);
        let Some(group) = self.groups.get(&player) else {
            return true;
        };
        if self.generations.get(&player) != Some(&generation) {
            return true;
        }
        // Cut off from the master, perhaps from nobody else: it gets no games, and the others wait for it.
        if group.members.iter().any(String::is_empty) {
            return true;
        }
        let waits = |l: &Learner| l.player == Some(player) && l.waits.is_some();
        if group.members.len() < self.rules.members_max && self.learners.values().any(waits) {
            return true;
        }
        let has_nobody = |p: &PlayerId| !self.learners.values().any(|l| l.player == Some(*p));
        group.members.len() > 1 && self.trains.keys().any(has_nobody)
    }

    /// Players that are trained now.
    pub fn trained(&mut self, now: f64) -> BTreeSet<PlayerId> {
        self.forget_silent(now);
        let groups = self.groups.iter();
        groups
            .filter(|(_, g)| !g.present.is_empty())
            .map(|(p, _)| *p)
            .collect()
    }

    /// Members of each player's group, by rank; empty names have left.
    pub fn members(&self) -> impl Iterator<Item = (PlayerId, &[String])> {
        self.groups.iter().map(|(p, g)| (*p, g.members.as_slice()))
    }

    fn forget_silent(&mut self, now: f64) {
        let silent = self.rules.silent;
        self.learners.retain(|_, l| now - l.seen <= silent);
        for group in self.groups.values_mut() {
            let learners = &self.learners;
            group.present.retain(|m| learners.contains_key(m));
            // Who comes back is seated anew: nobody draws games for a group that nobody is present in.
            let gone = group.members.iter_mut();
            gone.filter(|m| !learners.contains_key(*m))
                .for_each(String::clear);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: GroupRules = GroupRules {
        silent: 5.0,
        settle: 1.0,
        forming_max: 10.0,
        members_max: 2,
    };
    const A: PlayerId = PlayerId(1);
    const B: PlayerId = PlayerId(2);

    fn groups(players: &[PlayerId]) -> Groups {
        let mut groups = Groups::new(RULES, 0);
        groups.set_players(players.iter().map(|p| (*p, 0)));
        groups
    }

    fn seat(place: Place) -> (PlayerId, u64, usize, usize, Option<String>) {
        match place {
            Place::Seat {
                player,
                generation,
                rank,
                size,
                address,
            } => (player, generation, rank, size, address),
            Place::Wait => panic!("no seat"),
        }
    }

    fn held(player: PlayerId, updates: u64) -> Option<Held> {
        Some(Held {
            player,
            resets: 0,
            updates,
        })
    }

    /// Two learners of one player, seated at time 2.
    fn pair() -> Groups {
        let mut g = groups(&[A]);
        assert_eq!(g.join("x", None, 0.0), Place::Wait);
        assert_eq!(g.join("y", None, 0.5), Place::Wait);
        assert_eq!(seat(g.join("x", None, 2.0)), (A, 1, 0, 2, None));
        assert_eq!(g.join("y", None, 2.0), Place::Wait, "x has not opened yet");
        assert!(g.rendezvous("x", A, 1, "h:1"));
        assert!(!g.rendezvous("y", A, 1, "h:2"), "only the first opens");
        assert_eq!(
            seat(g.join("y", None, 2.1)),
            (A, 1, 1, 2, Some("h:1".into()))
        );
        g
    }

    #[test]
    fn who_waits_long_enough_forms_a_group() {
        let mut g = pair();
        assert_eq!(g.trained(2.2), [A].into());
        assert!(!g.is_to_leave(A, 1, 2.2));
        assert!(g.is_to_leave(A, 0, 2.2), "an older generation");
    }

    #[test]
    fn learners_are_spread_over_the_players() {
        let mut g = groups(&[A, B]);
        for (name, now) in [("x", 0.0), ("y", 0.1), ("z", 0.2)] {
            g.join(name, None, now);
        }
        let places: Vec<PlayerId> = ["x", "y"].map(|n| seat(g.join(n, None, 2.0)).0).to_vec();
        assert_eq!(places, [A, B]);
    }

    #[test]
    fn a_lost_member_makes_the_rest_form_anew_and_the_most_advanced_leads() {
        let mut g = pair();
        // y is killed: x fails, and comes back. y is believed alive until it was silent long enough.
        g.heard("x", 6.0);
        assert_eq!(g.join("x", held(A, 7), 6.5), Place::Wait);
        g.heard("x", 7.2);
        assert_eq!(seat(g.join("x", held(A, 7), 7.6)), (A, 2, 0, 1, None));
        // y is started again under another name: everybody leaves, and x, who has the state, leads.
        assert_eq!(g.join("y2", None, 8.0), Place::Wait);
        assert!(g.is_to_leave(A, 2, 8.5));
        assert_eq!(g.join("x", held(A, 9), 8.6), Place::Wait);
        assert_eq!(g.join("y2", None, 9.0), Place::Wait);
        assert_eq!(g.join("y2", None, 9.7), Place::Wait, "x opens");
        assert_eq!(seat(g.join("x", held(A, 9), 9.8)), (A, 3, 0, 2, None));
        assert!(g.rendezvous("x", A, 3, "h:3"));
        assert_eq!(seat(g.join("y2", None, 9.9)).2, 1);
    }

    #[test]
    fn a_first_that_dies_before_it_opens_is_replaced() {
        let mut g = groups(&[A]);
        g.join("x", None, 0.0);
        g.join("y", None, 0.0);
        assert_eq!(seat(g.join("x", None, 1.5)).2, 0);
        for t in [2.0, 3.0, 4.0, 5.0, 6.0, 6.4] {
            assert_eq!(g.join("y", None, t), Place::Wait);
        }
        assert_eq!(
            seat(g.join("y", None, 6.6)),
            (A, 2, 0, 1, None),
            "x was last heard at 1.5"
        );
    }

    #[test]
    fn a_player_without_a_learner_gets_one_of_a_pair() {
        let mut g = pair();
        g.set_players([(A, 0), (B, 0)]);
        assert!(g.is_to_leave(A, 1, 3.0));
        assert_eq!(g.join("y", held(A, 3), 3.0), Place::Wait);
        assert_eq!(g.join("x", held(A, 3), 3.1), Place::Wait);
        assert_eq!(seat(g.join("y", held(A, 3), 4.5)).0, B);
        assert_eq!(seat(g.join("x", held(A, 3), 4.5)).0, A);
        assert!(!g.is_to_leave(A, 3, 4.6) && !g.is_to_leave(B, 2, 4.6));
    }

    #[test]
    fn state_from_before_a_reset_does_not_lead() {
        let mut g = groups(&[A]);
        g.set_players([(A, 1)]);
        g.join("old", held(A, 100), 0.0);
        let now = Some(Held {
            resets: 1,
            ..held(A, 3).expect("held")
        });
        g.join("new", now, 0.0);
        assert_eq!(seat(g.join("new", now, 1.5)).2, 0);
    }

    #[test]
    fn a_group_leaves_for_a_member_that_is_or_was_silent() {
        let mut g = pair();
        g.heard("x", 7.0);
        assert!(!g.is_to_leave(A, 1, 7.0));
        // y was last heard at 2.1; c10d may well stand.
        assert!(g.is_to_leave(A, 1, 7.2));
        // The only learner of a player, cut off for a while: nobody draws games for it until it is seated anew.
        let mut g = groups(&[A]);
        g.join("x", None, 0.0);
        assert_eq!(seat(g.join("x", None, 1.5)).1, 1);
        assert!(g.trained(9.0).is_empty());
        g.heard("x", 9.1);
        assert!(g.is_to_leave(A, 1, 9.2));
        assert_eq!(g.join("x", held(A, 3), 9.3), Place::Wait);
        assert_eq!(seat(g.join("x", held(A, 3), 10.4)).1, 2);
        assert_eq!(g.trained(10.5), [A].into());
        assert!(!g.is_to_leave(A, 2, 10.6));
    }

    #[test]
    fn more_learners_than_a_player_can_have_wait() {
        let mut g = pair();
        assert_eq!(g.join("z", None, 3.0), Place::Wait);
        assert!(!g.is_to_leave(A, 1, 3.5), "there is no room for z");
    }

    #[test]
    fn whoever_trains_a_stopped_player_leaves() {
        let mut g = pair();
        g.set_players([(B, 0)]);
        assert!(g.is_to_leave(A, 1, 3.0));
        g.join("x", held(A, 3), 3.0);
        assert_eq!(seat(g.join("x", held(A, 3), 4.5)).0, B);
    }
}
