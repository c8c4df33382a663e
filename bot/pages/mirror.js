/** Copying texts field by field; where the phone does not let a page copy, the text is left selected instead. */
const said = document.querySelector("[data-says]");

for (const button of document.querySelectorAll("[data-copies]")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}

async function copy(button) {
  const field = document.getElementById(button.dataset.copies);
  field.focus();
  field.select();
  const words = (await isCopied(field.value)) ? button.dataset.copied : said.dataset.selected;
  said.textContent = "";
  requestAnimationFrame(() => {
    said.textContent = words;
  });
}

async function isCopied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return document.execCommand("copy"); // what is selected; browsers inside apps may know this way alone
  }
}
