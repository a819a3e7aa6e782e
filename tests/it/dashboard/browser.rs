//! The page of a league in a headless browser, beside the processes that `deploy/local/cluster` starts: what its scripts draw is
//! there, and the browser complains of nothing. Screenshots go to `SCC_SCREENSHOTS`, if that names a folder.

use std::net::SocketAddr;
use std::path::PathBuf;

use super::chromium::{Page, browser};
use super::json;
use super::league::{League, wait_for};

/// Games that can be watched, wins and losses between players, steps of both learners.
fn wait_for_a_while_of_training(to: SocketAddr) {
    wait_for("games and training steps", || {
        let (games, league) = (json(to, "/api/games"), json(to, "/api/league"));
        let watched = games["games"]
            .as_array()?
            .iter()
            .filter(|g| g["replay"].is_string());
        let players = json(to, "/api/overview")["players"].clone();
        let mut steps = players.as_array()?.iter().map(|p| p["step"].as_u64());
        let elo = league["league"]["elo"]["curves"].as_array()?;
        let has_curve = elo
            .iter()
            .any(|c| c["points"].as_array().is_some_and(|p| p.len() > 1));
        (watched.count() >= 2 && steps.len() == 2 && steps.all(|s| s >= Some(4)) && has_curve)
            .then_some(())
    });
}

#[test]
fn a_leagues_page_is_drawn_in_a_browser_and_nothing_is_complained_of() {
    let Some(browser) = browser() else { return };
    let Some(mut league) = League::start() else {
        return;
    };
    let to = league.dashboard();
    wait_for_a_while_of_training(to);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let named = std::env::var_os("SCC_SCREENSHOTS").map(PathBuf::from);
    let shots = named.unwrap_or_else(|| folder.path().to_owned());
    std::fs::create_dir_all(&shots).expect("writable");
    let mut page = Page::open(&browser, &format!("http://{to}/"), shots);
    processes_and_queues_are_rows(&mut page);
    curves_and_matrix_are_drawn(&mut page);
    a_game_is_watched(&mut page);
    page_fits_a_narrow_window(&mut page);
    assert_eq!(page.faults, Vec::<String>::new());
    // What it was told last stays, and a line says that nobody tells more.
    assert!(league.signal("TERM", false));
    page.wait("word of the server's end", "!byId('gone').hidden");
    assert_eq!(league.script.wait().expect("a child").code(), Some(130));
    assert!(
        !league.signal("0", true),
        "the script has left somebody behind"
    );
}

fn processes_and_queues_are_rows(page: &mut Page) {
    for role in ["master", "learner", "predictor", "actor", "evaluator"] {
        let row = format!(
            "[...document.querySelectorAll('#process-table tbody tr')].some((r) => r.cells[0].textContent === '{role}' && /[0-9]/.test(r.cells[7].textContent))"
        );
        page.wait(&format!("row of the {role} with its rates"), &row);
    }
    let bars = "[...document.querySelectorAll('#queue-list .bar')].map((b) => b.children[0].textContent).sort().join()";
    page.wait(
        "queue a player",
        &format!("{bars} === 'games-exploiter,games-main'"),
    );
    page.wait(
        "figures that stand out",
        "document.querySelectorAll('#tiles b').length >= 5",
    );
}

fn curves_and_matrix_are_drawn(page: &mut Page) {
    for id in ["elo-charts", "first-charts"] {
        let lines = format!("document.querySelectorAll('#{id} svg path.l').length >= 1");
        page.wait(&format!("curve in {id}"), &lines);
    }
    page.wait(
        "chart of the loss",
        "document.querySelector('#first-charts figure[data-title=\"Loss\"] svg path.l')",
    );
    let bad = "[...document.querySelectorAll('svg *')].filter((e) => [...e.attributes].some((a) => /NaN|Infinity|undefined/.test(a.value))).length";
    assert_eq!(page.eval(bad), 0, "a picture with numbers that are none");
    // As the server tells it, at the same moment.
    let told = "ask('/api/league').then((r) => (drawLeague(r), r.league.payoff.win_rates.map((row) => row.map((x) => x === null ? null : (100 * x).toFixed(0)))))";
    let shown = "[...document.querySelectorAll('#matrix tbody tr')].map((r) => [...r.querySelectorAll('td')].map((c) => /[0-9]/.test(c.textContent) ? c.textContent : null))";
    let same = format!("{told}.then((told) => [told, {shown}])");
    let both = page.eval(&same);
    assert_eq!(both[0], both[1], "the matrix");
    let numbers = both[1]
        .as_array()
        .expect("rows")
        .iter()
        .flat_map(|r| r.as_array().expect("cells"));
    assert!(
        numbers.filter(|cell| cell.is_string()).count() >= 2,
        "{both}"
    );
    page.wait(
        "Elo table",
        "document.querySelectorAll('#elo-table tbody tr').length >= 3",
    );
    page.shot("league");
    page.look(1300, 900, true);
    page.shot("league-dark");
    page.look(1300, 900, false);
}

/// The canvas as one number, and how many colors are on it.
const CANVAS: &str = "(() => {
    const from = document.querySelector('#viewer canvas');
    // A copy: the browser warns of canvases that are read often.
    const [width, height] = [from.width, from.height];
    const c = el('canvas', { width, height }).getContext('2d', { willReadFrequently: true });
    c.drawImage(from, 0, 0);
    const data = new Uint32Array(c.getImageData(0, 0, width, height).data.buffer);
    return [data.reduce((h, x) => (Math.imul(h, 31) + x) | 0, 7), new Set(data).size];
})()";

fn a_game_is_watched(page: &mut Page) {
    page.wait(
        "game to watch",
        "document.querySelector('#game-table button')",
    );
    page.eval("document.querySelector('#game-table button').click()");
    page.wait(
        "minimap",
        "document.querySelector('#viewer canvas')?.width > 100",
    );
    let begin = page.eval(CANVAS);
    assert!(
        begin[1].as_u64() >= Some(8),
        "ground, resources and two players: {begin}"
    );
    page.press("End");
    let end = page.eval(CANVAS);
    assert_ne!(begin[0], end[0], "the film shows the same at its end");
    let clock = "document.querySelector('#viewer .clock').textContent";
    let told = page.eval(clock);
    let (at, of) = told
        .as_str()
        .and_then(|t| t.split_once(" / "))
        .expect("times");
    assert_eq!(at, of, "the end");
    page.shot("viewer");
    page.press("Home");
    page.press("Space");
    page.wait("film that runs", &format!("!{clock}.startsWith('0:00')"));
    let lines = "document.querySelectorAll('#viewer svg path.l').length";
    assert_eq!(page.eval(lines), 4, "army value and supply of both");
    page.press("Escape");
    page.wait("end of the viewer", "byId('viewer').hidden");
}

fn page_fits_a_narrow_window(page: &mut Page) {
    page.look(390, 844, false);
    // With the next look at the server.
    let chart = "document.querySelector('#elo-charts svg').viewBox.baseVal.width === 480";
    page.wait("chart for the window", chart);
    let width = page.eval("document.documentElement.scrollWidth");
    page.shot("narrow");
    assert!(width.as_u64() <= Some(390), "{width} pixels wide");
}
