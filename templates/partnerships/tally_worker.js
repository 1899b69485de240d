// Opens one page without signal: what that page has put aside answers where the network does not, or not soon.
"use strict";

const PATIENCE = 4000;

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  if (event.request.method === "GET") event.respondWith(answer(event.request));
});

async function answer(request) {
  const kept = await caches.match(request, { ignoreSearch: true, ignoreVary: true });
  const fetched = fetch(request);
  if (!kept) return fetched;
  const impatient = new Promise((_, refuse) => { setTimeout(refuse, PATIENCE); });
  fetched.catch(() => {});
  try { return await Promise.race([fetched, impatient]); } catch { return kept; }
}
