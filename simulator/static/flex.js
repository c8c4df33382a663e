// Shrinks the words of what asks to ("adjustMode": "shrink-to-fit"): how wide they are, only a browser knows.

const SMALLEST = 0.5; // of their size; what needs less ends in an ellipsis

function shrink(line) {
  line.style.zoom = "";
  const share = Math.floor((line.clientWidth / line.scrollWidth) * 100) / 100;
  if (share < 1) line.style.zoom = Math.max(share, SMALLEST);
}

// In the next frame, as a browser complains of what changes its size while sizes are told.
const resized = new ResizeObserver((told) => requestAnimationFrame(() => told.forEach(({ target }) => shrink(target))));

/** Keep the words in `root` within their components, now and whenever these change their size. */
export function fit(root) {
  for (const line of root.querySelectorAll(".fits :is(.lines, .label)")) resized.observe(line);
}
