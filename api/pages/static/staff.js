// A one-time password or a key is shown once; then the page is read anew.

const dialog = document.getElementById("secret");

document.addEventListener("answered", ({ target, detail }) => {
  if (!("secret" in target.dataset)) return;
  const person = detail.staff !== undefined;
  const name = person ? detail.staff.name : detail.key.name;
  const when = person ? new Date(detail.use_by).toLocaleString(document.documentElement.lang, { timeZone: dialog.dataset.zone, dateStyle: "long", timeStyle: "short" }) : "";
  const words = person ? dialog.dataset.password : dialog.dataset.key;
  document.getElementById("secret-of").textContent = words.replace("#", () => name).replace("@", () => when);
  document.getElementById("secret-itself").textContent = person ? detail.one_time_password : detail.api_key;
  dialog.showModal();
});
dialog.addEventListener("cancel", (event) => event.preventDefault()); // Escape would lose what is shown once
dialog.addEventListener("close", () => location.reload());
