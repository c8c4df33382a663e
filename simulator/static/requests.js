// Buttons of the parts beside the phones say in their data what they ask of the server: data-path, data-method (POST)
// and data-body (JSON). What comes of it is drawn by the server and arrives through the page's stream.

import { PATIENCE } from "./turns.js";

const underWay = new WeakSet();

/** Send what the button that was pressed asks for; on failure its panel's [data-trouble] is shown, else a menu closes. */
export async function request(event) {
  const button = event.target.closest("[data-path]");
  if (!button || (button.ariaPressed && underWay.has(button))) return; // a switch that is pressed twice moves once
  underWay.add(button);
  const [panel, menu] = ["[data-panel]", "details[data-menu]"].map((part) => button.closest(part));
  const { path, method = "POST", body = "{}" } = button.dataset;
  const headers = { "Content-Type": "application/json" };
  const signal = AbortSignal.timeout(PATIENCE);
  const answer = await fetch(path, { method, headers, body, signal }).catch(() => ({ ok: false }));
  underWay.delete(button);
  const trouble = panel?.querySelector("[data-trouble]");
  if (trouble) trouble.hidden = answer.ok;
  if (answer.ok && menu) document.getElementById(menu.id)?.removeAttribute("open"); // perhaps drawn anew meanwhile
}
