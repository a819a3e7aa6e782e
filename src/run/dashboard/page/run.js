// What runs: figures that stand out, processes, queues, curves of learning, the final table.

const STATES = { running: "running", finished: "finished", interrupted: "stopped; it can be resumed", failed: "ended before its end" };
const KINDS = { imitation: "imitation", rl: "reinforcement learning", league: "league" };

/** Charts in this order: title, which names, and what is special. The first ones are shown at once. */
const CHARTS = [
  ["Elo over the supervised agent", (n) => n === "elo", { first: true, format: signed }],
  ["Win rate in matches", "win_rate/", { first: true, share: true }],
  ["Win rate in training games", "train_win_rate/", { first: true, share: true }],
  ["Loss", (n) => n === "loss" || n === "loss/ppo", { first: true }],
  ["Loss a choice, by head", (n) => /^loss\/(function|skip|queued|selected|target_unit|target_cell)$/.test(n), { first: true, cut: "loss/" }],
  ["Best guess right, by head", "accuracy/", { first: true, share: true }],
  ["Reward a game", "reward/", { first: true }],
  ["Loss of values", "loss/value/", { first: true }],
  ["Explained variance of values", "explained_variance/", { first: true }],
  ["KL to the supervised policy", "loss/kl/", { first: true }],
  ["Entropy, share of the largest", "entropy/", { first: true }],
  ["PPO: clipped share, KL to the behavior policy", (n) => n === "clip_fraction" || n === "approx_kl", { first: true }],
  ["Steps per second", (n) => n === "agent_steps_per_second" || n === "samples_per_second", { first: true, from0: true }],
  ["Policy lag, training steps", (n) => n === "policy_lag" || n === "policy_lag_max", { first: true, from0: true }],
  ["Queues", (n) => n === "games_queued" || n === "buffer_unrolls" || n === "loader_ready", { from0: true }],
  ["Dropped unrolls", (n) => n === "unrolls_stale" || n === "unrolls_overflowed", { from0: true }],
  ["Ratio of target to behavior policy", (n) => n === "ratio_mean" || n === "ratio_max", {}],
  ["Return", "return/", {}],
  ["Choices asked for a step", "asked/", {}],
];

function drawAbout(o) {
  const run = o.run;
  const name = run ? run.name : o.storage || "replays";
  fill(byId("title"), name, name);
  document.title = name + " - scc";
  const state = byId("state");
  state.className = run ? run.state : "";
  state.textContent = run ? STATES[run.state] : "";
  const words = [];
  if (run) {
    words.push(KINDS[run.kind] || run.kind, run.folder);
    if (run.map) words.push("map " + run.map);
    if (run.seed !== null) words.push("seed " + run.seed);
    if (run.commit) words.push("commit " + run.commit.slice(0, 9));
    if (run.machine) words.push(run.machine);
    if (run.state === "failed" && run.exit_reason !== "running") words.push(run.exit_reason);
  }
  if (o.storage) words.push("database " + o.storage);
  fill(byId("about"), words, words.join(" · "));
}

function drawTiles(o, league, games) {
  const tiles = [];
  const add = (value, what) => tiles.push([String(value), what]);
  const run = o.run;
  const all = {};
  for (const p of o.players) for (const [k, v] of Object.entries(p.last)) all[k] = k in all && k.endsWith("_total") ? all[k] + v : v;
  const steps = run && run.kind === "league" ? o.steps : o.step;
  if (o.players.length) {
    const of = run && run.steps_max ? " of " + whole(run.steps_max) : "";
    add(whole(steps), "training steps" + of);
    const limit = run && run.minutes_max ? " of " + clock(run.minutes_max * 60) : "";
    add(clock(o.train_seconds), "of training" + limit);
  }
  if (all.samples_total) add(short(all.samples_total), "agent steps learned from");
  const rates = o.processes.map((p) => p.rates);
  const rate = (key) => rates.reduce((sum, r) => sum + (r[key] || 0), 0);
  for (const [key, what] of [["agent_steps_per_second", "agent steps per second"], ["samples_per_second", "samples per second"], ["games_per_second", "games per second"]]) {
    if (rate(key)) add(short(rate(key)), what);
  }
  if (all.elo !== undefined) add(signed(all.elo), "Elo over the supervised agent");
  if (league) {
    add(whole(league.matches), "matches of the league");
    add(league.players.length, "players, " + league.players.filter((p) => p.active).length + " training");
    const best = league.elo.players.find((p) => p.role === "main_agent");
    if (best) add(signed(best.elo), "Elo of " + best.name);
  }
  if (o.processes.length > 1) add(o.processes.length, "processes");
  if (!tiles.length && games.length) add(games.length, "games to watch");
  fill(byId("tiles"), tiles, tiles.map(([value, what]) => el("div", {}, el("b", {}, value), what)));
  show("tiles", tiles.length > 0);
}

/** Who was not heard of for so long is marked. */
const SILENT_MS = 30000;

function drawProcesses(o) {
  show("processes", o.processes.length + o.queues.length > 0);
  const now = o.now_ms;
  const rates = (p) => Object.entries(p.rates).map(([name, v]) => short(v) + " " + name.replace(/_per_second$/, "/s").replaceAll("_", " "));
  const texts = (p) => Object.entries(p.texts).filter(([name]) => !name.endsWith("_ms")).map(([name, v]) => name + " " + v);
  const rows = o.processes.map((p) => {
    const seen = ago(p.seen_ms, now);
    const silent = now - p.seen_ms > SILENT_MS;
    return [p.role, p.id, p.host, String(p.pid || "-"), p.version || "-", ago(p.since_ms, now), el("span", silent ? { class: "bad" } : {}, seen), el("span", { class: "wrap" }, rates(p).join(", ") || "-"), el("span", { class: "wrap" }, texts(p).join(", "))];
  });
  const columns = [["role", true], ["id", true], ["host", true], ["process"], ["version"], ["up"], ["heard of, ago"], ["rates", true], ["", true]];
  byId("process-table").replaceChildren(...(rows.length ? [table(columns, rows)] : []));
  show("queues-title", o.queues.length > 0);
  byId("queue-list").replaceChildren(...o.queues.map(queue));
}

function queue(q) {
  const share = q.capacity ? Math.min(1, q.length / q.capacity) : 0;
  const words = [whole(q.length) + (q.capacity ? " of " + whole(q.capacity) : " waiting")];
  if (q.dropped) words.push(whole(q.dropped) + " dropped");
  if (q.blocked_seconds) words.push("senders waited " + clock(q.blocked_seconds));
  const bar = q.capacity ? el("i", { style: `width:${(100 * share).toFixed(1)}%`, class: share >= 1 ? "full" : "" }) : "";
  return el("div", { class: "bar" }, el("span", {}, q.name), el("div", q.capacity ? {} : { class: "none" }, bar), el("span", { class: "note" }, words.join(", ")));
}

/** Curves of the player that is looked at, as they come. */
const learned = { player: null, step: 0, series: {} };

/** Asks for what is new, or for everything where another player is looked at or curves have grown long. */
async function askSeries(player) {
  const long = Object.values(learned.series).some((points) => points.length > 4000);
  const again = learned.player !== player || long;
  // The last step once more: matches of a step are told after its training.
  const since = again || !learned.step ? "" : "&since=" + (learned.step - 1);
  const reply = await ask("/api/metrics?player=" + encodeURIComponent(player) + since);
  if (again || reply.step < learned.step) learned.series = {};
  for (const [name, points] of Object.entries(reply.series)) {
    const known = (learned.series[name] || []).filter((p) => p[0] < points[0][0]);
    learned.series[name] = known.concat(points);
  }
  Object.assign(learned, { player, step: reply.step });
}

function drawLearning(o, choose) {
  const names = o.players.map((p) => p.name);
  show("learning", names.length > 0);
  if (!names.length) return;
  const buttons = names.length < 2 ? [] : names.map((name) => el("button", { "aria-pressed": String(name === learned.player), onclick: () => choose(name) }, name || "the run"));
  fill(byId("players"), [names, learned.player], buttons);
  const used = new Set();
  const charts = { first: [], more: [] };
  const add = (title, names, options) => {
    if (!names.length) return;
    names.forEach((n) => used.add(n));
    // Those with the newest points: a league has hundreds of opponents.
    const latest = (n) => learned.series[n][learned.series[n].length - 1][0];
    const shown = names.length > COLORS ? [...names].sort((a, b) => latest(b) - latest(a)).slice(0, COLORS).sort() : names;
    const cut = (n) => (options.cut && n.startsWith(options.cut) ? n.slice(options.cut.length) : n);
    const series = shown.map((n) => ({ name: cut(n), points: learned.series[n] }));
    charts[options.first ? "first" : "more"].push({ title, x: "step", series, left: names.length - shown.length, ...options });
  };
  const there = Object.keys(learned.series);
  for (const [title, which, options] of CHARTS) {
    const is = typeof which === "string" ? (n) => n.startsWith(which) : which;
    add(title, there.filter((n) => is(n) && !used.has(n)), typeof which === "string" ? { cut: which, named: true, ...options } : options);
  }
  for (const name of there.filter((n) => !used.has(n))) add(name.replaceAll("_", " "), [name], {});
  drawCharts(byId("first-charts"), charts.first);
  if (byId("more").open) drawCharts(byId("more-charts"), charts.more);
  show("more", charts.more.length > 0);
}

function drawResult(o) {
  const rows = (o.run && o.run.result && o.run.result.rows) || [];
  show("results", rows.length > 0);
  const columns = [["agent", true], ["opponent", true], ["map", true], ["games"], ["wins"], ["losses"], ["ties"], ["win rate"], ["95%"]];
  const tail = (text) => String(text || "").split("/").pop();
  const cells = rows.map((r) => [el("span", { title: r.agent }, tail(r.agent)), el("span", { title: r.opponent }, tail(r.opponent)), r.map || "", String(r.games), String(r.wins), String(r.losses), String(r.ties), percent(r.win_rate), r.ci95.map(percent).join(" to ")]);
  fill(byId("result-table"), rows, table(columns, cells));
}

function drawConfig(o) {
  const text = o.run ? o.run.config : "";
  show("config", text !== "");
  fill(byId("config-text"), text, text);
}
