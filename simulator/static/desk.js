// Counts down the seconds that are drawn (data-countdown), and keeps what somebody has opened beside the phones open.

setInterval(() => {
  for (const left of document.querySelectorAll("[data-countdown]")) {
    left.textContent = Math.max(0, Number(left.textContent) - 1);
  }
}, 1000);

const parts = "[data-panel] details[id]";
document.addEventListener("toggle", ({ target }) => {
  if (target.matches(parts)) sessionStorage.setItem(`part ${target.id}`, target.open);
}, true);
for (const part of document.querySelectorAll(parts)) {
  const kept = sessionStorage.getItem(`part ${part.id}`);
  if (kept !== null) part.open = kept === "true";
}
