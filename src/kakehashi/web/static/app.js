// What makes the pages quicker to use. Without it every page works through its links and forms.

const main = () => document.getElementById("main");

// Pages that are likely to be asked for next, kept for a short while: address, when it was fetched, its text.
const ahead = new Map();
const roomy = matchMedia("(min-width: 860px)");  // as in the style sheet: whether wide pictures are shown
const fetched = (address) => fetch(address,
  { headers: { accept: "text/html", "kakehashi-frame": roomy.matches ? "wide" : "narrow" } }).then((answer) => answer.text());
// What was fetched holds the picture for this width alone: at another the page is asked for anew.
let partial = false;
roomy.addEventListener("change", () => { ahead.clear(); if (partial) show(location.href, false); });
function fetchedAhead(address) {
  const known = ahead.get(address);
  ahead.delete(address);
  return known && performance.now() - known.at < 30000 ? known.text : fetched(address);
}

// Forms marked data-live answer at once: the new page is fetched and its content put in place of the old.
let asked = 0;
async function show(address, push = true) {
  const mine = ++asked;
  document.documentElement.toggleAttribute("data-busy", true);
  try {
    const text = await fetchedAhead(address);
    if (mine !== asked) return;
    const page = new DOMParser().parseFromString(text, "text/html");
    const focused = document.activeElement?.id;
    main().replaceWith(document.adoptNode(page.getElementById("main")));
    document.title = page.title;
    partial = true;
    document.querySelector(".switch").href = page.querySelector(".switch").getAttribute("href");
    if (push) history.pushState(null, "", address);
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    hideTip();
    document.dispatchEvent(new CustomEvent("kakehashi:shown"));
  } catch {
    location.assign(address);
  } finally {
    if (mine === asked) document.documentElement.toggleAttribute("data-busy", false);
  }
}

function addressOf(form, values = new FormData(form)) {
  const given = [...values].filter(([, value]) => value !== "");
  const query = new URLSearchParams(given).toString();
  return form.getAttribute("action").split("?")[0] + (query ? `?${query}` : "");
}

document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[data-live]");
  if (form && event.target.matches("select, input[type=checkbox]")) show(addressOf(form));
});
// While somebody looks through a list of choices, what the nearest of them lead to is fetched, one after the other.
document.addEventListener("focusin", async (event) => {
  const list = event.target, form = list.closest?.("form[data-live]");
  if (!form || !list.matches("select")) return;
  const now = list.selectedIndex, begun = asked, values = new FormData(form);
  // Who already knows the choice makes it at once, and is not to wait for what was fetched for others.
  await new Promise((done) => setTimeout(done, 150));
  if (asked !== begun || document.activeElement !== list) return;
  const near = [...list.options].map((_, n) => n).filter((n) => n !== now).sort((a, b) => Math.abs(a - now) - Math.abs(b - now));
  for (const number of near.slice(0, 12)) {
    values.set(list.name, list.options[number].value);
    const address = addressOf(form, values);
    if (ahead.has(address)) continue;
    ahead.set(address, { at: performance.now(), text: fetched(address) });
    if (ahead.size > 24) ahead.delete(ahead.keys().next().value);
    await ahead.get(address).text.catch(() => ahead.delete(address));
    if (asked !== begun || document.activeElement !== list) return;
  }
});
document.addEventListener("submit", (event) => {
  if (event.target.matches("form[data-live]")) {
    event.preventDefault();
    show(addressOf(event.target));
  }
});
addEventListener("popstate", () => show(location.href, false));

// The note beside a point, for pointer and keyboard alike.
let tip;
function hideTip() { tip?.remove(); tip = undefined; }
function showTip(spot) {
  hideTip();
  tip = document.createElement("div");
  tip.className = "tip";
  tip.setAttribute("aria-hidden", "true");
  tip.textContent = spot.dataset.tip;
  document.body.append(tip);
  const at = spot.getBoundingClientRect(), box = tip.getBoundingClientRect();
  const left = Math.min(Math.max(8, at.left + at.width / 2 - box.width / 2), innerWidth - box.width - 8);
  const over = at.top - box.height - 8;
  tip.style.left = `${left}px`;
  tip.style.top = `${over > 8 ? over : at.bottom + 8}px`;
}
for (const [on, off] of [["pointerover", "pointerout"], ["focusin", "focusout"]]) {
  document.addEventListener(on, (event) => {
    const spot = event.target.closest?.("[data-tip]");
    if (spot) showTip(spot);
  });
  document.addEventListener(off, (event) => { if (event.target.closest?.("[data-tip]")) hideTip(); });
}
addEventListener("keydown", (event) => { if (event.key === "Escape") hideTip(); });

// The list of pages stands open where there is room for it.
const wide = matchMedia("(min-width: 1000px)");
const openMenu = () => { const menu = document.querySelector(".menu"); if (menu && wide.matches) menu.open = true; };
wide.addEventListener("change", openMenu);
openMenu();

// While a run is under way its page is asked for anew.
function poll() {
  const watched = document.querySelector("[data-poll]");
  if (watched) setTimeout(() => { if (document.contains(watched)) show(location.href, false); }, Number(watched.dataset.poll));
}
document.addEventListener("kakehashi:shown", poll);
poll();

// Files are chosen with a button in the page's language, or dropped beside it; what was chosen is told.
const NAMED = 4;
function tellFiles(input) {
  const names = [...input.files].map((file) => file.name), more = names.length > NAMED ? " …" : "";
  input.parentElement.querySelector("output").textContent = names.length
    ? input.dataset.chosen.replace("{n}", names.length).replace("{names}", names.slice(0, NAMED).join(", ") + more)
    : input.dataset.none;
}
function dressFiles() {
  for (const input of document.querySelectorAll("input[type=file][data-pick]:not(.files input)")) {
    const box = Object.assign(document.createElement("div"), { className: "files" });
    const button = Object.assign(document.createElement("label"), { htmlFor: input.id, textContent: input.dataset.pick });
    input.before(box);
    box.append(button, input, Object.assign(document.createElement("output"), { htmlFor: input.id }));
    input.addEventListener("change", () => tellFiles(input));
    for (const name of ["dragover", "dragleave", "drop"]) {
      box.addEventListener(name, (event) => {
        event.preventDefault();
        box.classList.toggle("over", name === "dragover");
        if (name === "drop" && event.dataTransfer.files.length) { input.files = event.dataTransfer.files; tellFiles(input); }
      });
    }
    tellFiles(input);
  }
}
document.addEventListener("kakehashi:shown", dressFiles);
dressFiles();
