// A film of a game: where every unit is at any moment. The server tells changes from frame to frame; every so many frames all
// of it is kept, so that any moment is near one.

const KEY_EVERY = 32;
const ENTRY = 5;
const WIDTH_OF_UNIT = 4;

class Film {
  constructor(told) {
    Object.assign(this, told);
    this.units = told.owners.length;
    this.keys = [];
    this.at = { frame: -1, state: null };
    const state = new Int32Array(this.units * WIDTH_OF_UNIT).fill(-1);
    told.changes.forEach((changes, frame) => {
      this.apply(state, changes);
      if (frame % KEY_EVERY === 0) this.keys.push(state.slice());
    });
  }

  apply(state, changes) {
    for (let i = 0; i < changes.length; i += ENTRY) {
      const at = changes[i] * WIDTH_OF_UNIT;
      for (let k = 0; k < WIDTH_OF_UNIT; k++) state[at + k] = changes[i + 1 + k];
    }
  }

  get last() {
    return this.frames.length - 1;
  }

  /** Seconds of game time at a frame, which may lie between two. */
  seconds(frame) {
    const low = Math.floor(frame);
    const high = Math.min(low + 1, this.last);
    return (this.frames[low] + (frame - low) * (this.frames[high] - this.frames[low])) / 22.4;
  }

  /** The frame, with a fraction, at a second of game time. */
  frameAt(seconds) {
    const loop = seconds * 22.4;
    const high = this.frames.findIndex((f) => f >= loop);
    if (high < 0) return this.last;
    if (high === 0) return 0;
    return high - 1 + (loop - this.frames[high - 1]) / (this.frames[high] - this.frames[high - 1]);
  }

  /** Kind, x, y and health of all units at a whole frame; kind -1: not there. */
  state(frame) {
    if (this.at.frame === frame) return this.at.state;
    let from = Math.floor(frame / KEY_EVERY) * KEY_EVERY;
    let state;
    if (this.at.frame >= from && this.at.frame < frame) {
      from = this.at.frame;
      state = this.at.state.slice();
    } else {
      state = this.keys[from / KEY_EVERY].slice();
    }
    for (let f = from + 1; f <= frame; f++) this.apply(state, this.changes[f]);
    this.at = { frame, state };
    return state;
  }

  /** Calls `draw(unit, kind, x, y, health)` for every unit in sight, in cells, between frames on the straight way. */
  each(frame, draw) {
    const low = Math.min(Math.floor(frame), this.last);
    const now = this.state(low);
    const next = low < this.last ? this.state(low + 1) : now;
    const share = frame - low;
    for (let unit = 0; unit < this.units; unit++) {
      const at = unit * WIDTH_OF_UNIT;
      if (now[at] < 0) continue;
      let [x, y] = [now[at + 1], now[at + 2]];
      const [dx, dy] = [next[at + 1] - x, next[at + 2] - y];
      // Who jumps or is dropped was not in between.
      if (next[at] >= 0 && Math.abs(dx) + Math.abs(dy) < 120) {
        x += dx * share;
        y += dy * share;
      }
      draw(unit, this.kinds[now[at]], x / 10, y / 10, now[at + 3]);
    }
  }
}
