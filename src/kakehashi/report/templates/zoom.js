// Pans and zooms the viewBox of drawings in figures with a .zoom bar. Without it they are the still pictures they were.
(() => {
  "use strict";
  const MOST = 12, STEP = 1.5, PACE = 160;
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

  function zoomable(svg) {
    const whole = svg.viewBox.baseVal, width = whole.width, height = whole.height;
    let view = { x: 0, y: 0, w: width }, running = 0;
    const scale = () => width / view.w;
    const within = ({ x, y, w }) => {
      const size = clamp(w, width / MOST, width);
      return { x: clamp(x, 0, width - size), y: clamp(y, 0, height * (1 - size / width)), w: size };
    };
    const draw = next => {
      view = within(next);
      svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.w} ${view.w * height / width}`);
      svg.classList.toggle("zoomed", scale() > 1.001);
    };
    const go = next => {
      const from = view, to = within(next), start = performance.now();
      cancelAnimationFrame(running);
      if (still.matches) return draw(to);
      const frame = now => {
        const part = clamp((now - start) / PACE, 0, 1), at = name => from[name] + (to[name] - from[name]) * part;
        draw({ x: at("x"), y: at("y"), w: at("w") });
        if (part < 1) running = requestAnimationFrame(frame);
      };
      running = requestAnimationFrame(frame);
    };
    // The point of the drawing under (across, down), parts of the picture's width and height, stays where it is.
    const about = (factor, across = 0.5, down = 0.5) => {
      const w = clamp(view.w / factor, width / MOST, width), shrunk = view.w - w;
      return { x: view.x + across * shrunk, y: view.y + down * shrunk * height / width, w };
    };
    const place = event => {
      const box = svg.getBoundingClientRect();
      return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    };
    const shifted = (across, down) =>
      ({ x: view.x + across * view.w, y: view.y + down * view.w * height / width, w: view.w });
    const stop = () => cancelAnimationFrame(running);
    return {
      svg, scale, place, stop, in: () => go(about(STEP)), out: () => go(about(1 / STEP)),
      reset: () => go({ x: 0, y: 0, w: width }), whole: () => { stop(); draw({ x: 0, y: 0, w: width }); },
      move: (across, down) => go(shifted(across, down)), drag: (across, down) => draw(shifted(across, down)),
      pinch: (factor, across, down) => draw(about(factor, across, down)),
    };
  }

  function listen(drawing) {
    const { svg } = drawing, fingers = new Map(), holder = svg.parentElement;
    const keys = {
      "+": drawing.in, "=": drawing.in, "-": drawing.out, "0": drawing.reset,
      ArrowLeft: () => drawing.move(-0.15, 0), ArrowRight: () => drawing.move(0.15, 0),
      ArrowUp: () => drawing.move(0, -0.15), ArrowDown: () => drawing.move(0, 0.15),
    };
    holder.tabIndex = 0;
    holder.addEventListener("keydown", event => {
      const act = keys[event.key], arrow = event.key.startsWith("Arrow");
      if (!act || event.ctrlKey || event.metaKey || event.altKey || (arrow && drawing.scale() <= 1.001)) return;
      event.preventDefault();
      act();
    });
    // A wheel over a picture that nobody chose goes on scrolling the page. Trackpads report a pinch as ctrl + wheel.
    svg.addEventListener("wheel", event => {
      if (!event.ctrlKey && !holder.contains(document.activeElement)) return;
      const out = event.deltaY > 0;
      if (!event.ctrlKey && ((out && drawing.scale() <= 1.001) || (!out && drawing.scale() >= MOST - 0.001))) return;
      event.preventDefault();
      drawing.stop();
      const pixels = event.deltaMode ? event.deltaY * 30 : event.deltaY;
      drawing.pinch(Math.exp(-clamp(pixels, -120, 120) * (event.ctrlKey ? 0.008 : 0.002)), ...drawing.place(event));
    }, { passive: false });
    svg.addEventListener("pointerdown", event => {
      drawing.stop();
      fingers.set(event.pointerId, drawing.place(event));
      if (drawing.scale() > 1.001 || fingers.size > 1) svg.setPointerCapture(event.pointerId);
    });
    svg.addEventListener("pointermove", event => {
      const before = fingers.get(event.pointerId), now = drawing.place(event);
      if (!before) return;
      const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
      if (other) {
        const apart = ([a, b]) => Math.hypot(a - other[0], b - other[1]);
        drawing.pinch(apart(now) / Math.max(apart(before), 0.01), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
      } else if (drawing.scale() > 1.001) {
        drawing.drag(before[0] - now[0], before[1] - now[1]);
      }
      fingers.set(event.pointerId, now);
    });
    for (const end of ["pointerup", "pointercancel", "pointerleave"])
      svg.addEventListener(end, event => fingers.delete(event.pointerId));
  }

  for (const bar of document.querySelectorAll(".zoom")) {
    const drawings = [...bar.parentElement.querySelectorAll(".picture svg")].map(zoomable);
    drawings.forEach(listen);
    bar.hidden = false;
    bar.closest("figure").classList.add("zooming");
    bar.addEventListener("click", event => {
      const act = event.target.closest("button")?.dataset.zoom;
      if (act) drawings.filter(({ svg }) => svg.getBoundingClientRect().width).forEach(drawing => drawing[act]());
    });
    window.addEventListener("beforeprint", () => drawings.forEach(drawing => drawing.whole()));
  }
})();
