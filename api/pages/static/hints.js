// What a live picture lacks, measured on two small copies of it: a glance, no judgement.
//
// The service measures the photo itself and answers for it; these hints only save a second shot.
// Thresholds were measured on frames made of the made-up shop's photos: docs/measurements.md.

export const SIDE = 240; // longer side of the whole frame's copy, pixels: 8 a second on a cheap phone
export const FINE = 256; // width of the outline's copy, pixels: 4 px/mm on a card, for the blur alone
const MARGIN = 0.06; // of the frame's shorter side, left free around the outline; chosen
const GRID = 12; // cells across the outline; 5 mm on a card

export const LIMITS = {
  leastLuma: 0.16, // mean inside the outline, of 1; measured: good frames 0.27 to 0.62
  mostLuma: 0.86, // the same
  mostWhite: 0.3, // share inside at WHITE: the exposure is too long; glare has less
  leastSharp: 0.02, // var(Laplacian) / var(luma), third sharpest tile; measured: see there
  leastContrast: 25, // var(luma) of a tile, levels squared: below it blur cannot be told
  mostGlare: 0.02, // share of cells that are mostly white; measured: good frames 0 to 0.005
  leastFilled: 0.75, // share of cells that differ from the ring; a card at 87 % of the outline's size
  mostMoved: 0.02, // mean change from frame to frame, of 1; chosen: sensor noise has 0.005
  leastChanged: 0.05, // mean change since the last shot that makes another shot; chosen
};
const WHITE = 250; // level of 255 in every channel from which nothing more is told
const RING = 0.05; // width of the ring around the outline, of its shorter side
const DIFFERS = 28; // levels, root mean square of three channels, from the nearest side of the ring; chosen

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
  const inside = [];
  for (const [at] of within(frame, box)) inside.push(at);
  const cells = cellsOf(frame, box);
  return {
    luma,
    mean: mean(inside.map((at) => luma[at])) / 255,
    white: inside.filter((at) => isWhite(frame.data, at)).length / inside.length,
    sharp: sharpness(fine),
    cells: cells.filter((cell) => cell.white > 0.5),
    glare: cells.filter((cell) => cell.white > 0.5).length / cells.length,
    filled: filled(frame, box, cells),
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
  const luma = new Float32Array(width * height); // Rec. 601, as the service has it
  for (let at = 0; at < luma.length; at += 1) luma[at] = 0.299 * data[4 * at] + 0.587 * data[4 * at + 1] + 0.114 * data[4 * at + 2];
  return luma;
}

function* within({ width, height }, box) {
  const [left, top] = [Math.max(0, Math.round(box.x)), Math.max(0, Math.round(box.y))];
  const [right, bottom] = [Math.min(width, Math.round(box.x + box.width)), Math.min(height, Math.round(box.y + box.height))];
  for (let y = top; y < bottom; y += 1) for (let x = left; x < right; x += 1) yield [y * width + x, x, y];
}

function isWhite(data, at) {
  return data[4 * at] >= WHITE && data[4 * at + 1] >= WHITE && data[4 * at + 2] >= WHITE;
}

/** The outline's cells: where they are (shares of the outline), how white, and their mean colour. */
function cellsOf(frame, box) {
  const rows = Math.max(1, Math.round((GRID * box.height) / box.width));
  const cells = Array.from({ length: GRID * rows }, (_, at) => ({ x: (at % GRID) / GRID, y: Math.floor(at / GRID) / rows, width: 1 / GRID, height: 1 / rows, count: 0, white: 0, colour: [0, 0, 0] }));
  for (const [at, x, y] of within(frame, box)) {
    const column = Math.min(GRID - 1, Math.max(0, Math.floor(((x + 0.5 - box.x) / box.width) * GRID)));
    const row = Math.min(rows - 1, Math.max(0, Math.floor(((y + 0.5 - box.y) / box.height) * rows)));
    const cell = cells[row * GRID + column];
    cell.count += 1;
    cell.white += isWhite(frame.data, at);
    for (let channel = 0; channel < 3; channel += 1) cell.colour[channel] += frame.data[4 * at + channel];
  }
  for (const cell of cells) {
    const count = Math.max(1, cell.count);
    cell.white /= count;
    cell.colour = cell.colour.map((sum) => sum / count);
  }
  return cells;
}

/** Share of the cells whose colour is none of those that the four sides of the ring have. */
function filled(frame, box, cells) {
  const ring = RING * Math.min(box.width, box.height);
  const sides = [
    { x: box.x, y: box.y - ring, width: box.width, height: ring },
    { x: box.x, y: box.y + box.height, width: box.width, height: ring },
    { x: box.x - ring, y: box.y, width: ring, height: box.height },
    { x: box.x + box.width, y: box.y, width: ring, height: box.height },
  ].map((side) => colourOf(frame, side)).filter(Boolean);
  const differs = (cell) => sides.every((side) => distance(cell.colour, side) > DIFFERS);
  return cells.filter(differs).length / cells.length;
}

function colourOf(frame, box) {
  const channels = [[], [], []];
  for (const [at] of within(frame, box)) channels.forEach((channel, index) => channel.push(frame.data[4 * at + index]));
  if (!channels[0].length) return null;
  return channels.map((channel) => channel.sort((a, b) => a - b)[channel.length >> 1]); // a finger there changes no median
}

function distance(one, other) {
  return Math.sqrt(one.reduce((sum, value, index) => sum + (value - other[index]) ** 2, 0) / 3);
}

/** The third best of 4 x 5 tiles: print is nowhere sharp only where the picture is not. */
function sharpness(frame) {
  const luma = lumaOf(frame);
  const found = [];
  for (let row = 0; row < 5; row += 1) for (let column = 0; column < 4; column += 1) {
    const tile = tileSharpness(luma, frame, column / 4, row / 5);
    if (tile !== null) found.push(tile);
  }
  return found.sort((a, b) => b - a)[2] ?? null;
}

function tileSharpness(luma, { width, height }, left, top) {
  const box = { x: left * width, y: top * height, width: width / 4, height: height / 5 };
  const values = [];
  const edges = [];
  for (const [at, x, y] of within({ width, height }, box)) {
    if (x < 1 || y < 1 || x > width - 2 || y > height - 2) continue;
    values.push(luma[at]);
    edges.push(luma[at - 1] + luma[at + 1] + luma[at - width] + luma[at + width] - 4 * luma[at]);
  }
  const contrast = variance(values);
  return contrast < LIMITS.leastContrast ? null : variance(edges) / contrast;
}

function mean(values) {
  let sum = 0;
  for (const value of values) sum += value;
  return values.length ? sum / values.length : 0;
}

function variance(values) {
  const middle = mean(values);
  let sum = 0;
  for (const value of values) sum += (value - middle) ** 2;
  return values.length ? sum / values.length : 0;
}
