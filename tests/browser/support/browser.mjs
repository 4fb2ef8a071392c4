// Chromium with a chosen microphone, and a page that is watched for everything that must not happen.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { chromium as playwright } from "playwright-core";
import { chromium, screenshots } from "./paths.mjs";

const QUIET = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--autoplay-policy=no-user-gesture-required",
];

export const PHONE = { width: 360, height: 740 };
export const DESKTOP = { width: 1280, height: 800 };
export const SIZES = { phone: PHONE, desktop: DESKTOP };
// What a page has that asks for no size: SIZE=desktop runs every test at a desk.
const size = process.env.SIZE ?? "phone";

// How a page is looked at: each size and each theme once, or (LOOKS=all) each size in each theme.
export const LOOKS = Object.entries(SIZES).flatMap(([name, viewport], index) =>
  ["light", "dark"].filter((_, theme) => process.env.LOOKS === "all" || theme === index).map((colorScheme) => ({ name, viewport, colorScheme })),
);

// microphone: a file that is spoken once, "none" (no device), or "refused" (the learner says no).
export async function launchBrowser(microphone) {
  const args = [...QUIET];
  if (microphone !== "none") args.push("--use-fake-device-for-media-stream");
  if (microphone !== "refused") args.push("--use-fake-ui-for-media-stream");
  if (microphone !== "none" && microphone !== "refused") args.push(`--use-file-for-fake-audio-capture=${microphone}%noloop`);
  return playwright.launch({ executablePath: chromium, args });
}

// serviceWorkers: "allow" keeps the page for when there is no network, as it is for a learner; then requests cannot be intercepted.
// trustsAll: certificates that nobody vouches for are taken.
// A page and `troubles`: console errors, policy violations, exceptions, requests to anywhere but `url`.
export async function openPage(browser, url, { viewport = SIZES[size], colorScheme = "light", expected = [], serviceWorkers = "block", trustsAll = false } = {}) {
  const context = await browser.newContext({ viewport, colorScheme, locale: "vi-VN", serviceWorkers, ignoreHTTPSErrors: trustsAll });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const troubles = [];
  const note = (trouble) => {
    if (serviceWorkers === "block" && trouble.includes("Service Worker registration blocked")) return;
    if (!expected.some((pattern) => pattern.test(trouble))) troubles.push(trouble);
  };
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && note(`console: ${message.text()}`));
  page.on("pageerror", (error) => note(`exception: ${error.message}`));
  page.on("request", (request) => new URL(request.url()).origin !== new URL(url).origin && note(`foreign request: ${request.url()}`));
  page.on("websocket", (socket) => new URL(socket.url()).host !== new URL(url).host && note(`foreign socket: ${socket.url()}`));
  await page.addInitScript(() => {
    window.addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
  });
  await page.goto(url);
  return { page, troubles, close: () => context.close() };
}

// "wide_result" at a desk where "phone_result" is at a phone.
export function screenshotPath(name) {
  return join(screenshots, `${size === "phone" ? name : name.replace(/^phone_/, "wide_")}.png`);
}

// wholePage: as on a screen that is high enough for all of it.
export async function screenshot(page, name, { wholePage = true } = {}) {
  await mkdir(screenshots, { recursive: true });
  const viewport = page.viewportSize();
  if (wholePage) {
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.setViewportSize({ width: viewport.width, height });
  }
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: screenshotPath(name) });
  await page.setViewportSize(viewport);
}

// Nothing sticks out to the right.
export function overflowPx(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
