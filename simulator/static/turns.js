// What keeps the order in which somebody asked for it, however long each part of it takes.

const underWay = new Set();

/** How long the server may take for one of them, in milliseconds; nothing waits for ever behind a lost answer. */
export const PATIENCE = 20_000;

/** A way to do one thing after the other: each begins when the one before it has ended, even in failure. */
export function turns() {
  let last = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => {});
    const ended = last;
    underWay.add(ended);
    return mine.finally(() => underWay.delete(ended));
  };
}

/** Wait until all that was asked for is done. */
export async function allDone() {
  while (underWay.size) await Promise.all(underWay);
}
