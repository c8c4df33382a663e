/** The report page: saves while somebody types, and shows what the server makes of it. */
import { LocalCopy } from "./local_copy.js";
import { Field, show, worded } from "./field.js";
import { Saving, State } from "./saving.js";

const AFTER_TYPING = 1_000;
const BEAT = 60_000;

const form = document.getElementById("report");
const status = document.getElementById("saved");
const words = status.dataset;
const copy = new LocalCopy(form.dataset.report);
const fields = new Map();
const saving = new Saving(form, { collect, absorb, tell });

function collect() {
  return [...fields.values()].filter((field) => field.isUnsaved).map((field) => field.edit());
}

function absorb(answer, edits) {
  for (const [name, said] of Object.entries(answer.fields)) fields.get(name)?.hear(said);
  if (edits.length) show(status.querySelector(".time"), worded(words.time, answer));
  show(document.getElementById("others"), answer.others);
  show(document.getElementById("checklist-count"), answer.progress);
  showMissing(document.getElementById("checklist-missing"), answer.missing);
  for (const [name, line] of Object.entries(answer.money)) show(document.getElementById(`money-${name}`), line);
  fields.get("underspend_reason")?.appear(answer.needs_reason);
}

/** Bring the checklist up to date; lines that stay are left where they are, for the focus may be on one. */
function showMissing(list, missing) {
  const wanted = missing.map(({ field, label }) => ({ href: `#f-${field.replace(":", "-")}`, label }));
  for (const item of [...list.children]) {
    if (!wanted.some(({ href }) => href === hrefOf(item))) item.remove();
  }
  wanted.forEach(({ href, label }, place) => {
    const there = list.children[place];
    if (there && hrefOf(there) === href) return;
    const link = Object.assign(document.createElement("a"), { href, textContent: label });
    const item = document.createElement("li");
    item.append(link);
    list.insertBefore(item, there ?? null);
  });
}

function hrefOf(item) {
  return item.firstElementChild.getAttribute("href");
}

function tell(state, answer) {
  const announced = status.querySelector(".state");
  const said = sentenceOf(state, answer);
  if (announced.textContent !== said) announced.textContent = said; // what changes is read out
  status.dataset.state = state;
  document.getElementById("checklist-later").hidden = state === State.SAVED;
  document.getElementById("unkept").hidden = copy.isKept;
}

function sentenceOf(state, answer) {
  if (state === State.SAVED) return status.querySelector(".time").hidden ? "" : words.saved;
  return answer?.message ?? words[copy.isKept ? state : "unsaved"];
}

/** Offer what was kept on this phone when a page was closed before all was saved. */
function restore() {
  const count = [...fields.values()].filter((field) => field.restore()).length;
  show(document.getElementById("restored"), count ? worded(words.restored, { count }) : "");
}

let isLeaving = false;

function submitted(event) {
  if (isLeaving) return;
  event.preventDefault();
  const button = event.submitter;
  if (button.name === "none") fields.get(button.value).answer(button.textContent.trim());
  if (button.name) saving.save();
  else goOn(button);
}

/**
 * Submit the form: not before all is saved, nor while something waits for the writer. A report that takes nothing more
 * leads to a page that shows how it stands, and what came too late.
 */
async function goOn(button) {
  const isSaved = await saving.save();
  const waiting = [...fields.values()].find((field) => field.needsWriter);
  if (waiting) waiting.focus();
  else if (isSaved || status.dataset.state === State.CLOSED) {
    isLeaving = true;
    setTimeout(() => form.requestSubmit(button)); // while the event is on, a form does not submit again
  }
}

/** Follow a link when the last words are saved, or kept. */
async function followed(event) {
  const link = event.target.closest("a[href]:not([href^='#'], [target])");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  await saving.save();
  location.assign(link.href);
}

function begin() {
  for (const input of form.querySelectorAll(".field textarea, .field input[type=text]")) {
    fields.set(input.name, new Field(input, copy, words));
  }
  restore();
  form.addEventListener("input", () => saving.later(AFTER_TYPING));
  form.addEventListener("focusout", () => saving.save());
  form.addEventListener("submit", submitted);
  document.addEventListener("click", followed);
  addEventListener("online", () => saving.beat());
  addEventListener("pagehide", () => saving.leave());
  addEventListener("beforeunload", (event) => copy.isKept || !collect().length || event.preventDefault());
  addEventListener("pageshow", () => (isLeaving = false));
  document.addEventListener("visibilitychange", () => (document.hidden ? saving.leave() : saving.beat()));
  setInterval(() => document.hidden || saving.beat(), BEAT);
  saving.beat();
}

begin();
