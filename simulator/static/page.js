// The page: puts its parts together and hands them the news.

import { addEarlier, addLines, openMenu, refresh, scrollToNewest } from "./chat.js";
import { keep, restore } from "./kept.js";
import { dress } from "./markup.js";
import * as panels from "./panels.js";
import * as side from "./side.js";
import * as stage from "./stage.js";
import { listen as listenToServer, stop } from "./stream.js";
import { listen as listenToTaps } from "./taps.js";
import { allDone, PATIENCE } from "./turns.js";
import * as unread from "./unread.js";

const SETTLED = 150; // milliseconds in which other people may come or go before the page loads anew

function showLines(lines) {
  for (const [chat, news] of lines) {
    const phone = stage.phoneOf(chat);
    const drawn = news.filter(({ html }) => html !== undefined);
    if (phone && drawn.length) addLines(phone, drawn);
    for (const { number, own } of news) if (!own) unread.arrives(chat, number);
    const preview = document.querySelector(`[id="entry-${chat}"] [data-preview]`);
    if (preview) preview.textContent = news.at(-1).text;
  }
  stage.look(lines.keys());
}

// In order, but a chat's lines at once and of each part beside the phones only how it ends up.
function show(news) {
  const lines = new Map();
  const drawn = new Map();
  for (const each of news) {
    if (each.kind === "panel") drawn.set(each.name, each);
    else if (each.kind === "line") lines.set(each.chat, [...lines.get(each.chat) ?? [], each]);
    else {
      if (lines.has(each.chat)) showLines(lines);
      lines.delete(each.chat);
      const phone = stage.phoneOf(each.chat);
      if (phone) refresh(phone, each.html);
    }
  }
  showLines(lines);
  drawn.forEach(panels.redraw);
}

function connection(state) {
  for (const word of document.querySelectorAll("[data-when]")) word.hidden = word.dataset.when !== state;
}

function anew() {
  const late = new Promise((done) => { setTimeout(done, PATIENCE); });
  setTimeout(() => Promise.race([allDone(), late]).then(() => location.reload()), SETTLED);
}

function listen(from) {
  const shown = stage.openPhones().map((phone) => phone.dataset.chat);
  listenToServer({ shown, show, state: connection, anew }, from);
}

const phones = document.getElementById("phones");
phones.addEventListener("click", ({ target }) => {
  if (target.closest("[data-earlier]")) addEarlier(target.closest(".phone"));
  if (target.closest(".notification")) scrollToNewest(target.closest(".phone").querySelector(".chat"));
});
// A screen reader reads out what comes on the phone that is in hand, not on all at once.
phones.addEventListener("focusin", ({ target }) => {
  for (const phone of stage.openPhones()) phone.querySelector(".chat").ariaLive = phone.contains(target) ? "polite" : "off";
});

const openMenus = () => document.querySelectorAll(".tools[open], details[data-menu][open]");
document.addEventListener("click", ({ target }) => { // what hangs over the page goes away when something else is pressed
  for (const menu of openMenus()) if (!menu.contains(target)) menu.open = false;
});
document.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  for (const menu of openMenus()) {
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.open = false;
  }
});

dress(document);
side.begin();
panels.begin();
stage.begin(listen);
restore();
listenToTaps(phones, openMenu);
listen();
addEventListener("pagehide", () => { keep(); stop(); });
addEventListener("pageshow", ({ persisted }) => { if (persisted) listen(); }); // back again, just as it was left
