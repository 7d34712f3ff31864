// What every page does: forms become calls, parts are loaded behind, texts are copied.

import { call, clearRefusal, showRefusal, tell } from "./calls.js";

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.dataset.call) return;
  event.preventDefault();
  if (form.dataset.busy) return;
  const [method, path] = form.dataset.call.split(" ");
  const button = event.submitter ?? form.querySelector("button");
  const words = button?.textContent;
  form.dataset.busy = "1";
  form.dataset.key ??= newKey(); // sent twice, it has one effect
  if (button) { button.setAttribute("aria-disabled", "true"); button.textContent = document.getElementById("refused").dataset.working; }
  const json = method === "DELETE" ? undefined : read(form, event.submitter);
  const answer = await call(method, fill(path, form), { json, etag: form.dataset.etag, key: form.dataset.nokey === undefined && method === "POST" ? form.dataset.key : undefined });
  delete form.dataset.busy;
  if (button) { button.removeAttribute("aria-disabled"); button.textContent = words; }
  if (answer.status < 200 || answer.status >= 300) {
    if (answer.status !== 0) delete form.dataset.key; // corrected, it is another request
    showRefusal(form, answer);
    return;
  }
  clearRefusal(form);
  delete form.dataset.key;
  form.dispatchEvent(new CustomEvent("answered", { bubbles: true, detail: answer.body }));
  if (form.dataset.done) tell(form.dataset.done);
  if (form.dataset.then === "reload") location.reload();
  else if (form.dataset.then) location.assign(fill(form.dataset.then, form));
});

/** Return 128 random bits; crypto.randomUUID is there on https alone. */
function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Put a form's own fields into an address, such as /v1/claims/{claim_id}. */
function fill(path, form) {
  return path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(form.elements[name]?.value ?? ""));
}

/** Read a form as JSON: dots make objects, empty fields stay out, `data-as` says the kind. */
function read(form, submitter) {
  const found = {};
  for (const field of form.elements) {
    if (!field.name || field.disabled || "inPath" in field.dataset) continue;
    if (field.type === "radio" && !field.checked) continue;
    if (field.tagName === "BUTTON" && field !== submitter) continue;
    const value = valueOf(field);
    if (value === undefined) continue;
    const path = field.name.split(".");
    const last = path.pop();
    path.reduce((place, name) => (place[name] ??= {}), found)[last] = value;
  }
  return found;
}

function valueOf(field) {
  if (field.type === "checkbox") return field.checked;
  if (field.value.trim() === "") return undefined;
  if (field.dataset.as === "boolean") return field.value === "true";
  if (field.dataset.as === "number") return Number(field.value);
  if (field.dataset.as === "list") return field.value.split(" ");
  if (field.type === "datetime-local") return inZone(field.value, field.dataset.zone);
  return field.value.trim();
}

/** Return a wall-clock time of a zone with its offset from UTC at that time. */
export function inZone(local, zone) {
  const wanted = Date.parse(`${local}Z`);
  const shown = (at) => {
    const parts = new Intl.DateTimeFormat("en-CA", { timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" }).formatToParts(at);
    const of = (type) => parts.find((one) => one.type === type).value;
    return Date.parse(`${of("year")}-${of("month")}-${of("day")}T${of("hour")}:${of("minute")}Z`);
  };
  let offset = shown(wanted) - wanted; // once more, for the hours beside a change of the clocks
  offset = shown(wanted - offset) - (wanted - offset);
  const minutes = Math.round(offset / 60000);
  const two = (value) => String(Math.floor(Math.abs(value))).padStart(2, "0");
  return `${local}:00${minutes < 0 ? "-" : "+"}${two(minutes / 60)}:${two(minutes % 60)}`;
}

/** Load a part of a page that takes longer than the rest. */
export async function load(place) {
  place.setAttribute("aria-busy", "true");
  let answer;
  try {
    answer = await fetch(place.dataset.load, { headers: { Accept: "text/html" } });
  } catch {
    answer = null;
  }
  place.removeAttribute("aria-busy");
  if (answer?.ok && !answer.redirected) {
    place.innerHTML = await answer.text(); // a template of our own, escaped there
    place.dispatchEvent(new CustomEvent("loaded", { bubbles: true }));
  } else {
    showRefusal(place, { status: answer?.redirected ? 401 : answer?.status ?? 0, body: null });
  }
}

for (const place of document.querySelectorAll("[data-load]")) load(place);

async function copy(place) {
  if (navigator.clipboard) return navigator.clipboard.writeText(place.textContent);
  getSelection().selectAllChildren(place); // without https there is only the old way
  document.execCommand("copy");
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) {
    await copy(document.getElementById(button.dataset.copy));
    tell(document.getElementById("refused").dataset.copied);
  }
  const printer = event.target.closest("[data-print]");
  if (printer) window.print();
  const opener = event.target.closest("[data-dialog]");
  if (opener) document.getElementById(opener.dataset.dialog).showModal();
  const closer = event.target.closest("[data-close]");
  if (closer) closer.closest("dialog").close();
});

// One menu at a time, and Escape closes it.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) { menu.open = false; menu.querySelector("summary").focus(); }
});
