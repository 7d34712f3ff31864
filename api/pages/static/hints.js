// What a live picture lacks, measured on two small copies of it: a glance, no judgement.
//
// The service measures the photo itself and answers for it; these hints only save a second shot.
// Thresholds were measured on frames made of the made-up shop's photos: docs/measurements.md.

export const SIDE = 240; // longer side of the whole frame's copy, pixels: 8 a second on a cheap phone
export const FINE = 256; // width of the outline's copy, pixels: 4 px/mm on a card, for the blur alone
const MARGIN = 0.06; // of the frame's shorter side, left free around the outline; chosen
const GRID = 12; // cells across the outline; 5 mm on a card

export const LIMITS = {
  leastLuma: 0.16, // mean inside the outline, of 1; measured: good frames 0.30 to 0.54, a quarter of the light 0.13 to 0.25
  mostLuma: 0.86, // the same; measured: four times the light 0.54 to 0.84, where white tells
  mostWhite: 0.1, // share inside at WHITE: too much light; measured: strong glare alone has up to 0.065
  leastSharp: 0.12, // see sharpness(); measured: good frames from 0.26, 0.4 mm out of focus up to 0.05, 1 mm shaken up to 0.12
  leastContrast: 25, // variance of a tile's luma, levels squared, below which blur cannot be told; chosen
  mostGlare: 0.008, // share of cells that are mostly white: two of a card's; measured: good frames have none
  leastFilled: 0.65, // see filled(); measured: reached by 19 of 20 good frames and at 90 % of the outline's size, by 2 at 80 %
  mostMoved: 0.02, // mean change from frame to frame, of 1; chosen: a sensor's noise has 0.005
  leastChanged: 0.05, // mean change since the last shot that makes another shot; chosen
};
const WHITE = 250; // level of 255 in every channel from which nothing more is told; the service has 245
const RING = 0.05; // of the ring around the outline, of its width
const INSET = 0.05; // how far inside the outline the item's rim is looked at, of its width: hands are not exact
const DIFFERS = 0.15; // contrast of a cell to the ring beside it; measured: 0.1 and 0.2 tell less well
const FLOOR = 10; // levels added to the brightness that a contrast is of, for noise in the dark; chosen

/** Return the outline {x, y, width, height} in a frame, as large as fits; ratio is width / height. */
export function outlineIn(width, height, ratio) {
  const free = MARGIN * Math.min(width, height);
  const high = Math.min(height - 2 * free, (width - 2 * free) / ratio);
  const wide = high * ratio;
  return { x: (width - wide) / 2, y: (height - high) / 2, width: wide, height: high };
}

/** Measure a frame: its small copy, its outline there, the outline's fine copy, the luma before. */
export function measure(frame, box, fine, before = null) {
  const luma = lumaOf(frame);
  const cells = cellsOf(frame, box);
  const white = cells.filter((cell) => cell.white > 0.5);
  return {
    luma,
    mean: mean(cells.map((cell) => brightness(cell.colour))) / 255,
    white: mean(cells.map((cell) => cell.white)),
    sharp: sharpness(fine),
    cells: white,
    glare: white.length / cells.length,
    filled: filled(frame, box),
    moved: before?.length === luma.length ? difference(luma, before) : 0,
  };
}

/** Name what a frame lacks, the gravest first; `whole`: the view shows all of the item. */
export function judge(measured, { whole = true } = {}) {
  const found = [
    ["too_dark", measured.mean < LIMITS.leastLuma],
    ["too_bright", measured.mean > LIMITS.mostLuma || measured.white > LIMITS.mostWhite],
    ["not_filled", whole && measured.filled < LIMITS.leastFilled],
    ["moving", measured.moved > LIMITS.mostMoved],
    ["blurred", measured.sharp !== null && measured.sharp < LIMITS.leastSharp],
    ["glare", measured.glare > LIMITS.mostGlare],
  ];
  return found.filter(([, lacks]) => lacks).map(([code]) => code);
}

/** Mean change between two frames' luma, of 1; 1 where they are of different sizes. */
export function difference(luma, other) {
  if (luma.length !== other.length) return 1;
  let sum = 0;
  for (let at = 0; at < luma.length; at += 1) sum += Math.abs(luma[at] - other[at]);
  return sum / luma.length / 255;
}

function lumaOf({ data, width, height }) {
  const luma = new Float32Array(width * height);
  for (let at = 0; at < luma.length; at += 1) luma[at] = 0.299 * data[4 * at] + 0.587 * data[4 * at + 1] + 0.114 * data[4 * at + 2];
  return luma;
}

function brightness([red, green, blue]) { return 0.299 * red + 0.587 * green + 0.114 * blue; } // Rec. 601, as the service has it

/** The whole pixels of a box: [left, top, right, bottom], right and bottom not among them. */
function pixelsOf(box, { width, height }) {
  const clamp = (value, most) => Math.min(most, Math.max(0, Math.round(value)));
  return [clamp(box.x, width), clamp(box.y, height), clamp(box.x + box.width, width), clamp(box.y + box.height, height)];
}

/** A box of a frame: its mean colour, and the share of it that is white; null beyond the frame. */
function patchOf(frame, box) {
  const [left, top, right, bottom] = pixelsOf(box, frame);
  const count = (right - left) * (bottom - top);
  if (count <= 0) return null;
  const sum = [0, 0, 0];
  let white = 0;
  for (let y = top; y < bottom; y += 1) for (let x = left; x < right; x += 1) {
    const at = 4 * (y * frame.width + x);
    const [red, green, blue] = [frame.data[at], frame.data[at + 1], frame.data[at + 2]];
    sum[0] += red; sum[1] += green; sum[2] += blue;
    white += red >= WHITE && green >= WHITE && blue >= WHITE;
  }
  return { colour: sum.map((value) => value / count), white: white / count };
}

function rowsOf(box) { return Math.max(1, Math.round((GRID * box.height) / box.width)); }

/** The outline's cells: where they are (shares of the outline), their colour and how white. */
function cellsOf(frame, box) {
  const rows = rowsOf(box);
  const found = [];
  for (let row = 0; row < rows; row += 1) for (let column = 0; column < GRID; column += 1) {
    const share = { x: column / GRID, y: row / rows, width: 1 / GRID, height: 1 / rows };
    const patch = patchOf(frame, { x: box.x + share.x * box.width, y: box.y + share.y * box.height, width: share.width * box.width, height: share.height * box.height });
    if (patch) found.push({ ...share, column, row, ...patch });
  }
  return found;
}

/** Along each side, the share of places where the item's rim differs from the ring around the
    outline; the second lowest of the sides: one may lie on a ground of the item's own colour. */
function filled(frame, box) {
  const step = box.width / GRID;
  const [ring, in_] = [RING * box.width, INSET * box.width];
  const [right, bottom] = [box.x + box.width, box.y + box.height];
  const rim = (count, inner, outer) => {
    const told = Array.from({ length: count }, (_, at) => {
      const [item, ground] = [patchOf(frame, inner(at)), patchOf(frame, outer(at))];
      return item && ground && contrast(item.colour, ground.colour) > DIFFERS ? 1 : 0;
    });
    return mean(told);
  };
  const across = (y, height) => (at) => ({ x: box.x + at * step, y, width: step, height });
  const high = box.height / rowsOf(box);
  const down = (x, width) => (at) => ({ x, y: box.y + at * high, width, height: high });
  const shares = [
    rim(GRID, across(box.y + in_, step), across(box.y - ring, ring)),
    rim(GRID, across(bottom - in_ - step, step), across(bottom, ring)),
    rim(rowsOf(box), down(box.x + in_, step), down(box.x - ring, ring)),
    rim(rowsOf(box), down(right - in_ - step, step), down(right, ring)),
  ];
  return shares.sort((one, other) => one - other)[1];
}

/** Root mean square difference of two colours' channels, of their brightness. */
function contrast(one, other) {
  const square = one.reduce((sum, value, index) => sum + (value - other[index]) ** 2, 0) / 3;
  return Math.sqrt(square) / (FLOOR + (mean(one) + mean(other)) / 2);
}

/** How sharp the print is: variance of its second derivative, of its own variance, on the worse
    axis, for a shake blurs but one; of the third best of 4 x 5 tiles. Null: all are plain. */
function sharpness(frame) {
  const luma = lumaOf(frame);
  const found = [];
  for (let row = 0; row < 5; row += 1) for (let column = 0; column < 4; column += 1) {
    const box = { x: (column * frame.width) / 4, y: (row * frame.height) / 5, width: frame.width / 4, height: frame.height / 5 };
    const tile = tileSharpness(luma, frame, box);
    if (tile !== null) found.push(tile);
  }
  return found.sort((one, other) => other - one)[2] ?? null;
}

function tileSharpness(luma, frame, box) {
  const [left, top, right, bottom] = pixelsOf(box, frame);
  const [values, across, down] = [new Spread(), new Spread(), new Spread()];
  for (let y = Math.max(1, top); y < Math.min(bottom, frame.height - 1); y += 1) for (let x = Math.max(1, left); x < Math.min(right, frame.width - 1); x += 1) {
    const at = y * frame.width + x;
    values.add(luma[at]);
    across.add(luma[at - 1] + luma[at + 1] - 2 * luma[at]);
    down.add(luma[at - frame.width] + luma[at + frame.width] - 2 * luma[at]);
  }
  const own = values.variance();
  return own < LIMITS.leastContrast ? null : Math.min(across.variance(), down.variance()) / own;
}

class Spread {
  constructor() { this.count = 0; this.sum = 0; this.squares = 0; }
  add(value) { this.count += 1; this.sum += value; this.squares += value * value; }
  variance() { return this.count ? this.squares / this.count - (this.sum / this.count) ** 2 : 0; }
}

function mean(values) { return values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : 0; }
