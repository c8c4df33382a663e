// The chat of one phone: its lines, the loading indicator, the rich menu.

import { elements } from "./markup.js";

const MOST = 120; // lines that stay in a chat while it grows; half of them when there are more
const ROOM = 220; // pixels that a chat needs beside an open menu

const linesOf = (chat) => [...chat.querySelectorAll(".line")];
const newestOf = (chat) => chat.querySelector(".talk").lastElementChild;

function placeDays(chat) {
  let day = "";
  for (const line of linesOf(chat)) {
    line.querySelector(".day").hidden = line.dataset.day === day;
    day = line.dataset.day;
  }
}

/** Show the newest message from its top; a short one ends up at the bottom, as scrolling goes no further. */
export function scrollToNewest(chat) {
  chat.scrollTop = newestOf(chat).offsetTop;
}

// An answer of several messages is read from its first: what LINE took in one request came at one instant.
function scrollToAnswer(chat) {
  const lines = linesOf(chat);
  const cameAt = (line) => line.querySelector("time").dateTime;
  chat.scrollTop = lines.find((line) => cameAt(line) === cameAt(lines.at(-1))).offsetTop;
}

function showLoading(phone) {
  const loading = phone.querySelector(".loading");
  const seconds = Number(loading.dataset.seconds);
  if (seconds) setTimeout(() => { loading.hidden = true; }, seconds * 1000);
}

function foldMenu(phone, open) {
  const picture = phone.querySelector(".picture");
  if (!picture) return;
  picture.hidden = !open;
  phone.querySelector(".bar").setAttribute("aria-expanded", String(open));
}

/** Show a phone's rich menu, or hide it, as somebody wishes. */
export function openMenu(phone, open) {
  phone.dataset.menuByHand = "";
  foldMenu(phone, open);
}

// A menu that nobody has opened by hand is closed where it leaves no room to read. In the next frame, as a browser
// complains of what changes its size while sizes are told.
const sized = new ResizeObserver((told) => requestAnimationFrame(() => {
  for (const { target } of told) {
    const phone = target.closest(".phone");
    if (phone && !("menuByHand" in phone.dataset) && target.clientHeight < ROOM) foldMenu(phone, false);
  }
}));

/** Put a phone in order that the server has just drawn. */
export function place(phone) {
  const chat = phone.querySelector(".chat");
  placeDays(chat);
  showLoading(phone);
  scrollToNewest(chat);
  sized.observe(chat);
}

function cutOff(chat, lines) {
  for (const line of lines) line.remove();
  if (chat.querySelector(".earlier")) return;
  chat.querySelector(".silence").after(document.getElementById("earlier").content.cloneNode(true));
}

/** Put new lines below the others; who reads older ones stays there. */
export function addLines(phone, news) {
  const chat = phone.querySelector(".chat");
  const first = Number(chat.querySelector(".line")?.dataset.number ?? 0);
  const isNew = ({ number }) => number >= first && !document.getElementById(`message-${number}`);
  // A stream that was opened anew may tell again what the earlier one has just told.
  const added = [...new Map(news.filter(isNew).map((line) => [line.number, line])).values()].slice(-MOST);
  if (!added.length) return;
  if (added.length === MOST) cutOff(chat, linesOf(chat));
  const readsOlder = newestOf(chat).offsetTop > chat.scrollTop + chat.clientHeight;
  const lines = elements(added.map(({ html }) => html).join(""));
  for (const line of lines.children) line.classList.add("new");
  chat.querySelector(".talk").append(lines);
  const own = added.at(-1).own;
  if (!readsOlder && linesOf(chat).length > MOST) cutOff(chat, linesOf(chat).slice(0, -MOST / 2));
  placeDays(chat);
  if (!own) phone.querySelector(".loading").hidden = true;
  if (own || !readsOlder) scrollToAnswer(chat);
  const notified = added.findLast(({ notification }) => notification);
  if (notified) phone.querySelector("[data-notification]").textContent = notified.notification;
}

/** Put lines from before the oldest one above it; what is being read stays where it is. */
export async function addEarlier(phone) {
  const chat = phone.querySelector(".chat");
  const oldest = chat.querySelector(".line");
  const answer = await fetch(`/sim/phones/${phone.dataset.chat}/lines?before=${oldest.dataset.number}`).catch(() => ({ ok: false }));
  phone.querySelector(".trouble").hidden = answer.ok;
  if (!answer.ok) return;
  const markup = await answer.text();
  if (chat.querySelector(".line") !== oldest) return; // pressed twice
  const fromBottom = chat.scrollHeight - chat.scrollTop;
  chat.querySelector(".earlier").replaceWith(elements(markup));
  placeDays(chat);
  chat.scrollTop = chat.scrollHeight - fromBottom;
  if (document.activeElement === document.body) chat.focus({ preventScroll: true }); // the button is gone, and was in hand
}

function replaceMenu(old, menu) {
  const areas = (root) => [...root.querySelectorAll("button, a")];
  const focused = areas(old).indexOf(document.activeElement);
  old.replaceWith(menu);
  areas(menu)[focused]?.focus({ preventScroll: true });
}

/** Take what changed on a phone without a new line. */
export function refresh(phone, html) {
  const fresh = elements(html);
  phone.querySelector(".loading").replaceWith(fresh.querySelector(".loading"));
  showLoading(phone);
  const [old, menu] = [phone, fresh].map((root) => root.querySelector(".menu"));
  const [shown, wanted] = [old, menu].map((root) => root.querySelector(".picture"));
  if (shown?.dataset.menu === wanted?.dataset.menu) return;
  replaceMenu(old, menu);
  if (shown) foldMenu(phone, !shown.hidden);
}
