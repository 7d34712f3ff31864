// Taking photos: by the live camera, from files, or from a tethered camera's folder.

import { takeStill } from "./camera.js";
import { canWatch, watchFolder } from "./folder.js";
import { Live } from "./live.js";
import { enqueue, events } from "./shots.js";
import { sortFiles } from "./sorting.js";
import { markTile, missing, showTiles, views } from "./tiles.js";

const place = document.getElementById("capture");
const by = document.getElementById("waiting").dataset.by;
const at = (id) => document.getElementById(id);

const remembered = { // in this browser
  get: (name) => { try { return localStorage.getItem(`dock-${name}`) ?? ""; } catch { return ""; } },
  set: (name, value) => { try { localStorage.setItem(`dock-${name}`, value); } catch { /* a private window */ } },
};

function start() {
  const words = place.dataset;
  const size = words.width ? [Number(words.width), Number(words.height)] : null;
  const live = new Live(at("live"), at("guide"), { size, onHint: tellHint, onReady: () => { if (at("auto").checked) shoot(); } });
  let view = "";
  let busy = false;
  let watching = null;

  const nameOf = (one) => [...at("view").options].find((option) => option.value === one)?.textContent ?? one;
  const say = (text) => { at("said").textContent = text; };

  function choose(wanted) {
    view = wanted;
    live.view = wanted;
    live.good = 0;
    at("view").value = wanted;
    at("how").textContent = at("how").dataset[wanted] ?? "";
    markTile(wanted);
  }

  /** Keep a photo of a view in the queue; then the next missing view is up. */
  async function take(blob, { of, name = "", capturedAt = "" }) {
    const fields = { view: of, station: at("station").value.trim(), captured_at: capturedAt };
    const kept = await enqueue({ path: words.path, fields, blob, name, by });
    if (!kept) say(words.notKept);
    return kept;
  }

  async function goOn(taken) {
    const next = (await missing())[0];
    if (next) { choose(next); say(words.turn.replace("{view}", nameOf(next))); } else say(`${words.taken.replace("{view}", nameOf(taken))} ${words.allTaken}`);
  }

  async function shoot() {
    if (busy || at("camera").hidden) return;
    busy = true;
    at("camera").classList.add("flash");
    navigator.vibrate?.(40); // felt through gloves
    live.taken();
    await ready;
    const of = view;
    try {
      const still = await takeStill(at("live"));
      if (await take(still, { of, capturedAt: new Date().toISOString() })) await goOn(of);
    } catch {
      say(words.cameraBusy);
    } finally {
      busy = false;
      at("camera").classList.remove("flash");
    }
  }

  function tellHint(code) {
    const text = words[`hint${code.split("_").map((part) => part[0].toUpperCase() + part.slice(1)).join("")}`];
    if (at("live-hint").textContent !== text) at("live-hint").textContent = text;
    at("live-hint").classList.toggle("well", code === "ready");
  }

  const ready = missing().then((lacking) => { if (!view) choose(lacking[0] ?? views()[0]); });

  async function takeFiles(list) {
    const picked = [...list]; // the browser empties what was dropped
    await ready;
    const files = picked.filter((file) => {
      const photo = !file.type || file.type.startsWith("image/"); // some systems give no type: the service judges the bytes
      if (!photo) say(words.noPhoto.replace("{name}", file.name));
      return photo;
    });
    if (!files.length) return;
    const order = [view, ...(await missing()).filter((one) => one !== view)];
    const proposed = files.map((_, index) => order[index] ?? "other");
    const sorted = files.length === 1 ? [{ file: files[0], view }] : await sortFiles(files, proposed);
    let kept = true;
    for (const { file, view: of } of sorted) kept = (await take(file, { of, name: file.name })) && kept;
    if (sorted.length && kept) await goOn(sorted.at(-1).view);
  }

  async function switchCamera(open) {
    const button = at("camera-switch");
    if (!open) live.close();
    const problem = open ? await live.open() : "";
    const on = open && !problem;
    at("camera").hidden = at("shutter").hidden = at("space").hidden = !on;
    button.setAttribute("aria-pressed", on);
    button.textContent = on ? words.cameraClose : words.cameraOpen;
    remembered.set("camera", on ? "on" : "");
    if (problem) say(words[`camera${problem[0].toUpperCase()}${problem.slice(1)}`]);
    return on;
  }

  async function switchFolder() {
    if (watching) {
      watching.stop();
      watching = null;
    } else {
      watching = await watchFolder({
        onPhoto: async (file) => {
          const of = view;
          if (await take(file, { of, name: file.name, capturedAt: new Date(file.lastModified).toISOString() })) await goOn(of);
        },
        onLost: () => { watching = null; tellFolder(words.folderLost); },
      });
    }
    tellFolder(watching ? words.folderWatching.replace("{name}", watching.name) : "");
  }

  const folderWords = at("folder").textContent;
  function tellFolder(text) {
    at("folder").textContent = watching ? at("folder").dataset.stop : folderWords;
    at("folder-told").textContent = text;
  }

  at("view").addEventListener("change", () => choose(at("view").value));
  at("shots").addEventListener("click", async (event) => {
    const button = event.target.closest("[data-choose]");
    if (!button) return;
    choose(button.dataset.choose);
    place.scrollIntoView({ block: "start" });
    say(words.now.replace("{view}", nameOf(view)));
    if (at("camera").hidden && !(await switchCamera(true))) at("files").focus();
    else at("shutter").focus();
  });
  at("shutter").addEventListener("click", shoot);
  at("camera-switch").addEventListener("click", () => switchCamera(at("camera").hidden));
  document.addEventListener("keydown", (event) => {
    if (event.key !== " " || event.repeat || at("camera").hidden || event.target.closest("button, a, input, select, textarea, summary, dialog")) return;
    event.preventDefault();
    shoot();
  });
  const chosen = async () => { await takeFiles(at("files").files); at("files").value = ""; };
  at("files").addEventListener("change", chosen);
  at("auto").checked = remembered.get("auto") === "on";
  at("auto").addEventListener("change", () => { live.good = 0; remembered.set("auto", at("auto").checked ? "on" : ""); });
  at("station").value = remembered.get("station");
  at("station").addEventListener("change", () => remembered.set("station", at("station").value.trim()));
  for (const name of ["dragenter", "dragover"]) document.addEventListener(name, (event) => { event.preventDefault(); at("drop").classList.add("over"); });
  for (const name of ["dragleave", "drop"]) document.addEventListener(name, (event) => { event.preventDefault(); at("drop").classList.remove("over"); });
  document.addEventListener("drop", (event) => takeFiles(event.dataTransfer.files));
  if (canWatch()) at("folder").addEventListener("click", switchFolder);
  else { at("folder").disabled = true; at("folder-told").textContent = words.folderCannot; }
  events.addEventListener("taken", ({ detail }) => {
    if (detail.shot.path !== words.path || !detail.body) return;
    const lacks = detail.body.shortfalls.map((one) => one[document.documentElement.lang]).join(" ");
    say((lacks ? words.answerLacks : words.answerGood).replace("{view}", nameOf(detail.body.view)).replace("{shortfalls}", lacks));
  });
  window.addEventListener("pagehide", () => live.close());
  if (remembered.get("camera")) switchCamera(true);
  showTiles({ path: words.path, queued: words.queued, onChange: () => markTile(view) });
  if (at("files").files.length) chosen(); // before this script was there
}

// The catalogue's answer is known with the photo's: it is shown anew.
const packed = at("packed");
if (packed) {
  const { load } = await import("./page.js");
  events.addEventListener("taken", ({ detail }) => { if (detail.shot.path === place?.dataset.path) load(packed); });
}
if (place) start();
