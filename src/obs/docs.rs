//! docs/OBSERVATION.md, written from the feature tables.

use super::buffs::BUFFS;
use super::config::ObsConfig;
use super::feature::{Feature, Quant, Width};
use super::scalars::SCALAR_FEATURES;
use super::spec::ObsSpec;
use super::units::UNIT_FEATURES;
use super::vocab::vocab;
use std::fmt::Write;

/// The document's text for the default config.
///
/// # Panics
/// Never: the default config is in range.
pub fn document(n_functions: usize) -> String {
    let spec = ObsSpec::new(ObsConfig::default(), n_functions).expect("the default is in range");
    let mut out = String::from(INTRO);
    let _ = writeln!(out, "\n## Scalars ({} columns)\n", spec.scalar_dim());
    table(&mut out, SCALAR_FEATURES, false);
    out.push_str(PLANES);
    let dims: Vec<usize> = (0..3).map(|g| spec.unit_dim(g)).collect();
    let _ = writeln!(
        out,
        "\n## Unit features ({} columns for mine, {} for enemy, {} for neutral)\n\nGroups: M mine (own and allied), E enemy, N neutral.\n",
        dims[0], dims[1], dims[2]
    );
    table(&mut out, UNIT_FEATURES, true);
    let names: Vec<&str> = BUFFS.iter().map(|b| b.0).collect();
    let _ = writeln!(
        out,
        "\nBuff classes, in column order: {}.",
        names.join(", ")
    );
    out.push_str(CATEGORIES);
    let v = vocab();
    for (what, n) in [
        (
            "unit types, row 0 = unknown (neutral skins and sizes share rows)",
            spec.n_unit_types,
        ),
        ("orders: general abilities, row 0 = none", spec.n_orders),
        ("build items of z, row 0 = none", spec.n_build_items),
        (
            "functions, row 0 = no-op (`action::functions`)",
            spec.n_functions,
        ),
        (
            "counted unit types (columns of the count vectors)",
            v.counted().len(),
        ),
    ] {
        let _ = writeln!(out, "| {what} | {n} |");
    }
    out.push_str(OVERFLOW);
    out
}

fn table(out: &mut String, features: &[Feature], groups: bool) {
    let head = if groups {
        "| name | groups | columns | range | step | source |\n|---|---|---|---|---|---|"
    } else {
        "| name | columns | range | step | source |\n|---|---|---|---|---|"
    };
    let _ = writeln!(out, "{head}");
    for f in features {
        let (lo, hi) = f.quant.range();
        let step = match f.quant {
            Quant::Bit => "1".to_string(),
            Quant::U8(n) | Quant::I8(n) | Quant::U16(n) => format!("1/{n}"),
        };
        let width = match f.width {
            Width::Fixed(n) => n.to_string(),
            Width::Counted => format!("{} (counted types)", f.width.get()),
            Width::Orders => format!("{} (orders)", f.width.get()),
            Width::Upgrades => format!("{} (upgrades)", f.width.get()),
            Width::Buffs => format!("{} (buff classes)", f.width.get()),
        };
        let of: String = "MEN"
            .chars()
            .enumerate()
            .filter(|(g, _)| f.groups >> g & 1 == 1)
            .map(|(_, c)| c)
            .collect();
        let of = if groups {
            format!(" {of} |")
        } else {
            String::new()
        };
        let _ = writeln!(
            out,
            "| {} |{of} {width} | {lo:.2} to {hi:.2} | {step} | {} |",
            f.name, f.source
        );
    }
}

const INTRO: &str = "# The observation

Written from the feature tables (`src/obs/scalars.rs`, `src/obs/units.rs`) by `UPDATE_GOLDEN=1 cargo test document`; do not edit by hand.

One player's view at one step, as plain arrays (SCC App. A; AlphaStar's raw setting where the paper is silent). Every value lies
on its feature's grid (step below), so trajectories store integer codes without loss. A feature is added by one row of a table.
";

const PLANES: &str = "
## Planes (6 x 64 x 64, one byte a cell, row 0 at the bottom)

A target cell is one map cell where the playable area fits the 128x128 target grid, else as much larger as it must be; a minimap cell
is two target cells on a side. Both grids start at the playable area's lower left corner. Each minimap cell samples the map cell at
its center.

| plane | values | source |
|---|---|---|
| height | 0 to 255 | terrain height as the API gives it |
| visibility | 0 never seen, 1 seen before, 2 in view | `map_state.visibility` |
| player_relative | 0 nobody, 1 own, 2 ally, 3 neutral, 4 enemy | units; an enemy shows before own units, those before the rest |
| alerts | 0 or 1 | own units lost life there since the last observation, or died |
| pathable | 0 or 1 | the map's pathing grid |
| buildable | 0 or 1 | the map's placement grid |
";

const CATEGORIES: &str = "
## Categories (indices for embeddings)

Per unit: its type, and its first two orders (own units only). Per step: the last function, and z's build order (20 entries of item and
minimap cell). Sizes of the tables:

| table | rows |
|---|---|
";

const OVERFLOW: &str = "
## Limits

256 own, 200 enemy, 200 neutral units by default (`ObsConfig::units_max`). Where a group has more, the kept ones are the first under
(n-th unit of its type / 8, class, order in the raw observation): every type keeps its first eight before any keeps more; town halls
go before armies, those before structures, workers, snapshots, and these before larvae, broodlings and the like. Neutral units are
ordered by (resource, rock, scenery) and then by distance from the own start. What is left out is counted in `Observation::overflow`;
counts among the scalars are of all units.
";
