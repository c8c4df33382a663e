/** What forms have in common that save by themselves: when they do, what a phone kept of them, and how one goes on. */
import { show, worded } from "./field.js";
import { State } from "./saving.js";

const AFTER_TYPING = 1_000;
const BEAT = 60_000;
const AGAIN = 5_000; // milliseconds after which a page that leads nowhere may be tried again

export class Written {
  /** The fields by name, each with `isUnsaved`, `needsWriter`, `edit()`, `restore()` and `focus()`. */
  fields = new Map();
  isLeaving = false;
  #form;
  #status;
  #copy;
  #isGoingOn = false;

  constructor(form, status, copy) {
    this.#form = form;
    this.#status = status;
    this.#copy = copy;
  }

  unsaved() {
    return [...this.fields.values()].filter((field) => field.isUnsaved).map((field) => field.edit());
  }

  /** Read out how saving stands, where that changed. */
  tell(state, said) {
    const announced = this.#status.querySelector(".state");
    if (announced.textContent !== said) announced.textContent = said;
    this.#status.dataset.state = state;
    document.getElementById("unkept").hidden = this.#copy.isKept;
  }

  /** Offer what was kept on this phone when a page was closed before all was saved. */
  restore() {
    const count = [...this.fields.values()].filter((field) => field.restore()).length;
    show(document.getElementById("restored"), count ? worded(this.#status.dataset.restored, { count }) : "");
  }

  /**
   * Submit the form: not before all is saved, nor while something waits for the writer. What takes nothing more leads
   * to a page that shows how it stands, and what came too late.
   */
  async goOn(saving, button) {
    if (this.#isGoingOn) return; // pressed twice
    this.#isGoingOn = true;
    let pause = 0;
    try {
      const isSaved = await saving.save();
      const waiting = [...this.fields.values()].find((field) => field.needsWriter);
      if (waiting) waiting.focus();
      else if (isSaved || this.#status.dataset.state === State.CLOSED) {
        setTimeout(() => this.#leave(button)); // while the event is on, a form does not submit again
        pause = AGAIN;
      }
    } finally {
      setTimeout(() => (this.#isGoingOn = false), pause);
    }
  }

  #leave(button) {
    this.isLeaving = true;
    this.#form.requestSubmit(button);
    this.isLeaving = false;
  }

  /** Save while somebody writes, and as the page comes and goes; `isContent` tells of an input that it is kept. */
  keepSaving(saving, isContent = () => true) {
    this.#form.addEventListener("input", (event) => isContent(event.target) && saving.later(AFTER_TYPING));
    this.#form.addEventListener("focusout", () => saving.save());
    addEventListener("online", () => saving.beat());
    addEventListener("pagehide", () => saving.leave());
    addEventListener("beforeunload", (event) => this.#copy.isKept || !this.unsaved().length || event.preventDefault());
    document.addEventListener("visibilitychange", () => (document.hidden ? saving.leave() : saving.beat()));
    setInterval(() => document.hidden || saving.beat(), BEAT);
    saving.beat();
  }
}
