// Who is signed in, asked of the service itself: the page may be older than the session.

/** Return {status, name, token}; status 0 where the service was not reached. */
export async function readSession() {
  try {
    const answer = await fetch("/v1/session", { headers: { Accept: "application/json" } });
    if (!answer.ok) return { status: answer.status, name: "", token: "" };
    const session = await answer.json();
    return { status: answer.status, name: session.staff.name, token: session.csrf_token };
  } catch {
    return { status: 0, name: "", token: "" };
  }
}
