/** The form of a circular: saves while somebody writes, and shows card, recipients and cost as they are by then. */
import { Choices, Rows } from "./choices.js";
import { Field, show, worded } from "./field.js";
import { LocalCopy } from "./local_copy.js";
import { Saving, State } from "./saving.js";

const AFTER_TYPING = 1_000;
const BEAT = 60_000;

const form = document.getElementById("circular");
const status = document.getElementById("saved");
const words = status.dataset;
const copy = new LocalCopy(form.dataset.copy);
const groups = new Map();
const fields = new Map();
const saving = new Saving(form, { collect, absorb, tell });
let isLeaving = false;

function collect() {
  return [...fields.values()].filter((field) => field.isUnsaved).map((field) => field.edit());
}

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
  const announced = status.querySelector(".state");
  const said = state === State.SAVED ? "" : (answer?.message ?? words[copy.isKept ? state : "unsaved"]);
  if (announced.textContent !== said) announced.textContent = said; // what changes is read out
  status.dataset.state = state;
  document.getElementById("unkept").hidden = copy.isKept;
}

/** Offer what was kept on this phone when a page was closed before all was saved. */
function restore() {
  const count = [...fields.values()].filter((field) => field.restore()).length;
  show(document.getElementById("restored"), count ? worded(words.restored, { count }) : "");
}

function submitted(event) {
  if (isLeaving) return;
  event.preventDefault();
  const button = event.submitter;
  if (button.value === "seek") seek(button.closest("fieldset"));
  else if (button.name) saving.save();
  else goOn(button);
}

/** Submit the form: not before all is saved, nor while something waits for the writer. */
async function goOn(button) {
  const isSaved = await saving.save();
  const waiting = [...fields.values()].find((field) => field.needsWriter);
  if (waiting) waiting.focus();
  else if (isSaved || status.dataset.state === State.CLOSED) {
    isLeaving = true;
    setTimeout(() => form.requestSubmit(button)); // while the event is on, a form does not submit again
  }
}

/** Add the units that are called so to those that can be ticked. */
async function seek(fieldset) {
  const said = fieldset.querySelector(".found");
  const asked = encodeURIComponent(fieldset.querySelector("[type=search]").value);
  try {
    const response = await fetch(`${form.dataset.places}?q=${asked}`, { signal: AbortSignal.timeout(20_000) });
    const found = await response.json();
    groups.get(fieldset.dataset.field).offer(found.places);
    said.textContent = found.said;
  } catch {
    said.textContent = words.trouble;
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
  restore();
  form.addEventListener("input", (event) => event.target.type === "search" || saving.later(AFTER_TYPING));
  form.addEventListener("focusout", () => saving.save());
  form.addEventListener("submit", submitted);
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.type !== "search") return;
    event.preventDefault(); // looks for units, and submits nothing
    seek(event.target.closest("fieldset"));
  });
  new MutationObserver(() => saving.beat()).observe(document.getElementById("evidence-list"), { childList: true });
  addEventListener("online", () => saving.beat());
  addEventListener("pagehide", () => saving.leave());
  addEventListener("beforeunload", (event) => copy.isKept || !collect().length || event.preventDefault());
  addEventListener("pageshow", () => (isLeaving = false));
  document.addEventListener("visibilitychange", () => (document.hidden ? saving.leave() : saving.beat()));
  setInterval(() => document.hidden || saving.beat(), BEAT);
  saving.beat();
}

begin();
