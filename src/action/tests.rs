//! Tests of masks and codec together.

use super::*;
use crate::game::data::unit_ids as u;
use crate::game::{
    AbilityId, Alliance, Command, PlayerCommand, Point, Race, RawObservation, RawOrder, RawUnit,
    Target, UnitTag, UnitTypeId, UpgradeId,
};
use crate::obs::testing::{crowd, info, raw, unit};
use crate::obs::{Conditioning, Observation, UnitGroup};
use proptest::prelude::*;
use rand::RngExt;

fn interface() -> Interface {
    Interface::new(
        &Specs::default(),
        &info(Race::Terran, Race::Zerg),
        Conditioning::default(),
    )
}

fn observe(raw: &RawObservation) -> (Interface, Observation) {
    let mut i = interface();
    let mut obs = Observation::default();
    i.observe(raw, &mut obs);
    (i, obs)
}

fn legal(raw: &RawObservation, name: &str) -> bool {
    observe(raw)
        .1
        .is_legal(functions::by_name(name).expect(name))
}

fn own(tag: u64, id: UnitTypeId) -> RawUnit {
    unit(tag, id, Alliance::Own, 30.5 + tag as f32 * 4.0, 40.5)
}

fn training(mut unit: RawUnit, ability: u16, n: usize) -> RawUnit {
    for _ in 0..n {
        unit.orders.push(RawOrder {
            ability: AbilityId(ability),
            ..RawOrder::default()
        });
    }
    unit
}

#[test]
fn legal_means_owned_affordable_and_researched() {
    let mut world = raw(vec![own(1, u::COMMAND_CENTER), own(2, u::SCV)]);
    assert!(legal(&world, "no_op"));
    assert!(legal(&world, "Train_SCV_quick"));
    assert!(legal(&world, "Build_SupplyDepot_pt"));
    assert!(!legal(&world, "Build_Barracks_pt"), "needs a depot");
    world.units.push(own(3, u::SUPPLY_DEPOT_LOWERED));
    assert!(legal(&world, "Build_Barracks_pt"), "a lowered depot counts");
    assert!(!legal(&world, "Train_Marine_quick"));
    world.units.push(own(4, u::BARRACKS));
    assert!(legal(&world, "Train_Marine_quick"));
    assert!(!legal(&world, "Train_Marauder_quick"), "needs a tech lab");
    world.player.minerals = 49;
    assert!(!legal(&world, "Train_Marine_quick"));
    world.player.minerals = 50;
    assert!(legal(&world, "Train_Marine_quick"));
    world.player.food_used = 200;
    assert!(!legal(&world, "Train_Marine_quick"), "supply blocked");
}

#[test]
fn add_ons_queues_and_construction_count() {
    let mut barracks = own(1, u::BARRACKS);
    barracks.add_on = UnitTag(2);
    let mut lab = own(2, u::BARRACKS_TECH_LAB);
    let world = raw(vec![barracks.clone(), lab.clone()]);
    assert!(legal(&world, "Train_Marauder_quick"));
    assert!(!legal(&world, "Build_Reactor_quick"));
    assert!(legal(&world, "Research_Stimpack_quick"));
    lab.build_progress = 0.5;
    let world = raw(vec![barracks.clone(), lab]);
    assert!(!legal(&world, "Train_Marauder_quick"));
    assert!(legal(&world, "Cancel_quick"), "the lab can be cancelled");
    let world = raw(vec![training(own(1, u::BARRACKS), 560, 4)]);
    assert!(legal(&world, "Train_Marine_quick"));
    assert!(legal(&world, "Cancel_Last_quick"));
    assert!(!legal(&world, "Lift_quick"), "not while training");
    let world = raw(vec![training(own(1, u::BARRACKS), 560, 5)]);
    assert!(!legal(&world, "Train_Marine_quick"), "the queue is full");
}

#[test]
fn upgrades_open_abilities_and_close_their_research() {
    let mut world = raw(vec![own(1, u::MARINE), own(2, u::BARRACKS_TECH_LAB)]);
    assert!(!legal(&world, "Effect_Stim_quick"));
    assert!(legal(&world, "Research_Stimpack_quick"));
    world.upgrades = vec![UpgradeId(15)];
    assert!(legal(&world, "Effect_Stim_quick"));
    assert!(!legal(&world, "Research_Stimpack_quick"));
    let busy = raw(vec![
        training(own(1, u::ENGINEERING_BAY), 652, 1),
        own(2, u::ENGINEERING_BAY),
    ]);
    assert!(
        !legal(&busy, "Research_TerranInfantryWeapons_quick"),
        "level 1 runs, level 2 needs it"
    );
    assert!(legal(&busy, "Research_TerranInfantryArmor_quick"));
}

#[test]
fn energy_and_cloak_decide_who_may_be_selected() {
    let mut tired = own(1, u::BANSHEE);
    tired.energy = 24.0;
    let mut fresh = own(2, u::BANSHEE);
    fresh.energy = 25.0;
    let mut world = raw(vec![tired, fresh, own(3, u::MARINE)]);
    world.upgrades = vec![UpgradeId(20)];
    let (_, obs) = observe(&world);
    let mut mask = Vec::new();
    selectable(
        &obs,
        functions::by_name("Behavior_CloakOn_quick").unwrap(),
        &mut mask,
    );
    assert_eq!(mask, [0, 1, 0]);
    selectable(&obs, functions::by_name("Attack_pt").unwrap(), &mut mask);
    assert_eq!(mask, [1, 1, 1]);
    selectable(&obs, 0, &mut mask);
    assert_eq!(mask, [0, 0, 0]);
}

#[test]
fn targets_are_what_the_function_accepts() {
    let mut hurt = own(3, u::BARRACKS);
    hurt.health = 10.0;
    let world = raw(vec![
        own(1, u::SCV),
        own(2, u::MARINE),
        hurt,
        unit(10, u::ZERGLING, Alliance::Enemy, 60.0, 60.0),
        unit(20, UnitTypeId(341), Alliance::Neutral, 70.0, 70.5),
        unit(21, UnitTypeId(342), Alliance::Neutral, 80.5, 70.5),
        unit(22, UnitTypeId(371), Alliance::Neutral, 90.0, 70.0),
    ]);
    let (_, obs) = observe(&world);
    let mask = |name: &str| {
        let mut out = Vec::new();
        targetable(&obs, functions::by_name(name).unwrap(), &mut out);
        out
    };
    assert_eq!(mask("Harvest_Gather_unit"), [0, 0, 0, 0, 1, 0, 0]);
    assert_eq!(mask("Build_Refinery_unit"), [0, 0, 0, 0, 0, 1, 0]);
    assert_eq!(mask("Effect_Repair_unit"), [0, 0, 1, 0, 0, 0, 0]);
    assert_eq!(mask("Attack_unit"), [1, 1, 1, 1, 0, 0, 1]);
    assert_eq!(mask("Move_unit"), [1; 7]);
    assert_eq!(mask("Attack_pt"), [0; 7]);
}

#[test]
fn a_unit_function_without_targets_is_not_legal() {
    let world = raw(vec![own(1, u::SCV)]);
    assert!(!legal(&world, "Harvest_Gather_unit"));
    assert!(!legal(&world, "Build_Refinery_unit"));
    assert!(legal(&world, "Move_pt"));
}

/// A legal action, drawn at random under the masks.
fn sample(obs: &Observation, space: &crate::obs::Space, rng: &mut impl rand::Rng) -> Action {
    let legal: Vec<u16> = (0..functions().len() as u16)
        .filter(|f| obs.is_legal(*f))
        .collect();
    let function = legal[rng.random_range(0..legal.len())];
    let args = functions()[usize::from(function)].args();
    let mut action = Action {
        function,
        skip_loops: rng.random_range(SKIP_LOOPS_MIN..=SKIP_LOOPS_MAX),
        queued: args.queued && rng.random_bool(0.3),
        ..Action::default()
    };
    let mut mask = Vec::new();
    let pick = |mask: &[u8], rng: &mut dyn FnMut(usize) -> usize| {
        let set: Vec<usize> = (0..mask.len()).filter(|&i| mask[i] == 1).collect();
        set[rng(set.len())]
    };
    if args.units {
        selectable(obs, function, &mut mask);
        assert!(
            mask.contains(&1),
            "legal without a unit: {}",
            functions()[usize::from(function)].name
        );
        let chosen: Vec<u16> = (0..mask.len() as u16)
            .filter(|&i| mask[usize::from(i)] == 1 && rng.random_bool(0.5))
            .take(64)
            .collect();
        action.selected = chosen.into_iter().collect();
        if action.selected.is_empty() {
            action
                .selected
                .push(pick(&mask, &mut |n| rng.random_range(0..n)) as u16);
        }
    }
    if args.target_unit {
        targetable(obs, function, &mut mask);
        assert!(mask.contains(&1));
        action.target_unit = Some(pick(&mask, &mut |n| rng.random_range(0..n)) as u16);
    }
    if args.target_cell {
        loop {
            let cell = rng.random_range(0..(space.target_grid * space.target_grid) as u32);
            if space.is_inside(cell) {
                action.target_cell = Some(cell);
                break;
            }
        }
    }
    action
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn sampled_actions_come_back_from_their_commands(seed in 0u64..1000) {
        let world = crowd(seed % 7);
        let (mut i, obs) = observe(&world);
        let mut rng = crate::game::Seed(seed).rng();
        for _ in 0..20 {
            let action = sample(&obs, &i.codec().space.clone(), &mut rng);
            let command = i.decode(&action, &obs, &world).expect("legal actions decode");
            let Some(command) = command else {
                prop_assert_eq!(action.function, 0);
                continue;
            };
            let back = i.encode(&command, action.skip_loops.into(), &obs).expect("representable");
            if functions()[usize::from(action.function)].builds.is_some() || moved(&action) {
                // The place may have moved to the nearest free one; from there it stays.
                let again = i.decode(&back, &obs, &world).unwrap().unwrap();
                prop_assert_eq!(again, command);
            } else {
                prop_assert_eq!(back, action);
            }
        }
    }
}

/// True for functions whose point is where the unit itself lands.
fn moved(action: &Action) -> bool {
    let f = &functions()[usize::from(action.function)];
    f.kind == FunctionKind::Point && [3678, 3680, 3682, 3683].contains(&f.ability.0)
}

#[test]
fn commands_come_back_exactly_on_a_map_that_fits_the_grid() {
    let world = raw(vec![
        own(1, u::SCV),
        own(2, u::MARINE),
        unit(20, UnitTypeId(342), Alliance::Neutral, 80.5, 70.5),
    ]);
    let (mut i, obs) = observe(&world);
    let command = |ability: u16, target, tag: u64| {
        PlayerCommand::Unit(Command {
            ability: AbilityId(ability),
            target,
            units: [UnitTag(tag)].into_iter().collect(),
            queued: true,
        })
    };
    for c in [
        command(319, Target::Point(Point::new(50.0, 61.0)), 1),
        command(321, Target::Point(Point::new(50.5, 61.5)), 1),
        command(318, Target::Point(Point::new(30.5, 60.5)), 1),
        command(320, Target::Unit(UnitTag(20)), 1),
        command(3674, Target::Point(Point::new(7.5, 90.5)), 2),
        command(3665, Target::None, 2),
    ] {
        let action = i.encode(&c, 8, &obs).expect("representable");
        assert_eq!(i.decode(&action, &obs, &world).unwrap(), Some(c));
    }
    // An exact ability comes back as its general one.
    let exact = command(23, Target::Point(Point::new(7.5, 90.5)), 2);
    let action = i.encode(&exact, 8, &obs).unwrap();
    assert_eq!(
        i.decode(&action, &obs, &world).unwrap(),
        Some(command(3674, Target::Point(Point::new(7.5, 90.5)), 2))
    );
    assert_eq!(i.counts().represented, 7);
}

#[test]
fn what_cannot_be_said_is_counted_by_reason() {
    let world = raw(vec![own(1, u::SCV)]);
    let (mut i, obs) = observe(&world);
    let command = |ability: u16, target, tag: u64| {
        PlayerCommand::Unit(Command {
            ability: AbilityId(ability),
            target,
            units: [UnitTag(tag)].into_iter().collect(),
            queued: false,
        })
    };
    let cases = [
        (PlayerCommand::Leave, Unrepresentable::NotAnOrder),
        (command(9999, Target::None, 1), Unrepresentable::Ability),
        (command(319, Target::None, 1), Unrepresentable::TargetKind),
        (command(3665, Target::None, 77), Unrepresentable::NoUnits),
        (
            command(3674, Target::Unit(UnitTag(77)), 1),
            Unrepresentable::TargetUnit,
        ),
        (
            command(3674, Target::Point(Point::new(-3.0, 5.0)), 1),
            Unrepresentable::TargetPoint,
        ),
    ];
    for (c, reason) in &cases {
        assert_eq!(i.codec().encode(c, 8, &obs).unwrap_err(), *reason);
        assert_eq!(i.encode(c, 8, &obs), None);
    }
    assert_eq!(i.counts().reasons, [1; 6]);
}

#[test]
fn actions_that_do_not_fit_are_refused() {
    let world = raw(vec![own(1, u::SCV)]);
    let (i, obs) = observe(&world);
    let attack = functions::by_name("Attack_pt").unwrap();
    let with = |function, selected: &[u16], target_unit, target_cell| {
        let action = Action {
            function,
            selected: selected.iter().copied().collect(),
            target_unit,
            target_cell,
            ..Action::default()
        };
        i.decode(&action, &obs, &world).unwrap_err()
    };
    assert_eq!(with(60000, &[], None, None), DecodeError::Function(60000));
    assert_eq!(with(attack, &[], None, Some(0)), DecodeError::NoUnits);
    assert_eq!(with(attack, &[9], None, Some(0)), DecodeError::Unit(9));
    assert_eq!(with(attack, &[0], None, None), DecodeError::NoTarget);
    assert_eq!(
        with(attack, &[0], None, Some(1 << 20)),
        DecodeError::Cell(1 << 20)
    );
    let unit = functions::by_name("Attack_unit").unwrap();
    assert_eq!(with(unit, &[0], Some(5), None), DecodeError::Unit(5));
}

#[test]
fn a_blocked_building_settles_nearby_and_no_farther() {
    let world = raw(vec![
        own(1, u::SCV),
        unit(2, u::BARRACKS, Alliance::Own, 50.5, 50.5),
    ]);
    let (mut i, obs) = observe(&world);
    let at = |x, y| {
        PlayerCommand::Unit(Command {
            ability: AbilityId(319),
            target: Target::Point(Point::new(x, y)),
            units: [UnitTag(1)].into_iter().collect(),
            queued: false,
        })
    };
    let action = i.encode(&at(51.0, 50.0), 8, &obs).unwrap();
    let Some(PlayerCommand::Unit(c)) = i.decode(&action, &obs, &world).unwrap() else {
        panic!("a unit command")
    };
    // Two places are two cells away; the lower one wins.
    assert_eq!(c.target, Target::Point(Point::new(51.0, 48.0)));
}

#[test]
fn recording_an_action_marks_the_next_observation() {
    let world = raw(vec![own(1, u::SCV), own(2, u::MARINE)]);
    let (mut i, mut obs) = observe(&world);
    let action = Action {
        function: functions::by_name("Move_unit").unwrap(),
        skip_loops: 4,
        selected: [1].into_iter().collect(),
        target_unit: Some(0),
        ..Action::default()
    };
    i.record(&action, &obs);
    i.observe(&world, &mut obs);
    assert_eq!(obs.last_function, action.function);
    let mine = &obs.units[UnitGroup::Mine as usize];
    assert_ne!(mine[0].flags & crate::obs::flags::TARGETED_LAST, 0);
    assert_ne!(mine[1].flags & crate::obs::flags::SELECTED_LAST, 0);
}

#[test]
fn the_observation_document_is_the_tables() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/OBSERVATION.md");
    let text = crate::obs::docs::document(functions().len());
    if std::env::var_os("UPDATE_GOLDEN").is_some() && std::env::var_os("CI").is_none() {
        std::fs::write(path, &text).unwrap();
    }
    let found = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        found == text,
        "docs/OBSERVATION.md is stale: UPDATE_GOLDEN=1 cargo test document"
    );
}
