// The parts beside the phones: a column that folds away, on small screens a sheet above the phones.

const KEYS = { true: "sheet", false: "column" };
const side = document.getElementById("side");
const opener = document.querySelector(".strip .fold");

/** Screens on which the parts beside the phones hide the phones. */
export const narrow = matchMedia("(max-width: 899px)");

function isOpen() {
  return side.checkVisibility();
}

/** Whether the parts leave nothing of the phones to be seen. */
export const covers = () => narrow.matches && isOpen() && side.offsetWidth > 0.9 * innerWidth;

// Show the parts beside the phones, or fold them away.
function openSide(open) {
  document.body.dataset.side = open ? "open" : "closed";
  opener.setAttribute("aria-expanded", String(open));
  sessionStorage.setItem(KEYS[narrow.matches], document.body.dataset.side);
}

function toggle() {
  openSide(!isOpen());
  if (isOpen()) side.focus({ preventScroll: true });
  else opener.focus();
}

// A small screen shows the phones first, or the tour through them where there is one.
function fit() {
  const first = narrow.matches && !document.getElementById("tour") ? "closed" : "open";
  openSide((sessionStorage.getItem(KEYS[narrow.matches]) ?? first) === "open");
}

function filter(event) {
  const wanted = event.target.value.trim().toLowerCase();
  for (const entry of document.querySelectorAll(".people li")) {
    entry.hidden = !entry.querySelector(".who").textContent.toLowerCase().includes(wanted);
  }
  event.target.scrollIntoView({ block: "start" }); // what is found stands below, perhaps beyond the screen
}

/** Let it be folded, and the list be searched. */
export function begin() {
  fit();
  narrow.addEventListener("change", fit);
  for (const button of document.querySelectorAll("[data-fold]")) button.addEventListener("click", toggle);
  document.querySelector("[data-filter]")?.addEventListener("input", filter);
  side.addEventListener("keydown", (event) => { if (event.key === "Escape" && narrow.matches) toggle(); });
  side.addEventListener("click", (event) => { if (narrow.matches && event.target.closest("[data-open]")) openSide(false); });
}
