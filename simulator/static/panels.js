// The parts of the page beside the phones, which the server draws anew when there is news.

import { elements } from "./markup.js";
import { request } from "./requests.js";
import { narrow } from "./side.js";

const FOLDED = "details[id]:not([data-menu])"; // what somebody opens or folds by hand stays so while the page loads anew
const keyOf = (part) => `part ${part.id}`;

const CLICKED = 100; // milliseconds within which a pointer or key that is let go has made its click, also by touch

const waiting = new Map();
let held = false; // a pointer or key is down: what is being pressed stays until it is let go
let release;

function hold({ target, button }) {
  if (button || !target.closest("a, button, summary")) return; // another button than the first presses nothing
  held = true;
  clearTimeout(release);
}

function letGo() {
  if (!held) return;
  clearTimeout(release);
  release = setTimeout(() => {
    held = false;
    const news = [...waiting.values()];
    waiting.clear();
    news.forEach(redraw);
  }, CLICKED);
}

/** Show a part as the server has drawn it; what has the focus keeps it, what is open stays open. */
export function redraw(news) {
  const { name, html } = news;
  if (held) {
    waiting.set(name, news);
    return;
  }
  const panel = document.querySelector(`[data-panel="${name}"]`);
  if (!panel) return;
  const focused = panel.contains(document.activeElement) ? document.activeElement.id : "";
  const fresh = elements(html);
  for (const part of panel.querySelectorAll("details[id]")) {
    const again = fresh.getElementById(part.id);
    if (again) again.open = part.open;
  }
  const parts = (root) => [...root.querySelectorAll("[data-part]")];
  const names = (root) => parts(root).map((part) => part.dataset.part).join();
  if (names(panel) && names(panel) === names(fresh)) { // what stays as it is can be pressed, and is not read out again
    const old = parts(panel);
    parts(fresh).forEach((part, place) => { if (part.outerHTML !== old[place].outerHTML) old[place].replaceWith(part); });
  } else {
    panel.replaceChildren(fresh);
    fold(panel);
  }
  panel.querySelector("[aria-current=step]")?.scrollIntoView({ block: "nearest" });
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

// As somebody has left it; else a small screen folds what is wide.
function fold(panel) {
  for (const part of panel.querySelectorAll("[data-wide]")) part.open = !narrow.matches;
  for (const part of panel.querySelectorAll(FOLDED)) {
    const left = sessionStorage.getItem(keyOf(part));
    if (left !== null) part.open = left === "true";
  }
}

function remember({ target }) { // keys make a click, too
  const part = target.closest("summary")?.parentElement;
  if (part?.matches(FOLDED)) sessionStorage.setItem(keyOf(part), !part.open);
}

function countDown() {
  for (const left of document.querySelectorAll("[data-countdown]")) {
    left.textContent = Math.max(0, Number(left.textContent) - 1);
  }
}

/** Let their buttons be pressed, fold them as they were, and count the seconds down that are drawn. */
export function begin() {
  for (const panel of document.querySelectorAll("[data-panel]")) {
    fold(panel);
    for (const pressed of ["pointerdown", "keydown"]) panel.addEventListener(pressed, hold);
    panel.addEventListener("click", request);
    panel.addEventListener("click", remember);
    panel.addEventListener("toggle", ({ target }) => { // it does not bubble
      if (target.open) target.querySelector("[data-centre]")?.scrollIntoView({ block: "nearest", inline: "center" });
    }, true);
  }
  for (const released of ["pointerup", "pointercancel", "keyup", "blur"]) addEventListener(released, letGo);
  setInterval(countDown, 1000);
}
