const PATIENCE = 20_000;
const FIRST_RETRY = 2_000;
const LAST_RETRY = 60_000;
/** Somebody who never stops typing is saved, too. */
const LONGEST_PAUSE = 10_000;
/** Browsers let no more than 64 KiB outlive their page. */
const MOST_AFTER_THE_PAGE = 60_000;

/** How saving goes. */
export const State = Object.freeze({
  SAVED: "saved",
  OFFLINE: "offline",
  TROUBLE: "trouble",
  OVER: "over",
  CLOSED: "closed",
});

/**
 * Takes edits to the server: one request at a time, all fields that changed in one, again until it answers.
 *
 * `page.collect()` gives the edits, `page.absorb(answer, edits)` takes what became of them, `page.tell(state, answer)`
 * is told how it goes.
 */
export class Saving {
  #address;
  #formKey;
  #revision;
  #page;
  #timer;
  #latest = Infinity;
  #running = null;
  #retry = 0;
  #isOver = false;

  constructor(form, page) {
    this.#address = form.dataset.fields;
    this.#formKey = form.elements.form_key.value;
    this.#revision = form.dataset.revision;
    this.#page = page;
  }

  /** Save after a pause; another call begins it anew. While nobody answers it is the retry that saves. */
  later(milliseconds) {
    if (this.#retry) return;
    this.#latest = Math.min(this.#latest, Date.now() + LONGEST_PAUSE);
    this.#in(Math.min(milliseconds, this.#latest - Date.now()), () => this.save());
  }

  /** Save until there is nothing left to save, or no answer; tell which. */
  async save() {
    do {
      while (this.#running) await this.#running;
      const edits = this.#page.collect();
      if (!edits.length) return true;
      await this.#exchange(edits);
    } while (!this.#retry && !this.#isOver);
    return false;
  }

  /** Say that the page is open, save what there is, and hear what others did. */
  async beat() {
    while (this.#running) await this.#running; // its answer may be older than what has happened since
    await this.#exchange(this.#page.collect());
    if (!this.#retry) await this.save();
  }

  /** The page is going: send what can outlive it. The rest waits on the phone. */
  leave() {
    const edits = this.#running || !navigator.onLine ? [] : this.#page.collect();
    if (edits.length) this.#exchange(edits);
  }

  #in(milliseconds, work) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(work, milliseconds);
  }

  #exchange(edits) {
    clearTimeout(this.#timer);
    this.#latest = Infinity;
    if (!this.#isOver) this.#running = this.#try(edits).finally(() => (this.#running = null));
    return this.#running;
  }

  async #try(edits) {
    const [state, answer] = await this.#post(JSON.stringify({ edits, since: this.#revision }));
    this.#isOver = state === State.OVER || state === State.CLOSED;
    const hasFailed = state === State.OFFLINE || state === State.TROUBLE;
    this.#retry = hasFailed ? Math.min(2 * this.#retry || FIRST_RETRY, LAST_RETRY) : 0;
    if (hasFailed) this.#in(this.#retry, () => this.beat());
    if (state === State.SAVED) {
      this.#revision = answer.revision;
      this.#page.absorb(answer, edits);
    }
    this.#page.tell(state, answer);
  }

  async #post(body) {
    try {
      const response = await fetch(this.#address, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Form-Key": this.#formKey },
        body,
        keepalive: new Blob([body]).size < MOST_AFTER_THE_PAGE,
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (response.status === 404) return [State.OVER];
      if (response.status === 409) return [State.CLOSED, await response.json()];
      return response.ok ? [State.SAVED, await response.json()] : [State.TROUBLE];
    } catch {
      return [State.OFFLINE]; // no answer, half of one, or that of somebody else's network
    }
  }
}
