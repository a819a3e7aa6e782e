//! Each head learns a bandit, and the LSTM to remember: by the real learner, on the smallest network, in seconds.

use super::toy::{Learned, Task, learn, only, world};
use crate::action::functions;
use crate::game::data::unit_ids as u;
use crate::obs::{Observation, vocab};

fn by_name(name: &str) -> u16 {
    functions::by_name(name).expect("a function of the table")
}

/// One step in which only this function is legal: what is learned is its arguments.
fn argument_of(obs: &Observation, name: &str) -> Observation {
    only(obs, &[by_name(name)])
}

/// Learns, and asserts that the mean reward rises from below `low` to above `high` within so many rounds.
fn assert_learns(what: &str, task: &Task, rounds_max: u64, (low, high): (f64, f64)) {
    let start = std::time::Instant::now();
    let Learned {
        before,
        after,
        rounds,
    } = learn(task, rounds_max, high, 3e-3);
    let seconds = start.elapsed().as_secs_f64();
    println!("{what}: {before:.3} to {after:.3} in {rounds} rounds, {seconds:.1} s");
    assert!(
        before < low,
        "{what} begins at {before}, chance is below {low}"
    );
    assert!(
        after > high,
        "{what} ends at {after}, {high} expected (began at {before})"
    );
}

#[test]
fn the_function_head_learns_a_bandit() {
    let task = Task {
        steps: 1,
        observe: |base, _, _| base.clone(),
        reward: |_, _, _, action| f32::from(u8::from(action.function == by_name("Attack_pt"))),
    };
    assert!(world().is_legal(by_name("Attack_pt")));
    assert_learns("function", &task, 80, (0.3, 0.9));
}

#[test]
fn the_skip_head_learns_a_bandit() {
    let task = Task {
        steps: 1,
        observe: |base, _, _| only(base, &[0]),
        reward: |_, _, _, action| f32::from(u8::from(action.skip_loops <= 17)),
    };
    assert_learns("skip", &task, 60, (0.3, 0.9));
}

#[test]
fn the_queued_head_learns_a_bandit() {
    let task = Task {
        steps: 1,
        observe: |base, _, _| argument_of(base, "Attack_pt"),
        reward: |_, _, _, action| f32::from(u8::from(action.queued)),
    };
    assert_learns("queued", &task, 40, (0.7, 0.9));
}

#[test]
fn the_selected_units_head_learns_a_bandit() {
    let task = Task {
        steps: 1,
        observe: |base, _, _| argument_of(base, "Attack_pt"),
        // Exactly the three marines is 1; a marine missing or another unit too many costs a third each.
        reward: |_, _, obs, action| {
            let marine = vocab().type_idx(u::MARINE);
            let is_marine = |&i: &u16| obs.units[0][usize::from(i)].type_idx == marine;
            let marines = action.selected.iter().filter(|i| is_marine(i)).count();
            let others = action.selected.len() - marines;
            (marines as f32 - others as f32) / 3.0
        },
    };
    assert_learns("selected", &task, 100, (0.4, 0.85));
}

#[test]
fn the_target_unit_head_learns_a_bandit() {
    let task = Task {
        steps: 1,
        observe: |base, _, _| argument_of(base, "Attack_unit"),
        reward: |_, _, obs, action| {
            let target = action.target_unit.expect("the function takes one");
            let (group, row) = obs.unit_at(target.into()).expect("a unit");
            let id = obs.units[group as usize][row].type_idx;
            f32::from(u8::from(id == vocab().type_idx(u::BARRACKS)))
        },
    };
    assert_learns("target_unit", &task, 60, (0.6, 0.9));
}

#[test]
fn the_target_cell_head_learns_a_bandit() {
    let task = Task {
        steps: 1,
        observe: |base, _, _| argument_of(base, "Attack_pt"),
        // The left fifth of the 128 columns, of which 96 lie on the map.
        reward: |_, _, _, action| {
            let cell = action.target_cell.expect("the function takes one");
            f32::from(u8::from(cell % 128 < 24))
        },
    };
    assert_learns("target_cell", &task, 60, (0.5, 0.9));
}

/// The first of three steps shows which of two functions the last one wants; in between, nothing does. The cue is loud
/// (all scalars are 1, or -1), because what is tested is memory, not hearing.
#[test]
fn the_core_learns_to_remember() {
    const CHOICES: [&str; 2] = ["Attack_pt", "Move_pt"];
    let task = Task {
        steps: 3,
        observe: |base, t, cue| {
            let mut obs = match t {
                2 => only(base, &CHOICES.map(by_name)),
                _ => only(base, &[0]),
            };
            if t == 0 {
                obs.scalars.fill(if cue == 0 { 1.0 } else { -1.0 });
            }
            obs
        },
        reward: |t, cue, _, action| match t {
            2 if action.function == by_name(CHOICES[cue]) => 1.0,
            2 => -1.0,
            _ => 0.0,
        },
    };
    assert_learns("memory", &task, 250, (0.4, 0.9));
}
