// The picker's API. Failures are told apart by what the picker can do about them.

const PATIENCE = 15_000; // milliseconds for one answer
const LATER = [408, 425, 429, 500, 502, 503, 504];

export class Away extends Error {} // no connection, or nobody who answers: it is tried again
export class SignedOut extends Error {} // the session ended, or is another's by now: sign in again
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || String(status));
    this.status = status;
    this.type = String(problem.type ?? "").split("/").pop();
  }
}

export async function ask(method, path, body) {
  const answer = await sent(method, path, body);
  const told = await answer.json().catch(() => null);
  if (answer.status === 401 || answer.status === 403) throw new SignedOut(told?.detail);
  if (LATER.includes(answer.status)) throw new Away(String(answer.status));
  if (!answer.ok) throw new Refused(answer.status, told ?? {});
  if (told === null) throw new Away("not an answer of ours"); // as from a hotel's sign-in page
  return told;
}

async function sent(method, path, body) {
  const headers = { accept: "application/json", "x-csrf": document.body.dataset.csrf };
  if (body !== undefined) headers["content-type"] = "application/json";
  try {
    return await fetch(`/picking${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE),
      redirect: "error",
      cache: "no-store",
    });
  } catch (failure) {
    throw new Away(failure.message);
  }
}
