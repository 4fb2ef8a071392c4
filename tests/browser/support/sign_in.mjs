// Who practises, as the page keeps it.
const KEY = "speechcoach.sign_in";

// { token, expires_at, user, refresh? }, once there is somebody: the page makes a guest at its first visit.
export async function signedIn(page) {
  const kept = await page.waitForFunction((key) => localStorage.getItem(key), KEY);
  return JSON.parse(await kept.jsonValue());
}

// From the next page on. The guest comes first, and not later over it.
export async function signInAs(page, kept) {
  await signedIn(page);
  await page.evaluate(([key, text]) => localStorage.setItem(key, text), [KEY, JSON.stringify(kept)]);
}
