// Both originals side by side, to single pixels, moving together by the map between them.

import { fromCorners, inverse, map, times, turnAt } from "./geometry.js";
import { makeMarkings } from "./markings.js";

function loadViewer(address) {
  // It would write a rule into the page, which no page here allows; this says that it has.
  const written = document.createElementNS(null, "style");
  written.setAttribute("data-openseadragon-mobile-css", "");
  document.head.append(written);
  return new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => done(window.OpenSeadragon);
    script.onerror = failed;
    document.head.append(script);
  });
}

function open(OpenSeadragon, stage, photo) {
  const still = stage.querySelector("img");
  const viewer = OpenSeadragon({
    element: stage,
    drawer: "canvas",
    tileSources: `/v1/photos/${photo}/tiles.dzi`,
    showNavigationControl: false,
    animationTime: 0.3,
    springStiffness: 12,
    visibilityRatio: 0.4,
    minZoomImageRatio: 0.5,
    maxZoomPixelRatio: 8,
    imageSmoothingEnabled: true,
    gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
    preserveViewport: true,
  });
  return new Promise((done) => {
    viewer.addOnceHandler("open", () => done(viewer));
    viewer.addOnceHandler("tile-drawn", () => still.remove()); // it stands in until the first tile
  });
}

/** Replace the still pictures by viewers; returns {zoom(by), whole(), mark(shown)}. */
export async function openOriginals(place, geometry) {
  const OpenSeadragon = await loadViewer(place.dataset.viewer);
  const stages = ["left", "right"].map((id) => place.querySelector(`#${id}`));
  const [left, right] = await Promise.all([
    open(OpenSeadragon, stages[0], place.dataset.reference),
    open(OpenSeadragon, stages[1], place.dataset.query),
  ]);
  const placement = geometry.placement;
  const onLeft = placement && fromCorners(placement.reference_from_frame);
  const onRight = placement && fromCorners(placement.query_from_frame);
  const rightFromLeft = placement ? times(onRight, inverse(onLeft)) : whole(left, right);

  const hand = { on: left }; // the viewer that a person moves; the other follows
  for (const [stage, viewer] of [[stages[0], left], [stages[1], right]]) {
    for (const event of ["pointerdown", "wheel", "keydown", "focusin"]) stage.addEventListener(event, () => { hand.on = viewer; }, { capture: true, passive: true });
  }
  follow(left, right, rightFromLeft, hand);
  follow(right, left, inverse(rightFromLeft), hand);
  const goWhole = () => {
    hand.on = left;
    if (placement) fit(left, onLeft, placement);
    else left.viewport.goHome(true);
  };
  goWhole();

  for (const [stage, viewer] of [[stages[0], left], [stages[1], right]]) tellZoom(stage, viewer);
  const layers = placement ? [mark(left, onLeft, geometry), mark(right, onRight, geometry)] : [];
  return {
    zoom(by) { hand.on.viewport.zoomBy(by); hand.on.viewport.applyConstraints(); },
    whole: goWhole,
    mark(shown) { for (const layer of layers) layer.toggleAttribute("hidden", !shown); },
  };
}

/** Without a map the photos are laid corner on corner. */
function whole(left, right) {
  const [from, to] = [left, right].map((viewer) => viewer.world.getItemAt(0).getContentSize());
  return [[to.x / from.x, 0, 0], [0, to.y / from.y, 0], [0, 0, 1]];
}

/** Let one viewer show what another shows: exactly in the middle, nearly beside it. */
function follow(leader, follower, followerFromLeader, hand) {
  const lead = () => {
    if (hand.on !== leader) return;
    const item = leader.world.getItemAt(0);
    const other = follower.world.getItemAt(0);
    const centre = item.viewportToImageCoordinates(leader.viewport.getCenter(true));
    const { larger, degrees } = turnAt(followerFromLeader, [centre.x, centre.y]);
    const [x, y] = map(followerFromLeader, [centre.x, centre.y]);
    const zoom = item.viewportToImageZoom(leader.viewport.getZoom(true)) / larger;
    follower.viewport.setRotation(leader.viewport.getRotation(true) - degrees, true);
    follower.viewport.zoomTo(other.imageToViewportZoom(zoom), null, true);
    follower.viewport.panTo(other.imageToViewportCoordinates(x, y), true);
  };
  for (const event of ["viewport-change", "resize", "open"]) leader.addHandler(event, lead);
}

function tellZoom(stage, viewer) {
  const told = stage.closest("figure").querySelector("output");
  viewer.addHandler("update-viewport", () => {
    const zoom = viewer.world.getItemAt(0).viewportToImageZoom(viewer.viewport.getZoom(true));
    told.textContent = `${Math.round(zoom * 100)} %`;
  });
}

/** Show the whole item upright. */
function fit(viewer, onImage, placement) {
  const item = viewer.world.getItemAt(0);
  const middle = [placement.width / 2, placement.height / 2];
  const { larger, degrees } = turnAt(onImage, middle);
  const [x, y] = map(onImage, middle);
  const size = viewer.viewport.getContainerSize();
  const share = 1.08 * larger * Math.max(placement.width / size.x, placement.height / size.y);
  viewer.viewport.setRotation(-degrees, true);
  viewer.viewport.zoomTo(item.imageToViewportZoom(1 / share), null, true);
  viewer.viewport.panTo(item.imageToViewportCoordinates(x, y), true);
}

function mark(viewer, onImage, geometry) {
  const { layer, draw } = makeMarkings(geometry);
  viewer.canvas.append(layer);
  const redraw = () => {
    const item = viewer.world.getItemAt(0);
    draw((point) => {
      const [x, y] = map(onImage, point);
      const at = viewer.viewport.pixelFromPoint(item.imageToViewportCoordinates(x, y), true);
      return [at.x, at.y];
    });
  };
  viewer.addHandler("update-viewport", redraw);
  redraw();
  return layer;
}
