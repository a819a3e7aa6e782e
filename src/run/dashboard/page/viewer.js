// The replay viewer: a film on the minimap, with its curves.

const SPEEDS = [1, 2, 4, 8, 16, 32, 64];

class Viewer {
  constructor(place) {
    this.place = place;
    this.film = null;
    this.frame = 0;
    this.speed = 8;
    this.playing = false;
    document.addEventListener("keydown", (event) => this.key(event));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.film && this.paintTerrain());
    addEventListener("resize", () => this.film && this.draw());
  }

  async open(file, seconds = 0) {
    this.place.hidden = false;
    this.playing = false;
    this.film = null;
    this.file = file;
    this.place.replaceChildren(el("p", { class: "note" }, "The game is being played again ..."));
    try {
      const told = await ask("/api/replay?file=" + encodeURIComponent(file));
      if (this.file !== file) return;
      this.film = new Film(told);
    } catch (error) {
      if (this.file === file) this.place.replaceChildren(el("p", {}, "This game cannot be shown: " + error.message), this.closing());
      return;
    }
    this.frame = this.film.frameAt(seconds);
    this.build();
    this.paintTerrain();
  }

  close() {
    this.playing = false;
    this.film = null;
    this.file = null;
    this.place.hidden = true;
    history.replaceState(null, "", location.pathname + location.search);
    if (this.onclose) this.onclose();
  }

  closing() {
    return el("button", { onclick: () => this.close() }, "Close");
  }

  build() {
    const film = this.film;
    const won = (p) => (p.result === "win" ? " (won)" : "");
    const names = film.players.map((p, i) => [el("i", { class: "key", style: `background:var(--c${i})` }), p.name + won(p), i ? "" : " against "]);
    this.canvas = el("canvas", { "aria-label": "Minimap", role: "img" });
    this.slider = el("input", { type: "range", min: 0, max: film.last, step: "any", "aria-label": "Time", oninput: () => this.seek(Number(this.slider.value)) });
    this.button = el("button", { onclick: () => this.toggle(), title: "Space" }, "Play");
    this.clock = el("span", { class: "clock" });
    const speed = el("select", { "aria-label": "Speed", onchange: (e) => (this.speed = Number(e.target.value)) }, SPEEDS.map((s) => {
      const option = el("option", { value: s }, s + "x");
      option.selected = s === this.speed;
      return option;
    }));
    const controls = el("div", { class: "controls" }, this.button, speed, this.slider, this.clock);
    this.table = el("div", { class: "scroll" });
    this.charts = ["army value", "supply"].map((title) => el("figure", { "data-title": title }));
    const keys = el("p", { class: "note" }, "Space plays and pauses; left and right go 5 seconds, with shift 30; home and end.");
    const head = el("div", { class: "head" }, el("div", {}, names.flat(), el("span", { class: "note" }, ` on ${film.map.name}, ${clock(film.seconds(film.last))}`)), this.closing());
    const warning = film.warning ? [el("p", { class: "bad" }, film.warning)] : [];
    this.place.replaceChildren(head, el("div", {}, this.canvas, controls, keys, warning), el("div", {}, this.table, this.charts));
    this.drawCurves();
  }

  drawCurves() {
    const film = this.film;
    const end = film.seconds(film.last);
    const minutes = Math.max(1, Math.ceil(end / 60 / 6));
    const ticksX = [];
    for (let t = 0; t <= end; t += minutes * 60) ticksX.push(t);
    const times = film.frames.map((loop) => loop / 22.4);
    ["army", "supply"].forEach((key, i) => {
      const series = film.players.map((p, player) => ({ name: p.name, points: film.curves[player][key].map((v, f) => [times[f], v]) }));
      const title = i ? "Supply" : "Army value";
      drawChart(this.charts[i], { title, series, from0: true, exact: true, formatX: clock, ticksX, height: 180, named: true, format: whole, cursor: 0, onpick: (t) => this.seek(film.frameAt(t)) });
    });
  }

  key(event) {
    const isTyping = /^(SELECT|TEXTAREA)$/.test(event.target.tagName) || event.ctrlKey || event.metaKey || event.altKey;
    if (!this.film || isTyping) return;
    const go = (seconds) => this.seek(this.film.frameAt(this.film.seconds(this.frame) + seconds));
    const step = event.shiftKey ? 30 : 5;
    const known = {
      " ": () => this.toggle(),
      ArrowLeft: () => go(-step),
      ArrowRight: () => go(step),
      Home: () => this.seek(0),
      End: () => this.seek(this.film.last),
      Escape: () => this.close(),
    };
    if (!known[event.key]) return;
    event.preventDefault();
    known[event.key]();
  }

  seek(frame) {
    this.frame = Math.min(Math.max(0, frame), this.film.last);
    this.draw();
  }

  toggle() {
    if (this.frame >= this.film.last) this.frame = 0;
    this.playing = !this.playing;
    this.button.textContent = this.playing ? "Pause" : "Play";
    if (this.playing) {
      this.before = performance.now();
      requestAnimationFrame((now) => this.tick(now));
    }
  }

  tick(now) {
    if (!this.playing || !this.film) return;
    const seconds = this.film.seconds(this.frame) + Math.min(0.25, (now - this.before) / 1000) * this.speed;
    this.before = now;
    this.frame = this.film.frameAt(seconds);
    if (this.frame >= this.film.last) {
      this.playing = false;
      this.button.textContent = "Play";
    }
    this.draw();
    requestAnimationFrame((later) => this.tick(later));
  }

  /** The ground, once: a pixel a character. */
  paintTerrain() {
    const { rows } = this.film.map;
    const style = getComputedStyle(document.documentElement);
    const rgb = (name) => {
      const hex = style.getPropertyValue(name).trim().slice(1);
      return [0, 2, 4].map((i) => parseInt(hex.slice(i, i + 2), 16));
    };
    this.colors = Object.fromEntries(["--c0", "--c1", "--mineral", "--gas", "--soft"].map((n) => [n, style.getPropertyValue(n).trim()]));
    const [low, high, rock, ramp] = ["--low", "--high", "--rock", "--ramp"].map(rgb);
    this.ground = el("canvas", { width: rows[0].length, height: rows.length });
    const context = this.ground.getContext("2d");
    const image = context.createImageData(rows[0].length, rows.length);
    rows.forEach((row, y) => {
      for (let x = 0; x < row.length; x++) {
        const c = row[x];
        const level = c >= "0" && c <= "9" ? Number(c) / 9 : 0;
        const color = c === "#" ? rock : c === "/" ? ramp : low.map((v, i) => v + (high[i] - v) * level);
        image.data.set([...color, 255], 4 * (y * row.length + x));
      }
    });
    context.putImageData(image, 0, 0);
    this.draw();
  }

  draw() {
    const film = this.film;
    const [x0, y0, x1, y1] = film.map.area;
    const wide = this.canvas.clientWidth || 600;
    const scale = (wide * (devicePixelRatio || 1)) / (x1 - x0);
    const [width, height] = [Math.round((x1 - x0) * scale), Math.round((y1 - y0) * scale)];
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
    const c = this.canvas.getContext("2d");
    c.imageSmoothingEnabled = false;
    // Characters may stand over the lower and right edge.
    const cell = film.map.cell * scale;
    c.drawImage(this.ground, 0, 0, this.ground.width * cell, this.ground.height * cell);
    // The game's y goes up.
    const at = (x, y) => [(x - x0) * scale, (y1 - y) * scale];
    for (const [x, y, kind] of film.map.neutrals) {
      const [px, py] = at(x, y);
      c.fillStyle = this.colors[["--mineral", "--gas", "--soft"][kind]];
      c.globalAlpha = kind === 2 ? 0.5 : 0.8;
      const [w, h] = kind === 0 ? [2, 1] : kind === 1 ? [3, 3] : [2, 2];
      c.fillRect(px - (w * scale) / 2, py - (h * scale) / 2, w * scale, h * scale);
    }
    c.globalAlpha = 1;
    const later = [];
    film.each(this.frame, (unit, kind, x, y, health) => {
      if (kind.structure) this.drawUnit(c, scale, film.owners[unit], kind, at(x, y), health);
      else later.push([film.owners[unit], kind, at(x, y), health]);
    });
    // Units over structures, what flies over all.
    for (const flies of [false, true]) {
      for (const [owner, kind, place, health] of later) if (kind.flying === flies) this.drawUnit(c, scale, owner, kind, place, health);
    }
    this.tell();
  }

  drawUnit(c, scale, owner, kind, [x, y], health) {
    c.fillStyle = c.strokeStyle = this.colors["--c" + owner];
    if (kind.structure) {
      const side = Math.max(kind.size * 0.92 * scale, 3);
      const built = health >= 1000;
      c.globalAlpha = built ? 0.35 : 0.55 + 0.45 * (health / 100);
      c.fillRect(x - side / 2, y - side / 2, side, side);
      c.globalAlpha = 1;
      c.lineWidth = Math.max(1, scale * 0.18);
      if (built) c.strokeRect(x - side / 2 + 0.5, y - side / 2 + 0.5, side - 1, side - 1);
      return;
    }
    const least = (kind.worker ? 1.4 : 2.1) * (devicePixelRatio || 1);
    const radius = Math.max(kind.size * 0.62 * scale, least);
    c.globalAlpha = 0.45 + 0.55 * (health / 100);
    c.beginPath();
    if (kind.flying) {
      c.moveTo(x, y - radius * 1.25);
      c.lineTo(x + radius * 1.15, y + radius);
      c.lineTo(x - radius * 1.15, y + radius);
    } else {
      c.arc(x, y, kind.worker ? radius * 0.75 : radius, 0, 2 * Math.PI);
    }
    c.fill();
    c.globalAlpha = 1;
  }

  /** Time, numbers and cursors. */
  tell() {
    const film = this.film;
    const seconds = film.seconds(this.frame);
    this.slider.value = this.frame;
    this.clock.textContent = clock(seconds) + " / " + clock(film.seconds(film.last));
    const f = Math.floor(this.frame);
    this.charts.forEach((figure) => pointAt(figure, film.seconds(f)));
    const rows = film.players.map((p, i) => {
      const c = film.curves[i];
      return [[el("i", { class: "key", style: `background:var(--c${i})` }), p.name], whole(c.minerals[f]), whole(c.vespene[f]), `${Math.floor(c.supply[f])}/${c.supply_cap[f]}`, String(c.workers[f]), whole(c.army[f])].map((cell) => (Array.isArray(cell) ? el("span", {}, cell) : cell));
    });
    const columns = [["player", true], ["minerals"], ["vespene"], ["supply"], ["workers"], ["army value"]];
    this.table.replaceChildren(table(columns, rows));
  }
}
