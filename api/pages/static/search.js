// Search by photo: send one, show what was found and what was only looked at.

import { call, clearRefusal, showRefusal } from "./calls.js";

const form = document.getElementById("search");
const state = document.getElementById("state");
const results = document.getElementById("results");
const hit = document.getElementById("hit");
let latest = 0;
let sent = null; // the photo, to search for it again in another way

async function search(file) {
  if (!file) return;
  sent = file;
  const mine = ++latest; // a later photo makes an earlier answer void
  clearRefusal(form);
  results.hidden = true;
  state.textContent = state.dataset.searching;
  const body = new FormData();
  body.append("file", file, "photo");
  const order = form.elements.exclude_order.value.trim();
  if (order) body.append("exclude_order", order);
  body.append("examine", form.elements.examine.checked);
  const answer = await call("POST", "/v1/search", { form: body });
  if (mine !== latest) return;
  state.textContent = "";
  if (answer.status !== 200) return showRefusal(form, answer);
  const probe = document.getElementById("probe");
  URL.revokeObjectURL(probe.src);
  probe.src = URL.createObjectURL(file);
  for (const list of results.querySelectorAll("[data-list]")) list.replaceChildren(...answer.body[list.dataset.list].map(draw));
  document.getElementById("none").hidden = answer.body.found.length > 0;
  results.hidden = false;
  document.getElementById("found").scrollIntoView({ block: "nearest" });
}

function draw(one) {
  const words = hit.dataset;
  const place = hit.content.cloneNode(true);
  const link = place.querySelector("a");
  link.textContent = `${words[one.owner]} ${one.owner_id}`;
  link.href = `/${one.owner}s/${encodeURIComponent(one.owner_id)}`;
  if (one.order_id) place.querySelector(".order").textContent = words.order.replace("#", one.order_id);
  const verdict = words[one.verdict.replace(/_(\w)/g, (_, letter) => letter.toUpperCase())];
  place.querySelector(".told").textContent = one.identical ? words[one.identical] : verdict;
  place.querySelector(".near").textContent = words.bits.replace("#", one.distance);
  const image = place.querySelector("img");
  image.src = `/v1/photos/${one.photo_id}/picture?width=160`;
  image.alt = link.textContent;
  return place;
}

form.elements.file.addEventListener("change", () => { search(form.elements.file.files[0]); form.elements.file.value = ""; });
for (const how of ["exclude_order", "examine"]) form.elements[how].addEventListener("change", () => search(sent));
form.addEventListener("submit", (event) => event.preventDefault());
for (const event of ["dragover", "dragenter"]) form.addEventListener(event, (told) => { told.preventDefault(); form.classList.add("over"); });
for (const event of ["dragleave", "drop"]) form.addEventListener(event, () => form.classList.remove("over"));
form.addEventListener("drop", (event) => { event.preventDefault(); search(event.dataTransfer.files[0]); });
document.addEventListener("paste", (event) => search(event.clipboardData.files[0]));
