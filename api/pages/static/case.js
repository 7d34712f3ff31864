// A claim's page: the customer's photos, dropped, pasted or picked, many at once.

import { tell } from "./calls.js";
import { enqueue, events, shots } from "./shots.js";

const form = document.getElementById("add");

/** Keep the photos in this browser and send them, each as what the form says that it shows. */
async function add(files) {
  const photos = [...files].filter((file) => file.size > 0);
  for (const file of photos) {
    await enqueue({
      path: form.dataset.path,
      fields: { view: form.elements.view.value, role: form.elements.role.value },
      blob: file,
      name: file.name,
      by: form.dataset.by,
    });
  }
  if (photos.length) tell(form.dataset.waiting.replace("#", photos.length));
}

if (form) {
  const picker = form.elements.files;
  picker.addEventListener("change", async () => { await add(picker.files); picker.value = ""; });
  for (const event of ["dragover", "dragenter"]) form.addEventListener(event, (told) => { told.preventDefault(); form.classList.add("over"); });
  for (const event of ["dragleave", "drop"]) form.addEventListener(event, () => form.classList.remove("over"));
  form.addEventListener("drop", (event) => { event.preventDefault(); add(event.dataTransfer.files); });
  document.addEventListener("paste", (event) => { if (event.clipboardData.files.length) add(event.clipboardData.files); });
  form.addEventListener("submit", (event) => event.preventDefault());
}

// Once the last photo of this claim is there, the page shows them and what they say. What somebody
// is typing is not lost for it: then a button asks.
let taken = 0;
events.addEventListener("taken", ({ detail }) => { if (detail.shot.path === form?.dataset.path) taken += 1; });
events.addEventListener("changed", async () => {
  const left = (await shots()).filter((shot) => shot.path === form?.dataset.path && shot.state === "waiting");
  if (!taken || left.length) return;
  const typed = [...document.querySelectorAll("textarea, input[type=text]")].some((field) => field.value.trim());
  if (!typed) location.reload();
  else document.getElementById("again").hidden = false;
});
document.getElementById("again")?.addEventListener("click", () => location.reload());
