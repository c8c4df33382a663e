/** What is typed and not saved yet, kept on this phone: a lost signal or a closed browser loses nothing. */
export class LocalCopy {
  #report;
  /** False once the phone took nothing, as a full or private one does. */
  isKept = true;

  constructor(report) {
    this.#report = report;
  }

  /** Return what was kept of a field, or null. */
  read(field) {
    try {
      return JSON.parse(localStorage.getItem(this.#key(field)));
    } catch {
      return null;
    }
  }

  /** Keep an edit of a field. */
  keep(field, edit) {
    try {
      localStorage.setItem(this.#key(field), JSON.stringify(edit));
    } catch {
      this.isKept = false;
    }
  }

  /** Forget what was kept of a field. */
  forget(field) {
    try {
      localStorage.removeItem(this.#key(field));
    } catch {
      this.isKept = false;
    }
  }

  #key(field) {
    return `${this.#report}/${field}`;
  }
}
