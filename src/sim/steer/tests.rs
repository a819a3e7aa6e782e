use crate::game::data::unit_ids as u;
use crate::game::{BitGrid, MapData, Point, Race, Seed, Target, UnitTag, UnitTypeId};
use crate::sim::path::tests::map_of;
use crate::sim::state::State;
use crate::sim::testing::order_as;
use crate::sim::{Seat, Sim, SimConfig};
use std::sync::Arc;

const MOVE: u16 = 16;
const ATTACK: u16 = 23;

/// A game without resources on a map of one's own; bases stand in the lower left and upper right corners.
pub(crate) fn game_on(mut map: MapData) -> Sim {
    let (w, h) = (map.width() as f32, map.height_cells() as f32);
    map.start_locations = vec![Point::new(5.5, 5.5), Point::new(w - 5.5, h - 5.5)];
    map.expansions = map.start_locations.clone();
    let seat = || Seat::Participant {
        race: Race::Terran,
        name: "p".into(),
    };
    let mut sim = Sim::new(SimConfig {
        map: Arc::new(map),
        seats: [seat(), seat()],
        seed: Seed(7),
        disable_fog: false,
    })
    .expect("a playable map");
    let workers: Vec<_> = sim
        .state()
        .living()
        .filter(|it| it.data.is_worker)
        .map(|it| it.me)
        .collect();
    for worker in workers {
        sim.state_mut().kill(worker);
    }
    sim
}

/// Units in a square block with its lower left corner at `at`.
pub(crate) fn block(
    sim: &mut Sim,
    owner: u8,
    id: UnitTypeId,
    count: usize,
    at: Point,
    gap: f32,
) -> Vec<UnitTag> {
    let side = (count as f32).sqrt().ceil() as usize;
    (0..count)
        .map(|i| {
            let pos = at + Point::new((i % side) as f32, (i / side) as f32) * gap;
            sim.state_mut()
                .spawn(id, owner, pos)
                .expect("room for a unit")
                .tag()
        })
        .collect()
}

pub(crate) fn unit(state: &State, tag: UnitTag) -> &crate::sim::unit::Unit {
    state
        .get(crate::sim::unit::UnitRef::of_tag(tag))
        .expect("the unit lives")
}

/// The deepest that two of the units stand in each other, as a share of their radii's sum.
fn worst_overlap(state: &State, tags: &[UnitTag]) -> f32 {
    let mut worst = 0.0f32;
    for (i, &a) in tags.iter().enumerate() {
        for &b in &tags[i + 1..] {
            let (a, b) = (unit(state, a), unit(state, b));
            let width = a.radius + b.radius;
            worst = worst.max(1.0 - a.pos.distance(b.pos) / width);
        }
    }
    worst
}

fn assert_on_ground(sim: &Sim, tags: &[UnitTag]) {
    for &tag in tags {
        let it = unit(sim.state(), tag);
        assert!(
            sim.state().paths.nav().walkable_at(it.pos),
            "{tag:?} stands at {:?}",
            it.pos
        );
    }
}

/// 90 x 60 cells, a wall in the middle with one gap, five cells wide and eight deep.
fn gap_map() -> MapData {
    let mut pathing = BitGrid::new(96, 64, true);
    for y in 0..64 {
        for x in 44..52 {
            pathing.set(x, y, (30..35).contains(&y));
        }
    }
    map_of(pathing)
}

fn all_idle(sim: &Sim, tags: &[UnitTag]) -> bool {
    tags.iter().all(|&t| unit(sim.state(), t).orders.is_empty())
}

#[test]
fn a_unit_moves_at_its_speed_and_stops_at_its_goal() {
    let mut sim = game_on(map_of(BitGrid::new(64, 64, true)));
    let marine = block(&mut sim, 0, u::MARINE, 1, Point::new(20.0, 20.0), 1.0);
    let goal = Point::new(40.0, 20.0);
    order_as(&mut sim, 1, &marine, MOVE, Target::Point(goal), false);
    sim.step(64);
    // 64 loops at 0.140625 cells a loop (3.15 a second).
    assert!((unit(sim.state(), marine[0]).pos.x - 29.0).abs() < 0.01);
    sim.step(100);
    let it = unit(sim.state(), marine[0]);
    assert!(it.pos.distance(goal) < 1e-3 && it.orders.is_empty() && it.velocity.length() == 0.0);
}

#[test]
fn a_hundred_marines_pass_a_gap_without_sticking_or_standing_in_each_other() {
    let mut sim = game_on(gap_map());
    let marines = block(&mut sim, 0, u::MARINE, 100, Point::new(16.0, 28.0), 0.9);
    let goal = Point::new(76.5, 32.5);
    order_as(&mut sim, 1, &marines, MOVE, Target::Point(goal), false);
    sim.step(2);
    let mut loops = 2;
    while !all_idle(&sim, &marines) && loops < 1200 {
        sim.step(1);
        loops += 1;
        assert_on_ground(&sim, &marines);
    }
    // One marine alone needs about 430 loops.
    assert!(
        loops < 900,
        "after {loops} loops some are still on their way"
    );
    sim.step(64);
    let state = sim.state();
    let far = marines
        .iter()
        .map(|&t| unit(state, t).pos.distance(goal))
        .fold(0.0, f32::max);
    let overlap = worst_overlap(state, &marines);
    // A disc of 100 marines packed as tightly as can be has a radius of about 4.
    assert!(far < 9.0, "the farthest is {far} cells away");
    assert!(overlap < 0.1, "two stand in each other by {overlap}");
}

#[test]
fn big_units_of_different_size_make_room_for_each_other() {
    let mut sim = game_on(map_of(BitGrid::new(72, 72, true)));
    let mut all = block(&mut sim, 0, u::SIEGE_TANK, 12, Point::new(16.0, 16.0), 1.8);
    all.extend(block(
        &mut sim,
        0,
        u::MARINE,
        30,
        Point::new(16.0, 28.0),
        0.8,
    ));
    all.extend(block(&mut sim, 0, u::THOR, 4, Point::new(26.0, 18.0), 2.2));
    order_as(
        &mut sim,
        1,
        &all,
        MOVE,
        Target::Point(Point::new(50.0, 50.0)),
        false,
    );
    sim.step(2);
    let mut loops = 2;
    while !all_idle(&sim, &all) && loops < 1500 {
        sim.step(1);
        loops += 1;
    }
    assert!(loops < 900, "still on their way after {loops}");
    sim.step(100);
    let overlap = worst_overlap(sim.state(), &all);
    assert!(overlap < 0.1, "overlap {overlap}");
}

#[test]
fn two_flocks_that_cross_get_through_each_other() {
    let mut sim = game_on(map_of(BitGrid::new(80, 48, true)));
    let left = block(&mut sim, 0, u::MARINE, 25, Point::new(15.0, 20.0), 0.9);
    let right = block(&mut sim, 0, u::MARINE, 25, Point::new(60.0, 20.0), 0.9);
    order_as(
        &mut sim,
        1,
        &left,
        MOVE,
        Target::Point(Point::new(65.0, 22.0)),
        false,
    );
    order_as(
        &mut sim,
        1,
        &right,
        MOVE,
        Target::Point(Point::new(15.0, 22.0)),
        false,
    );
    let all: Vec<_> = left.iter().chain(&right).copied().collect();
    sim.step(2);
    let mut loops = 2;
    while !all_idle(&sim, &all) && loops < 1000 {
        sim.step(1);
        loops += 1;
    }
    // Alone: 50 cells in 356 loops.
    assert!(loops < 560, "took {loops} loops");
}

#[test]
fn idle_friends_make_way_and_fighting_ones_do_not() {
    let mut pathing = BitGrid::new(64, 40, true);
    for x in 25..40 {
        for y in 0..40 {
            pathing.set(x, y, y == 20);
        }
    }
    let mut sim = game_on(map_of(pathing));
    let cork = block(&mut sim, 0, u::MARINE, 1, Point::new(30.5, 20.5), 1.0);
    let walker = block(&mut sim, 0, u::MARINE, 1, Point::new(20.5, 20.5), 1.0);
    order_as(
        &mut sim,
        1,
        &walker,
        MOVE,
        Target::Point(Point::new(45.5, 20.5)),
        false,
    );
    sim.step(400);
    assert!(
        unit(sim.state(), walker[0]).pos.x > 38.0,
        "pushed through: {:?}",
        unit(sim.state(), walker[0]).pos
    );
    assert!(
        unit(sim.state(), cork[0]).pos.x > 39.0,
        "out of the corridor: {:?}",
        unit(sim.state(), cork[0]).pos
    );
    // Holding position it is not pushed.
    let mut sim = game_on(sim.state().map.as_ref().clone());
    let cork = block(&mut sim, 0, u::MARINE, 1, Point::new(30.5, 20.5), 1.0);
    let walker = block(&mut sim, 0, u::MARINE, 1, Point::new(20.5, 20.5), 1.0);
    order_as(&mut sim, 1, &cork, 18, Target::None, false);
    order_as(
        &mut sim,
        1,
        &walker,
        MOVE,
        Target::Point(Point::new(45.5, 20.5)),
        false,
    );
    sim.step(400);
    assert!(
        unit(sim.state(), cork[0])
            .pos
            .distance(Point::new(30.5, 20.5))
            < 0.05
    );
    assert!(unit(sim.state(), walker[0]).pos.x < 30.0);
}

#[test]
fn flyers_pass_over_everything_and_part_when_they_stand() {
    let mut sim = game_on(gap_map());
    let banshees = block(&mut sim, 0, u::BANSHEE, 12, Point::new(20.0, 10.0), 0.5);
    let goal = Point::new(70.0, 10.0);
    order_as(&mut sim, 1, &banshees, MOVE, Target::Point(goal), false);
    sim.step(450);
    assert!(all_idle(&sim, &banshees), "a wall does not stop flyers");
    sim.step(500);
    assert!(
        worst_overlap(sim.state(), &banshees) < 0.1,
        "{}",
        worst_overlap(sim.state(), &banshees)
    );
    assert!(
        banshees
            .iter()
            .all(|&t| unit(sim.state(), t).pos.distance(goal) < 5.0)
    );
}

#[test]
fn units_walk_out_from_under_a_new_structure() {
    let mut sim = game_on(map_of(BitGrid::new(64, 64, true)));
    let marines = block(&mut sim, 0, u::MARINE, 4, Point::new(30.0, 30.0), 0.8);
    sim.step(2);
    sim.state_mut()
        .spawn(u::BARRACKS, 0, Point::new(30.5, 30.5));
    sim.step(40);
    assert_on_ground(&sim, &marines);
    // And around it to the other side.
    order_as(
        &mut sim,
        1,
        &marines,
        ATTACK,
        Target::Point(Point::new(40.0, 30.5)),
        false,
    );
    sim.step(200);
    assert!(all_idle(&sim, &marines));
}

#[test]
fn movement_repeats_exactly() {
    let run = || {
        let mut sim = game_on(gap_map());
        let marines = block(&mut sim, 0, u::MARINE, 40, Point::new(16.0, 28.0), 0.9);
        order_as(
            &mut sim,
            1,
            &marines,
            MOVE,
            Target::Point(Point::new(76.5, 32.5)),
            false,
        );
        sim.step(300);
        sim.state_hash()
    };
    assert_eq!(run(), run());
}
