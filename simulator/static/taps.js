// What people do on the page: type, tap, choose a date. The server turns it into events for the bot, and everything
// that is to be seen of it comes back through the page's stream.

import { PATIENCE, turns } from "./turns.js";

const FIELDS = { date: "date", time: "time", datetime: "datetime-local" };
const picker = document.querySelector(".picker");
const turnsOf = new Map();

// What is done on one phone reaches the server in the order in which it was done.
function send(phone, path, request) {
  const { chat } = phone.dataset;
  if (!turnsOf.has(chat)) turnsOf.set(chat, turns());
  return turnsOf.get(chat)(async () => {
    const limited = { ...request, signal: AbortSignal.timeout(PATIENCE) };
    const answer = await fetch(`${phone.dataset.acts}/${path}`, limited).catch(() => ({ ok: false }));
    phone.querySelector(".trouble").hidden = answer.ok;
    return answer.ok;
  });
}

function act(phone, name, body, method = "POST") {
  const speaker = phone.querySelector("[name=userId]");
  return send(phone, name, {
    method,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(speaker ? { ...body, userId: speaker.value } : body),
  });
}

function sendFile(phone, file) {
  const request = { method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: file };
  return send(phone, `files?name=${encodeURIComponent(file.name)}`, request);
}

function press(phone, action, params) {
  const { data, displayText, text } = action;
  const shown = displayText ?? text;
  return act(phone, "presses", { data, ...(shown && { displayText: shown }), ...(params && { params }) });
}

// A browser may write the year of the common era into its own field; the office reads years of the Buddhist era.
const IN_WORDS = {
  date: { dateStyle: "full" },
  time: { timeStyle: "short" },
  datetime: { dateStyle: "full", timeStyle: "short" },
};

function inWords(mode, value) {
  if (!value) return "";
  const moment = new Date(mode === "time" ? `2000-01-01T${value}` : mode === "date" ? `${value}T00:00` : value);
  return new Intl.DateTimeFormat("th-TH-u-ca-buddhist", IN_WORDS[mode]).format(moment);
}

function chosenMoment({ mode, initial, min, max, label }) {
  const field = document.createElement("input");
  const given = { value: initial, min, max };
  field.type = FIELDS[mode];
  field.required = true;
  field.setAttribute("aria-labelledby", "picker-title");
  for (const [name, moment] of Object.entries(given)) if (moment) field[name] = moment.replace("t", "T");
  picker.querySelector("h2").textContent = label ?? "";
  picker.querySelector("[data-field]").replaceChildren(field);
  const words = picker.querySelector("[data-words]");
  words.textContent = inWords(mode, field.value);
  field.addEventListener("input", () => { words.textContent = inWords(mode, field.value); });
  picker.returnValue = "";
  picker.showModal();
  return new Promise((resolve) => {
    picker.addEventListener("close", () => resolve(picker.returnValue && field.value), { once: true });
  });
}

const TAPS = {
  postback(phone, action, openMenu) {
    press(phone, action);
    if (action.inputOption === "openRichMenu") openMenu(phone, true);
    if (action.inputOption === "closeRichMenu" || action.inputOption === "openKeyboard") openMenu(phone, false);
    if (action.inputOption === "openKeyboard") {
      phone.querySelector("[name=text]").value = action.fillInText ?? "";
      phone.querySelector("[name=text]").focus();
    }
  },
  message: (phone, action) => act(phone, "says", { text: action.text }),
  async datetimepicker(phone, action) {
    const moment = await chosenMoment(action);
    if (moment) press(phone, action, { [action.mode]: moment });
  },
  clipboard: (_phone, action) => navigator.clipboard.writeText(action.clipboardText),
  richmenuswitch: (phone, { richMenuAliasId, data }) => act(phone, "switches", { richMenuAliasId, data }),
};

function tapped(target, openMenu) {
  const phone = target.closest(".phone");
  const action = JSON.parse(target.dataset.action);
  const quick = target.closest(".quick");
  if (quick) {
    quick.hidden = true;
    phone.querySelector("[name=text]").focus({ preventScroll: true });
  }
  TAPS[action.type](phone, action, openMenu);
}

function clicked(event, openMenu) {
  const phone = event.target.closest(".phone");
  const target = event.target.closest("[data-action], [data-sends], [data-file], [data-block], .bar");
  if (!target) return;
  if (target.dataset.action) tapped(target, openMenu);
  else if (target.dataset.sends) act(phone, "sends", { kind: target.dataset.sends });
  else if ("file" in target.dataset) phone.querySelector("[type=file]").click();
  else if (target.dataset.block) act(phone, "blocked", { blocked: target.dataset.block === "true" }, "PUT");
  else openMenu(phone, target.getAttribute("aria-expanded") === "false");
}

function keyed(event) {
  const target = event.target.closest("[role=button]");
  if (!target || !["Enter", " "].includes(event.key)) return;
  event.preventDefault();
  target.click();
}

function fileChosen(event) {
  if (event.target.type !== "file") return;
  for (const file of event.target.files) sendFile(event.target.closest(".phone"), file);
  event.target.value = "";
}

function fileDragged(event) {
  const phone = event.target.closest(".phone");
  if (!phone?.querySelector("[data-file]:enabled") || !event.dataTransfer.types.includes("Files")) return;
  event.preventDefault();
  if (event.type === "drop") for (const file of event.dataTransfer.files) sendFile(phone, file);
}

// Behind what came back before it, in front of what has been typed since.
function giveBack(field, text) {
  const { back = "" } = field.dataset;
  const typed = field.value.startsWith(back) ? field.value.slice(back.length) : field.value;
  field.dataset.back = `${back}${text} `;
  field.value = field.dataset.back + typed;
}

async function submitted(event) {
  event.preventDefault();
  const field = event.target.elements.text;
  const text = field.value;
  if (!text.trim()) return;
  field.value = "";
  delete field.dataset.back;
  if (!(await act(event.target.closest(".phone"), "says", { text }))) giveBack(field, text);
}

/** Answer every tap, key and message on `phones`; `openMenu(phone, open)` shows a phone's rich menu or hides it. */
export function listen(phones, openMenu) {
  phones.addEventListener("click", (event) => clicked(event, openMenu));
  phones.addEventListener("keydown", keyed);
  phones.addEventListener("submit", submitted);
  phones.addEventListener("change", fileChosen);
  for (const kind of ["dragover", "drop"]) phones.addEventListener(kind, fileDragged);
}
