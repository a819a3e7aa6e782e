//! Stalemates: when neither player gets anything done any more, the game is a tie.
//!
//! The game's data files (`GameData.xml`, StalemateTestTime and StalemateWarningTime) give 180 seconds until it warns and
//! 180 more until it ends, and its message says what counts: resources brought home, a unit produced, an upgrade researched,
//! a building put up, an enemy's building destroyed, by whichever player. What is still being made counts, too (our reading:
//! an upgrade may take longer than 180 seconds). Its warning is not shown: the API has no field for it.

use super::state::State;

/// Loops without anything that counts after which the game ends.
pub const STALEMATE_LOOPS: u32 = 2 * WARNING_LOOPS;
/// The game warns after half of them: 180 seconds of the data files, 16 loops each.
const WARNING_LOOPS: u32 = 180 * 16;

/// Something has been done that counts.
pub(super) fn progressed(state: &mut State) {
    state.progress_loop = state.game_loop;
}

/// Nobody has done anything that counts for too long.
pub(super) fn is_reached(state: &State) -> bool {
    idle_loops(state) >= STALEMATE_LOOPS
}

/// The game would warn of one by now: from here on the state's hash has it.
pub(super) fn is_near(state: &State) -> bool {
    idle_loops(state) >= WARNING_LOOPS
}

fn idle_loops(state: &State) -> u32 {
    state.game_loop - state.progress_loop
}

#[cfg(test)]
mod tests {
    use super::STALEMATE_LOOPS;
    use crate::game::data::{unit_ids as u, upgrade, upgrade_ids as up};
    use crate::game::{GameResult, PlayerId, Point, Target, UnitTag};
    use crate::sim::Sim;
    use crate::sim::testing::*;
    use crate::sim::unit::UnitRef;

    /// A game in which nobody has a worker, and how long it still lasts if nothing happens.
    fn idle_game(seed: u64) -> Sim {
        let mut sim = game(seed);
        for player in [1, 2] {
            for scv in tags(sim.state(), player, u::SCV) {
                sim.state_mut().kill(UnitRef::of_tag(scv));
            }
        }
        sim.step(1);
        sim
    }

    fn is_over(sim: &Sim) -> bool {
        !sim.results().is_empty()
    }

    #[test]
    fn a_game_in_which_nothing_happens_is_a_tie_after_six_minutes() {
        // The data files' minutes, of 960 loops.
        let mut sim = idle_game(1);
        sim.step(6 * 960 - 2);
        assert!(!is_over(&sim));
        sim.step(1);
        assert_eq!(sim.game_loop(), STALEMATE_LOOPS);
        let results: Vec<GameResult> = sim.results().iter().map(|r| r.result).collect();
        assert_eq!(results, [GameResult::Tie; 2]);
    }

    /// Plays `act` after 5000 loops in which nothing happened, waits `loops`, and says how long the game has gone on.
    fn lasts(loops: u32, act: impl Fn(&mut Sim)) -> u32 {
        let mut sim = idle_game(2);
        sim.step(5000);
        act(&mut sim);
        sim.step(loops + STALEMATE_LOOPS + 1000);
        assert!(is_over(&sim), "a stalemate in the end");
        sim.game_loop()
    }

    /// When a game ends in which only this happens: what is ordered at loop 5001, begins a loop later and takes `loops`.
    fn after(loops: u32) -> u32 {
        5002 + loops + STALEMATE_LOOPS
    }

    #[test]
    fn a_unit_an_upgrade_and_a_building_put_it_off() {
        let trained = lasts(272, |sim| {
            let base = tags(sim.state(), 1, u::COMMAND_CENTER);
            fund(sim, 0, 50, 0);
            order(sim, &base, 524, Target::None);
        });
        assert_eq!(trained, after(272), "an SCV of 272 loops");
        let row = upgrade(up::HI_SEC_AUTO_TRACKING).expect("in the table");
        let researched = lasts(2240, |sim| {
            let bay = spawn(sim, 1, u::ENGINEERING_BAY, 40.5, 40.5);
            fund(sim, 0, row.minerals, row.vespene);
            order(sim, &[bay], row.ability.0, Target::None);
        });
        assert_eq!(researched, after(row.research_time as u32));
        let built = lasts(400, |sim| {
            let scv = spawn(sim, 1, u::SCV, 40.0, 40.0);
            fund(sim, 0, 100, 0);
            order(sim, &[scv], 319, Target::Point(Point::new(42.0, 42.0)));
        });
        assert!(built >= after(480), "a depot of 480 loops: {built}");
    }

    #[test]
    fn resources_and_an_enemys_building_put_it_off_and_dead_units_do_not() {
        let mined = lasts(500, |sim| {
            let scv = spawn(sim, 1, u::SCV, 30.0, 24.5);
            let field = nearest_field(sim);
            order(sim, &[scv], 295, Target::Unit(field));
            sim.step(400);
            sim.state_mut().kill(UnitRef::of_tag(scv));
        });
        assert!(mined > after(100));
        let razed = lasts(0, |sim| {
            let depot = spawn(sim, 2, u::SUPPLY_DEPOT, 40.0, 40.0);
            let by = UnitRef::of_tag(spawn(sim, 1, u::MARINE, 36.0, 40.0));
            crate::sim::score::killed(sim.state_mut(), by, UnitRef::of_tag(depot));
        });
        assert_eq!(razed, after(0) - 1);
        let fought = lasts(0, |sim| {
            let marine = spawn(sim, 2, u::MARINE, 40.0, 40.0);
            let by = UnitRef::of_tag(spawn(sim, 1, u::MARINE, 36.0, 40.0));
            crate::sim::score::killed(sim.state_mut(), by, UnitRef::of_tag(marine));
        });
        assert_eq!(fought, STALEMATE_LOOPS);
    }

    fn nearest_field(sim: &mut Sim) -> UnitTag {
        let mut obs = crate::game::RawObservation::default();
        sim.observe_into(PlayerId(1), &mut obs);
        let fields = obs.units.iter().filter(|f| f.mineral_contents > 0);
        let at = Point::new(24.5, 24.5);
        let near = |f: &&crate::game::RawUnit| f.pos.distance(at);
        fields
            .min_by(|a, b| near(a).total_cmp(&near(b)))
            .map(|f| f.tag)
            .expect("fields beside the base")
    }
}
