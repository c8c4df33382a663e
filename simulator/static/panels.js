// The parts of the page beside the phones, which the server draws anew when there is news.

import { elements } from "./markup.js";
import { request } from "./requests.js";
import { narrow } from "./side.js";

/** Show a part as the server has drawn it; what has the focus keeps it, what is open stays open. */
export function redraw({ name, html }) {
  const panel = document.querySelector(`[data-panel="${name}"]`);
  if (!panel) return;
  const focused = panel.contains(document.activeElement) ? document.activeElement.id : "";
  const open = [...panel.querySelectorAll("details[open]")].map((part) => part.id);
  const fresh = elements(html);
  const parts = (root) => [...root.querySelectorAll("[data-part]")];
  const names = (root) => parts(root).map((part) => part.dataset.part).join();
  if (names(panel) && names(panel) === names(fresh)) { // what stays as it is can be pressed, and is not read out again
    const old = parts(panel);
    parts(fresh).forEach((part, place) => { if (part.outerHTML !== old[place].outerHTML) old[place].replaceWith(part); });
  } else {
    panel.replaceChildren(fresh);
    fitParts(panel);
  }
  panel.querySelector("[aria-current=step]")?.scrollIntoView({ block: "nearest" });
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

function fitParts(root) {
  for (const part of root.querySelectorAll("[data-wide]")) part.open = !narrow.matches;
}

/** Let their buttons be pressed. */
export function begin() {
  for (const panel of document.querySelectorAll("[data-panel]")) {
    panel.addEventListener("click", request);
    panel.addEventListener("toggle", ({ target }) => { // it does not bubble
      if (target.open) target.querySelector("[data-centre]")?.scrollIntoView({ block: "nearest", inline: "center" });
    }, true);
  }
  fitParts(document);
}
