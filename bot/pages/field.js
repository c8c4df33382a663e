const MOST_CHARACTERS = 20_000;
const NEARLY = 0.9;

/** Put values into the {gaps} of a sentence. */
export function worded(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_, gap) => values[gap]);
}

/** Show words in an element that is hidden while it has none. */
export function show(element, words) {
  element.textContent = words;
  element.hidden = !words;
}

function textIn(element, selector) {
  return element.querySelector(selector).textContent;
}

/**
 * A field of a form, between what it says now, what the server holds (`base`, in the server's spelling) and what is
 * on its way there (`sent`). An edit that got no answer goes again as it was: nobody is in conflict with what he wrote
 * himself. It takes as many characters as its control's `data-most` says.
 */
export class Field {
  #input;
  #base;
  #box;
  #copy;
  #words;
  #settled;
  #sent = null;
  #news = null;
  #isRestored = false;
  #isRefused = false;
  #conflict = null;

  /** `words` are the sentences of marks, `copy` keeps edits on the phone. */
  constructor(input, copy, words) {
    this.#input = input;
    this.#base = input.form.elements[`base:${input.name}`];
    this.#box = input.closest(".field");
    this.#copy = copy;
    this.#words = words;
    this.#settled = this.#base.value;
    input.addEventListener("input", () => this.#typed());
    input.addEventListener("blur", () => this.#catchUp());
    this.fit();
    const clash = this.#box.querySelector(".clash");
    if (clash) this.#ask({ value: this.#base.value, words: textIn(clash, ".theirs"), whose: textIn(clash, ".whose") });
  }

  get name() {
    return this.#input.name;
  }

  /** Whether it says something that the server should hear now. */
  get isUnsaved() {
    return !this.#conflict && !this.#isSettled;
  }

  /** Whether the writer has to choose or mend before anything is saved. */
  get needsWriter() {
    return Boolean(this.#conflict) || this.#isRefused;
  }

  /** Return the edit that the server has to hear next. */
  edit() {
    this.#sent ??= this.#input.value;
    this.#remember();
    return { field: this.name, base: this.#base.value, value: this.#sent };
  }

  /** Bring back what was kept on this phone; tell whether there was anything. */
  restore() {
    if (this.#conflict) return false;
    const kept = this.#copy.read(this.name);
    if (!kept || kept.value === this.#input.value) {
      this.#copy.forget(this.name);
      return false;
    }
    this.#base.value = kept.base;
    this.#sent = kept.sent;
    this.#input.value = kept.value;
    this.#isRestored = true;
    this.#mark(this.#words.restoredMark);
    this.fit();
    return true;
  }

  /** Answer with one tap; words that stand there are not overwritten. */
  answer(text) {
    if (this.#input.value.trim()) this.focus();
    else this.#write(text);
  }

  /** Take what the server says: what became of the edit or, without an outcome, what somebody else wrote. */
  hear(said) {
    if (said.outcome === "conflict") this.#ask(said);
    else if (said.outcome) this.#settle(said);
    else this.#news = said.value === this.#base.value ? null : said;
    if (!this.#input.contains(document.activeElement)) this.#catchUp();
  }

  /** Show the whole text, as far as the style allows. */
  fit() {
    if (!this.#input.scrollHeight || this.#input.localName === "select") return; // hidden, or as high as it is
    this.#input.style.height = "auto";
    this.#input.style.height = `${this.#input.scrollHeight + 2}px`;
    this.#count();
  }

  focus() {
    this.#input.focus();
  }

  /** Show it where it is asked for, or waits for its writer. */
  appear(isAsked) {
    this.#box.hidden = !isAsked && !this.needsWriter;
    this.fit();
  }

  get #isSettled() {
    return this.#sent === null && this.#input.value === this.#settled;
  }

  #write(text) {
    this.#input.value = text;
    this.#input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #typed() {
    this.#isRestored = false;
    this.#mark("");
    this.#complain("");
    if (this.#left() < 0) {
      this.#settled = this.#input.value; // the server would only refuse it
      this.#complain(this.#words.tooLong);
    }
    this.#remember();
    this.fit();
    if (this.#conflict) this.#conflict.box.querySelector(".mine").textContent = this.#input.words ?? this.#input.value;
  }

  /** Keep on the phone what the server does not have; what it has is forgotten there. */
  #remember() {
    const edit = { base: this.#base.value, sent: this.#sent, value: this.#input.value };
    if (this.#isSettled && !this.needsWriter) this.#copy.forget(this.name);
    else this.#copy.keep(this.name, edit);
  }

  /** The server has taken what was sent, or refused it. */
  #settle(said) {
    this.#settled = this.#sent;
    this.#sent = this.#news = null;
    if (said.outcome === "refused") {
      this.#complain(said.message);
    } else {
      this.#base.value = said.value;
      this.#complain("");
      if (!this.#isRestored) this.#mark(said.mark);
    }
    this.#remember();
  }

  /** In a field that is left alone, take the server's spelling and what somebody else wrote; never under a caret. */
  #catchUp() {
    if (!this.#isSettled || this.needsWriter) return;
    if (this.#news) {
      this.#base.value = this.#news.value;
      this.#mark(this.#news.mark);
      this.#news = null;
    }
    if (this.#input.value === this.#base.value) return;
    this.#input.value = this.#settled = this.#base.value;
    this.fit();
  }

  /** Show both texts side by side: neither counts until the writer chooses. */
  #ask(theirs) {
    this.#box.querySelector(".clash")?.remove();
    const box = document.getElementById("clash").content.firstElementChild.cloneNode(true);
    box.querySelector(".whose").textContent = theirs.whose;
    box.querySelector(".theirs").textContent = theirs.words ?? theirs.value;
    box.querySelector(".mine").textContent = this.#input.words ?? this.#input.value;
    box.querySelector(".take-theirs").addEventListener("click", () => this.#choose(theirs.value));
    box.querySelector(".take-mine").addEventListener("click", () => this.#choose(this.#input.value));
    this.#sent = this.#news = null;
    this.#conflict = { box, theirs: theirs.value };
    this.#remember();
    this.#input.before(box);
  }

  #choose(text) {
    const { box, theirs } = this.#conflict;
    this.#conflict = null;
    this.#base.value = this.#settled = theirs;
    this.#write(text);
    this.#input.focus(); // only now: what loses the focus is saved
    box.remove();
  }

  #complain(message) {
    this.#isRefused = Boolean(message);
    this.#input.setAttribute("aria-invalid", this.#isRefused);
    show(this.#box.querySelector(".problem"), message);
  }

  #mark(words) {
    show(this.#box.querySelector(".mark"), words);
  }

  get #most() {
    return Number(this.#input.dataset.most ?? MOST_CHARACTERS);
  }

  /** Return how many characters it can still take; roughly while that is far away. */
  #left() {
    const { value } = this.#input;
    return this.#most - (value.length < NEARLY * this.#most ? value.length : [...value].length);
  }

  /** Say how much room is left, when there is little. */
  #count() {
    const left = this.#left();
    const hint = left < 0 ? this.#words.beyond : this.#words.left;
    const isFar = left > (1 - NEARLY) * this.#most;
    show(this.#box.querySelector(".count"), isFar ? "" : worded(hint, { left, beyond: -left }));
  }
}
