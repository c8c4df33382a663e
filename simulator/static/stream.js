// The news of the server, a frame's worth at a time: a flood of lines does not keep the page from answering. A page that
// nobody sees does not listen: browsers open only six connections to a server, and the tab in use needs one for itself.

const { life, version, after } = document.body.dataset;
const AGAIN = 2000; // milliseconds until another try, where the browser has given up

let source;
let heard = Number(after);
let asked = {};
let queue = [];

function flush() {
  const news = queue;
  queue = [];
  asked.show(news);
}

function take(kind, event) {
  if (event.lastEventId) heard = Math.max(heard, Number(event.lastEventId));
  if (!queue.length) requestAnimationFrame(flush);
  queue.push({ kind, ...JSON.parse(event.data) });
}

/**
 * Listen, in place of an earlier stream.
 * `shown`: chats whose lines are wanted as markup. `from`: a number from which on nothing may be missed.
 * `show(news)` gets what has happened, `state("open" or "closed")` whether the server can be heard, and `anew()` is
 * called when the page knows too little to go on.
 */
export function listen(asking, from = heard) {
  asked = asking;
  heard = Math.min(from, heard);
  stop();
  if (document.hidden) return;
  const { shown, state, anew } = asking;
  const query = [["life", life], ["version", version], ["after", heard], ...shown.map((chat) => ["u", chat])];
  source = new EventSource(`/sim/stream?${new URLSearchParams(query)}`);
  source.addEventListener("open", () => state("open"));
  source.addEventListener("error", () => {
    state("closed");
    if (source.readyState === EventSource.CLOSED) setTimeout(() => listen(asked), AGAIN);
  });
  for (const kind of ["line", "touch", "panel"]) source.addEventListener(kind, (event) => take(kind, event));
  source.addEventListener("cast", () => { source.close(); anew(); });
}

/** Listen no longer. */
export function stop() {
  source?.close();
}

document.addEventListener("visibilitychange", () => { if (asked.show) listen(asked); });
