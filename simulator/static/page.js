"use strict";

// Keeps the phones up to date. Markup comes from the server and was escaped there; styles go through the CSSOM, which
// the page's Content-Security-Policy allows, while style attributes stay forbidden.

const phones = document.getElementById("phones");

function dress(root) {
  for (const drawn of root.querySelectorAll("[data-style]")) drawn.style.cssText = drawn.dataset.style;
  return root;
}

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
}

function parsed(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return dress(template.content).firstElementChild;
}

async function addPhone(user) {
  const answer = await fetch(`/sim/phones/${user}`);
  if (!answer.ok) return;
  const phone = parsed(await answer.text());
  phones.append(phone);
  placePhone(phone);
  phones.querySelector(".nothing").hidden = true;
}

function addLine(phone, news) {
  const line = parsed(news.html);
  if (document.getElementById(line.id)) return;
  const chat = phone.querySelector(".chat");
  const readingOlder = chat.lastElementChild.offsetTop > chat.scrollTop + chat.clientHeight;
  line.classList.add("new");
  phone.querySelector(".silence").hidden = true;
  chat.append(line);
  placeLine(line);
  if (!readingOlder) scrollToNewest(chat);
  if (news.notification) phone.querySelector("[data-notification]").textContent = news.notification;
}

async function show(news) {
  const phone = document.getElementById(`phone-${news.user}`);
  if (phone) addLine(phone, news);
  else if (document.body.dataset.chosen === "all") await addPhone(news.user);
}

function connection(state) {
  for (const word of document.querySelectorAll("[data-when]")) word.hidden = word.dataset.when !== state;
}

dress(document);
phones.querySelectorAll(".phone").forEach(placePhone);

let shown = Promise.resolve(); // one after the other: a phone is there before its next message is
const stream = new EventSource(document.body.dataset.stream);
stream.addEventListener("open", () => connection("open"));
stream.addEventListener("error", () => connection("closed"));
stream.addEventListener("delivery", (event) => { shown = shown.then(() => show(JSON.parse(event.data))); });
stream.addEventListener("cast", () => location.reload());
