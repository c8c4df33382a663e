// The phones side by side: which are open, which are in view, the tabs above them, the address of it all.

import { place } from "./chat.js";
import { elements } from "./markup.js";
import { covers } from "./side.js";
import { PATIENCE, turns } from "./turns.js";
import * as unread from "./unread.js";

const stage = document.getElementById("phones");
const tabs = document.querySelector(".tabs");
const full = document.querySelector(".full span");
const inView = new Set();
const inTurn = turns(); // phones stand in the order in which they were chosen
let changed = () => {};

/** Phones that are open, from left to right. */
export const openPhones = () => [...stage.querySelectorAll(".phone")];
/** The open phone of a chat. */
export const phoneOf = (chat) => document.getElementById(`phone-${chat}`);

/** Count what is unread, after somebody may have seen it. */
export function look(chats) {
  for (const chat of chats) {
    if (inView.has(chat) && !document.hidden && !covers()) unread.see(chat);
    unread.count(chat);
  }
}

const watched = new IntersectionObserver((told) => {
  for (const { target, isIntersecting } of told) {
    const { chat } = target.dataset;
    if (isIntersecting) inView.add(chat);
    else inView.delete(chat);
    tabs.querySelector(`[data-tab="${chat}"]`)?.setAttribute("aria-current", String(isIntersecting));
    look([chat]);
  }
}, { root: stage, threshold: 0.6 });

function tabOf(phone) {
  const tab = document.getElementById("tab").content.cloneNode(true);
  const { chat } = phone.dataset;
  const button = tab.querySelector("button");
  button.dataset.tab = chat;
  button.setAttribute("aria-current", String(inView.has(chat)));
  tab.querySelector("strong").textContent = phone.querySelector("h2").textContent;
  tab.querySelector("small").textContent = phone.querySelector(".caption")?.textContent ?? "";
  tab.querySelector("[data-unread]").dataset.unread = chat;
  return tab;
}

function arrange() {
  const chats = openPhones().map((phone) => phone.dataset.chat);
  tabs.replaceChildren(...openPhones().map(tabOf));
  for (const entry of document.querySelectorAll(".people li")) {
    const isOpen = chats.includes(entry.querySelector("[data-open]").dataset.open);
    entry.classList.toggle("chosen", isOpen);
    entry.querySelector("[data-open]").setAttribute("aria-current", String(isOpen));
  }
  full.hidden = true;
  unread.countAll();
}

function show(phone) {
  const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth";
  phone.scrollIntoView({ behavior, block: "nearest", inline: "center" });
  tabs.querySelector(`[data-tab="${phone.dataset.chat}"]`).scrollIntoView({ block: "nearest", inline: "nearest" });
  phone.focus({ preventScroll: true });
}

function addressed() {
  const chats = openPhones().map((phone) => phone.dataset.chat);
  history.replaceState(null, "", chats.length ? `?${new URLSearchParams(chats.map((chat) => ["u", chat]))}` : "/");
}

async function drawn(chat) {
  const answer = await fetch(`/sim/phones/${chat}`, { signal: AbortSignal.timeout(PATIENCE) });
  return answer.ok ? answer.text() : "";
}

async function bring(chat) {
  if (!phoneOf(chat)) {
    full.hidden = openPhones().length < Number(stage.dataset.most);
    if (!full.hidden) return;
    const phone = await drawn(chat).catch(() => "");
    if (!phone) return;
    stage.append(elements(phone));
    place(phoneOf(chat));
    watched.observe(phoneOf(chat));
    arrange();
    addressed();
    changed(Number(phoneOf(chat).dataset.until));
  }
  if (!document.activeElement.matches("input, textarea")) show(phoneOf(chat)); // nobody who writes by now is interrupted
}

/** Open somebody's phone beside the others, unless it is open, and show it. */
export function open(chat) {
  const phone = phoneOf(chat);
  if (phone) show(phone);
  else inTurn(() => bring(chat));
}

function close(chat) {
  const phone = phoneOf(chat);
  const neighbour = phone.nextElementSibling?.matches(".phone") ? phone.nextElementSibling : phone.previousElementSibling;
  watched.unobserve(phone);
  inView.delete(chat);
  phone.remove();
  arrange();
  addressed();
  changed();
  neighbour?.focus({ preventScroll: true });
}

function clicked(event) {
  const target = event.target.closest("[data-open], [data-close], [data-tab]");
  if (!target || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (target.dataset.close) close(target.dataset.close);
  else open(target.dataset.open ?? target.dataset.tab);
}

/** Lay out the phones that the server has drawn; `told(after)` hears of every other choice of phones. */
export function begin(told) {
  changed = told;
  for (const phone of openPhones()) {
    place(phone);
    watched.observe(phone);
  }
  arrange();
  document.addEventListener("click", clicked);
  document.addEventListener("visibilitychange", () => look(inView));
  new MutationObserver(() => look(inView)).observe(document.body, { attributeFilter: ["data-side"] });
}
