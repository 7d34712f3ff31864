// Plane maps: (3, 3) homographies as rows, points as [x, y].

export function map(rows, [x, y]) {
  const w = rows[2][0] * x + rows[2][1] * y + rows[2][2];
  return [(rows[0][0] * x + rows[0][1] * y + rows[0][2]) / w, (rows[1][0] * x + rows[1][1] * y + rows[1][2]) / w];
}

export function times(a, b) {
  return a.map((row) => [0, 1, 2].map((j) => row[0] * b[0][j] + row[1] * b[1][j] + row[2] * b[2][j]));
}

export function inverse(m) {
  const [[a, b, c], [d, e, f], [g, h, i]] = m;
  const det = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  return [
    [(e * i - f * h) / det, (c * h - b * i) / det, (b * f - c * e) / det],
    [(f * g - d * i) / det, (a * i - c * g) / det, (c * d - a * f) / det],
    [(d * h - e * g) / det, (b * g - a * h) / det, (a * e - b * d) / det],
  ];
}

export function scale(by, shift = [0, 0]) {
  return [[by, 0, shift[0]], [0, by, shift[1]], [0, 0, 1]];
}

/** Count from the corner of the first pixel, as browsers do, instead of from its centre. */
export function fromCorners(rows) {
  return times(times(scale(1, [0.5, 0.5]), rows), scale(1, [-0.5, -0.5]));
}

/** How much larger a map shows things near a point, and by how many degrees it turns them. */
export function turnAt(rows, point) {
  const [x, y] = map(rows, point);
  const [right, down] = map(rows, [point[0] + 1, point[1]]);
  return { larger: Math.hypot(right - x, down - y), degrees: (Math.atan2(down - y, right - x) * 180) / Math.PI };
}

/** The CSS transform of an element whose top left corner is its origin. */
export function asCss(rows) {
  const [[a, b, c], [d, e, f], [g, h, i]] = rows;
  return `matrix3d(${[a, d, 0, g, b, e, 0, h, 0, 0, 1, 0, c, f, 0, i].map((value) => value.toPrecision(12)).join(",")})`;
}

/** The corners of a region, in pixels of the plane that both photos show. */
export function cornersOf(region, placement) {
  const by = region.unit === "mm" ? placement.px_per_mm ?? 1 : 1;
  const [x, y, width, height] = [region.x, region.y, region.width, region.height].map((value) => value * by);
  return [[x, y], [x + width, y], [x + width, y + height], [x, y + height]];
}
