// Register an item by hand: only a new one, never over what is known.

import { clearRefusal, showRefusal } from "./calls.js";
import { readSession } from "./session.js";

const form = document.getElementById("register");

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const of = (name) => form.elements[name].value.trim();
  const size = [Number(of("width")), Number(of("height"))];
  const item = {
    order_id: of("order_id"), sku: of("sku"), title: of("title"), kind: of("kind"),
    declared_value: { amount: of("amount"), currency: of("currency") },
    high_value: form.elements.high_value.checked,
    size_mm: size[0] && size[1] ? size : null,
  };
  const place = `/items/${encodeURIComponent(of("item_id"))}`;
  const answer = await put(`/v1${place}`, item);
  clearRefusal(form);
  if (answer.status === 201) location.assign(place);
  else if (answer.status === 412) tellThere(place);
  else showRefusal(form, answer);
});

async function put(path, item) {
  const { status, token } = await readSession();
  if (status !== 200) return { status, body: null };
  const headers = { "Content-Type": "application/json", "X-CSRF-Token": token, "If-None-Match": "*" };
  try {
    const answer = await fetch(path, { method: "PUT", headers, body: JSON.stringify(item) });
    return { status: answer.status, body: await answer.json().catch(() => null) };
  } catch {
    return { status: 0, body: null };
  }
}

function tellThere(place) {
  const box = document.createElement("p");
  box.className = "refusal";
  box.setAttribute("role", "alert");
  const link = document.createElement("a");
  link.href = place;
  link.textContent = form.dataset.open;
  box.append(form.dataset.exists, " ", link);
  form.append(box);
}
