// Keeps the door's page for when the network is gone, for a day at most.  It keeps no list of people: the page does.
const DAY = 24 * 3600 * 1000;
const STORE = "door";
const isPage = (url) => url.pathname.endsWith("/door");

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  if (event.data.forget) event.waitUntil(caches.delete(STORE));
  if (event.data.keep) event.waitUntil(Promise.all(event.data.keep.map((url) => kept(new Request(url)).catch(() => {}))));
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const ours = isPage(url) || url.pathname.startsWith("/static/");
  if (event.request.method !== "GET" || url.origin !== location.origin || !ours) return;
  event.respondWith(kept(event.request).catch(() => remembered(event.request)));
});

async function kept(request) {
  const url = new URL(request.url);
  const answer = await fetch(request);
  const store = await caches.open(STORE);
  if (answer.ok && !answer.redirected && answer.type === "basic") {
    const copy = answer.clone();
    const headers = new Headers(copy.headers);
    headers.set("X-Kept", String(Date.now()));
    await store.put(isPage(url) ? url.pathname : request, new Response(await copy.blob(), { status: 200, headers }));
  } else if (isPage(url)) await store.delete(url.pathname);
  return answer;
}

async function remembered(request) {
  const url = new URL(request.url);
  const store = await caches.open(STORE);
  const found = await store.match(isPage(url) ? url.pathname : request);
  if (!found || Date.now() - Number(found.headers.get("X-Kept")) > DAY) return Response.error();
  return found;
}
