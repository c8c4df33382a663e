/** The form of a circular: saves while somebody writes, and shows card, recipients and cost as they are by then. */
import { Choices, Rows } from "./choices.js";
import { Field, show, worded } from "./field.js";
import { LocalCopy } from "./local_copy.js";
import { Saving, State } from "./saving.js";
import { Written } from "./written.js";

const form = document.getElementById("circular");
const status = document.getElementById("saved");
const words = status.dataset;
const copy = new LocalCopy(form.dataset.copy);
const groups = new Map();
const written = new Written(form, status, copy);
const { fields } = written;
const saving = new Saving(form, { collect: () => written.unsaved(), absorb, tell });

function absorb(answer, edits) {
  for (const [name, said] of Object.entries(answer.fields)) {
    if (said.labels) groups.get(name)?.learn(said.labels);
    fields.get(name)?.hear(said);
  }
  if (edits.length) show(status.querySelector(".time"), worded(words.time, answer));
  for (const part of ["card", "panel", "lacks"]) replace(document.getElementById(part), answer[part]);
}

/** Bring a part of the page up to date that our server rendered and escaped; what is the same is left alone. */
function replace(element, markup) {
  if (element.dataset.shown === markup) return;
  element.dataset.shown = markup;
  element.innerHTML = markup;
}

function tell(state, answer) {
  written.tell(state, state === State.SAVED ? "" : (answer?.message ?? words[copy.isKept ? state : "unsaved"]));
}

function submitted(event) {
  if (written.isLeaving) return;
  event.preventDefault();
  const button = event.submitter;
  if (button.value === "seek") seek(button.closest("fieldset"));
  else if (button.name) saving.save();
  else written.goOn(saving, button);
}

/** Add the units that are called so to those that can be ticked. */
async function seek(fieldset) {
  const said = fieldset.querySelector(".found");
  const asked = encodeURIComponent(fieldset.querySelector("[type=search]").value);
  fieldset.dataset.asked = asked;
  const isNewest = () => fieldset.dataset.asked === asked;
  try {
    const response = await fetch(`${form.dataset.places}?q=${asked}`, { signal: AbortSignal.timeout(20_000) });
    const found = await response.json();
    if (!isNewest()) return;
    groups.get(fieldset.dataset.field).offer(found.places);
    said.textContent = found.said;
  } catch {
    if (isNewest()) said.textContent = words.trouble;
  }
}

function begin() {
  for (const input of form.querySelectorAll(".field > textarea, .field > input[type=text], .field > select")) {
    fields.set(input.name, new Field(input, copy, words));
  }
  for (const fieldset of form.querySelectorAll("fieldset[data-kind]")) {
    const group = fieldset.dataset.kind === "rows" ? new Rows(fieldset) : new Choices(fieldset);
    groups.set(group.name, group);
    fields.set(group.name, new Field(group, copy, words));
  }
  show(status.querySelector(".time"), words.begin);
  written.restore();
  form.addEventListener("submit", submitted);
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.type !== "search") return;
    event.preventDefault(); // looks for units, and submits nothing
    seek(event.target.closest("fieldset"));
  });
  new MutationObserver(() => saving.beat()).observe(document.getElementById("evidence-list"), { childList: true });
  written.keepSaving(saving, (input) => input.type !== "search");
}

begin();
