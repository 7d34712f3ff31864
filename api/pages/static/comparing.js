// The comparison view: which way to look, and what the tools do in it.

const place = document.getElementById("compare");
const geometry = JSON.parse(place.dataset.geometry);
const modes = [...place.querySelectorAll("[data-mode]")];
const marks = place.querySelector("#marks");
const laidModes = ["slider", "blink", "onion"];

let mode = "beside";
let originals = null; // a promise: the viewer comes once the still pictures are there
let laid = null;

function openBeside() {
  originals ??= import("./originals.js").then(async ({ openOriginals }) => {
    const opened = await openOriginals(place, geometry);
    opened.mark(marks?.checked ?? false);
    if (mode === "beside") place.dataset.ready = mode; // it may come after another way was chosen
    return opened;
  });
  return originals;
}

async function tools() {
  if (mode === "beside") return openBeside();
  return laidModes.includes(mode) ? laid : null;
}

async function choose(chosen) {
  mode = chosen;
  for (const button of modes) button.setAttribute("aria-pressed", String(button.dataset.mode === mode));
  for (const part of place.querySelectorAll("[data-for]")) part.hidden = !part.dataset.for.split(" ").includes(mode);
  place.querySelector(".zooming").hidden = !["beside", ...laidModes].includes(mode);
  const drawn = place.querySelector(`[data-for="${mode}"] img[data-src]`);
  if (drawn && !drawn.src) {
    drawn.addEventListener("load", () => drawn.parentElement.querySelector("p").remove());
    drawn.src = drawn.dataset.src;
  }
  if (laidModes.includes(mode)) {
    laid ??= import("./laid.js").then(({ layPhotos }) => layPhotos(place, geometry));
    const opened = await laid;
    if (mode !== chosen) return;
    opened.show(mode);
    opened.mark(marks.checked);
    place.dataset.ready = mode;
  }
}

for (const button of modes) button.addEventListener("click", () => choose(button.dataset.mode));
for (const button of place.querySelectorAll("[data-zoom]")) {
  button.addEventListener("click", async () => {
    const opened = await tools();
    if (button.dataset.zoom === "whole") opened?.whole();
    else opened?.zoom(button.dataset.zoom === "in" ? 1.6 : 1 / 1.6);
  });
}
marks?.addEventListener("change", async () => {
  if (originals) (await originals).mark(marks.checked);
  if (laid) (await laid).mark(marks.checked);
});

if (document.readyState === "complete") openBeside();
else window.addEventListener("load", openBeside, { once: true });
