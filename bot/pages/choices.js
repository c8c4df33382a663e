/** Controls of several parts that a field may have in the place of one: boxes to tick, and rows of cells. */

/** What such controls share, so that a `Field` reads and writes them as it does a text. */
class Group {
  scrollHeight = 0; // they are as high as they are

  constructor(fieldset) {
    this.fieldset = fieldset;
  }

  get name() {
    return this.fieldset.dataset.field;
  }

  get form() {
    return this.fieldset.form;
  }

  get dataset() {
    return this.fieldset.dataset;
  }

  addEventListener(type, listener) {
    if (type === "blur") {
      this.fieldset.addEventListener("focusout", (event) => this.contains(event.relatedTarget) || listener(event));
    } else {
      this.fieldset.addEventListener(type, (event) => event.target.type === "search" || listener(event));
    }
  }

  closest(selector) {
    return this.fieldset.closest(selector);
  }

  contains(element) {
    return this.fieldset.contains(element);
  }

  setAttribute(name, value) {
    this.fieldset.classList.toggle("wrong", name === "aria-invalid" && value);
  }

  dispatchEvent(event) {
    return this.fieldset.dispatchEvent(event);
  }

  /** Put something above the parts. */
  before(element) {
    this.fieldset.querySelector("legend").after(element);
  }
}

/** Boxes to tick, or choices of which one counts: the field's text are their values between spaces. */
export class Choices extends Group {
  get value() {
    const ticked = this.#boxes.filter((box) => box.checked).map((box) => box.value);
    return ticked.sort().join(" ");
  }

  set value(text) {
    const chosen = new Set(text.split(" ").filter(Boolean));
    this.learn([...chosen].map((value) => [value, value, ""]));
    for (const box of this.#boxes) box.checked = chosen.has(box.value);
  }

  /** What is chosen, as people read it. */
  get words() {
    const ticked = this.#boxes.filter((box) => box.checked);
    return ticked.map((box) => box.closest("label").textContent.trim().replace(/\s+/g, " ")).join(", ");
  }

  focus() {
    this.#boxes[0].focus();
  }

  /** Have boxes for these: `[value, name, where it lies]` each. */
  learn(choices) {
    const list = this.fieldset.querySelector(".ticks");
    for (const choice of choices) if (!this.#box(choice[0])) list?.append(newBox(this.name, choice));
  }

  /** Have boxes for these, and show them first. */
  offer(choices) {
    this.learn(choices);
    const found = choices.map(([value]) => this.#box(value).closest("label"));
    this.fieldset.querySelector(".ticks").prepend(...found);
  }

  get #boxes() {
    return [...this.fieldset.querySelectorAll(`input[name="${this.name}"]`)];
  }

  #box(value) {
    return this.#boxes.find((box) => box.value === value);
  }
}

function newBox(name, [value, called, within]) {
  const label = Object.assign(document.createElement("label"), { className: "tick" });
  const box = Object.assign(document.createElement("input"), { type: "checkbox", name, value });
  const words = document.createElement("span");
  const place = Object.assign(document.createElement("span"), { className: "quiet", textContent: within });
  words.append(`${called} `, place);
  label.append(box, " ", words);
  return label;
}

/** Rows of cells that can be added and dropped: the field's text is JSON of those in which anything was typed. */
export class Rows extends Group {
  constructor(fieldset) {
    super(fieldset);
    const add = document.getElementById("add-row");
    add.hidden = false;
    add.addEventListener("click", () => this.#add().querySelector("select").focus());
    this.#list.addEventListener("click", (event) => this.#drop(event.target.closest(".drop")));
    for (const row of this.#rows) row.querySelector(".drop").hidden = false;
  }

  get value() {
    const filled = this.#rows.filter((row) => [...row.querySelectorAll("input")].some((cell) => cell.value.trim()));
    return filled.length ? JSON.stringify(filled.map((row) => cellsOf(row).map((cell) => cell.value))) : "";
  }

  set value(text) {
    const wanted = text ? JSON.parse(text) : [];
    while (this.#rows.length > wanted.length) this.#rows.at(-1).remove();
    wanted.forEach((values, place) => {
      const cells = cellsOf(this.#rows[place] ?? this.#add());
      values.forEach((value, cell) => fill(cells[cell], value));
    });
  }

  /** What the rows say, as people read it. */
  get words() {
    const said = (cell) => (cell.selectedOptions ? cell.selectedOptions[0]?.textContent : cell.value);
    return this.#rows.map((row) => cellsOf(row).map(said).filter(Boolean).join(" ")).join("\n");
  }

  focus() {
    (this.#rows[0]?.querySelector("select") ?? document.getElementById("add-row")).focus();
  }

  get #list() {
    return this.fieldset.querySelector(".rows");
  }

  get #rows() {
    return [...this.#list.querySelectorAll(".row")];
  }

  #add() {
    const row = document.getElementById("row").content.firstElementChild.cloneNode(true);
    row.querySelector(".drop").hidden = false;
    this.#list.append(row);
    return row;
  }

  #drop(button) {
    if (!button) return;
    button.closest(".row").remove();
    document.getElementById("add-row").focus();
    this.fieldset.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function cellsOf(row) {
  return [...row.querySelectorAll("select, input")];
}

/** Write a value into a cell, also a choice that the page did not offer. */
function fill(cell, value) {
  if (cell.options && ![...cell.options].some((option) => option.value === value)) cell.add(new Option(value, value));
  cell.value = value;
}
