// The queue of shots: kept in this browser first, then sent, until the service has them.
//
// A shot waits through lost connections, closed pages and a busy service, and goes on by itself. What
// the service refuses stays with its reason until a person removes it. It is sent in the name of the
// person who took it, by whichever page of ours is open. Sent twice, it is one photo.

import { change, drop, keep, list } from "./shot-store.js";
import { readSession } from "./session.js";

const FIRST_PAUSE = 2000; // ms before it is tried again; doubled each time
const LONGEST_PAUSE = 60000; // ms
const PATIENCE = 120000; // ms without an answer; a worker is given less (limits.seconds)
const LATER = new Set([0, 401, 408, 425, 429, 502, 503, 504, 507]); // nothing goes through now

export const events = new EventTarget(); // "changed", "progress" {id, share}, "taken" {shot, body}
const tabs = "BroadcastChannel" in window ? new BroadcastChannel("photo-evidence-shots") : null;
let running = false;
let again = false;
let pause = FIRST_PAUSE;
let timer;
let waiting = 0;
let sending = null; // id of the shot on its way

/** Keep a shot and send it; returns whether the browser keeps it, else it lives as long as the page.

    path: the call that takes it, such as /v1/items/x/photos; fields: of its form, beside the file;
    blob: the photo; name: what people know it by, or empty; by: who took it, the person on the page. */
export async function enqueue({ path, fields, blob, name = "", by = document.getElementById("waiting")?.dataset.by ?? "" }) {
  const shot = { path, fields, blob, name, by, key: newKey(), state: "waiting", status: null, problem: null, added: Date.now() };
  const { kept } = await keep(shot);
  await changed();
  send();
  return kept;
}

/** List all shots of this browser; `sending` is on its way now. */
export async function shots() {
  return (await list()).map((shot) => ({ ...shot, sending: shot.id === sending }));
}

/** Send in the name of the person signed in now what another one took. */
export async function adopt(id, name) {
  const shot = (await list()).find((one) => one.id === id);
  if (!shot) return;
  await change({ ...shot, by: name, state: "waiting" });
  await changed();
  send();
}

/** Give up a shot for good. */
export async function remove(id) {
  await drop(id);
  await changed();
}

/** Send what waits, now. */
export async function send() {
  clearTimeout(timer);
  if (running) { again = true; return; }
  running = true;
  again = false;
  try {
    if (navigator.locks) await navigator.locks.request("photo-evidence-shots", sendAll); // one page at a time
    else await sendAll();
  } finally {
    running = false;
    await changed();
  }
  if (again) send();
  else if (await isDue()) { timer = setTimeout(send, pause); pause = Math.min(pause * 2, LONGEST_PAUSE); }
}

let person = "";

async function isDue() {
  return (await list()).some((shot) => shot.state === "waiting" && (!person || isTheirs(shot)));
}

function isTheirs(shot) { return !shot.by || shot.by === person; }

async function sendAll() {
  const tried = new Set();
  for (;;) {
    const next = (await list()).find((shot) => shot.state === "waiting" && !tried.has(shot.id) && (!person || isTheirs(shot)));
    if (!next) return;
    const session = await readSession();
    if (session.status !== 200) { await note(next, session.status, null); return; }
    person = session.name;
    if (!isTheirs(next)) continue;
    tried.add(next.id);
    sending = next.id;
    await changed();
    const answer = await post(next, session.token);
    sending = null;
    if (answer.status >= 200 && answer.status < 300) {
      pause = FIRST_PAUSE;
      await drop(next.id);
      tabs?.postMessage({ path: next.path });
      events.dispatchEvent(new CustomEvent("taken", { detail: { shot: next, body: answer.body } }));
    } else {
      await note(next, answer.status, answer.body);
      if (LATER.has(answer.status)) return;
    }
  }
}

/** Write down what became of a try; a shot that was removed meanwhile stays removed. */
async function note(shot, status, problem) {
  if (!(await list()).some((one) => one.id === shot.id)) return;
  const state = LATER.has(status) || status >= 500 ? "waiting" : "refused";
  await change({ ...shot, state, status, problem });
  await changed();
}

function post(shot, token) {
  const form = new FormData();
  for (const [name, value] of Object.entries(shot.fields)) if (value) form.append(name, value);
  form.append("file", shot.blob, "photo"); // its name is nobody's business
  return new Promise((resolve) => {
    const request = new XMLHttpRequest(); // tells how far it is, which fetch does not
    request.open("POST", shot.path);
    request.timeout = PATIENCE;
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRF-Token", token);
    request.setRequestHeader("Idempotency-Key", shot.key);
    request.upload.onprogress = (event) => {
      const share = event.lengthComputable ? event.loaded / event.total : 0;
      events.dispatchEvent(new CustomEvent("progress", { detail: { id: shot.id, share } }));
    };
    request.onload = () => resolve({ status: request.status, body: read(request.responseText) });
    request.onerror = request.ontimeout = request.onabort = () => resolve({ status: 0, body: null });
    request.send(form);
  });
}

function read(text) {
  try { return JSON.parse(text); } catch { return null; }
}

async function changed(told = false) {
  waiting = (await list()).filter((shot) => shot.state === "waiting").length;
  events.dispatchEvent(new Event("changed"));
  if (!told) tabs?.postMessage({});
}

function newKey() { // crypto.randomUUID is there on https alone
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

tabs?.addEventListener("message", async ({ data }) => {
  await changed(true);
  if (data.path) events.dispatchEvent(new CustomEvent("taken", { detail: { shot: { path: data.path, fields: {} }, body: null } }));
});
function retry() { pause = FIRST_PAUSE; send(); }
window.addEventListener("online", retry);
document.addEventListener("visibilitychange", () => { if (!document.hidden) retry(); });
window.addEventListener("beforeunload", (event) => { if (waiting) event.preventDefault(); });

changed(true).then(() => { if (waiting) send(); });
