// The league: Elo curves and table, who beats whom, events; and scheduled matches.

const ROLES = { supervised: "supervised", main_agent: "main agent", main_exploiter: "main exploiter", league_exploiter: "league exploiter", past_player: "past player" };
const Z95 = 1.959964;

function drawLeague(reply) {
  const league = reply.league;
  show("elo", Boolean(league));
  show("payoff", Boolean(league) && league.games.some((row) => row.some((n) => n > 0)));
  show("events", Boolean(league) && league.events.length > 0);
  if (league) {
    drawElo(league);
    drawMatrix(league);
    drawEvents(league);
  }
  drawSchedules(reply.schedules);
}

function drawElo(league) {
  const curves = league.elo.curves.filter((c) => c.points.length > 0);
  const series = curves.slice(0, COLORS).map((c) => ({
    name: c.name,
    points: c.points.map((p) => [p.steps, p.elo]),
    band: c.points.map((p) => [p.steps, p.elo - Z95 * p.standard_error, p.elo + Z95 * p.standard_error]),
  }));
  const chart = { title: "Elo over training", x: "agent steps", series, format: signed, named: true, width: Math.min(1300, Math.max(480, byId("elo-charts").clientWidth)), height: 300, left: Math.max(0, curves.length - COLORS) };
  drawCharts(byId("elo-charts"), series.length ? [chart] : []);
  const status = new Map(league.players.map((p) => [p.name, p]));
  const columns = [["player", true], ["role", true], ["Elo"], ["95% interval"], ["games"], ["agent steps"], ["from", true], ["", true]];
  const rows = league.elo.players.map((p) => {
    const s = status.get(p.name) || {};
    const notes = [];
    if (s.active) notes.push("trains");
    if (s.resets) notes.push(s.resets + (s.resets === 1 ? " reset" : " resets"));
    return [p.name, ROLES[p.role] || p.role, signed(p.elo), p.ci95.map(signed).join(" to "), whole(p.games), short((s.start_step || 0) + (s.steps || 0)), s.of || s.parent || "", notes.join(", ")];
  });
  fill(byId("elo-table"), rows, table(columns, rows));
}

/** From one color over the page's to another: a win rate at a glance, in light and in dark. */
function tint(rate) {
  const far = Math.abs(rate - 0.5) * 2;
  return `background:color-mix(in srgb, var(${rate >= 0.5 ? "--c0" : "--c1"}) ${(far * 62).toFixed(0)}%, var(--fill))`;
}

function drawMatrix(league) {
  const { players, win_rates: rates } = league.payoff;
  const left = league.players.length - players.length;
  const note = "Win rate in percent of the row's player against the column's, over all games; draws count half." + (left ? ` Without the ${left} oldest players.` : "");
  fill(byId("payoff-note"), note, note);
  const head = el("tr", {}, el("th"), players.map((name) => el("th", { title: name }, el("span", {}, name))));
  const body = players.map((name, a) => el("tr", {}, el("th", { title: name }, name), rates[a].map((rate, b) => {
    if (rate === null) return el("td", { class: "note" }, a === b ? "" : "·");
    const what = `${name} against ${players[b]}: ${(100 * rate).toFixed(1)}% of ${league.games[a][b]} games`;
    return el("td", { style: tint(rate), title: what }, (100 * rate).toFixed(0));
  })));
  fill(byId("matrix"), [players, rates, league.games], el("table", {}, el("thead", {}, head), el("tbody", {}, body)));
}

function drawEvents(league) {
  const name = (id) => { const p = league.players.find((p) => p.id === id); return p ? p.name : String(id); };
  const words = (e) => {
    if (e.event === "joined") return "joins";
    if (e.event === "branched") return "branches from " + name(e.from);
    if (e.event === "promoted") return `a copy joins as ${name(e.past)} (${String(e.reason).replaceAll("_", " ")})`;
    if (e.event === "reset") return "starts again from the supervised weights";
    return "trains no more";
  };
  const rows = [...league.events].reverse().map(({ event, happened_ms }) => [new Date(happened_ms).toLocaleString(), name(event.player), words(event), event.steps === undefined ? "" : short(event.steps)]);
  fill(byId("event-table"), rows, table([["when", true], ["player", true], ["what", true], ["agent steps"]], rows));
}

function drawSchedules(schedules) {
  show("schedules", schedules.length > 0);
  const columns = [["due", true], ["match", true], ["state", true], ["wins"], ["draws"], ["losses"], ["win rate"], ["", true]];
  const parts = schedules.map((s) => {
    const rows = s.runs.map((r) => {
      const games = r.wins + r.draws + r.losses;
      const noted = r.alerts ? el("span", { class: "bad" }, "alert") : r.detail;
      return [new Date(r.due_ms).toLocaleString(), r.match_name, r.state, String(r.wins), String(r.draws), String(r.losses), games ? percent(r.wins / games) : "-", noted];
    });
    return [el("h3", {}, s.name), el("div", { class: "scroll tall" }, table(columns, rows))];
  });
  fill(byId("schedule-tables"), schedules, parts.flat());
}
