//! The simulator against recorded games: the table of theirs is what its script makes of them, and ours holds against it.

use scc::game::Seed;
use scc::run::bench;
use std::path::Path;
use std::process::Command;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

#[test]
fn the_recorded_figures_are_what_the_script_makes_of_the_replays() {
    let data = format!("{ROOT}/../shared/data");
    if !Path::new(&data).join("replays/manifest.tsv").exists() {
        println!("skipped: no decoded replays at {data}");
        return;
    }
    // Without Blizzard's decoder, walks are those of the table itself.
    let made = Command::new("python3")
        .args(["-S", "scripts/fidelity-table", &data])
        .current_dir(ROOT)
        .output();
    let Ok(made) = made else {
        println!("skipped: no python3");
        return;
    };
    let error = String::from_utf8_lossy(&made.stderr);
    assert!(made.status.success(), "{error}");
    let table =
        std::fs::read_to_string(format!("{ROOT}/src/run/bench/fidelity/real.json")).unwrap();
    let made = String::from_utf8(made.stdout).unwrap();
    assert!(
        made == table,
        "`scripts/fidelity-table {data} src/run/bench/fidelity/real.json` makes another table"
    );
}

#[test]
fn the_simulator_is_as_true_to_recorded_games_as_the_docs_say() {
    let figures = bench::fidelity(Seed(0)).unwrap();
    let missed: Vec<_> = (figures.0.iter())
        .filter(|(_, f)| {
            f.against
                .as_ref()
                .is_some_and(|a| !a.within && a.known.is_none())
        })
        .map(|(name, f)| format!("{name}: {} against {:?}", f.value, f.against))
        .collect();
    assert!(missed.is_empty(), "{}", missed.join("\n"));
    assert_eq!(figures.misses(), 0);
    // Every kind of line is there, and the one difference that is meant.
    for kind in [
        "minerals.all",
        "gas.three",
        "construction.Barracks",
        "first.SCV",
        "training.SCV",
        "research.Stimpack",
        "morph.OrbitalCommand",
        "mule.life",
        "flight.1",
        "walk.1",
        "fight.Marine",
    ] {
        let start = format!("fidelity.{kind}");
        assert!(
            figures.0.iter().any(|(name, _)| name.starts_with(&start)),
            "{kind}"
        );
    }
    let known = figures
        .0
        .iter()
        .filter(|(_, f)| f.against.as_ref().is_some_and(|a| a.known.is_some()));
    assert_eq!(known.count(), 1);
}
