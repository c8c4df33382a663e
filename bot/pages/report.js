/** The report page: saves while somebody types, and shows what the server makes of it. */
import { LocalCopy } from "./local_copy.js";
import { Field, show, worded } from "./field.js";
import { Saving, State } from "./saving.js";
import { Written } from "./written.js";

const form = document.getElementById("report");
const status = document.getElementById("saved");
const words = status.dataset;
const copy = new LocalCopy(form.dataset.report);
const written = new Written(form, status, copy);
const { fields } = written;
const saving = new Saving(form, { collect: () => written.unsaved(), absorb, tell });

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
  written.tell(state, sentenceOf(state, answer));
  document.getElementById("checklist-later").hidden = state === State.SAVED;
}

function sentenceOf(state, answer) {
  if (state === State.SAVED) return status.querySelector(".time").hidden ? "" : words.saved;
  return answer?.message ?? words[copy.isKept ? state : "unsaved"];
}

function submitted(event) {
  if (written.isLeaving) return;
  event.preventDefault();
  const button = event.submitter;
  if (button.name === "none") fields.get(button.value).answer(button.textContent.trim());
  if (button.name) saving.save();
  else written.goOn(saving, button);
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
  written.restore();
  form.addEventListener("submit", submitted);
  document.addEventListener("click", followed);
  written.keepSaving(saving);
}

begin();
