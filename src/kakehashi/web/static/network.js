// The network: what is chosen, told and kept in the address. Its layers are drawn by network-draw.js.

import { LINE_LENGTH, Layers } from "./network-draw.js";

const STRONGEST = 10; // lines that are listed while nothing is chosen

class Network extends Layers {
  constructor(root, graph) {
    super(root, graph);
    this.root = root;
    this.level = graph.level;
    this.panel = root.querySelector(".panel");
    this.listen();
    this.resize();
    this.restore();
    this.strongest();
  }

  // With what to begin: the lines of most works.
  strongest() {
    const list = this.root.querySelector(".strongest ol");
    for (const [number, [a, b, works]] of this.edges.slice(0, STRONGEST).entries()) {
      const item = document.createElement("li"), button = document.createElement("button");
      Object.assign(button, { type: "button", className: "plain", textContent: `${this.nodes[a][1]} – ${this.nodes[b][1]} (${works.toLocaleString("en")})` });
      button.addEventListener("click", () => this.choose(-1, number));
      item.append(button);
      list.append(item);
    }
  }

  nodeAt(x, y) {
    let best = -1, least = Infinity;
    for (let number = 0; number < this.nodes.length; number++) {
      const [px, py] = this.place(number), far = Math.hypot(px - x, py - y) - this.radii[number] * this.grown();
      if (far < 5 && far < least) { best = number; least = far; }
    }
    return best;
  }

  edgeAt(x, y) {
    const among = this.chosen < 0 ? this.edges.keys() : this.linked[this.chosen];
    let best = -1, least = 5;
    for (const number of among) {
      const [ax, ay] = this.place(this.edges[number][0]), [bx, by] = this.place(this.edges[number][1]);
      const dx = bx - ax, dy = by - ay, long = dx * dx + dy * dy || 1;
      const t = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / long));
      const far = Math.hypot(ax + t * dx - x, ay + t * dy - y);
      if (far < least) { best = number; least = far; }
    }
    return best;
  }

  choose(node, line = -1) {
    this.chosen = node;
    this.line = line;
    const shown = line >= 0 ? [line] : node >= 0 ? this.linked[node] : [];
    const ends = new Float32Array(shown.length * LINE_LENGTH);
    shown.forEach((number, place) => ends.set(this.ends.subarray(number * LINE_LENGTH, (number + 1) * LINE_LENGTH), place * LINE_LENGTH));
    if (line >= 0) ends[4] = Math.max(ends[4], 0.5); // a line of few works is seen too
    this.fill(this.bright, ends, LINE_LENGTH);
    this.fill(this.discArray, this.discs(), 7);
    this.tell();
    this.draw("chosen");
    this.keep();
  }

  // What is told beside the picture; also for those who do not see it.
  tell() {
    const panel = this.panel, make = (tag, text, props = {}) => Object.assign(document.createElement(tag), { textContent: text }, props);
    panel.replaceChildren();
    if (this.line >= 0) {
      const [a, b, works] = this.edges[this.line];
      panel.append(make("h2", `${this.nodes[a][1]} – ${this.nodes[b][1]}`, { className: "small" }));
      panel.append(make("p", this.words.joint.replace("{n}", works.toLocaleString("en"))));
      const query = new URLSearchParams({ level: this.level, id: this.nodes[a][0], partner: this.nodes[b][0] });
      for (const name of ["field", "year"]) if (this.words[name]) query.set(name, this.words[name]);
      const way = make("p", "");
      way.append(make("a", this.words.works, { href: `works?${query}` }));
      panel.append(way);
      return;
    }
    if (this.chosen < 0) { panel.append(make("p", this.words.hint, { className: "hint" })); return; }
    const node = this.nodes[this.chosen], links = this.linked[this.chosen].slice().sort((a, b) => this.edges[b][2] - this.edges[a][2]);
    panel.append(make("h2", node[1], { className: "small" }));
    panel.append(make("p", this.words.told.replace("{papers}", node[3].toLocaleString("en")).replace("{partners}", links.length)));
    const ways = make("p", "");
    const query = new URLSearchParams(new URL(location.href).search);
    query.set("near", node[0]);
    ways.append(make("a", this.words.open, { href: `${this.level}?${new URLSearchParams({ id: node[0] })}` }), " ",
      make("a", this.words.near, { href: `network?${query}` }));
    panel.append(ways);
    const list = make("ol", "");
    for (const number of links.slice(0, 40)) {
      const item = make("li", ""), button = make("button", `${this.nodes[this.other(number, this.chosen)][1]} (${this.edges[number][2]})`, { type: "button", className: "plain" });
      button.addEventListener("click", () => this.choose(this.chosen, number));
      item.append(button);
      list.append(item);
    }
    panel.append(list);
  }

  zoom(by, x = this.width / 2, y = this.height / 2) {
    const scale = Math.min(Math.max(this.view[2] * by, this.whole * 0.5), this.whole * 60), real = scale / this.view[2];
    this.view = [x - (x - this.view[0]) * real, y - (y - this.view[1]) * real, scale];
    this.draw();
    this.keep();
  }
  move(dx, dy) { this.view[0] += dx; this.view[1] += dy; this.draw(); this.keep(); }

  // Where one looks and what is chosen stand in the address.
  keep() {
    clearTimeout(this.keeping);
    this.keeping = setTimeout(() => {
      const s = this.view[2], at = [(this.width / 2 - this.view[0]) / s, (this.height / 2 - this.view[1]) / s, s / this.whole];
      const hash = new URLSearchParams({ at: at.map((value) => value.toFixed(4)).join(",") });
      if (this.chosen >= 0) hash.set("node", this.nodes[this.chosen][0]);
      if (this.line >= 0) hash.set("line", this.edges[this.line].slice(0, 2).map((n) => this.nodes[n][0]).join("\n"));
      history.replaceState(null, "", `${location.pathname}${location.search}#${hash}`);
    }, 250);
  }
  restore() {
    const hash = new URLSearchParams(location.hash.slice(1)), [x, y, scale] = (hash.get("at") ?? "").split(",").map(Number);
    if (scale > 0) {
      const s = scale * this.whole;
      this.view = [this.width / 2 - x * s, this.height / 2 - y * s, s];
      this.draw();
    }
    const at = (id) => this.nodes.findIndex((node) => node[0] === id);
    const ends = (hash.get("line") ?? "").split("\n").map(at);
    const line = ends.length === 2 ? this.edges.findIndex(([a, b]) => ends.includes(a) && ends.includes(b)) : -1;
    this.choose(hash.get("node") ? at(hash.get("node")) : -1, line);
  }

  listen() {
    const stage = this.canvas.parentElement;
    let held = null, moved = false, pinch = 0;
    const pointers = new Map();
    const spot = (event) => { const box = stage.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };
    const spread = () => { const [a, b] = [...pointers.values()]; return Math.hypot(a[0] - b[0], a[1] - b[1]); };
    stage.addEventListener("pointerdown", (event) => {
      if (event.target.closest("button, input")) return;
      stage.setPointerCapture(event.pointerId);
      pointers.set(event.pointerId, spot(event));
      held = spot(event); moved = false;
      if (pointers.size === 2) pinch = spread();
    });
    stage.addEventListener("pointermove", (event) => {
      const [x, y] = spot(event);
      if (!held) {
        const found = this.nodeAt(x, y);
        if (found !== this.hovered) { this.hovered = found; stage.style.cursor = found < 0 ? "" : "pointer"; this.draw("names"); }
        return;
      }
      pointers.set(event.pointerId, [x, y]);
      if (pointers.size === 2) { const now = spread(); this.zoom(now / pinch, x, y); pinch = now; moved = true; return; }
      if (Math.hypot(x - held[0], y - held[1]) > 3 || moved) { moved = true; this.move(x - held[0], y - held[1]); held = [x, y]; }
    });
    const up = (event) => {
      pointers.delete(event.pointerId);
      if (held && !moved && event.type === "pointerup") {
        const [x, y] = spot(event), node = this.nodeAt(x, y);
        if (node >= 0) this.choose(node);
        else { const line = this.edgeAt(x, y); this.choose(line >= 0 ? this.chosen : -1, line); }
      }
      if (!pointers.size) held = null;
    };
    stage.addEventListener("pointerup", up);
    stage.addEventListener("pointercancel", up);
    stage.addEventListener("wheel", (event) => { event.preventDefault(); this.zoom(Math.exp(-event.deltaY * 0.0015), ...spot(event)); }, { passive: false });
    stage.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: [40, 0], ArrowRight: [-40, 0], ArrowUp: [0, 40], ArrowDown: [0, -40] }[event.key];
      if (step) this.move(...step);
      else if (event.key === "+" || event.key === "=") this.zoom(1.3);
      else if (event.key === "-") this.zoom(1 / 1.3);
      else if (event.key === "0") { this.home(); this.draw(); this.keep(); }
      else if (event.key === "Escape") this.choose(-1);
      else return;
      event.preventDefault();
    });
    this.root.querySelector("[data-zoom=in]").addEventListener("click", () => this.zoom(1.4));
    this.root.querySelector("[data-zoom=out]").addEventListener("click", () => this.zoom(1 / 1.4));
    this.root.querySelector("[data-zoom=reset]").addEventListener("click", () => { this.home(); this.draw(); this.choose(-1); });
    const find = this.root.querySelector("input[type=search]");
    const names = this.root.querySelector("datalist");
    names.append(...this.order.slice(0, 3000).map((number) => Object.assign(document.createElement("option"), { value: this.nodes[number][1] })));
    find.addEventListener("change", () => {
      const number = this.byName.get(find.value);
      if (number === undefined) return;
      const [x, y] = this.place(number);
      this.view[0] += this.width / 2 - x;
      this.view[1] += this.height / 2 - y;
      this.draw();
      this.choose(number);
    });
    new ResizeObserver(() => this.resize()).observe(stage);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { this.colours(); this.fill(this.discArray, this.discs(), 7); this.resting = undefined; this.draw(); });
  }
}

async function start() {
  const root = document.querySelector("[data-network]");
  if (!root || root.dataset.started) return;
  root.dataset.started = "yes";
  const answer = await fetch(root.dataset.network);
  const graph = (await answer.json()).parts.find((part) => part.kind === "data");
  if (!graph.nodes.length) return;
  const shown = root.querySelector(".stage");
  shown.hidden = false;
  try {
    window.network = new Network(root, graph);
  } catch {
    root.querySelector(".no-webgl").hidden = false;
    shown.hidden = true;
  }
}
document.addEventListener("kakehashi:shown", start);
start();
