// Asks, draws, waits, again and again. A server that does not answer leaves what it said last, and a line that says so.

const EVERY_MS = 3000;
const HIDDEN_MS = 20000;

const viewer = new Viewer(byId("viewer"));
viewer.onclose = () => { last.gamesKey = null; drawGames(last.games); };
const last = { overview: null, league: { league: null, schedules: [] }, games: [], gone: null, gamesKey: null };
let wantedPlayer = null;
// A link to a moment of a game: #replay=FILE&t=SECONDS.
const linked = new URLSearchParams(location.hash.slice(1));
let wake = () => {};
document.addEventListener("visibilitychange", () => document.hidden || wake());

const RESULTS = { win: "won", loss: "lost", draw: "draw" };

function drawGames(games) {
  last.games = games;
  show("games", games.length > 0 || Boolean(viewer.file));
  const key = JSON.stringify([games, viewer.file]);
  if (last.gamesKey === key) return;
  last.gamesKey = key;
  const rows = games.map((g) => {
    const watch = g.replay ? el("button", { onclick: () => watchGame(g.replay) }, "Watch") : "";
    const what = g.schedule || g.kind.replaceAll("_", " ");
    const cells = [new Date(g.ended_ms).toLocaleString(), what, g.number === null ? "" : String(g.number), g.players[0], el("span", { class: g.result }, RESULTS[g.result]), g.players[1], g.map, clock(g.seconds), watch];
    return { cells, attributes: g.replay && g.replay === viewer.file ? { class: "chosen" } : {} };
  });
  const columns = [["ended", true], ["for", true], ["number"], ["player", true], ["", true], ["opponent", true], ["map", true], ["length"], ["", true]];
  byId("game-table").replaceChildren(...(games.length ? [table(columns, rows)] : []));
}

function watchGame(file, seconds) {
  history.replaceState(null, "", "#replay=" + encodeURIComponent(file));
  show("games", true);
  const opened = viewer.open(file, seconds);
  last.gamesKey = null;
  drawGames(last.games);
  byId("games").scrollIntoView({ behavior: "auto" });
  return opened;
}

/** The page's contents: the sections that are there. */
function drawContents() {
  const there = [...document.querySelectorAll("section:not([hidden])")].map((s) => [s.id, s.querySelector("h2").textContent]);
  fill(byId("contents"), there, there.map(([id, name]) => el("a", { href: "#" + id }, name)));
}

async function choosePlayer(name) {
  wantedPlayer = name;
  await askSeries(name);
  drawLearning(last.overview, choosePlayer);
}

async function refresh() {
  const [overview, league, games] = await Promise.all([ask("/api/overview"), ask("/api/league"), ask("/api/games?limit=100")]);
  Object.assign(last, { overview, league });
  const names = overview.players.map((p) => p.name);
  if (names.length) {
    const main = names.find((n) => n.startsWith("main")) || names[0];
    await askSeries(names.includes(wantedPlayer) ? wantedPlayer : names[0] === "" ? "" : main);
  }
  drawAbout(overview);
  drawTiles(overview, league.league, games.games);
  drawProcesses(overview);
  drawLeague(league);
  drawLearning(overview, choosePlayer);
  drawResult(overview);
  drawGames(games.games);
  drawConfig(overview);
  drawContents();
  const problems = [league.problem, games.problem].filter(Boolean);
  byId("foot").textContent = ["scc " + overview.program, "as of " + new Date(overview.now_ms).toLocaleTimeString(), ...problems].join(" · ");
}

async function forever() {
  const gone = byId("gone");
  for (;;) {
    try {
      await refresh();
      // What a link leads to stands below sections that have only just come.
      if (linked.has("replay") && !last.wasLed) byId("games").scrollIntoView();
      last.wasLed = true;
      last.gone = null;
      gone.hidden = true;
    } catch (error) {
      last.gone = last.gone || new Date();
      const refused = error.status === 401 || error.status === 403;
      gone.textContent = refused ? error.message : `The server does not answer since ${last.gone.toLocaleTimeString()} (${error.message}). What is shown is what it said last.`;
      gone.hidden = false;
    }
    await new Promise((done) => {
      wake = done;
      setTimeout(done, document.hidden ? HIDDEN_MS : EVERY_MS);
    });
  }
}

byId("more").addEventListener("toggle", () => last.overview && drawLearning(last.overview, choosePlayer));
if (linked.has("replay")) watchGame(linked.get("replay"), Number(linked.get("t")) || 0);
forever();
