// The live picture with its hints, about 8 times a second, and the moment to take it by itself.

import { openCamera, stopCamera } from "./camera.js";
import { drawGuide, isWhole, ratioOf } from "./guide.js";
import { difference, FINE, judge, LIMITS, measure, outlineIn, SIDE } from "./hints.js";

const EVERY = 125; // ms from look to look
const STEADY = 8; // looks in a row that find nothing wrong: a second

/** Show the live picture in its place; `onHint(code, codes)`, `onReady()` when it has been good. */
export class Live {
  constructor(video, svg, { size, onHint, onReady }) {
    Object.assign(this, { video, svg, size, onHint, onReady, view: "front", good: 0, shot: null, luma: null, timer: 0 });
    this.small = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    this.fine = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  }

  async open() {
    const problem = await openCamera(this.video);
    if (!problem) this.look();
    return problem;
  }

  close() {
    clearTimeout(this.timer);
    stopCamera(this.video);
  }

  /** The shot was taken: the next one by itself has to show something else. */
  taken() {
    this.shot = this.luma;
    this.good = 0;
  }

  look() {
    this.timer = setTimeout(() => this.look(), EVERY);
    const { videoWidth: width, videoHeight: height } = this.video;
    if (!width || document.hidden) return;
    const ratio = ratioOf(this.view, this.size, { width, height });
    const box = outlineIn(width, height, ratio);
    const measured = this.measure({ width, height }, box);
    const codes = judge(measured, { whole: isWhole(this.view) });
    if (this.shot && difference(measured.luma, this.shot) > LIMITS.leastChanged) this.shot = null;
    this.luma = measured.luma;
    const code = codes[0] ?? (this.shot ? "same_again" : "ready");
    drawGuide(this.svg, { width, height }, box, this.view, { good: code === "ready", cells: codes.includes("glare") ? measured.cells : [] });
    this.onHint(code, codes);
    this.good = code === "ready" ? this.good + 1 : 0;
    if (this.good === STEADY) this.onReady();
  }

  measure(frame, box) {
    const scale = SIDE / Math.max(frame.width, frame.height);
    const small = draw(this.small, this.video, { x: 0, y: 0, ...frame }, frame.width * scale, frame.height * scale);
    const fine = draw(this.fine, this.video, box, FINE, (FINE * box.height) / box.width);
    const shrunk = Object.fromEntries(Object.entries(box).map(([name, value]) => [name, value * scale]));
    return measure(small, shrunk, fine, this.luma);
  }
}

/** Draw a part of a picture into a canvas and return its pixels. */
export function draw(context, picture, part, width, height) {
  const size = [Math.round(width), Math.round(height)];
  [context.canvas.width, context.canvas.height] = size;
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, part.x, part.y, part.width, part.height, 0, 0, ...size);
  return context.getImageData(0, 0, ...size);
}
