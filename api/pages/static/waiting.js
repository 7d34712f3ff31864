// The bar of shots that wait, alike on every page of the dock.

import { refusal } from "./calls.js";
import { adopt, events, remove, send, shots } from "./shots.js";

const bar = document.getElementById("waiting");
const words = bar.dataset;
const row = document.getElementById("waiting-shot").content;
const rows = new Map(); // id of a shot -> its <li>

async function show() {
  const all = await shots();
  bar.hidden = !all.length;
  bar.dataset.shots = all.length;
  say(document.getElementById("waiting-count"), count(all));
  const there = new Set(all.map((shot) => shot.id));
  for (const [id, place] of rows) if (!there.has(id)) { place.remove(); rows.delete(id); }
  for (const shot of all) draw(shot);
  bar.querySelector("#waiting-send").hidden = !all.some((shot) => shot.state === "waiting" && !isOther(shot));
}

function count(all) {
  const own = all.filter((shot) => !isOther(shot));
  const told = [
    [own.filter((shot) => shot.state === "waiting").length, words.one, words.many],
    [own.filter((shot) => shot.state === "refused").length, words.refusedOne, words.refusedMany],
    [all.length - own.length, words.others, words.others],
  ];
  return told.filter(([n]) => n).map(([n, one, many]) => (n === 1 ? one : many).replace("{n}", n)).join(words.join);
}

function draw(shot) {
  let place = rows.get(shot.id);
  if (!place) {
    place = row.cloneNode(true).firstElementChild;
    place.querySelector(".adopt").addEventListener("click", () => adopt(shot.id, words.by));
    place.querySelector(".remove").addEventListener("click", () => { if (confirm(words.sure)) remove(shot.id); });
    rows.set(shot.id, place);
    bar.querySelector(".waiting-shots").append(place);
  }
  const view = shot.fields.view ?? "";
  say(place.querySelector(".name"), [words[`view${view.slice(0, 1).toUpperCase()}${view.slice(1)}`] ?? view, shot.name].filter(Boolean).join(" "));
  say(place.querySelector(".owner"), decodeURIComponent(shot.path.split("/").slice(2, -1).join("/")));
  say(place.querySelector(".state"), told(shot));
  place.querySelector(".state").className = `state ${shot.state === "refused" ? "bad" : "faint"}`;
  place.querySelector("progress").hidden = !shot.sending;
  const other = isOther(shot);
  place.querySelector(".adopt").hidden = !other;
  place.querySelector(".remove").hidden = !(shot.state === "refused" || other);
}

function told(shot) {
  if (shot.state === "refused") return refusal({ status: shot.status, body: shot.problem }).join(" ");
  if (isOther(shot)) return words.ofOther.replaceAll("{name}", shot.by);
  if (shot.sending) return words.sending;
  if (shot.status === 0) return words.offline;
  if (shot.status === 401) return words.signedOut;
  return shot.status === null ? words.waiting : words.later;
}

function isOther(shot) { return Boolean(shot.by) && shot.by !== words.by; }

function say(place, text) { if (place.textContent !== text) place.textContent = text; } // nothing is read out twice

events.addEventListener("changed", show);
events.addEventListener("progress", ({ detail }) => {
  const progress = rows.get(detail.id)?.querySelector("progress");
  if (progress) progress.value = detail.share;
});
document.getElementById("waiting-send").addEventListener("click", send);
show();
