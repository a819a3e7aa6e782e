//! `/api/replay` against the game as text.

use serde_json::Value;

use super::{json, serve};
use crate::cli::{Fixture, own_replays};

/// Lines of `scc replay play` as `P1 == minerals M vespene V supply U/C workers W`, by minute: player 1, then 2.
fn score_lines(text: &str) -> Vec<(String, usize, [u64; 5])> {
    let lines = text.lines().filter(|line| line.contains(" == minerals "));
    let parsed = lines.map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let number =
            |word: &str| words[words.iter().position(|w| *w == word).unwrap() + 1].to_owned();
        let supply = number("supply");
        let (used, cap) = supply.split_once('/').unwrap();
        let figures = [
            number("minerals"),
            number("vespene"),
            used.into(),
            cap.into(),
            number("workers"),
        ];
        let player = if words[1] == "P1" { 0 } else { 1 };
        (
            words[0].to_owned(),
            player,
            figures.map(|f: String| f.parse().unwrap()),
        )
    });
    parsed.collect()
}

#[test]
fn a_kept_replay_shows_what_the_game_as_text_says() {
    let fixture = Fixture::new();
    let name = "viking-against-mech.screp";
    let file = format!("{}/{name}", own_replays());
    let text = fixture.run(&["replay", "play", &file]).stdout;
    let served = serve(&fixture, &["--replays", &own_replays()]);
    let film = json(served.address, &format!("/api/replay?file={name}"));
    assert_eq!(film["warning"], Value::Null);
    let frames = film["frames"].as_array().unwrap();
    let mut compared = 0;
    for (clock, player, told) in score_lines(&text) {
        let (minutes, seconds) = clock.split_once(':').unwrap();
        // A minute is 1344 loops, a second 22.4: full minutes have a frame of their own, the end has another.
        let frame = minutes.parse::<usize>().unwrap() * 60;
        if seconds != "00" || frame >= frames.len() - 1 {
            continue;
        }
        assert_eq!(frames[frame], (frame / 60) as u64 * 1344);
        let curves = &film["curves"][player];
        let shown = ["minerals", "vespene", "supply", "supply_cap", "workers"]
            .map(|key| curves[key][frame].as_f64().unwrap());
        assert_eq!(
            shown.map(|x| x as u64),
            told,
            "player {} at {clock}",
            player + 1
        );
        compared += 1;
    }
    assert!(
        compared >= 8,
        "{compared} lines of the text were compared\n{text}"
    );
    marines_are_those_of_the_text(&film, &text);
}

/// Completed and lost, as the text has it, against who is there when the game ends.
fn marines_are_those_of_the_text(film: &Value, text: &str) {
    let entries = film["changes"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|c| c.as_array().unwrap());
    let entries: Vec<i64> = entries.map(|n| n.as_i64().unwrap()).collect();
    let mut now = std::collections::BTreeMap::new();
    for e in entries.chunks(5) {
        now.insert(e[0], e[1]);
    }
    for (player, prefix) in ["P1", "P2"].iter().enumerate() {
        let line = |sign: &str| {
            let wanted = format!("{prefix}   {sign} Marine");
            text.lines()
                .filter(|l| {
                    l.split_once(' ').is_some_and(|(_, rest)| {
                        rest.trim_end() == wanted || rest.starts_with(&format!("{wanted} (lost)"))
                    })
                })
                .count()
        };
        let is_marine = |(unit, kind): (&i64, &i64)| {
            *kind >= 0
                && film["kinds"][*kind as usize]["name"] == "Marine"
                && film["owners"][*unit as usize] == player as u64
        };
        let there = now
            .iter()
            .filter(|(unit, kind)| is_marine((unit, kind)))
            .count();
        assert_eq!(
            there,
            line("+") - line("-"),
            "marines of player {}",
            player + 1
        );
    }
}
