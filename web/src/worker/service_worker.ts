// Keeps the page itself and the list of sentences for when there is no network. Built to /sw.js, with its list of files put in.
interface ExtendableEvent extends Event {
  waitUntil(done: Promise<unknown>): void;
}
interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}
// TypeScript's DOM library describes the page alone.
interface WorkerScope {
  addEventListener(type: "install" | "activate", listener: (event: ExtendableEvent) => void): void;
  addEventListener(type: "fetch", listener: (event: FetchEvent) => void): void;
}
declare const __PAGE_FILES__: readonly string[];
declare const __PAGE_VERSION__: string;

const scope = self as unknown as WorkerScope;
const PAGE = `page-${__PAGE_VERSION__}`;
const LISTS = "lists";
const KEPT_LISTS = /^\/api\/v1\/sentences$/;

scope.addEventListener("install", (event) => {
  event.waitUntil(caches.open(PAGE).then((cache) => cache.addAll([...__PAGE_FILES__])));
});

scope.addEventListener("activate", (event) => {
  const outdated = async () => {
    for (const name of await caches.keys()) if (name !== PAGE && name !== LISTS) await caches.delete(name);
  };
  event.waitUntil(outdated());
});

async function kept(request: Request | string): Promise<Response> {
  return (await caches.match(request)) ?? Response.error();
}

// What the server says now; where it says nothing, what it said last.
async function newestList(request: Request): Promise<Response> {
  try {
    const response = await fetch(request);
    if (response.ok) await (await caches.open(LISTS)).put(new URL(request.url).pathname, response.clone());
    return response;
  } catch {
    return kept(new URL(request.url).pathname);
  }
}

scope.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => kept("/")));
  else if (KEPT_LISTS.test(pathname)) event.respondWith(newestList(request));
  else if (!pathname.startsWith("/api/")) event.respondWith(caches.match(request).then((found) => found ?? fetch(request)));
});
