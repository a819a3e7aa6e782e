//! Tests of the encoder as a whole.

use super::testing::{crowd, info, raw, unit};
use super::*;
use crate::game::data::unit_ids as u;
use crate::game::{
    AbilityId, Alliance, DisplayType, Point, Race, RawObservation, RawOrder, Target, UnitTag,
    UnitTypeId, UpgradeId,
};
use std::sync::Arc;

fn encoder_with(config: ObsConfig) -> ObsEncoder {
    let spec = Arc::new(ObsSpec::new(config, 300).unwrap());
    ObsEncoder::new(
        &spec,
        &info(Race::Terran, Race::Random),
        Conditioning::default(),
    )
}

fn encoder() -> ObsEncoder {
    encoder_with(ObsConfig::default())
}

fn encode(raw: &RawObservation) -> (Observation, ObsEncoder) {
    let mut encoder = encoder();
    let mut out = Observation::default();
    encoder.encode(raw, &mut out);
    (out, encoder)
}

fn scalar<'a>(o: &'a Observation, e: &ObsEncoder, name: &str) -> &'a [f32] {
    let s = e.spec().scalars.iter().find(|s| s.name == name).unwrap();
    &o.scalars[s.start..s.start + s.len]
}

fn feature<'a>(o: &'a Observation, e: &ObsEncoder, g: usize, row: usize, name: &str) -> &'a [f32] {
    let s = e.spec().unit_features[g]
        .iter()
        .find(|s| s.name == name)
        .unwrap();
    let start = row * e.spec().unit_dim(g) + s.start;
    &o.features[g][start..start + s.len]
}

#[test]
fn shapes_are_the_specs() {
    let (o, e) = encode(&crowd(1));
    let spec = e.spec();
    assert_eq!(o.scalars.len(), spec.scalar_dim());
    assert_eq!(o.planes.len(), PLANES * MINIMAP * MINIMAP);
    for g in 0..3 {
        assert_eq!(o.features[g].len(), o.units[g].len() * spec.unit_dim(g));
        assert_eq!(o.totals[g], o.units[g].len() as u32);
        assert!(
            o.units[g]
                .iter()
                .all(|r| usize::from(r.type_idx) < spec.n_unit_types)
        );
    }
    assert!(
        spec.scalar_dim() < 1000,
        "scalars stay narrow: {}",
        spec.scalar_dim()
    );
    assert_eq!(o.n_units(), 200);
}

#[test]
fn every_value_lies_on_its_grid_and_in_its_range() {
    for seed in 0..4 {
        let (o, _) = encode(&crowd(seed));
        for g in 0..3 {
            let columns = spec::unit_columns(g);
            for row in o.features[g].chunks_exact(columns.len()) {
                for (q, v) in columns.iter().zip(row) {
                    assert_eq!(q.snap(*v).to_bits(), v.to_bits());
                }
            }
        }
        for (q, v) in spec::scalar_columns().iter().zip(&o.scalars) {
            assert_eq!(q.snap(*v).to_bits(), v.to_bits());
        }
        for (p, spec) in o
            .planes
            .chunks_exact(MINIMAP * MINIMAP)
            .zip(planes::plane_specs())
        {
            assert!(p.iter().all(|v| *v <= spec.max), "{}", spec.name);
        }
    }
}

#[test]
fn reused_buffers_change_nothing() {
    let mut e = encoder();
    let mut reused = Observation::default();
    for seed in 0..3 {
        e.encode(&crowd(seed), &mut reused);
    }
    // A fresh encoder that saw the same history, into a fresh buffer.
    let mut f = encoder();
    for seed in 0..2 {
        f.encode(&crowd(seed), &mut Observation::default());
    }
    let mut fresh = Observation::default();
    f.encode(&crowd(2), &mut fresh);
    assert_eq!(reused, fresh);
}

#[test]
fn unit_fields_reach_their_columns() {
    let mut barracks = unit(10, u::BARRACKS, Alliance::Own, 30.5, 40.5);
    barracks.add_on = UnitTag(11);
    barracks.orders.push(RawOrder {
        ability: AbilityId(560),
        target: Target::None,
        progress: 0.5,
    });
    let lab = unit(11, u::BARRACKS_TECH_LAB, Alliance::Own, 33.0, 40.0);
    let mut scv = unit(12, u::SCV, Alliance::Own, 10.0, 10.0);
    scv.orders.push(RawOrder {
        ability: AbilityId(319),
        target: Target::Point(Point::new(18.0, 10.0)),
        progress: 0.0,
    });
    let mut seen = unit(20, u::ZERGLING, Alliance::Enemy, 50.0, 60.0);
    seen.health = 17.5;
    let mut geyser = unit(30, UnitTypeId(342), Alliance::Neutral, 60.5, 60.5);
    geyser.display = DisplayType::Snapshot;
    let refinery = unit(13, u::REFINERY, Alliance::Own, 60.5, 60.5);
    let (o, e) = encode(&raw(vec![barracks, lab, scv, refinery, seen, geyser]));
    assert_eq!(feature(&o, &e, 0, 0, "pos"), [26.5 / 128.0, 36.5 / 128.0]);
    assert_eq!(feature(&o, &e, 0, 0, "add_on"), [1.0, 0.0, 0.0]);
    assert!((feature(&o, &e, 0, 0, "order_progress")[0] - 0.5).abs() < 0.01);
    assert_eq!(feature(&o, &e, 0, 2, "order_offset"), [0.25, 0.0]);
    assert_eq!(feature(&o, &e, 0, 2, "order_target"), [1.0, 0.0]);
    assert!((feature(&o, &e, 1, 0, "health_ratio")[0] - 0.5).abs() < 0.01);
    assert_eq!(feature(&o, &e, 2, 0, "display"), [0.0, 1.0, 0.0]);
    assert_eq!(feature(&o, &e, 2, 0, "occupied"), [1.0]);
    let f = |g: usize, r: usize| o.units[g][r].flags;
    assert_ne!(f(0, 0) & flags::TECH_LAB, 0);
    assert_ne!(f(0, 0) & flags::PRODUCING, 0);
    assert_eq!(f(0, 2) & flags::CONSTRUCTING, 0, "still on its way");
    assert_ne!(f(2, 0) & flags::OCCUPIED, 0);
    assert_eq!(o.units[0][2].orders[0], vocab().order_idx(AbilityId(319)));
    assert_eq!(
        scalar(&o, &e, "enemy_race"),
        [0.0, 1.0, 0.0, 0.0],
        "a zergling was seen"
    );
    let at = usize::from(
        vocab()
            .type_row(vocab().type_idx(u::ZERGLING))
            .count_idx
            .unwrap(),
    );
    assert_eq!(scalar(&o, &e, "enemy_counts")[at], 1.0 / 16.0);
    let depot_ordered = usize::from(vocab().order_idx(AbilityId(319)));
    assert_eq!(scalar(&o, &e, "own_orders")[depot_ordered], 1.0 / 16.0);
}

#[test]
fn what_is_still_being_built_is_counted_apart() {
    let (done, mut half) = (
        unit(20, u::BARRACKS, Alliance::Own, 12.5, 12.5),
        unit(21, u::BARRACKS, Alliance::Own, 16.5, 12.5),
    );
    half.build_progress = 0.5;
    let raw = RawObservation {
        units: vec![done, half],
        ..RawObservation::default()
    };
    let (o, e) = encode(&raw);
    let row = vocab().type_row(vocab().type_idx(u::BARRACKS));
    let at = usize::from(row.count_idx.unwrap());
    assert_eq!(scalar(&o, &e, "own_counts")[at], 2.0 / 16.0);
    assert_eq!(scalar(&o, &e, "own_unfinished")[at], 1.0 / 16.0);
}

#[test]
fn a_worker_constructs_once_its_site_stands() {
    let mut scv = unit(12, u::SCV, Alliance::Own, 17.0, 10.0);
    scv.orders.push(RawOrder {
        ability: AbilityId(319),
        target: Target::Point(Point::new(18.0, 10.0)),
        progress: 0.0,
    });
    let mut depot = unit(13, u::SUPPLY_DEPOT, Alliance::Own, 18.0, 10.0);
    depot.build_progress = 0.2;
    let (o, _) = encode(&raw(vec![scv, depot]));
    assert_ne!(o.units[0][0].flags & flags::CONSTRUCTING, 0);
    assert_eq!(o.units[0][1].flags & flags::FINISHED, 0);
}

#[test]
fn upgrades_and_research_reach_the_facts() {
    let mut bay = unit(10, u::ENGINEERING_BAY, Alliance::Own, 30.5, 40.5);
    bay.orders.push(RawOrder {
        ability: AbilityId(652),
        target: Target::None,
        progress: 0.1,
    });
    let mut r = raw(vec![bay]);
    r.upgrades = vec![UpgradeId(15)];
    let (o, e) = encode(&r);
    assert_eq!(scalar(&o, &e, "upgrades").iter().sum::<f32>(), 1.0);
    assert_eq!(o.facts.upgrades.count_ones(), 1);
    let row = o.facts.researching.trailing_zeros() as usize;
    assert_eq!(crate::game::data::upgrades()[row].id, UpgradeId(7));
}

#[test]
fn losses_raise_an_alert_where_they_happen() {
    let marine = |hp: f32| {
        let mut m = unit(7, u::MARINE, Alliance::Own, 50.0, 60.0);
        m.health = hp;
        m
    };
    let mut e = encoder();
    let mut o = Observation::default();
    let alerts = |o: &Observation| {
        let plane = &o.planes[planes::plane::ALERTS * 4096..][..4096];
        plane.iter().position(|v| *v == 1)
    };
    e.encode(&raw(vec![marine(45.0)]), &mut o);
    assert_eq!(alerts(&o), None);
    e.encode(&raw(vec![marine(39.0)]), &mut o);
    let cell = alerts(&o).expect("hit");
    assert_eq!(
        cell,
        usize::from(e.space().minimap_idx(Point::new(50.0, 60.0)))
    );
    let mut gone = raw(vec![]);
    gone.dead_units.push(UnitTag(7));
    e.encode(&gone, &mut o);
    assert_eq!(alerts(&o), Some(cell));
    e.encode(&raw(vec![]), &mut o);
    assert_eq!(alerts(&o), None);
}

#[test]
fn the_last_action_shows_in_the_next_observation() {
    let mut e = encoder();
    let mut o = Observation::default();
    let world = raw(vec![
        unit(7, u::MARINE, Alliance::Own, 50.0, 60.0),
        unit(8, u::MARINE, Alliance::Own, 51.0, 60.0),
        unit(9, u::SCV, Alliance::Enemy, 52.0, 60.0),
    ]);
    e.note_action(LastAction {
        game_loop: 990,
        function: 5,
        skip_loops: 16,
        queued: true,
        units: [UnitTag(8)].into_iter().collect(),
        target: Target::Unit(UnitTag(9)),
    });
    e.encode(&world, &mut o);
    assert_eq!(o.last_function, 5);
    assert_eq!(feature(&o, &e, 0, 0, "selected_last"), [0.0]);
    assert_eq!(feature(&o, &e, 0, 1, "selected_last"), [1.0]);
    assert_eq!(feature(&o, &e, 1, 0, "targeted_last"), [1.0]);
    assert_eq!(scalar(&o, &e, "last_queued"), [1.0]);
    assert_eq!(scalar(&o, &e, "last_delay")[0], 10.0 / 128.0);
    assert_eq!(scalar(&o, &e, "last_skip")[0], 16.0 / 128.0);
    assert_eq!(scalar(&o, &e, "last_target"), [0.0, 1.0]);
}

#[test]
fn overflow_keeps_variety_and_is_counted() {
    let mut units: Vec<_> = (0..60)
        .map(|i| unit(100 + i, u::LARVA, Alliance::Own, 20.0, 20.0))
        .collect();
    units.extend((0..40).map(|i| unit(200 + i, u::DRONE, Alliance::Own, 30.0, 20.0)));
    units.push(unit(300, u::HATCHERY, Alliance::Own, 25.5, 25.5));
    units.push(unit(301, u::QUEEN, Alliance::Own, 26.5, 28.5));
    let mut e = encoder_with(ObsConfig {
        units_max: [20, 20, 20],
        ..ObsConfig::default()
    });
    let mut o = Observation::default();
    e.encode(&raw(units), &mut o);
    assert_eq!(
        (o.totals[0], o.overflow[0], o.units[0].len()),
        (102, 82, 20)
    );
    let of = |id| {
        let idx = vocab().type_idx(id);
        o.units[0].iter().filter(|r| r.type_idx == idx).count()
    };
    assert_eq!((of(u::HATCHERY), of(u::QUEEN), of(u::LARVA)), (1, 1, 8));
    assert_eq!(of(u::DRONE), 10, "drones go before further larvae");
}

#[test]
fn unknown_types_and_wild_values_encode() {
    let mut odd = unit(1, UnitTypeId(60000), Alliance::Enemy, f32::NAN, 1e30);
    odd.health = f32::INFINITY;
    odd.facing = -900.0;
    let mut r = raw(vec![odd]);
    r.visibility = crate::game::Grid::new(3, 2, 2);
    let (o, _) = encode(&r);
    assert_eq!(o.units[1][0].type_idx, 0);
    assert!(o.features[1].iter().all(|v| v.is_finite()));
}

#[test]
fn concatenation_indices_go_both_ways() {
    let (o, _) = encode(&crowd(3));
    for idx in 0..o.n_units() {
        let (group, row) = o.unit_at(idx).unwrap();
        assert_eq!(o.concat_idx(group, row), idx);
        assert_eq!(o.find(o.units[group as usize][row].tag), Some(idx));
    }
    assert_eq!(o.unit_at(o.n_units()), None);
}

#[test]
fn configs_out_of_range_are_refused() {
    let with = |units_max, target_grid| {
        ObsSpec::new(
            ObsConfig {
                units_max,
                target_grid,
            },
            1,
        )
    };
    assert!(matches!(
        with([0, 1, 1], 128),
        Err(ObsConfigError::UnitsMax(_))
    ));
    assert!(matches!(
        with([1, 1, 1], 100),
        Err(ObsConfigError::TargetGrid(100))
    ));
    assert!(with([1, 1, 1], 192).is_ok());
}
