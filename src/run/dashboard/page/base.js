// Small things that everything else uses. All text from the server goes into the page as text, never as HTML.

const byId = (id) => document.getElementById(id);

/** An element with attributes and children; children that are no nodes become text. */
function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== null) made.setAttribute(key, value);
  }
  made.append(...children.flat().filter((c) => c !== undefined && c !== null));
  return made;
}

/** The same for parts of a picture. */
function svg(name, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children.flat());
  return made;
}

/** Replaces what is in `place`, unless `key` says that it would be the same again: what somebody has marked stays marked. */
function fill(place, key, ...children) {
  const text = JSON.stringify(key);
  if (place.shown === text) return;
  place.shown = text;
  place.replaceChildren(...children.flat());
}

function show(id, is) {
  byId(id).hidden = !is;
}

const TOKEN = new URLSearchParams(location.search).get("token");

/** A document of the server. */
async function ask(path) {
  const headers = TOKEN ? { Authorization: "Bearer " + TOKEN } : {};
  const limit = AbortSignal.timeout(path.startsWith("/api/replay") ? 180000 : 30000);
  const reply = await fetch(path, { headers, cache: "no-store", signal: limit });
  const body = await reply.json();
  if (!reply.ok) {
    const refused = new Error(body.error || "error " + reply.status);
    refused.status = reply.status;
    throw refused;
  }
  return body;
}

/** A number in as few digits as say enough. */
function short(x) {
  if (x === null || x === undefined || !Number.isFinite(x)) return "-";
  const size = Math.abs(x);
  if (size >= 1e9) return (x / 1e9).toFixed(2) + "G";
  if (size >= 1e6) return (x / 1e6).toFixed(2) + "M";
  if (size >= 1e5) return (x / 1e3).toFixed(0) + "k";
  if (size >= 100 || Number.isInteger(x)) return x.toFixed(0);
  if (size >= 1) return x.toFixed(2);
  if (size >= 1e-3) return x.toPrecision(3);
  return x === 0 ? "0" : x.toExponential(1);
}

const whole = (x) => Math.round(x).toLocaleString("en-US");
const percent = (x) => (100 * x).toFixed(0) + "%";
const signed = (x) => (x > 0 ? "+" : "") + x.toFixed(0);

/** Seconds as 1:02:03 or 4:05. */
function clock(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  const two = (n) => String(n).padStart(2, "0");
  const hours = Math.floor(s / 3600);
  const minutes = Math.floor(s / 60) % 60;
  return hours ? hours + ":" + two(minutes) + ":" + two(s % 60) : minutes + ":" + two(s % 60);
}

/** How long ago, in words. */
function ago(ms, now) {
  if (!ms) return "-";
  const s = Math.max(0, (now - ms) / 1000);
  if (s < 60) return s.toFixed(0) + " s";
  if (s < 3600) return (s / 60).toFixed(0) + " min";
  if (s < 172800) return (s / 3600).toFixed(1) + " h";
  return (s / 86400).toFixed(0) + " days";
}

/** A table: `columns` are [title, is text]; cells are texts or nodes. */
function table(columns, rows) {
  const align = (i) => (columns[i][1] ? { class: "t" } : {});
  const head = el("tr", {}, columns.map((c, i) => el("th", align(i), c[0])));
  const body = rows.map((row) => el("tr", row.attributes || {}, (row.cells || row).map((c, i) => el("td", align(i), c))));
  return el("table", {}, el("thead", {}, head), el("tbody", {}, body));
}
