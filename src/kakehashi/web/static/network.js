// The network on a canvas: WebGL for lines and discs, a second canvas over it for names. No library.
// Node: [id, name, country, papers, x, y, group]; edge: [a, b, works] with a, b places in the list of nodes.

const LINES = `#version 300 es
in vec2 at; in float weight; uniform vec3 view; uniform vec2 size; out float strong;
void main() { vec2 p = (at * view.z + view.xy) / size * 2.0 - 1.0; gl_Position = vec4(p.x, -p.y, 0, 1); strong = weight; }`;
const LINE_COLOUR = `#version 300 es
precision mediump float; in float strong; uniform vec4 colour; uniform float fade; out vec4 drawn;
void main() { float a = colour.a * (0.10 + 0.75 * strong) * fade; drawn = vec4(colour.rgb * a, a); }`;
const DISCS = `#version 300 es
in vec2 at; in float radius; in vec3 tint; in float dim; uniform vec3 view; uniform vec2 size; uniform float ratio;
out vec3 fill; out float alpha; out float px;
void main() { vec2 p = (at * view.z + view.xy) / size * 2.0 - 1.0; gl_Position = vec4(p.x, -p.y, 0, 1);
  px = radius * ratio * 2.0 + 2.0; gl_PointSize = px; fill = tint; alpha = dim; }`;
const DISC_COLOUR = `#version 300 es
precision mediump float; in vec3 fill; in float alpha; in float px; uniform vec3 rim; out vec4 drawn;
void main() { float d = length(gl_PointCoord - 0.5) * px; float r = px * 0.5 - 1.0;
  float a = (1.0 - smoothstep(r - 0.7, r + 0.7, d)) * alpha; vec3 c = mix(fill, rim, smoothstep(r - 1.8, r - 0.9, d));
  drawn = vec4(c * a, a); }`;

const rgb = (text) => [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16) / 255);

function program(gl, vertex, fragment) {
  const made = gl.createProgram();
  for (const [kind, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]]) {
    const shader = gl.createShader(kind);
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(made, shader);
  }
  gl.linkProgram(made);
  return made;
}

class Network {
  constructor(root, graph) {
    this.root = root;
    this.nodes = graph.nodes;
    this.edges = graph.edges;
    this.words = root.dataset;
    this.level = graph.level;
    this.canvas = root.querySelector("canvas.lines");
    this.over = root.querySelector("canvas.names");
    this.panel = root.querySelector(".panel");
    this.gl = this.canvas.getContext("webgl2", { antialias: true, premultipliedAlpha: true });
    this.pen = this.over.getContext("2d");
    this.chosen = -1;
    this.line = -1;
    this.hovered = -1;
    this.drawTimes = [];
    this.around();
    this.colours();
    this.buffers();
    this.listen();
    this.resize();
    this.restore();
  }

  // Who is linked with whom, and how large each disc is.
  around() {
    const most = Math.max(1, ...this.nodes.map((node) => node[3]));
    this.most = Math.max(1, ...this.edges.map((edge) => edge[2]));
    const largest = this.nodes.length > 400 ? 13 : 22, least = this.nodes.length > 400 ? 1.8 : 3;
    this.radii = this.nodes.map((node) => Math.max(least, largest * Math.sqrt(node[3] / most)));
    this.linked = this.nodes.map(() => []);
    this.edges.forEach(([a, b], number) => { this.linked[a].push(number); this.linked[b].push(number); });
    this.order = this.nodes.map((_, number) => number).sort((a, b) => this.nodes[b][3] - this.nodes[a][3]);
    this.byName = new Map(this.nodes.map((node, number) => [node[1], number]));
  }

  colours() {
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    this.ink = dark ? "#e8edf0" : "#1f2a33";
    this.paper = dark ? "#14191d" : "#ffffff";
    this.lineColour = dark ? [0.58, 0.68, 0.76] : [0.36, 0.46, 0.53];
    this.accent = rgb(dark ? "#8fc1e8" : "#16456b");
    const tints = dark ? JSON.parse(this.words.dark) : JSON.parse(this.words.light);
    this.tints = this.nodes.map((node) => rgb(tints[node[6]] ?? tints.unplaced));
  }

  buffers() {
    const gl = this.gl;
    this.lineProgram = program(gl, LINES, LINE_COLOUR);
    this.discProgram = program(gl, DISCS, DISC_COLOUR);
    const ends = new Float32Array(this.edges.length * 6);
    this.edges.forEach(([a, b, works], number) => {
      const strong = Math.sqrt(works / this.most);
      ends.set([this.nodes[a][4], this.nodes[a][5], strong, this.nodes[b][4], this.nodes[b][5], strong], number * 6);
    });
    this.ends = ends;
    this.lineArray = this.array(this.lineProgram, ends, [["at", 2], ["weight", 1]]);
    this.bright = this.array(this.lineProgram, new Float32Array(0), [["at", 2], ["weight", 1]]);
    this.discArray = this.array(this.discProgram, this.discs(), [["at", 2], ["radius", 1], ["tint", 3], ["dim", 1]]);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  // Largest first, so that small discs lie on top.
  discs() {
    const near = this.chosen < 0 ? null : new Set([this.chosen, ...this.linked[this.chosen].map((e) => this.other(e, this.chosen))]);
    const found = new Float32Array(this.nodes.length * 7);
    this.order.forEach((number, place) => {
      const node = this.nodes[number];
      found.set([node[4], node[5], this.radii[number], ...this.tints[number], near && !near.has(number) ? 0.18 : 0.95], place * 7);
    });
    return found;
  }

  array(made, data, parts) {
    const gl = this.gl, object = gl.createVertexArray(), buffer = gl.createBuffer();
    gl.bindVertexArray(object);
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.bufferData(gl.ARRAY_BUFFER, data, gl.DYNAMIC_DRAW);
    const stride = parts.reduce((sum, [, n]) => sum + n, 0) * 4;
    let offset = 0;
    for (const [name, n] of parts) {
      const at = gl.getAttribLocation(made, name);
      gl.enableVertexAttribArray(at);
      gl.vertexAttribPointer(at, n, gl.FLOAT, false, stride, offset);
      offset += n * 4;
    }
    return { object, buffer, count: data.length / (stride / 4) };
  }

  fill(array, data, width) {
    const gl = this.gl;
    gl.bindBuffer(gl.ARRAY_BUFFER, array.buffer);
    gl.bufferData(gl.ARRAY_BUFFER, data, gl.DYNAMIC_DRAW);
    array.count = data.length / width;
  }

  resize() {
    const box = this.canvas.parentElement.getBoundingClientRect(), ratio = Math.min(devicePixelRatio || 1, 2);
    this.width = box.width; this.height = box.height; this.ratio = ratio;
    for (const canvas of [this.canvas, this.over]) {
      canvas.width = Math.round(box.width * ratio);
      canvas.height = Math.round(box.height * ratio);
    }
    if (!this.view) this.home();
    this.draw();
  }

  home() {
    const xs = this.nodes.map((node) => node[4]), ys = this.nodes.map((node) => node[5]);
    const low = [Math.min(...xs), Math.min(...ys)], high = [Math.max(...xs), Math.max(...ys)];
    const scale = Math.min((this.width - 70) / Math.max(high[0] - low[0], 1e-6), (this.height - 60) / Math.max(high[1] - low[1], 1e-6));
    this.view = [(this.width - (low[0] + high[0]) * scale) / 2, (this.height - (low[1] + high[1]) * scale) / 2, scale];
    this.whole = scale;
  }

  place(number) {
    return [this.nodes[number][4] * this.view[2] + this.view[0], this.nodes[number][5] * this.view[2] + this.view[1]];
  }
  other(edge, node) { return this.edges[edge][0] === node ? this.edges[edge][1] : this.edges[edge][0]; }

  draw() {
    if (this.waiting) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = 0;
      const begin = performance.now();
      this.paint();
      this.names();
      this.drawTimes.push(performance.now() - begin);
    });
  }

  paint() {
    const gl = this.gl, size = [this.width, this.height];
    gl.viewport(0, 0, this.canvas.width, this.canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    const set = (made) => {
      gl.useProgram(made);
      gl.uniform3fv(gl.getUniformLocation(made, "view"), this.view);
      gl.uniform2fv(gl.getUniformLocation(made, "size"), size);
    };
    set(this.lineProgram);
    gl.uniform4f(gl.getUniformLocation(this.lineProgram, "colour"), ...this.lineColour, 0.8);
    gl.uniform1f(gl.getUniformLocation(this.lineProgram, "fade"), (this.chosen < 0 ? 1 : 0.3) * (this.edges.length > 3000 ? 0.5 : 1));
    gl.bindVertexArray(this.lineArray.object);
    gl.drawArrays(gl.LINES, 0, this.lineArray.count);
    if (this.bright.count) {
      gl.uniform4f(gl.getUniformLocation(this.lineProgram, "colour"), ...this.accent, 1);
      gl.uniform1f(gl.getUniformLocation(this.lineProgram, "fade"), 1);
      gl.bindVertexArray(this.bright.object);
      gl.drawArrays(gl.LINES, 0, this.bright.count);
    }
    set(this.discProgram);
    gl.uniform1f(gl.getUniformLocation(this.discProgram, "ratio"), this.ratio * this.grown());
    gl.uniform3fv(gl.getUniformLocation(this.discProgram, "rim"), rgb(this.paper));
    gl.bindVertexArray(this.discArray.object);
    gl.drawArrays(gl.POINTS, 0, this.discArray.count);
  }

  // Discs grow less than distances, so that a crowd comes apart.
  grown() { return Math.min(Math.max(Math.sqrt(this.view[2] / this.whole), 0.6), 3); }

  names() {
    const pen = this.pen, taken = [];
    pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    pen.clearRect(0, 0, this.width, this.height);
    pen.font = `13px ${getComputedStyle(document.body).fontFamily}`;
    pen.textBaseline = "middle";
    pen.lineJoin = "round";
    pen.lineWidth = 3.5;
    const first = this.chosen < 0 ? [] : [this.chosen, ...this.linked[this.chosen].slice().sort((a, b) => this.edges[b][2] - this.edges[a][2]).map((e) => this.other(e, this.chosen))];
    const near = this.chosen < 0 ? null : new Set(first);
    const wanted = this.hovered < 0 ? first : [this.hovered, ...first];
    let written = 0, looked = 0;
    for (const number of [...new Set([...wanted, ...this.order])]) {
      if (written > 60 || ++looked > 900) break;
      if (near && !near.has(number) && number !== this.hovered) continue;
      const [x, y] = this.place(number);
      if (x < -20 || y < -10 || x > this.width + 20 || y > this.height + 10) continue;
      const text = this.nodes[number][1], wide = pen.measureText(text).width, r = this.radii[number] * this.grown() + 3;
      const spots = [[x + r, y], [x - r - wide, y], [x - wide / 2, y - r - 7], [x - wide / 2, y + r + 7]];
      for (const [left, middle] of spots) {
        const box = [left - 2, middle - 8, left + wide + 2, middle + 8];
        if (box[0] < 0 || box[1] < 0 || box[2] > this.width || box[3] > this.height) continue;
        if (taken.some((one) => one[0] < box[2] && box[0] < one[2] && one[1] < box[3] && box[1] < one[3])) continue;
        taken.push(box);
        pen.strokeStyle = this.paper;
        pen.strokeText(text, left, middle);
        pen.fillStyle = this.ink;
        pen.fillText(text, left, middle);
        written++;
        break;
      }
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
    const ends = new Float32Array(shown.length * 6);
    shown.forEach((number, place) => ends.set(this.ends.subarray(number * 6, number * 6 + 6), place * 6));
    if (line >= 0) for (const at of [2, 5]) ends[at] = 1;
    this.fill(this.bright, ends, 3);
    this.fill(this.discArray, this.discs(), 7);
    this.tell();
    this.draw();
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
        if (found !== this.hovered) { this.hovered = found; stage.style.cursor = found < 0 ? "" : "pointer"; this.draw(); }
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
    this.root.querySelector("[data-zoom=reset]").addEventListener("click", () => { this.home(); this.choose(-1); });
    const find = this.root.querySelector("input[type=search]");
    const names = this.root.querySelector("datalist");
    names.append(...this.order.slice(0, 3000).map((number) => Object.assign(document.createElement("option"), { value: this.nodes[number][1] })));
    find.addEventListener("change", () => {
      const number = this.byName.get(find.value);
      if (number === undefined) return;
      const [x, y] = this.place(number);
      this.view[0] += this.width / 2 - x;
      this.view[1] += this.height / 2 - y;
      this.choose(number);
    });
    new ResizeObserver(() => this.resize()).observe(stage);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { this.colours(); this.fill(this.discArray, this.discs(), 7); this.draw(); });
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
