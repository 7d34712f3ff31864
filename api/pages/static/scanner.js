// Read a code with the camera: frames go to the service until one says an id that it knows.

import { call } from "./calls.js";
import { openCamera, stopCamera } from "./camera.js";

const EVERY = 500; // ms from frame to frame
const LONG_SIDE = 1280; // pixels of a frame; a code of 2 cm is read from 30 cm away
const opener = document.getElementById("scan-open");
const dialog = document.getElementById("scan");
const video = document.getElementById("scan-video");
const told = document.getElementById("scan-told");
const field = document.getElementById("q");

const LEADS = { // by the page: the calls that know a text, and where it leads then
  item: [
    { call: (text) => `/v1/items/${text}`, found: () => true, to: (text) => `/items/${text}` },
    { call: (text) => `/v1/items?limit=1&order_id=${text}`, found: (body) => body.items.length, to: (text) => `/packing?q=${text}` },
  ],
  claim: [
    { call: (text) => `/v1/claims/${text}`, found: () => true, to: (text) => `/parcels?q=${text}` },
    { call: (text) => `/v1/items/${text}`, found: () => true, to: (text) => `/parcels?q=${text}` },
    { call: (text) => `/v1/items?limit=1&order_id=${text}`, found: (body) => body.items.length, to: (text) => `/parcels?q=${text}` },
    { call: (text) => `/v1/claims?limit=1&order_id=${text}`, found: (body) => body.claims.length, to: (text) => `/parcels?q=${text}` },
  ],
};
const ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/; // what the service takes for an id

async function placeOf(text) {
  if (!ID.test(text)) return null;
  for (const lead of LEADS[opener.dataset.leads]) {
    const answer = await call("GET", lead.call(encodeURIComponent(text)));
    if (answer.status === 200 && lead.found(answer.body)) return lead.to(encodeURIComponent(text));
  }
  return null;
}

async function look() {
  const canvas = document.createElement("canvas");
  const unknown = new Set();
  while (dialog.open && video.videoWidth) {
    const began = performance.now();
    const scale = Math.min(1, LONG_SIDE / Math.max(video.videoWidth, video.videoHeight));
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
    const form = new FormData();
    form.append("file", await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8)), "frame");
    const answer = await call("POST", "/v1/codes", { form });
    if (!dialog.open) return;
    if (answer.status === 0) told.textContent = told.dataset.offline;
    for (const { text } of answer.body?.codes ?? []) {
      if (unknown.has(text)) continue;
      const place = await placeOf(text);
      if (place) { location.assign(place); dialog.close(); return; }
      unknown.add(text);
      told.textContent = told.dataset.unknown.replace("{text}", text);
    }
    await new Promise((done) => setTimeout(done, Math.max(0, EVERY - (performance.now() - began))));
  }
}

opener.hidden = !navigator.mediaDevices?.getUserMedia; // only over https, and not in every browser
opener.addEventListener("click", async () => {
  dialog.showModal();
  told.textContent = told.dataset.looking;
  const problem = await openCamera(video);
  if (problem) told.textContent = told.dataset[problem] ?? told.dataset.none;
  else look();
});
dialog.addEventListener("close", () => { stopCamera(video); field.focus(); });
// Wherever the focus is, what a scanner types belongs into the field.
document.addEventListener("keydown", (event) => {
  const free = document.activeElement === document.body || document.activeElement === null;
  if (free && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) { field.value = ""; field.focus(); }
});
field.select();
