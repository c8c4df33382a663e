// Keeps the page up to date. Markup comes from the server and was escaped there; styles go through the CSSOM, which the
// page's Content-Security-Policy allows, while style attributes stay forbidden.

import { listen } from "./taps.js";

const phones = document.getElementById("phones");
const narrow = matchMedia("(max-width: 899px)");

function dress(root) {
  for (const drawn of root.querySelectorAll("[data-style]")) drawn.style.cssText = drawn.dataset.style;
  return root;
}

function parsed(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return dress(template.content).firstElementChild;
}

// Lines

function placeLine(line) {
  line.querySelector(".day").hidden = line.previousElementSibling?.dataset.day === line.dataset.day;
}

// The newest message is seen from its top; a short one ends up at the bottom, as scrolling goes no further.
function scrollToNewest(chat) {
  chat.scrollTop = chat.lastElementChild.offsetTop;
}

function placePhone(phone) {
  const chat = phone.querySelector(".chat");
  for (const line of chat.querySelectorAll("li.line")) placeLine(line);
  scrollToNewest(chat);
  showLoading(phone);
}

function addLine(phone, news) {
  const line = parsed(news.html);
  if (document.getElementById(line.id)) return;
  const chat = phone.querySelector(".chat");
  const readingOlder = chat.lastElementChild.offsetTop > chat.scrollTop + chat.clientHeight;
  const own = line.classList.contains("own");
  line.classList.add("new");
  phone.querySelector(".silence").hidden = true;
  chat.append(line);
  placeLine(line);
  if (!own) phone.querySelector(".loading").hidden = true;
  if (own || !readingOlder) scrollToNewest(chat);
  if (news.notification) phone.querySelector("[data-notification]").textContent = news.notification;
}

function note(news, open) {
  const entry = document.getElementById(`entry-${news.chat}`);
  if (!entry) return;
  entry.querySelector("[data-preview]").textContent = news.text;
  const unread = entry.querySelector("[data-unread]");
  unread.hidden = open;
  unread.textContent = open ? "" : Number(unread.textContent) + 1;
}

// What else changes in a chat

function showLoading(phone) {
  const loading = phone.querySelector(".loading");
  const seconds = Number(loading.dataset.seconds);
  if (seconds) setTimeout(() => { loading.hidden = true; }, seconds * 1000);
}

async function refresh(phone) {
  const answer = await fetch(`/sim/phones/${phone.dataset.chat}`);
  if (!answer.ok) return;
  const fresh = parsed(await answer.text());
  const wasOpen = phone.querySelector(".picture:not([hidden])");
  for (const part of fresh.querySelectorAll("[data-part]")) {
    const old = phone.querySelector(`[data-part="${part.dataset.part}"]`);
    if (old.outerHTML !== part.outerHTML) old.replaceWith(part);
  }
  if (wasOpen) openMenu(phone, true);
  showLoading(phone);
}

function openMenu(phone, open) {
  const picture = phone.querySelector(".picture");
  if (!picture) return;
  picture.hidden = !open;
  phone.querySelector(".bar").setAttribute("aria-expanded", String(open));
}

// The list

function fitList() {
  const list = document.querySelector(".people");
  if (list) list.open = !narrow.matches;
}

document.querySelector("[data-filter]")?.addEventListener("input", (event) => {
  const wanted = event.target.value.trim().toLowerCase();
  for (const entry of document.querySelectorAll(".people li")) {
    entry.hidden = !entry.querySelector(".who").textContent.toLowerCase().includes(wanted);
  }
});

function connection(state) {
  for (const word of document.querySelectorAll("[data-when]")) word.hidden = word.dataset.when !== state;
}

dress(document);
phones.querySelectorAll(".phone").forEach(placePhone);
fitList();
narrow.addEventListener("change", fitList);
document.querySelector(".people .chosen")?.scrollIntoView({ block: "center" });
listen(phones, openMenu);

let shown = Promise.resolve(); // one after the other: a refresh that was asked for earlier never undoes a later line
const inTurn = (show) => { shown = shown.then(show); };
const stream = new EventSource(document.body.dataset.stream);
stream.addEventListener("open", () => connection("open"));
stream.addEventListener("error", () => connection("closed"));
stream.addEventListener("line", (event) => {
  const news = JSON.parse(event.data);
  const phone = document.getElementById(`phone-${news.chat}`);
  inTurn(() => {
    if (phone) addLine(phone, news);
    note(news, Boolean(phone));
  });
});
stream.addEventListener("touch", (event) => {
  const phone = document.getElementById(`phone-${JSON.parse(event.data).chat}`);
  if (phone) inTurn(() => refresh(phone));
});
stream.addEventListener("cast", () => location.reload());
addEventListener("pagehide", () => stream.close());
