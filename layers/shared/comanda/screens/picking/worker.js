// Keeps the page and its files for when there is no connection. Orders and scans are not kept here: the
// page keeps those itself, by person.
const SHELL = "/picking";
const NAME = `picking-${MARK}`;

self.addEventListener("install", (event) => {
  event.waitUntil(keep().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(tidy().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && pathname === SHELL) event.respondWith(shell(request));
  else if (pathname.startsWith(`${SHELL}/static/`)) event.respondWith(file(request));
});

// All or nothing: a worker without its page is of no use, and the browser tries again at the next visit.
async function keep() {
  const kept = await caches.open(NAME);
  await kept.addAll(KEPT);
  const page = await fetch(SHELL, { cache: "no-store" });
  if (!isShell(page)) throw new Error("the page cannot be had now");
  await kept.put(SHELL, page);
}

async function tidy() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("picking-") && name !== NAME);
  await Promise.all(old.map((name) => caches.delete(name)));
}

// The network first, so that a page always has the token of the present session; the kept one without it.
async function shell(request) {
  const kept = await caches.open(NAME);
  try {
    const answer = await fetch(request);
    if (isShell(answer)) await kept.put(SHELL, answer.clone());
    if (answer.status < 500) return answer;
    return (await kept.match(SHELL)) ?? answer;
  } catch (failure) {
    const page = await kept.match(SHELL);
    if (page) return page;
    throw failure;
  }
}

// Not the way to the sign-in, nor its page.
function isShell(answer) {
  return answer.ok && !answer.redirected && answer.type === "basic";
}

// Addresses change with content, so what is kept is right.
async function file(request) {
  const kept = await caches.open(NAME);
  const found = await kept.match(request);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) await kept.put(request, answer.clone());
  return answer;
}
