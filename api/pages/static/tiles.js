// The tiles of what was taken: made by the service, with the shots of this browser that wait.

import { events, shots } from "./shots.js";

const place = document.getElementById("shots");
const pictures = new Map(); // id of a waiting shot -> address of its picture here
const came = new Set(); // views that the service took from this page, before their tiles are anew
let here = ""; // the call that takes this page's shots

async function waitingHere() {
  return (await shots()).filter((shot) => shot.path === here && shot.state === "waiting");
}

/** Show the tiles anew whenever something came in, and the waiting shots in them. */
export function showTiles({ path, queued, onChange }) {
  here = path;
  async function showWaiting() {
    const mine = await waitingHere();
    for (const old of place.querySelectorAll(".queued")) old.remove();
    for (const shot of mine) tileOf(shot.fields.view)?.querySelector("h3").after(pictureOf(shot, queued));
    for (const [id, address] of pictures) if (!mine.some((shot) => shot.id === id)) { URL.revokeObjectURL(address); pictures.delete(id); }
    const seal = document.getElementById("seal");
    if (seal) holdSeal(seal, mine.length);
    onChange();
  }
  events.addEventListener("changed", showWaiting);
  events.addEventListener("taken", async ({ detail }) => {
    if (detail.shot.path !== path) return;
    came.add(detail.shot.fields.view);
    await reload();
    await showWaiting();
  });
  showWaiting();
}

/** List the needed and advised views that nobody has taken, in order. */
export async function missing() {
  const taken = new Set([...came, ...(await waitingHere()).map((shot) => shot.fields.view)]);
  const tiles = [...place.querySelectorAll("[data-view]")];
  return tiles.filter((tile) => tile.dataset.rank !== "more" && tile.dataset.taken === "0" && !taken.has(tile.dataset.view)).map((tile) => tile.dataset.view);
}

export function views() {
  return [...place.querySelectorAll("[data-view]")].map((tile) => tile.dataset.view);
}

export function markTile(view) {
  for (const tile of place.querySelectorAll("[data-view]")) {
    tile.classList.toggle("now", tile.dataset.view === view);
    tile.querySelector("[data-choose]")?.toggleAttribute("data-now", tile.dataset.view === view);
  }
}

function tileOf(view) {
  return views().includes(view) ? place.querySelector(`[data-view="${view}"]`) : null;
}

function pictureOf(shot, queued) {
  if (!pictures.has(shot.id)) pictures.set(shot.id, URL.createObjectURL(shot.blob));
  const box = document.createElement("div");
  box.className = "taken queued";
  const picture = document.createElement("img");
  picture.src = pictures.get(shot.id);
  picture.alt = shot.name;
  const text = document.createElement("p");
  text.className = "faint";
  text.textContent = queued;
  box.append(picture, text);
  return box;
}

let asked = 0;

async function reload() {
  const number = (asked += 1);
  const answer = await fetch(place.dataset.from, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok || answer.redirected || number !== asked) return; // an older answer changes nothing
  const chosen = document.activeElement?.dataset?.choose;
  place.innerHTML = await answer.text(); // a template of our own, escaped there
  if (chosen) place.querySelector(`[data-choose="${chosen}"]`)?.focus();
}

/** What is on its way belongs to the set: it is sealed after that. */
function holdSeal(form, waits) {
  const button = form.querySelector("button:not([type])");
  if (!button) return;
  button.disabled = waits > 0;
  let note = form.querySelector(".sending");
  if (!note) { note = document.createElement("p"); note.className = "hint sending"; form.append(note); }
  note.textContent = waits ? form.dataset.sending : "";
}
