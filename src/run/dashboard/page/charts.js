// Curves as SVG in the page's colors. A chart is drawn again in place when its data changed; where the pointer is, it tells
// the values.

const COLORS = 10;
const POINTS_DRAWN = 300;
const FRAME = { width: 480, height: 240, left: 50, right: 12, top: 10, bottom: 34 };

/** At most POINTS_DRAWN points, each the mean of its neighbors, so that noise averages out instead of aliasing. */
function thin(points) {
  const n = Math.ceil(points.length / POINTS_DRAWN);
  if (n <= 1) return points;
  const out = [];
  for (let at = 0; at < points.length; at += n) {
    const some = points.slice(at, at + n);
    const mean = (i) => some.reduce((sum, p) => sum + p[i], 0) / some.length;
    out.push([mean(0), mean(1)]);
  }
  return out;
}

/** Round values between `low` and `high`, about `n` of them. */
function ticks(low, high, n) {
  const rough = (high - low) / n;
  const power = Math.pow(10, Math.floor(Math.log10(rough)));
  const step = [1, 2, 2.5, 5, 10].map((k) => k * power).find((s) => s >= rough * 0.999);
  const out = [];
  for (let t = Math.ceil(low / step - 1e-9) * step; t <= high + step * 1e-9; t += step) out.push(Math.abs(t) < step * 1e-9 ? 0 : t);
  return out;
}

function bounds(chart) {
  let [x0, x1, y0, y1] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const s of chart.series) {
    for (const [x, y] of s.points) {
      x0 = Math.min(x0, x); x1 = Math.max(x1, x); y0 = Math.min(y0, y); y1 = Math.max(y1, y);
    }
    for (const [, low, high] of s.band || []) {
      y0 = Math.min(y0, low); y1 = Math.max(y1, high);
    }
  }
  if (chart.from0) y0 = Math.min(0, y0);
  if (chart.share) [y0, y1] = [0, 1];
  const pad = chart.share ? 0 : y1 > y0 ? (y1 - y0) * 0.06 : Math.max(Math.abs(y1), 1) * 0.1;
  return { x0, x1: x1 > x0 ? x1 : x0 + 1, y0: chart.from0 && y0 === 0 ? 0 : y0 - pad, y1: y1 + pad };
}

/**
 * Draws `chart` = {title, x, series: [{name, color, points, band}], share, from0, exact, format, formatX, cursor, onpick} into the
 * figure of its title in `place`.
 */
function drawChart(figure, chart) {
  chart.series = chart.series.map((s, i) => ({ color: i % COLORS, ...s, points: chart.exact ? s.points : thin(s.points) }));
  const b = bounds(chart);
  const f = { ...FRAME, height: chart.height || FRAME.height, width: chart.width || FRAME.width };
  const px = (x) => f.left + ((x - b.x0) / (b.x1 - b.x0)) * (f.width - f.left - f.right);
  const py = (y) => f.height - f.bottom - ((y - b.y0) / (b.y1 - b.y0)) * (f.height - f.top - f.bottom);
  const picture = svg("svg", { viewBox: `0 0 ${f.width} ${f.height}`, role: "img", "aria-label": chart.title });
  const write = chart.share ? percent : chart.format || short;
  // Where nothing happened, several marks would bear one name.
  const marks = new Map(ticks(b.y0, b.y1, 4).reverse().map((t) => [write(t), t]));
  for (const [name, t] of marks) {
    picture.append(svg("path", { class: t === 0 && b.y0 < 0 ? "z" : "g", d: `M${f.left} ${py(t)}H${f.width - f.right}` }));
    picture.append(svg("text", { class: "e", x: f.left - 6, y: py(t) + 4 }, name));
  }
  const writeX = chart.formatX || short;
  for (const t of chart.ticksX || ticks(b.x0, b.x1, 5)) {
    picture.append(svg("text", { class: "m", x: px(t), y: f.height - f.bottom + 16 }, writeX(t)));
  }
  if (chart.x) picture.append(svg("text", { class: "e", x: f.width - f.right, y: f.height - 3 }, chart.x));
  for (const s of chart.series) drawSeries(picture, s, px, py);
  const cursor = svg("path", { class: "x", d: "" });
  picture.append(cursor);
  figure.replaceChildren(...(chart.title ? [el("h4", {}, chart.title)] : []), picture, caption(chart, write));
  Object.assign(figure, { chart, cursor, px, frame: f, bounds: b, write, writeX });
  if (!figure.listens) listen(figure);
  if (chart.cursor !== undefined) pointAt(figure, chart.cursor);
  else if (figure.pointed !== undefined) pointAt(figure, figure.pointed);
}

function drawSeries(picture, s, px, py) {
  const color = `var(--c${s.color})`;
  if (s.band && s.band.length > 1) {
    const there = s.band.map(([x, low]) => `${px(x).toFixed(1)} ${py(low).toFixed(1)}`);
    const back = s.band.map(([x, , high]) => `${px(x).toFixed(1)} ${py(high).toFixed(1)}`).reverse();
    picture.append(svg("path", { class: "b", style: `fill:${color}`, d: "M" + there.concat(back).join("L") + "Z" }));
  }
  if (s.points.length > 1) {
    const line = s.points.map(([x, y]) => `${px(x).toFixed(1)} ${py(y).toFixed(1)}`).join("L");
    picture.append(svg("path", { class: "l", style: `stroke:${color}`, d: "M" + line }));
  }
  if (s.points.length <= 24) {
    for (const [x, y] of s.points) {
      picture.append(svg("circle", { cx: px(x), cy: py(y), r: s.points.length === 1 ? 4 : 2.6, style: `fill:${color}` }));
    }
  }
}

function caption(chart, write) {
  const parts = chart.series.map((s) => {
    const value = el("span", {}, "");
    s.told = value;
    const last = s.points[s.points.length - 1];
    if (last) value.textContent = " " + write(last[1]);
    const name = chart.series.length > 1 || chart.named ? s.name : "";
    return el("span", { title: s.name }, el("i", { style: `background:var(--c${s.color})` }), name, value);
  });
  if (chart.left) parts.push(el("span", {}, `and ${chart.left} more`));
  return el("figcaption", {}, parts);
}

/** Shows the values at `x`; undefined: the last ones. */
function pointAt(figure, x) {
  const { chart, cursor, px, frame, write } = figure;
  figure.pointed = x;
  cursor.setAttribute("d", x === undefined ? "" : `M${px(x)} ${frame.top}V${frame.height - frame.bottom}`);
  for (const s of chart.series) {
    if (!s.points.length) continue;
    let at = s.points.length - 1;
    if (x !== undefined) {
      at = s.points.findIndex((p) => p[0] >= x);
      if (at < 0) at = s.points.length - 1;
      if (at > 0 && x - s.points[at - 1][0] < s.points[at][0] - x) at -= 1;
    }
    s.told.textContent = " " + write(s.points[at][1]);
  }
}

function listen(figure) {
  figure.listens = true;
  const where = (event) => {
    const picture = figure.querySelector("svg").getBoundingClientRect();
    const { frame, bounds: b } = figure;
    const at = ((event.clientX - picture.left) / picture.width) * frame.width;
    const share = (at - frame.left) / (frame.width - frame.left - frame.right);
    return b.x0 + Math.min(1, Math.max(0, share)) * (b.x1 - b.x0);
  };
  const isOn = (event) => event.target.closest("svg");
  figure.addEventListener("pointermove", (event) => {
    if (isOn(event) && !figure.chart.onpick) pointAt(figure, where(event));
  });
  figure.addEventListener("pointerleave", () => {
    if (!figure.chart.onpick) pointAt(figure, undefined);
  });
  figure.addEventListener("click", (event) => {
    if (isOn(event) && figure.chart.onpick) figure.chart.onpick(where(event));
  });
}

/** Draws all `charts` into `place`, each into the figure that had its title before. */
function drawCharts(place, charts) {
  const known = new Map([...place.children].map((f) => [f.dataset.title, f]));
  const wanted = new Set(charts.map((c) => c.title));
  for (const [title, figure] of known) if (!wanted.has(title)) figure.remove();
  charts.forEach((chart, i) => {
    const key = JSON.stringify([chart.width, chart.series.map((s) => [s.name, s.points.length, s.points[s.points.length - 1], (s.band || []).length])]);
    let figure = known.get(chart.title);
    if (!figure) {
      figure = el("figure", { "data-title": chart.title });
      known.set(chart.title, figure);
    }
    if (place.children[i] !== figure) place.insertBefore(figure, place.children[i] || null);
    if (figure.key === key) return;
    figure.key = key;
    drawChart(figure, chart);
  });
}
