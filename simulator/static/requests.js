// Buttons of the parts beside the phones say in their data what they ask of the server: data-path, data-method (POST)
// and data-body (JSON). What comes of it is drawn by the server and arrives through the page's stream.

/** Send what the button that was pressed asks for; on failure its panel's [data-trouble] is shown, else a menu closes. */
export async function request(event) {
  const button = event.target.closest("[data-path]");
  if (!button) return;
  const { path, method = "POST", body = "{}" } = button.dataset;
  const answer = await fetch(path, { method, headers: { "Content-Type": "application/json" }, body }).catch(() => ({ ok: false }));
  const trouble = button.closest("[data-panel]")?.querySelector("[data-trouble]");
  if (trouble) trouble.hidden = answer.ok;
  if (answer.ok) button.closest("details[data-menu]")?.removeAttribute("open");
}
