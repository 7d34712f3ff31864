// Several files at once: which view is each? Proposed in the order of what is missing.

const dialog = document.getElementById("sorting");
const list = dialog?.querySelector("ul");

/** Ask; resolves to [{file, view}], empty if the person gave up. */
export function sortFiles(files, proposed) {
  const options = document.getElementById("view").options;
  const addresses = files.map((file) => URL.createObjectURL(file));
  const choices = files.map((file, index) => rowOf(file, addresses[index], options, proposed[index]));
  list.replaceChildren(...choices.map(({ row }) => row));
  dialog.returnValue = "";
  dialog.showModal();
  dialog.querySelector('button[value="take"]').focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      addresses.forEach((address) => URL.revokeObjectURL(address));
      resolve(dialog.returnValue === "take" ? files.map((file, index) => ({ file, view: choices[index].select.value })) : []);
    }, { once: true });
  });
}

function rowOf(file, address, options, view) {
  const row = document.createElement("li");
  row.className = "shot";
  const picture = document.createElement("img"); // HEIC stays blank in most browsers: the name is there
  picture.src = address;
  picture.alt = "";
  const label = document.createElement("label");
  const name = document.createElement("span");
  name.className = "id";
  name.textContent = file.name;
  const select = document.createElement("select");
  for (const { value, textContent } of options) select.add(new Option(textContent, value, false, value === view));
  label.append(name, select);
  row.append(picture, label);
  return { row, select };
}
