// Calls of the service's own interface, as the person signed in, with what people see of them.

let asked; // the token that changes need, asked for once a page

async function token(anew = false) {
  if (!asked || anew) {
    asked = fetch("/v1/session").then(async (answer) => (answer.ok ? (await answer.json()).csrf_token : ""));
  }
  return asked;
}

/** Send a request; returns {status, body}, with status 0 where the service was not reached. */
export async function call(method, path, { json, form, key, etag, signal, first = true } = {}) {
  const headers = {};
  if (!path.startsWith("/v1/session/demo") && path !== "/v1/session/first-owner" && !(method === "POST" && path === "/v1/session")) {
    headers["X-CSRF-Token"] = await token(!first).catch(() => "");
  }
  if (key) headers["Idempotency-Key"] = key;
  if (etag) headers["If-Match"] = etag;
  if (json !== undefined) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(path, { method, headers, body: form ?? (json === undefined ? undefined : JSON.stringify(json)), signal });
  } catch {
    return { status: 0, body: null };
  }
  const text = await answer.text();
  const body = text && (answer.headers.get("content-type") ?? "").includes("json") ? JSON.parse(text) : null;
  // Signed in anew in another tab: the token of this page is of a session that has ended.
  if (answer.status === 403 && first && asked && body?.errors?.[0]?.field === "session") {
    return call(method, path, { json, form, key, etag, signal, first: false });
  }
  return { status: answer.status, body };
}

/** Say in words why a call was refused: the reader's language first, the details after it. */
export function refusal({ status, body }) {
  const words = document.getElementById("refused").content;
  const code = status === 0 ? "offline" : String(status);
  const lead = words.querySelector(`[data-code="${code}"]`) ?? words.querySelector('[data-code="500"]');
  const japanese = document.documentElement.lang === "ja";
  const details = (body?.errors ?? []).map((one) => (japanese && one.ja ? one.ja : `${one.field.replace(/^body\./, "")}: ${one.message}`));
  if (!details.length && body?.detail) details.push((japanese && body.detail_ja) || body.detail);
  return [lead.textContent, ...details];
}

/** Show a refusal beside a form or at the end of any element; screen readers are told at once. */
export function showRefusal(place, answer) {
  clearRefusal(place);
  const box = document.createElement("div");
  box.className = "refusal";
  box.setAttribute("role", "alert");
  for (const [index, line] of refusal(answer).entries()) {
    const text = document.createElement("p");
    text.textContent = line;
    if (index) text.className = "hint";
    box.append(text);
  }
  place.append(box);
}

export function clearRefusal(place) {
  place.querySelector(":scope > .refusal")?.remove();
}

/** Tell something in passing, by sight and by screen reader. */
export function tell(text) {
  const place = document.getElementById("told");
  place.textContent = text;
  clearTimeout(tell.timer);
  tell.timer = setTimeout(() => { place.textContent = ""; }, 6000);
}
