//! Watching the phases of a game loop.

use crate::game::{Race, Seed};
use crate::sim::{AiBuild, Difficulty, Phase, PhaseWatch, Seat, Sim, SimConfig, maps};

#[derive(Default)]
struct Count([u32; Phase::ALL.len()]);

impl PhaseWatch for Count {
    fn ended(&mut self, phase: Phase) {
        self.0[phase as usize] += 1;
    }
}

fn game() -> Sim {
    let seat = || Seat::Computer {
        race: Race::Terran,
        level: Difficulty::VeryHard,
        build: AiBuild::default(),
    };
    Sim::new(SimConfig {
        map: maps::by_name("Flat64").expect("built in"),
        seats: [seat(), seat()],
        seed: Seed(5),
        disable_fog: false,
    })
    .expect("playable")
}

#[test]
fn watching_tells_every_phase_and_changes_nothing() {
    let (mut watched, mut plain) = (game(), game());
    let mut count = Count::default();
    watched.step_watched(400, &mut count);
    plain.step(400);
    assert_eq!(watched.state_hash(), plain.state_hash());
    for phase in Phase::ALL {
        let times = count.0[phase as usize];
        if matches!(phase, Phase::Ai | Phase::Observation) {
            // Two players who look every 8 loops at most.
            assert!((10..=100).contains(&times), "{phase:?}: {times}");
        } else {
            assert_eq!(times, 400, "{phase:?}");
        }
    }
}
