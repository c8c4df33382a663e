// Sends photos and documents one by one, makes large photos smaller first, and waits where there is no signal.

const LONGEST_SIDE = 2560;
const WORTH_SCALING = 3 * 1024 * 1024;
const PAUSE = 5000; // milliseconds until what failed is tried again

const input = document.getElementById("evidence-files");
const progress = document.getElementById("evidence-progress");
const said = document.getElementById("evidence-said");
const list = document.getElementById("evidence-list");
const words = input.dataset;
const waiting = [];
let before = Promise.resolve();
let isBusy = false;

document.getElementById("evidence-send").hidden = true; // choosing files sends them

input.addEventListener("change", () => {
  waiting.push(...input.files);
  input.value = "";
  void work();
});

list.addEventListener("click", (event) => {
  const button = event.target.closest("button[formaction]");
  if (button) {
    event.preventDefault();
    button.disabled = true;
    void post(button.getAttribute("formaction"), new FormData(), () => {}).then(show, () => {
      button.disabled = false;
    });
  }
});

addEventListener("beforeunload", (event) => {
  if (isBusy) {
    event.preventDefault();
  }
});

async function work() {
  if (isBusy) {
    return;
  }
  isBusy = true;
  said.replaceChildren();
  for (let file = waiting.shift(); file; file = waiting.shift()) {
    await take(file);
  }
  progress.hidden = true;
  isBusy = false;
}

async function take(file) {
  const line = tell(`${words.sending} ${file.name}`);
  const smaller = await scaled(file);
  if (smaller.size > Number(words.largest)) {
    line.textContent = `${file.name}: ${words.tooLarge}`;
    return;
  }
  const body = new FormData();
  body.append("file", smaller, file.name);
  for (;;) {
    try {
      const answer = await post(words.upload, body, (share) => {
        progress.hidden = false;
        progress.value = share * 100;
      });
      line.remove();
      show(answer);
      return;
    } catch (error) {
      if (error instanceof Ended) {
        line.textContent = words.ended;
        waiting.length = 0;
        return;
      }
      line.textContent = `${words.waiting} ${file.name}`;
      await signal();
    }
  }
}

// A photo of a camera as large as it is kept; whatever cannot be scaled here is sent as it is.
async function scaled(file) {
  if (!file.type.startsWith("image/") || file.size < WORTH_SCALING || !window.createImageBitmap) {
    return file;
  }
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const share = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * share);
    canvas.height = Math.round(picture.height * share);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.9));
    return blob && blob.size < file.size ? blob : file;
  } catch {
    return file;
  }
}

class Ended extends Error {}

// One after the other: each answer tells how the list stands after it.
function post(address, body, onProgress) {
  const mine = before.then(() => send(address, body, onProgress)).then(JSON.parse);
  before = mine.catch(() => {});
  return mine;
}

function send(address, body, onProgress) {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest(); // fetch does not tell how much was sent
    request.open("POST", address);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-Form-Key", words.key);
    request.upload.addEventListener("progress", (event) => onProgress(event.loaded / event.total));
    for (const lost of ["error", "abort", "timeout"]) request.addEventListener(lost, () => failed(new Error("no signal")));
    request.addEventListener("load", () => {
      if (request.status === 503) {
        failed(new Error("busy"));
      } else if (!request.getResponseHeader("Content-Type")?.startsWith("application/json")) {
        failed(new Ended());
      } else {
        done(request.responseText);
      }
    });
    request.send(body);
  });
}

function show(answer) {
  list.innerHTML = answer.list; // rendered and escaped by our server
  answer.said.forEach(tell);
}

function tell(text) {
  const line = document.createElement("li");
  line.textContent = text;
  said.append(line);
  return line;
}

function signal() {
  return new Promise((done) => {
    const timer = setTimeout(back, PAUSE);
    addEventListener("online", back);
    function back() {
      clearTimeout(timer);
      removeEventListener("online", back);
      done();
    }
  });
}
