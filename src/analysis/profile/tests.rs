//! Profiles of made-up games, figure by figure.

use super::*;
use crate::analysis::game::Stage;
use crate::analysis::testing::{blank, death, making, sample};

#[test]
fn a_build_order_reads_as_players_write_it() {
    let mut game = blank(1);
    game.samples = vec![sample(1, 12.0, &[]), sample(480, 16.5, &[])];
    game.makings = vec![
        making(200, Stage::Done, "SCV"),
        making(400, Stage::Begun, "SupplyDepot"),
        making(500, Stage::Begun, "Barracks"),
        making(880, Stage::Done, "SupplyDepot"),
        making(900, Stage::Morphed, "SupplyDepotLowered"),
        making(1540, Stage::Done, "Barracks"),
        making(2000, Stage::Done, "Marine"),
        making(2100, Stage::Done, "MULE"),
        making(2400, Stage::Done, "Marine"),
        making(2500, Stage::Morphed, "OrbitalCommand"),
        making(2600, Stage::Done, "Marine"),
        making(5000, Stage::Researched, "Stimpack"),
    ];
    let found: Vec<String> = build_order(&game, 40)
        .iter()
        .map(|it| format!("{} {} {} x{}", it.supply, it.game_loop, it.what, it.count))
        .collect();
    let expected = [
        "12 400 SupplyDepot x1",
        "16 500 Barracks x1",
        "16 2000 Marine x2",
        "16 2500 OrbitalCommand x1",
        "16 2600 Marine x1",
        "16 5000 Stimpack x1",
    ];
    assert_eq!(found, expected);
    assert_eq!(build_order(&game, 3).len(), 3);
    let z = statistic(&game);
    assert_eq!(
        z.build_order,
        [
            "SupplyDepot",
            "Barracks",
            "Marine",
            "Marine",
            "OrbitalCommand",
            "Marine"
        ]
    );
    assert_eq!(
        (z.counts["Marine"], z.counts["SupplyDepot"], z.counts["SCV"]),
        (3, 1, 1)
    );
    assert_eq!(z.upgrades, ["Stimpack"]);
}

#[test]
fn coming_back_from_another_form_is_nothing_new() {
    let mut game = blank(1);
    let morph = |at, what| making(at, Stage::Morphed, what);
    game.makings = vec![
        making(100, Stage::Done, "SiegeTank"),
        morph(200, "SiegeTankSieged"),
        morph(300, "SiegeTank"),
        morph(400, "OrbitalCommand"),
        morph(500, "OrbitalCommandFlying"),
        morph(600, "OrbitalCommand"),
        morph(700, "LurkerMP"),
        morph(800, "LurkerMPBurrowed"),
        morph(1000, "LurkerMP"),
        morph(1100, "BarracksFlying"),
        morph(1200, "Barracks"),
    ];
    // The burrowed one dies: what comes at 1000 is another.
    game.deaths = vec![death(900, "LurkerMPBurrowed", [0.0, 0.0], 2)];
    let at: Vec<u32> = news(&game).map(|it| it.game_loop).collect();
    assert_eq!(at, [100, 400, 700, 1000]);
}

#[test]
fn expansions_are_town_halls_put_down_and_know_whether_they_were_finished() {
    let mut game = blank(1);
    game.makings = vec![
        making(1000, Stage::Begun, "CommandCenter"),
        making(2600, Stage::Done, "CommandCenter"),
        making(3000, Stage::Morphed, "OrbitalCommand"),
        making(4000, Stage::Begun, "CommandCenter"),
    ];
    let found = expansions(&game);
    assert_eq!(found.len(), 2);
    assert_eq!(
        (found[0].begun_loop, found[0].done_loop),
        (1000, Some(2600))
    );
    assert_eq!((found[1].begun_loop, found[1].done_loop), (4000, None));
    let away = found[0].from_start.unwrap();
    assert!((away - 50f32.sqrt()).abs() < 1e-5);
}

#[test]
fn mixes_count_a_morph_once_and_leave_workers_out() {
    let mut game = blank(1);
    game.loops = 2 * MINUTE_LOOPS + 100;
    game.samples = vec![sample(
        1280,
        20.0,
        &[
            ("Zergling", 2),
            ("SiegeTank", 1),
            ("SiegeTankSieged", 1),
            ("Drone", 9),
        ],
    )];
    game.makings = vec![
        making(600, Stage::Done, "Drone"),
        making(700, Stage::Done, "Zergling"),
        making(700, Stage::Done, "Zergling"),
        making(800, Stage::Done, "SiegeTank"),
        making(900, Stage::Morphed, "SiegeTankSieged"),
        making(2000, Stage::Morphed, "Baneling"),
    ];
    let found = mixes(&game);
    let at: Vec<u32> = found.iter().map(|it| it.game_loop).collect();
    assert_eq!(at, [1344, 2688, 2788]);
    let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-9, "{a} {b}");
    close(found[0].trained["Zergling"], 2.0 / 3.0);
    close(found[0].trained_value["SiegeTank"], 275.0 / 325.0);
    close(found[0].alive["SiegeTank"], 0.5);
    close(found[0].alive_value["Zergling"], 50.0 / 600.0);
    assert_eq!((found[0].n_trained, found[0].n_alive), (3, 4));
    close(found[2].trained["Baneling"], 1.0 / 3.0);
    close(found[2].trained["Zergling"], 1.0 / 3.0);
    assert!(!found[2].trained.contains_key("Drone"));
}

#[test]
fn harassment_counts_workers_raids_and_what_dies_in_mineral_lines() {
    let mut victim = blank(2);
    victim.start = Some([60.0, 60.0]);
    let near = [66.0, 60.0];
    victim.makings = vec![making(5000, Stage::Begun, "CommandCenter")];
    victim.deaths = vec![
        death(3000, "SCV", near, 1),
        death(3400, "SCV", near, 1),
        death(3500, "Marine", near, 1),
        // More than 20 seconds later: another raid. Far from any town hall: not in a line.
        death(4000, "SCV", [40.0, 40.0], 1),
        // At the second base, before and after it was put down.
        death(4900, "Marauder", [26.0, 25.0], 1),
        death(5100, "Marauder", [26.0, 25.0], 1),
        // By itself, and by the other player: nobody's harassment.
        death(6000, "SCV", near, 2),
    ];
    let mut game = blank(1);
    game.makings = vec![making(2900, Stage::Done, "Medivac")];
    let found = Harassment::of(&game, &[&game, &victim]);
    assert_eq!(found.workers_killed, 3);
    assert_eq!(found.value_in_lines, 50 + 50 + 50 + 125);
    let raids: Vec<_> = found
        .raids
        .iter()
        .map(|it| (it.begin_loop, it.end_loop, it.workers))
        .collect();
    assert_eq!(raids, [(3000, 3400, 2), (4000, 4000, 1)]);
    assert_eq!((found.transports, found.workers_lost), (1, 0));
    let theirs = Harassment::of(&victim, &[&game, &victim]);
    assert_eq!((theirs.workers_killed, theirs.workers_lost), (0, 3));
    // A hall that has fallen has no line any more.
    victim
        .deaths
        .push(death(2000, "CommandCenter", [60.0, 60.0], 1));
    let later = Harassment::of(&game, &[&game, &victim]);
    assert_eq!(later.value_in_lines, 400 + 125);
}

#[test]
fn actions_are_rates_over_the_game_and_in_the_busiest_minute() {
    let mut game = blank(1);
    game.loops = 2 * MINUTE_LOOPS;
    game.commands = vec![100, 1300, 1400, 1500, 2643];
    let found = profile(&game, &[&game]).actions;
    assert_eq!((found.commands, found.peak_minute), (5, Some(4)));
    assert!((found.per_minute.unwrap() - 2.5).abs() < 1e-9);
    assert_eq!(found.by_minute, [2, 3]);
    game.commands.clear();
    assert_eq!(profile(&game, &[&game]).actions, Actions::default());
}

#[test]
fn curves_lie_on_one_grid_and_hold_the_last_sample() {
    let mut game = blank(1);
    game.loops = 1000;
    game.samples = vec![
        sample(1, 12.0, &[("CommandCenter", 1)]),
        sample(160, 13.0, &[("CommandCenter", 1), ("BarracksFlying", 1)]),
        sample(480, 15.0, &[("OrbitalCommand", 2)]),
    ];
    let found = profile(&game, &[&game]).curve;
    let points: Vec<_> = found
        .iter()
        .map(|it| (it.game_loop, it.supply_used, it.bases, it.production))
        .collect();
    assert_eq!(
        points,
        [(0, 12.0, 1, 0), (448, 13.0, 1, 1), (896, 15.0, 2, 0)]
    );
}
