// Shots on the disk of this browser: what is written here survives the page and the browser.

const STORE = "shots";
let opened;
const unkept = new Map(); // where the browser cannot keep them: private windows, a full disk
let counted = 0;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("photo-evidence-shots", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id", autoIncrement: true });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
  opened.catch(() => { opened = undefined; });
  return opened;
}

async function within(mode, work) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, mode, { durability: "strict" });
    const request = work(transaction.objectStore(STORE));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error ?? request.error);
  });
}

/** Keep a shot; returns {id, kept}: not kept, it lives as long as the page. */
export async function keep(shot) {
  try {
    const id = await within("readwrite", (store) => store.add(shot));
    navigator.storage?.persist?.().catch(() => {}); // asks the browser not to clear it when short of room
    return { id, kept: true };
  } catch {
    const id = `page-${(counted += 1)}`;
    unkept.set(id, { ...shot, id });
    return { id, kept: false };
  }
}

export async function change(shot) {
  if (unkept.has(shot.id)) unkept.set(shot.id, shot);
  else await within("readwrite", (store) => store.put(shot));
}

export async function drop(id) {
  if (!unkept.delete(id)) await within("readwrite", (store) => store.delete(id));
}

/** List what is kept, the oldest first. */
export async function list() {
  const kept = await within("readonly", (store) => store.getAll()).catch(() => []);
  return [...kept, ...unkept.values()];
}
