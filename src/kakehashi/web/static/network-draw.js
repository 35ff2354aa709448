// The layers of the network's picture: lines, discs over them, names over those. No library.
// Node: [id, name, country, papers, x, y, group]; edge: [a, b, works] with a, b places in the list of nodes, the
// edges of most works first.
//
// With a graphics card WebGL draws lines and discs. Without one, where WebGL is drawn by the processor, 20,000 lines
// take it half a second and more; a plain canvas takes a tenth of that, so it draws the lines, under the discs.

// A line is a strip of four corners, as wide as its works tell: a card draws lines of its own with one width only.
const LINES = `#version 300 es
in vec2 from; in vec2 to; in float weight; in float own; uniform vec3 view; uniform vec2 size; out float strong; out float ours;
void main() { vec2 p = from * view.z + view.xy, q = to * view.z + view.xy, way = normalize(q - p + 1e-5);
  vec2 aside = vec2(-way.y, way.x) * (0.35 + 2.2 * weight * weight) * (gl_VertexID % 2 == 0 ? 1.0 : -1.0);
  vec2 at = ((gl_VertexID < 2 ? p : q) + aside) / size * 2.0 - 1.0;
  gl_Position = vec4(at.x, -at.y, 0, 1); strong = weight; ours = own; }`;
const LINE_COLOUR = `#version 300 es
precision mediump float; in float strong; in float ours; uniform vec4 colour; uniform vec3 home; uniform float fade; out vec4 drawn;
void main() { float a = colour.a * (0.12 + 0.88 * strong) * fade; drawn = vec4(mix(colour.rgb, home, ours) * a, a); }`;
const LINE_PARTS = [["from", 2], ["to", 2], ["weight", 1], ["own", 1]];
export const LINE_LENGTH = 6; // numbers that tell a line: both ends, its weight, whether it is home's
const wideness = (strong) => 0.7 + 4.4 * strong * strong; // px, as in the shader above
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

const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;
const SLOW = 60; // ms for a first picture, from which WebGL is taken to be drawn by the processor
const WHILE_MOVING = 4000; // lines drawn by the processor while the picture moves; all of them when it rests
const MUST_NAME = 12; // the largest that are named before all others
const REST = 140; // ms without a move

const WHAT = ["names", "chosen", "view"]; // the more is asked for, the farther behind

export class Layers {
  constructor(root, graph) {
    this.nodes = graph.nodes;
    this.edges = graph.edges;
    this.words = root.dataset;
    this.under = root.querySelector("canvas.under");
    this.canvas = root.querySelector("canvas.lines");
    this.over = root.querySelector("canvas.names");
    this.tools = root.querySelector(".tools");
    this.gl = this.canvas.getContext("webgl2", { antialias: true, premultipliedAlpha: true });
    this.pen = this.over.getContext("2d");
    this.chosen = -1;
    this.line = -1;
    this.hovered = -1;
    this.drawTimes = [];
    this.around();
    this.colours();
    this.buffers();
    const known = this.gl.getExtension("WEBGL_debug_renderer_info");
    this.byProcessor = SOFTWARE.test(this.gl.getParameter(known ? known.UNMASKED_RENDERER_WEBGL : this.gl.RENDERER));
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
    this.homeColour = rgb(tints.home);
    this.tints = this.nodes.map((node) => rgb(tints[node[6]] ?? tints.unplaced));
  }

  buffers() {
    const gl = this.gl;
    this.lineProgram = program(gl, LINES, LINE_COLOUR);
    this.discProgram = program(gl, DISCS, DISC_COLOUR);
    const ends = new Float32Array(this.edges.length * LINE_LENGTH);
    this.edges.forEach(([a, b, works], number) => {
      const places = [a, b].flatMap((end) => this.nodes[end].slice(4, 6));
      ends.set([...places, Math.sqrt(works / this.most), this.ofHome(a, b) ? 1 : 0], number * LINE_LENGTH);
    });
    this.ends = ends;
    this.lineArray = this.array(this.lineProgram, ends, LINE_PARTS, 1);
    this.bright = this.array(this.lineProgram, new Float32Array(0), LINE_PARTS, 1);
    this.discArray = this.array(this.discProgram, this.discs(), [["at", 2], ["radius", 1], ["tint", 3], ["dim", 1]]);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  // Home is one country, whose lines stand out; of its institutions there are too many for that.
  ofHome(a, b) { return this.words.level === "country" && [a, b].some((end) => this.nodes[end][6] === "home"); }

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

  // each: 1 where the data are one entry for each line, of which a strip is made; 0 where one for each point.
  array(made, data, parts, each = 0) {
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
      gl.vertexAttribDivisor(at, each);
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
    for (const canvas of [this.under, this.canvas, this.over]) {
      canvas.width = Math.round(box.width * ratio);
      canvas.height = Math.round(box.height * ratio);
    }
    if (!this.view) this.home();
    this.resting = undefined;
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

  // what: "view" where the picture moves, "chosen" where other discs and lines stand out, "names" for names alone.
  draw(what = "view") {
    this.wanted = Math.max(this.wanted ?? 0, WHAT.indexOf(what));
    if (this.waiting) return;
    this.waiting = requestAnimationFrame(() => {
      const wanted = WHAT[this.wanted];
      this.waiting = 0;
      this.wanted = null;
      const begin = performance.now();
      if (wanted !== "names") this.paint();
      if (wanted === "view" && this.byProcessor) this.move2d();
      if (wanted !== "names") this.under.style.opacity = this.chosen < 0 ? 1 : 0.3;
      this.names();
      this.drawTimes.push(performance.now() - begin);
    });
  }

  // The strongest lines while the picture moves, all when it rests.
  move2d() {
    const first = this.resting === undefined;
    clearTimeout(this.resting);
    if (first || this.edges.length <= WHILE_MOVING) { this.lines2d(this.edges.length); this.resting = 0; return; }
    this.lines2d(WHILE_MOVING);
    this.resting = setTimeout(() => this.lines2d(this.edges.length), REST);
  }

  lines2d(count) {
    const pen = (this.pen2d ??= this.under.getContext("2d")), [dx, dy, scale] = this.view;
    const [w, h] = [this.width, this.height], steps = 24, faint = this.edges.length > 3000 ? 0.4 : 0.8;
    const xs = this.nodes.map((node) => node[4] * scale + dx), ys = this.nodes.map((node) => node[5] * scale + dy);
    pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    pen.clearRect(0, 0, w, h);
    const shade = (colour, strong) => `rgb(${colour.map((one) => Math.round(one * 255)).join(" ")} / ${faint * (0.12 + 0.88 * strong / steps)})`;
    let last = -1;
    for (let number = Math.min(count, this.edges.length) - 1; number >= 0; number--) {
      const [a, b, works] = this.edges[number];
      if ((xs[a] < 0 && xs[b] < 0) || (xs[a] > w && xs[b] > w) || (ys[a] < 0 && ys[b] < 0) || (ys[a] > h && ys[b] > h)) continue;
      const strong = Math.round(Math.sqrt(works / this.most) * steps), ours = this.ofHome(a, b), look = ours ? -strong - 2 : strong;
      if (look !== last) {
        pen.strokeStyle = shade(ours ? this.homeColour : this.lineColour, strong);
        pen.lineWidth = wideness(strong / steps);
        last = look;
      }
      pen.beginPath();
      pen.moveTo(xs[a], ys[a]);
      pen.lineTo(xs[b], ys[b]);
      pen.stroke();
    }
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
    if (!this.byProcessor) this.allLines();
    if (this.bright.count) {
      gl.uniform4f(gl.getUniformLocation(this.lineProgram, "colour"), ...this.accent, 1);
      gl.uniform3fv(gl.getUniformLocation(this.lineProgram, "home"), this.accent);
      gl.uniform1f(gl.getUniformLocation(this.lineProgram, "fade"), 1);
      gl.bindVertexArray(this.bright.object);
      gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, this.bright.count);
    }
    set(this.discProgram);
    gl.uniform1f(gl.getUniformLocation(this.discProgram, "ratio"), this.ratio * this.grown());
    gl.uniform3fv(gl.getUniformLocation(this.discProgram, "rim"), rgb(this.paper));
    gl.bindVertexArray(this.discArray.object);
    gl.drawArrays(gl.POINTS, 0, this.discArray.count);
  }

  allLines() {
    const gl = this.gl, begin = performance.now();
    gl.uniform4f(gl.getUniformLocation(this.lineProgram, "colour"), ...this.lineColour, 0.8);
    gl.uniform3fv(gl.getUniformLocation(this.lineProgram, "home"), this.homeColour);
    gl.uniform1f(gl.getUniformLocation(this.lineProgram, "fade"), (this.chosen < 0 ? 1 : 0.3) * (this.edges.length > 3000 ? 0.5 : 1));
    gl.bindVertexArray(this.lineArray.object);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, this.lineArray.count);
    if (this.tried) return;
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4)); // waits until it is drawn
    this.tried = true;
    if (performance.now() - begin < SLOW) return;
    this.byProcessor = true;
    gl.clear(gl.COLOR_BUFFER_BIT);
  }

  // Discs grow less than distances, so that a crowd comes apart.
  grown() { return Math.min(Math.max(Math.sqrt(this.view[2] / this.whole), 0.6), 3); }

  // The discs in sight that a name would hide or be hidden by: box and number of each.
  largeDiscs() {
    const found = [];
    for (const number of this.order.slice(0, 400)) {
      const r = this.radii[number] * this.grown() * 0.85, [x, y] = this.place(number);
      if (r < 3) break;
      if (x > -r && y > -r && x < this.width + r && y < this.height + r) found.push([x - r, y - r, x + r, y + r, number]);
    }
    return found;
  }

  names() {
    const pen = this.pen, tools = this.tools;
    const taken = [[tools.offsetLeft, tools.offsetTop, tools.offsetLeft + tools.offsetWidth, tools.offsetTop + tools.offsetHeight]];
    pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    pen.clearRect(0, 0, this.width, this.height);
    pen.font = `13px ${getComputedStyle(document.body).fontFamily}`;
    pen.textBaseline = "middle";
    pen.lineJoin = "round";
    pen.lineWidth = 3.5;
    const first = this.chosen < 0 ? [] : [this.chosen, ...this.linked[this.chosen].slice().sort((a, b) => this.edges[b][2] - this.edges[a][2]).map((e) => this.other(e, this.chosen))];
    const near = this.chosen < 0 ? null : new Set(first);
    const wanted = this.hovered < 0 ? first : [this.hovered, ...first];
    const discs = this.largeDiscs();
    let written = 0, looked = 0;
    for (const number of [...new Set([...wanted, ...this.order])]) {
      if (written > 60 || ++looked > 900) break;
      if (near && !near.has(number) && number !== this.hovered) continue;
      const [x, y] = this.place(number);
      if (x < -20 || y < -10 || x > this.width + 20 || y > this.height + 10) continue;
      const text = this.nodes[number][1], wide = pen.measureText(text).width, r = this.radii[number] * this.grown() + 3;
      const spots = [[x + r, y], [x - r - wide, y], [x - wide / 2, y - r - 7], [x - wide / 2, y + r + 7]];
      const meets = (box) => (one) => one[0] < box[2] && box[0] < one[2] && one[1] < box[3] && box[1] < one[3];
      const boxes = spots.map(([left, middle]) => [left - 2, middle - 8, left + wide + 2, middle + 8]);
      const open = boxes.map((box) => box[0] >= 0 && box[1] >= 0 && box[2] <= this.width && box[3] <= this.height && !taken.some(meets(box)));
      // Beside the discs where there is room; the largest are named even if their name must touch another disc.
      let at = boxes.findIndex((box, n) => open[n] && !discs.some((one) => one[4] !== number && meets(box)(one)));
      if (at < 0 && (looked <= MUST_NAME || wanted.includes(number))) at = open.indexOf(true);
      if (at >= 0) {
        const [left, middle] = spots[at];
        taken.push(boxes[at]);
        pen.strokeStyle = this.paper;
        pen.strokeText(text, left, middle);
        pen.fillStyle = this.ink;
        pen.fillText(text, left, middle);
        written++;
      }
    }
  }
}
