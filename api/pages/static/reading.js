// A second reading: a photo of each side, large and beside one another.

const dialog = document.getElementById("large");
const shown = { left: null, right: null }; // the photo of each side that was looked at last
const sides = Object.keys(shown);
const buttons = [...document.querySelectorAll("#photos [data-photo]")];

function draw(side) {
  const image = dialog.querySelector(`#${side}`);
  image.src = `/v1/photos/${shown[side].dataset.photo}/picture?width=1280`;
  image.alt = shown[side].dataset.name;
  image.closest("figure").querySelector("figcaption").textContent = shown[side].dataset.name;
}

for (const button of buttons) {
  button.addEventListener("click", () => {
    for (const side of sides) shown[side] ??= buttons.find((one) => one.dataset.side === side) ?? null;
    shown[button.dataset.side] = button;
    for (const side of sides) if (shown[side]) draw(side);
    dialog.showModal();
  });
}
