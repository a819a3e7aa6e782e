//! What one game is played for, and the rewards that follow from it step by step.

use super::KINDS;
use super::potential::{build_order_potential, unit_counts_potential};
use crate::game::{GameResult, RawObservation, Seed};
use crate::obs::{Conditioning, Space};
use crate::trajectory::{Z, ZLibrary, ZTracker};
use rand::RngExt;
use serde::{Deserialize, Serialize};

/// How often z is played for, and what counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ZOptions {
    /// Share of the games that are rewarded for z's build order, 0 to 1.
    pub build_order_probability: f64,
    /// Share of the games that are rewarded for z's unit counts, 0 to 1; drawn apart from the build order.
    pub unit_counts_probability: f64,
    /// How much a right building in a wrong place costs, 0 (nothing) to 1 (as a wrong building).
    pub place_weight: f32,
}

impl Default for ZOptions {
    /// AlphaStar Methods: each pseudo-reward is active in a quarter of the games.
    fn default() -> ZOptions {
        ZOptions {
            build_order_probability: 0.25,
            unit_counts_probability: 0.25,
            place_weight: 0.5,
        }
    }
}

/// What one game is played for beside winning. Default: nothing.
///
/// A part that is rewarded is shown to the network, and one that is not is not: so the values can tell which rewards to
/// expect. (AlphaStar draws the two apart. Deviation, see docs/DECISIONS.md.)
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ZTask {
    pub z: Option<Z>,
    pub build_order: bool,
    pub unit_counts: bool,
    /// Index of the z in its library, for statistics.
    pub entry: Option<usize>,
}

impl ZTask {
    /// Both parts of one z, always.
    pub fn of(z: Z) -> ZTask {
        ZTask {
            z: Some(z),
            build_order: true,
            unit_counts: true,
            entry: None,
        }
    }

    /// Draws one of the library's entries at `indices` (all fitting ones, a set of one's choice, or one), and which of its
    /// parts count; nothing if there are none, or if chance says so.
    pub fn draw(library: &ZLibrary, indices: &[usize], options: &ZOptions, seed: Seed) -> ZTask {
        let mut rng = seed.fork("z", 0).rng();
        let build_order = rng.random_bool(options.build_order_probability.clamp(0.0, 1.0));
        let unit_counts = rng.random_bool(options.unit_counts_probability.clamp(0.0, 1.0));
        if indices.is_empty() || !(build_order || unit_counts) {
            return ZTask::default();
        }
        let entry = indices[rng.random_range(0..indices.len())];
        let Some(drawn) = library.entries.get(entry) else {
            return ZTask::default();
        };
        ZTask {
            z: Some(drawn.z.clone()),
            build_order,
            unit_counts,
            entry: Some(entry),
        }
    }

    /// The network's inputs that go with it.
    pub fn conditioning(&self, mmr: Option<f32>) -> Conditioning {
        match &self.z {
            Some(z) => z.conditioning(self.build_order, self.unit_counts, mmr),
            None => Conditioning {
                mmr,
                ..Conditioning::default()
            },
        }
    }
}

/// Rewards of one player in one game.
#[derive(Clone, Debug)]
pub struct GameRewards {
    task: ZTask,
    place_weight: f32,
    tracker: ZTracker,
    /// Potentials at the last look; 0 for a part that does not count.
    reached: [f32; 2],
}

impl GameRewards {
    pub fn new(task: ZTask, options: &ZOptions, space: Space) -> GameRewards {
        GameRewards {
            task,
            place_weight: options.place_weight,
            tracker: ZTracker::new(space),
            reached: [0.0; 2],
        }
    }

    /// What was earned since the last look, to be added to the step before it; the first look of a game earns nothing.
    pub fn observe(&mut self, raw: &RawObservation) -> [f32; KINDS.len()] {
        self.tracker.observe(raw);
        let executed = self.tracker.z();
        let now = match &self.task.z {
            None => [0.0; 2],
            Some(z) => {
                let on = |active: bool, p: f32| if active { p } else { 0.0 };
                let build_order = build_order_potential(z, executed, self.place_weight);
                [
                    on(self.task.build_order, build_order),
                    on(self.task.unit_counts, unit_counts_potential(z, executed)),
                ]
            }
        };
        let before = std::mem::replace(&mut self.reached, now);
        [0.0, now[0] - before[0], now[1] - before[1]]
    }

    /// What the end of the game earns: 1 for a win, -1 for a loss, 0 for a tie or a game cut off.
    pub fn finish(&self, result: GameResult) -> [f32; KINDS.len()] {
        let win_loss = match result {
            GameResult::Victory => 1.0,
            GameResult::Defeat => -1.0,
            GameResult::Tie | GameResult::Undecided => 0.0,
        };
        [win_loss, 0.0, 0.0]
    }

    pub fn task(&self) -> &ZTask {
        &self.task
    }

    /// The z executed so far.
    pub fn executed(&self) -> &Z {
        self.tracker.z()
    }

    /// Potentials reached so far: build order, unit counts.
    pub fn reached(&self) -> [f32; 2] {
        self.reached
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::data::unit_ids as u;
    use crate::game::{Alliance, Race, RawUnit};
    use crate::obs::testing::{info, raw, unit};
    use crate::trajectory::ZEntry;

    fn space() -> Space {
        Space::new(&info(Race::Terran, Race::Terran).map, 128)
    }

    /// The own units at four looks: a base, a depot, a barracks, two marines.
    fn looks() -> Vec<RawObservation> {
        let own = |tag: u64, id| unit(tag, id, Alliance::Own, 20.0 + tag as f32, 30.0);
        let mut world: Vec<RawUnit> = vec![own(1, u::COMMAND_CENTER), own(2, u::SCV)];
        let mut looks = vec![raw(world.clone())];
        for more in [
            vec![own(3, u::SUPPLY_DEPOT)],
            vec![own(4, u::BARRACKS)],
            vec![own(5, u::MARINE), own(6, u::MARINE)],
        ] {
            world.extend(more);
            looks.push(raw(world.clone()));
        }
        looks
    }

    fn z_of(looks: &[RawObservation]) -> Z {
        let mut tracker = ZTracker::new(space());
        looks.iter().for_each(|raw| tracker.observe(raw));
        tracker.z().clone()
    }

    fn play(task: ZTask, looks: &[RawObservation]) -> Vec<[f32; 3]> {
        let mut rewards = GameRewards::new(task, &ZOptions::default(), space());
        looks.iter().map(|raw| rewards.observe(raw)).collect()
    }

    #[test]
    fn playing_a_z_again_earns_one_in_each_part() {
        let looks = looks();
        let earned = play(ZTask::of(z_of(&looks)), &looks);
        assert_eq!(earned[0], [0.0; 3]);
        // The build order names four things: depot, barracks, two marines.
        assert_eq!(
            earned[1..].iter().map(|r| r[1]).collect::<Vec<_>>(),
            [0.25, 0.25, 0.5]
        );
        let total: f32 = earned.iter().map(|r| r[2]).sum();
        assert!((total - 1.0).abs() < 1e-6);
        assert!(earned[1..].iter().all(|r| r[2] > 0.0 && r[0] == 0.0));
    }

    #[test]
    fn totals_do_not_depend_on_how_often_one_looks() {
        let looks = looks();
        let task = || ZTask::of(z_of(&looks));
        let sum = |earned: Vec<[f32; 3]>| [1, 2].map(|k| earned.iter().map(|r| r[k]).sum::<f32>());
        let (often, seldom) = (
            sum(play(task(), &looks)),
            sum(play(task(), &[looks[0].clone(), looks[3].clone()])),
        );
        assert!(often.iter().zip(seldom).all(|(a, b)| (a - b).abs() < 1e-6));
    }

    #[test]
    fn parts_that_do_not_count_earn_nothing_and_are_not_shown() {
        let looks = looks();
        let half = ZTask {
            unit_counts: false,
            ..ZTask::of(z_of(&looks))
        };
        assert!(play(half.clone(), &looks).iter().all(|r| r[2] == 0.0));
        let shown = half.conditioning(Some(100.0));
        assert!(shown.has_build_order() && !shown.has_counts());
        assert!(
            play(ZTask::default(), &looks)
                .iter()
                .all(|r| *r == [0.0; 3])
        );
        let shown = ZTask::default().conditioning(None);
        assert!(!shown.has_build_order() && !shown.has_counts());
    }

    #[test]
    fn the_end_is_won_lost_or_neither() {
        let rewards = GameRewards::new(ZTask::default(), &ZOptions::default(), space());
        let of = |result| rewards.finish(result);
        assert_eq!(of(GameResult::Victory), [1.0, 0.0, 0.0]);
        assert_eq!(of(GameResult::Defeat), [-1.0, 0.0, 0.0]);
        assert_eq!(of(GameResult::Tie), [0.0; 3]);
    }

    #[test]
    fn each_part_is_drawn_in_its_share_of_games() {
        let entry = |won| ZEntry {
            z: z_of(&looks()),
            map: "Test".into(),
            race: Race::Terran,
            opponent: Race::Terran,
            start: 0,
            won,
            mmr: 0.0,
            source: String::new(),
        };
        let library = ZLibrary {
            entries: vec![entry(true), entry(false), entry(true)],
        };
        let indices = library.select(Some("Test"), Race::Terran, Race::Terran, true);
        let drawn: Vec<ZTask> = (0..2000)
            .map(|i| ZTask::draw(&library, &indices, &ZOptions::default(), Seed(i)))
            .collect();
        let share = |f: fn(&ZTask) -> bool| drawn.iter().filter(|t| f(t)).count();
        for (n, expected) in [
            (share(|t| t.build_order), 500),
            (share(|t| t.unit_counts), 500),
            (share(|t| t.build_order && t.unit_counts), 125),
            (share(|t| t.z.is_none()), 1125),
        ] {
            assert!(
                n.abs_diff(expected) < 80,
                "{n} of 2000, {expected} expected"
            );
        }
        assert!(drawn.iter().all(|t| t.entry != Some(1)), "winners only");
        let again = ZTask::draw(&library, &indices, &ZOptions::default(), Seed(7));
        assert_eq!(again, drawn[7]);
        assert_eq!(
            ZTask::draw(&library, &[], &ZOptions::default(), Seed(7)),
            ZTask::default()
        );
    }
}
