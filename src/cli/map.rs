//! `scc map`: the maps we ship, what is on one, and captures of the real game turned into map files.

use std::sync::Arc;

use scc::env::load_map;
use scc::game::data::neutral;
use scc::game::{MapData, Point, ResourceNode};
use scc::sim::maps;
use serde::Serialize;

use super::args::Map;
use super::error::CliError;
use super::output::{Output, table};

pub fn run(command: &Map, output: &mut Output) -> Result<(), CliError> {
    match command {
        Map::List => list(output),
        Map::Info { map } => info(map, output),
        Map::Import { .. } => Err(CliError::Usage(
            "this command is not in this version yet".into(),
        )),
    }
}

/// What `--json` says of a map.
#[derive(Serialize)]
struct Summary {
    pub name: String,
    /// Cells.
    pub width: usize,
    pub height: usize,
    /// x0, y0, x1, y1 in cells.
    pub playable: [i32; 4],
    pub start_locations: Vec<[f32; 2]>,
    /// Town-hall centers, start locations included.
    pub expansions: Vec<[f32; 2]>,
    pub mineral_fields: usize,
    pub geysers: usize,
    pub destructibles: usize,
    /// Names the map in replays and checkpoints.
    pub hash: String,
}

impl Summary {
    fn of(map: &MapData) -> Summary {
        let points = |points: &[Point]| points.iter().map(|p| [p.x, p.y]).collect();
        let is_geyser = |node: &&ResourceNode| {
            neutral::find(node.unit_type).is_some_and(|it| it.kind.is_geyser())
        };
        let geysers = map.resources.iter().filter(is_geyser).count();
        Summary {
            name: map.name.clone(),
            width: map.width(),
            height: map.height_cells(),
            playable: [
                map.playable.x0,
                map.playable.y0,
                map.playable.x1,
                map.playable.y1,
            ],
            start_locations: points(&map.start_locations),
            expansions: points(&map.expansions),
            mineral_fields: map.resources.len() - geysers,
            geysers,
            destructibles: map.destructibles.len(),
            hash: format!("{:016x}", map.hash()),
        }
    }
}

fn list(output: &mut Output) -> Result<(), CliError> {
    let maps: Vec<Arc<MapData>> = maps::names()
        .iter()
        .filter_map(|name| maps::by_name(name))
        .collect();
    let summaries: Vec<Summary> = maps.iter().map(|map| Summary::of(map)).collect();
    output.result(&summaries, || {
        let mut rows = vec![
            ["name", "size", "bases", "hash"]
                .map(str::to_owned)
                .to_vec(),
        ];
        rows.extend(summaries.iter().map(|map| {
            vec![
                map.name.clone(),
                format!("{}x{}", map.width, map.height),
                map.expansions.len().to_string(),
                map.hash.clone(),
            ]
        }));
        table(&rows)
    })
}

fn info(name: &str, output: &mut Output) -> Result<(), CliError> {
    let map = load_map(name).map_err(|source| CliError::library("map info", source))?;
    let summary = Summary::of(&map);
    output.result(&summary, || {
        format!("{}\n{}", text(&summary), maps::picture::picture(&map))
    })
}

fn text(map: &Summary) -> String {
    let places = |points: &[[f32; 2]]| {
        points
            .iter()
            .map(|[x, y]| format!("({x}, {y})"))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let [x0, y0, x1, y1] = map.playable;
    format!(
        "{}: {}x{} cells, playable ({x0}, {y0}) to ({x1}, {y1})\nstart locations {}\nbases {}\n{} mineral fields, {} geysers, {} rocks and towers\nhash {}\n",
        map.name,
        map.width,
        map.height,
        places(&map.start_locations),
        places(&map.expansions),
        map.mineral_fields,
        map.geysers,
        map.destructibles,
        map.hash
    )
}
