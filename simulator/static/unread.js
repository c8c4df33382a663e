// How many messages of each chat nobody has seen, kept over a reload: of each chat the newest number that was seen.

const KEY = "seen";
const { life } = document.body.dataset;
const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
const seen = new Map(kept.life === life ? kept.seen : []);
const arrived = new Map();

for (const entry of document.querySelectorAll("[data-numbers]")) {
  const numbers = entry.dataset.numbers.split(" ").filter(Boolean).map(Number);
  arrived.set(entry.querySelector("[data-open]").dataset.open, new Set(numbers));
}

/** Write on the badges of a chat how many of its messages are unread. */
export function count(chat) {
  const newest = seen.get(chat) ?? 0;
  const unread = [...arrived.get(chat) ?? []].filter((number) => number > newest).length;
  for (const badge of document.querySelectorAll(`[data-unread="${chat}"]`)) {
    badge.hidden = !unread;
    badge.firstElementChild.textContent = unread > 99 ? "99+" : unread;
  }
}

/** Write on all badges. */
export function countAll() {
  for (const chat of arrived.keys()) count(chat);
}

/** A message has arrived in a chat. */
export function arrives(chat, number) {
  if (!arrived.has(chat)) arrived.set(chat, new Set());
  arrived.get(chat).add(number);
}

/** Somebody sees all that is in a chat. */
export function see(chat) {
  const newest = Math.max(0, ...arrived.get(chat) ?? []);
  if ((seen.get(chat) ?? 0) >= newest) return;
  seen.set(chat, newest);
  arrived.set(chat, new Set());
  sessionStorage.setItem(KEY, JSON.stringify({ life, seen: [...seen] }));
}
