//! Tests of the function table.

use super::functions::*;
use super::rules::LEFT_OUT;
use crate::game::UnitTypeId;
use crate::game::data;
use crate::game::data::unit_ids as u;
use crate::obs::{flags, vocab};

#[test]
fn rows_are_unique_and_look_ups_go_both_ways() {
    let mut names = std::collections::BTreeSet::new();
    for (i, f) in functions().iter().enumerate().skip(1) {
        assert_eq!(find(f.ability, f.kind), Some(i as u16));
        assert_eq!(general_of(f.ability), Some(f.ability), "{}", f.name);
        assert!(!f.offers.is_empty(), "{}", f.name);
        assert!(names.insert(f.name.clone()), "{} twice", f.name);
        for o in &f.offers {
            assert_eq!(general_of(o.exact), Some(f.ability), "{}", f.name);
            assert_ne!(o.type_idx, 0, "{}", f.name);
        }
    }
    assert_eq!(functions()[0].kind, FunctionKind::NoOp);
    assert!(
        names.len() > 250 && names.len() < 500,
        "{} functions",
        names.len()
    );
}

#[test]
fn what_melee_units_offer_has_a_function() {
    for a in data::abilities() {
        if !a.offered_by.is_empty() && !LEFT_OUT.contains(&a.general.0) {
            assert!(general_of(a.id).is_some(), "{} {}", a.id.0, a.friendly);
        }
    }
    for p in data::units().flat_map(|d| d.produced_by) {
        assert!(general_of(p.ability).is_some(), "{}", p.ability.0);
    }
}

#[test]
fn known_functions_stand_where_pysc2_has_them() {
    for name in [
        "Train_SCV_quick",
        "Build_SupplyDepot_pt",
        "Build_Refinery_unit",
        "Attack_pt",
        "Attack_unit",
        "Smart_unit",
        "Harvest_Gather_unit",
        "Harvest_Return_quick",
        "Build_TechLab_quick",
        "Build_TechLab_pt",
        "Lift_quick",
        "Land_pt",
        "Effect_Stim_quick",
        "Morph_OrbitalCommand_quick",
        "Effect_Scan_pt",
        "Effect_CalldownMULE_unit",
        "Rally_Units_pt",
        "Rally_Workers_unit",
        "UnloadAllAt_pt",
        "Cancel_quick",
        "Cancel_Last_quick",
        "Halt_quick",
        "Behavior_CloakOff_quick",
        "Effect_Repair_autocast",
        "TrainWarp_Zealot_pt",
        "Effect_InjectLarva_unit",
        "BurrowDown_quick",
        "Research_TerranInfantryWeapons_quick",
    ] {
        assert!(by_name(name).is_some(), "{name}");
    }
}

#[test]
fn requirements_come_from_the_production_tables() {
    let offer = |name: &str, by: UnitTypeId| {
        let f = function(by_name(name).unwrap()).unwrap();
        let idx = vocab().type_idx(by);
        let o = f.offers.iter().find(|o| o.type_idx == idx).unwrap();
        (o.clone(), table().gates[usize::from(o.gate)].clone())
    };
    let (o, g) = offer("Train_Marauder_quick", u::BARRACKS);
    assert_ne!(o.need & flags::TECH_LAB, 0);
    assert_eq!((g.minerals, g.vespene, g.supply), (100, 25, 2.0));
    let (_, g) = offer("Train_Zergling_quick", u::LARVA);
    assert_eq!((g.minerals, g.supply), (50, 1.0));
    let (_, g) = offer("Morph_OrbitalCommand_quick", u::COMMAND_CENTER);
    assert_eq!((g.minerals, g.supply, g.structures.len()), (150, 0.0, 1));
    let (_, g) = offer("Morph_SiegeMode_quick", u::SIEGE_TANK);
    assert_eq!((g.minerals, g.supply), (0, 0.0));
    let (o, g) = offer("Behavior_CloakOn_quick", u::BANSHEE);
    assert_eq!((o.energy, g.upgrades.count_ones()), (25, 1));
    assert_eq!(
        function(by_name("Build_Barracks_pt").unwrap())
            .unwrap()
            .builds,
        Some(u::BARRACKS)
    );
}
