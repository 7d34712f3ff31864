// Changed places, outlined and numbered as in the list beside them, and hidden ones, hatched.

import { cornersOf } from "./geometry.js";

const SVG = "http://www.w3.org/2000/svg";
let drawn = 0;

function make(name, attributes, parent) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  parent?.append(element);
  return element;
}

/** Return a layer over a picture; `draw(toScreen)` places it by a map from the plane to pixels. */
export function makeMarkings(geometry) {
  const id = `hatch${drawn++}`;
  const layer = make("svg", { class: "markings", "aria-hidden": "true" });
  const pattern = make("pattern", { id, width: 8, height: 8, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, make("defs", {}, layer));
  make("rect", { width: 3, height: 8, class: "hatch" }, pattern);
  const places = [
    ...geometry.hidden.map((region) => ({ region, shape: make("polygon", { class: "hidden-place", fill: `url(#${id})` }, layer) })),
    ...geometry.regions.map((region, index) => {
      const shape = make("polygon", { class: "change" }, layer);
      const number = make("text", { class: "change-number" }, layer);
      number.textContent = String(index + 1);
      return { region, shape, number };
    }),
  ];
  return {
    layer,
    draw(toScreen) {
      for (const { region, shape, number } of places) {
        const points = cornersOf(region, geometry.placement).map(toScreen);
        shape.setAttribute("points", points.map((point) => point.map((value) => value.toFixed(1)).join(",")).join(" "));
        if (number) {
          const top = points.reduce((best, point) => (point[1] < best[1] ? point : best));
          number.setAttribute("x", top[0]);
          number.setAttribute("y", top[1] - 4);
        }
      }
    },
  };
}
