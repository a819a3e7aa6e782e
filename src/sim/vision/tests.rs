use crate::game::data::unit_ids as u;
use crate::game::{BitGrid, DisplayType, PlayerId, Point, RawObservation, Target};
use crate::sim::Sim;
use crate::sim::path::tests::map_of;
use crate::sim::steer::tests::{block, game_on, unit};
use crate::sim::testing::order_as;
use crate::sim::unit::UnitRef;

fn arena() -> Sim {
    game_on(map_of(BitGrid::new(96, 64, true)))
}

fn look(sim: &mut Sim, player: u8) -> RawObservation {
    let mut obs = RawObservation::default();
    sim.observe_into(PlayerId(player), &mut obs);
    obs
}

#[test]
fn enemies_come_into_view_within_sight_and_leave_it() {
    let mut sim = arena();
    let watcher = block(&mut sim, 0, u::MARINE, 1, Point::new(30.5, 32.5), 1.0);
    let scv = block(&mut sim, 1, u::SCV, 1, Point::new(60.5, 32.5), 1.0);
    order_as(&mut sim, 1, &watcher, 3793, Target::None, false);
    let near = Target::Point(Point::new(36.5, 32.5));
    order_as(&mut sim, 2, &scv, 16, near, false);
    order_as(
        &mut sim,
        2,
        &scv,
        16,
        Target::Point(Point::new(60.5, 32.5)),
        true,
    );
    let (mut seen, mut hidden_after) = (0, false);
    for _ in 0..420 {
        sim.step(1);
        let listed = look(&mut sim, 1).units.iter().any(|it| it.tag == scv[0]);
        let Some(it) = sim.state().get(UnitRef::of_tag(scv[0])) else {
            break;
        };
        let d = it.pos.distance(Point::new(30.5, 32.5));
        assert!(!(listed && d > 10.2), "seen from {d} cells");
        assert!(listed || d > 7.8, "not seen at {d} cells");
        seen += u32::from(listed);
        hidden_after |= seen > 0 && !listed;
    }
    assert!(seen > 20 && hidden_after);
}

#[test]
fn a_lost_structure_is_remembered_until_its_place_is_seen_again() {
    let mut sim = arena();
    let depot = block(&mut sim, 1, u::SUPPLY_DEPOT, 1, Point::new(50.0, 32.0), 1.0);
    let scout = block(&mut sim, 0, u::MEDIVAC, 1, Point::new(44.0, 32.0), 1.0);
    sim.step(6);
    let display = |sim: &mut Sim| {
        let obs = look(sim, 1);
        obs.units
            .iter()
            .find(|it| it.unit_type == u::SUPPLY_DEPOT && it.pos.x > 45.0)
            .map(|it| it.display)
    };
    assert_eq!(display(&mut sim), Some(DisplayType::Visible));
    order_as(
        &mut sim,
        1,
        &scout,
        16,
        Target::Point(Point::new(20.0, 32.0)),
        false,
    );
    sim.step(180);
    assert_eq!(display(&mut sim), Some(DisplayType::Snapshot));
    sim.state_mut().kill(UnitRef::of_tag(depot[0]));
    sim.step(20);
    assert_eq!(
        display(&mut sim),
        Some(DisplayType::Snapshot),
        "its end was not seen"
    );
    assert!(look(&mut sim, 1).dead_units.is_empty());
    order_as(
        &mut sim,
        1,
        &scout,
        16,
        Target::Point(Point::new(44.0, 32.0)),
        false,
    );
    sim.step(200);
    assert_eq!(display(&mut sim), None, "its place is seen to be empty");
}

#[test]
fn sight_lingers_where_a_viewer_died_and_then_fades() {
    let mut sim = arena();
    let scout = block(&mut sim, 0, u::MARINE, 1, Point::new(40.5, 32.5), 1.0);
    sim.step(6);
    sim.state_mut().kill(UnitRef::of_tag(scout[0]));
    let there = Point::new(40.5, 32.5);
    sim.step(40);
    assert!(sim.state().players[0].sight.sees(there));
    sim.step(40);
    assert!(!sim.state().players[0].sight.sees(there));
    let obs = look(&mut sim, 1);
    assert_eq!(obs.visibility.get(40, 32), Some(1));
    assert_eq!(obs.visibility.get(90, 5), Some(0));
}

#[test]
fn what_a_player_cannot_see_is_in_no_observation() {
    let mut sim = arena();
    let mut all = block(&mut sim, 1, u::MARINE, 30, Point::new(70.0, 20.0), 1.0);
    all.extend(block(
        &mut sim,
        1,
        u::BANSHEE,
        3,
        Point::new(70.0, 40.0),
        1.5,
    ));
    block(&mut sim, 0, u::MARINE, 20, Point::new(20.0, 30.0), 1.0);
    order_as(
        &mut sim,
        2,
        &all,
        3674,
        Target::Point(Point::new(20.0, 32.0)),
        false,
    );
    for _ in 0..60 {
        sim.step(7);
        for p in 1..=2u8 {
            let obs = look(&mut sim, p);
            for it in obs
                .units
                .iter()
                .filter(|it| it.display == DisplayType::Visible)
            {
                let (x, y) = it.pos.cell();
                let own = it.owner == PlayerId(p);
                assert!(
                    own || obs.visibility.get(x, y) == Some(2),
                    "{:?} out of view",
                    it.tag
                );
            }
            let listed: Vec<_> = obs.units.iter().map(|it| it.tag).collect();
            for it in sim
                .state()
                .living()
                .filter(|it| it.owner < 2 && it.owner + 1 != p && !it.is_structure())
            {
                let (x, y) = it.pos.cell();
                let visible = obs.visibility.get(x, y) == Some(2);
                assert_eq!(listed.contains(&it.me.tag()), visible, "{:?}", it.me);
            }
        }
    }
}

#[test]
fn undetected_cloaked_units_show_no_health() {
    let mut sim = arena();
    let banshee = block(&mut sim, 1, u::BANSHEE, 1, Point::new(40.0, 32.0), 1.0);
    let slot = UnitRef::of_tag(banshee[0]).slot();
    sim.state_mut().units[slot].cloaked = true;
    sim.state_mut().units[slot].energy = 150.0;
    block(&mut sim, 0, u::SUPPLY_DEPOT, 1, Point::new(36.0, 30.0), 1.0);
    sim.step(6);
    let seen = |sim: &mut Sim| {
        look(sim, 1)
            .units
            .iter()
            .find(|it| it.tag == banshee[0])
            .map(|it| it.health)
    };
    assert!(seen(&mut sim).is_none_or(|health| health == 0.0));
    block(
        &mut sim,
        0,
        u::MISSILE_TURRET,
        1,
        Point::new(36.0, 36.0),
        1.0,
    );
    sim.step(1);
    assert!(unit(sim.state(), banshee[0]).detected_by & 1 != 0);
}
