// The query laid on the reference, straight on: a slider, a blink and an onion skin.

import Panzoom from "./libraries/panzoom.js";
import { asCss, fromCorners, inverse, scale, times } from "./geometry.js";
import { makeMarkings } from "./markings.js";

const WIDTH = 2048; // pixels across of the pictures; the service makes none that is larger than its photo
const MARGIN = 0.04; // of the plane's longer side, so that the surroundings of the edge are seen
const BLINK = 700; // milliseconds of each picture: slower than three flashes a second, WCAG 2.3.1

function picture(photo, size, onImage, alt) {
  const image = new Image();
  image.alt = alt;
  image.draggable = false;
  image.decoding = "async";
  image.src = `/v1/photos/${photo}/picture?width=${WIDTH}`;
  return { image, size, frameFromOriginal: inverse(fromCorners(onImage)) };
}

/** Build the stage once; returns {show(mode), zoom(by), whole(), mark(shown)}. */
export function layPhotos(place, geometry) {
  const stage = place.querySelector("#laid");
  const { placement } = geometry;
  const pictures = [
    picture(place.dataset.reference, placement.reference_size, placement.reference_from_frame, ""),
    picture(place.dataset.query, placement.query_size, placement.query_from_frame, ""),
  ];
  const moved = document.createElement("div");
  moved.className = "moved";
  const holders = pictures.map(({ image }) => {
    const holder = document.createElement("div");
    holder.className = "holder";
    holder.append(image);
    moved.append(holder);
    return holder;
  });
  const markings = makeMarkings(geometry);
  moved.append(markings.layer);
  const line = document.createElement("div");
  line.className = "split-line";
  moved.append(line);
  stage.append(moved);

  const lay = () => {
    const margin = MARGIN * Math.max(placement.width, placement.height);
    const [width, height] = [placement.width + 2 * margin, placement.height + 2 * margin];
    const by = Math.min(stage.clientWidth / width, stage.clientHeight / height);
    const screenFromFrame = scale(by, [(stage.clientWidth - placement.width * by) / 2, (stage.clientHeight - placement.height * by) / 2]);
    for (const { image, size, frameFromOriginal } of pictures) {
      if (!image.naturalWidth) continue;
      image.width = image.naturalWidth;
      image.height = image.naturalHeight;
      image.dataset.laid = ""; // before that it lies nowhere, and is not shown
      image.style.transform = asCss(times(times(screenFromFrame, frameFromOriginal), scale(size[0] / image.naturalWidth)));
    }
    markings.draw(([x, y]) => [x * screenFromFrame[0][0] + screenFromFrame[0][2], y * screenFromFrame[1][1] + screenFromFrame[1][2]]);
  };
  for (const { image } of pictures) image.addEventListener("load", lay);
  new ResizeObserver(lay).observe(stage);

  const panzoom = Panzoom(moved, { maxScale: 24, minScale: 0.5, step: 0.4, canvas: true, cursor: "grab", animate: !matchMedia("(prefers-reduced-motion: reduce)").matches });
  stage.addEventListener("wheel", (event) => { event.preventDefault(); panzoom.zoomWithWheel(event, { animate: false }); }, { passive: false });
  stage.addEventListener("keydown", (event) => {
    const moves = { ArrowLeft: [40, 0], ArrowRight: [-40, 0], ArrowUp: [0, 40], ArrowDown: [0, -40] };
    if (moves[event.key]) panzoom.pan(...moves[event.key], { relative: true });
    else if (event.key === "+" || event.key === "=") panzoom.zoomIn();
    else if (event.key === "-") panzoom.zoomOut();
    else if (event.key === "0") panzoom.reset();
    else return;
    event.preventDefault();
  });
  return withModes(place, holders[1], line, panzoom, markings.layer);
}

function withModes(place, query, line, panzoom, layer) {
  const split = place.querySelector("#split");
  const mix = place.querySelector("#mix");
  const blinking = place.querySelector("#blinking");
  const now = place.querySelector("#now");
  let mode = "slider";
  let shown = false;
  let timer = null;

  const draw = () => {
    query.style.clipPath = mode === "slider" ? `inset(0 0 0 ${split.value}%)` : "none";
    query.style.opacity = mode === "onion" ? mix.value / 100 : mode === "blink" && !shown ? 0 : 1;
    line.hidden = mode !== "slider";
    line.style.left = `${split.value}%`;
    now.textContent = shown ? now.dataset.query : now.dataset.before;
  };
  const stop = () => {
    clearInterval(timer);
    timer = null;
    blinking.textContent = blinking.dataset.start;
  };
  const turn = () => { shown = !shown; draw(); };
  split.addEventListener("input", draw);
  mix.addEventListener("input", draw);
  place.querySelector("#turn").addEventListener("click", () => { stop(); turn(); });
  blinking.addEventListener("click", () => {
    if (timer) return stop();
    timer = setInterval(turn, BLINK);
    blinking.textContent = blinking.dataset.stop;
  });
  return {
    show(chosen) { stop(); mode = chosen; draw(); },
    zoom(by) { by > 1 ? panzoom.zoomIn() : panzoom.zoomOut(); },
    whole() { panzoom.reset(); },
    mark(on) { layer.toggleAttribute("hidden", !on); },
  };
}
