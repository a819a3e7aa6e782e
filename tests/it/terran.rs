//! The simulator's Terran against the tables: what units offer there, they can do here, and the action space has it.

use scc::action::functions;
use scc::game::data::{self, unit_ids as u};
use scc::game::{AbilityId, Race, UnitTypeId};
use scc::sim::ability;

fn is_terran(id: UnitTypeId) -> bool {
    data::unit(id).is_some_and(|row| row.race == Race::Terran)
}

/// Abilities of the tables that do nothing in a melee game of 4.10, and why.
const LEFT_OUT: &[(u16, &str)] = &[
    (26, "a spray on the ground"),
    (
        792,
        "the Caduceus reactor: its upgrade is not offered in 4.10",
    ),
    (797, "durable materials: not offered in 4.10"),
    (800, "the twin of 805, advanced ballistics"),
    (852, "vehicle plating of its own: joined with ships' in 864"),
    (853, "as 852"),
    (854, "as 852"),
    (3751, "of the repair drone, which no raven of 4.10 makes"),
];

#[test]
fn what_terran_units_offer_in_the_game_they_offer_here() {
    let mut missing = Vec::new();
    for a in data::abilities() {
        for &by in a.offered_by.iter().filter(|&&by| is_terran(by)) {
            let offered = ability::offers(by).iter().any(|o| o.exact == a.id);
            if !offered && !LEFT_OUT.iter().any(|l| l.0 == a.id.0) {
                missing.push(format!("{} {} of {}", a.id.0, a.friendly, name(by)));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
    for (id, why) in LEFT_OUT {
        assert!(data::ability(AbilityId(*id)).is_some(), "{id}: {why}");
    }
}

fn name(id: UnitTypeId) -> &'static str {
    data::unit(id).map_or("?", |row| row.name)
}

#[test]
fn what_terran_units_offer_here_the_action_space_has() {
    for row in data::units().filter(|row| row.race == Race::Terran) {
        for offer in ability::offers(row.id) {
            assert!(
                functions().iter().any(|f| f.ability == offer.general),
                "{} of {}",
                offer.exact.0,
                row.name
            );
        }
    }
    for name in [
        "BurrowDown_quick",
        "BurrowUp_quick",
        "Effect_WidowMineAttack_unit",
        "Effect_WidowMineAttack_autocast",
        "Effect_AutoTurret_pt",
        "Effect_InterferenceMatrix_unit",
        "Effect_AntiArmorMissile_unit",
        "Morph_LiberatorAGMode_pt",
        "Morph_LiberatorAAMode_quick",
        "Effect_LockOn_unit",
        "Effect_LockOn_autocast",
        "Effect_YamatoGun_unit",
        "Effect_TacticalJump_pt",
        "Effect_GhostSnipe_unit",
        "Effect_EMP_pt",
        "Effect_NukeCalldown_pt",
        "Build_Nuke_quick",
        "Behavior_HoldFireOn_quick",
        "Behavior_HoldFireOff_quick",
        "Effect_KD8Charge_pt",
        "Effect_KD8Charge_unit",
        "Effect_MedivacIgniteAfterburners_quick",
        "Effect_SupplyDrop_unit",
        "Effect_Salvage_quick",
    ] {
        assert!(functions().iter().any(|f| f.name == name), "{name}");
    }
}

#[test]
fn every_upgrade_of_4_10_can_be_researched_where_the_tables_say() {
    let of_terran =
        |row: &&data::UpgradeData| row.researched_at.iter().any(|p| is_terran(p.producer));
    let mut count = 0;
    for row in data::upgrades().iter().filter(of_terran) {
        for p in row.researched_at {
            let found = ability::offers(p.producer)
                .iter()
                .any(|o| o.act == ability::Act::Research(row.id) && o.exact == p.ability);
            assert!(found, "{} at {}", row.name, name(p.producer));
        }
        count += 1;
    }
    assert!(count > 25, "{count}");
    let nuke = ability::offers(u::GHOST_ACADEMY);
    assert!(nuke.iter().any(|o| o.act == ability::Act::Train(u::NUKE)));
}
