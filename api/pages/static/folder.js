// A tethered camera's folder: photos that appear in it are taken, once they are written to the end.

const EVERY = 1000; // ms from look to look
const PHOTO = /\.(jpe?g|png|webp|hei[cf]|avif)$/i;

export function canWatch() { return "showDirectoryPicker" in window; }

/** Watch a folder that the person picks; returns {name, stop}, or null if they picked none. */
export async function watchFolder({ onPhoto, onLost }) {
  let folder;
  try {
    folder = await window.showDirectoryPicker({ mode: "read", id: "camera" });
  } catch {
    return null;
  }
  return { name: folder.name, stop: watch(folder, { onPhoto, onLost }) };
}

/** Take what appears in a folder from now on; returns how to stop. */
export function watch(folder, { onPhoto, onLost, every = EVERY }) {
  const known = new Set(); // what was there before, and what was taken
  const growing = new Map(); // name -> its size at the last look
  let stopped = false;
  let first = true;
  async function look() {
    if (stopped) return;
    try {
      for await (const entry of folder.values()) {
        if (entry.kind !== "file" || !PHOTO.test(entry.name)) continue;
        const file = first || !known.has(entry.name) ? await entry.getFile() : null;
        if (file === null) continue;
        if (first) known.add(entry.name);
        else if (file.size && growing.get(entry.name) === file.size) {
          known.add(entry.name);
          growing.delete(entry.name);
          await onPhoto(file);
        } else growing.set(entry.name, file.size);
      }
      first = false;
    } catch {
      stopped = true;
      onLost();
      return;
    }
    setTimeout(look, every);
  }
  look();
  return () => { stopped = true; };
}
