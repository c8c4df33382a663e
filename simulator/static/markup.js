// Markup comes from the server and was escaped there; styles go through the CSSOM, which the page's
// Content-Security-Policy allows, while style attributes stay forbidden.

import { fit } from "./flex.js";

/** Give everything in `root` the style that the server worked out for it. */
export function dress(root) {
  for (const drawn of root.querySelectorAll("[data-style]")) drawn.style.cssText = drawn.dataset.style;
  fit(root);
  return root;
}

/** The markup as elements, dressed. */
export function elements(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return dress(template.content);
}
