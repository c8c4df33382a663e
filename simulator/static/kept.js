// What somebody has typed and where the phones stand, kept while the page loads anew.

const KEY = "kept";
const stage = document.getElementById("phones");
const people = document.querySelector(".people");

/** Remember it. */
export function keep() {
  const drafts = [...stage.querySelectorAll(".phone")].map((phone) => [phone.dataset.chat, phone.querySelector("[name=text]").value]);
  sessionStorage.setItem(KEY, JSON.stringify({ left: stage.scrollLeft, top: people?.scrollTop ?? 0, drafts }));
}

/** Put it back. */
export function restore() {
  const { left = 0, top = 0, drafts = [] } = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
  for (const [chat, text] of drafts) {
    const field = document.querySelector(`[id="phone-${chat}"] [name=text]`);
    if (field) field.value = text;
  }
  stage.scrollLeft = left;
  if (people) people.scrollTop = top;
}
