//! `scc map`: the maps we ship, what is on one, and captures of the real game turned into map files.

use std::sync::Arc;

use scc::env::load_map;
use scc::game::MapData;
use scc::sc2::import::import_files;
use scc::sim::maps::{self, MapInfo};

use super::args::{Capture, Global, Map};
use super::error::CliError;
use super::out::file_to_write;
use super::output::{Output, table};

pub fn run(command: &Map, global: &Global, output: &mut Output) -> Result<(), CliError> {
    match command {
        Map::List => list(output),
        Map::Info { map } => info(map, output),
        Map::Import { capture, force } => import(capture, *force, global, output),
    }
}

fn list(output: &mut Output) -> Result<(), CliError> {
    let maps: Vec<Arc<MapData>> = maps::names()
        .iter()
        .filter_map(|name| maps::by_name(name))
        .collect();
    let summaries: Vec<MapInfo> = maps.iter().map(|map| maps::info(map)).collect();
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
    let facts = maps::info(&map);
    output.result(&facts, || {
        format!(
            "{facts}\n{}{}\n",
            maps::picture::picture(&map),
            maps::picture::LEGEND
        )
    })
}

/// Makes a map file of a capture; prints what is on the map.
fn import(
    capture: &Capture,
    force: bool,
    global: &Global,
    output: &mut Output,
) -> Result<(), CliError> {
    let out = file_to_write(global, "map import", force)?;
    let imported = import_files(&capture.game_info, &capture.observation)
        .map_err(|source| CliError::library("cannot import the map", source))?;
    maps::save(&imported.map, out)
        .map_err(|source| CliError::library("cannot write the map", source))?;
    let facts = maps::info(&imported.map);
    output.result(&facts, || {
        let left_out: Vec<String> = imported
            .left_out
            .iter()
            .map(|id| id.0.to_string())
            .collect();
        match left_out.is_empty() {
            true => facts.to_string(),
            false => format!(
                "{facts}  left out    neutral units of types {} (no part in the rules)\n",
                left_out.join(", ")
            ),
        }
    })
}
