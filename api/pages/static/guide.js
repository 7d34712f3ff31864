// The outline that is drawn over the live picture, and what is marked on it.

const SVG = "http://www.w3.org/2000/svg";
const WHOLE = new Set(["front", "back", "raking"]);
const LABEL = 3.4; // width / height of a slab's label; chosen: common ones have 3 to 4
const EDGE = 4; // of a stretch of an edge, close up; chosen
const ROUND = 3 / 63; // radius of a card's corner, of its width: 3 mm

/** Whether a view shows all of the item, so that it should fill its outline. */
export function isWhole(view) { return WHOLE.has(view); }

/** Width / height of what a view shows; `size` in mm, null where it is not known. */
export function ratioOf(view, size, frame) {
  if (view === "label") return LABEL;
  if (view === "edge") return EDGE;
  if (view === "corner") return 1;
  return size ? size[0] / size[1] : frame.width / frame.height;
}

/** Draw the outline of a view, green when all is well, and the cells that glare. */
export function drawGuide(svg, frame, box, view, { good, cells }) {
  svg.setAttribute("viewBox", `0 0 ${frame.width} ${frame.height}`);
  svg.classList.toggle("well", good);
  const round = isWhole(view) ? ROUND * box.width : 0;
  const parts = [view === "corner" ? cornerOf(box) : rectangle(box, round, "outline")];
  for (const cell of cells) {
    parts.push(rectangle({ x: box.x + cell.x * box.width, y: box.y + cell.y * box.height, width: cell.width * box.width, height: cell.height * box.height }, 0, "glaring"));
  }
  svg.replaceChildren(...parts);
}

function rectangle(box, round, name) {
  return shape("rect", { ...box, rx: round, class: name });
}

/** Two edges that meet: the corner itself a quarter in from the upper left. */
function cornerOf({ x, y, width, height }) {
  const [left, top] = [x + width / 4, y + height / 4];
  return shape("path", { d: `M${left} ${y + height}V${top}H${x + width}`, class: "outline" });
}

function shape(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
