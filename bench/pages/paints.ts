/** What a page costs in a real browser. */
import type { Browser } from "playwright-core";
import { watchedPage } from "../../tests/support/chromium.ts";
import { median } from "./requests.ts";

const ROUNDS = 3;
/** Given to a page after it was loaded, and again after it was touched, in ms. */
const CALM_MS = 1500;

/** Milliseconds until something of the page is painted, the median of three; null for nothing. */
export async function firstPaint(
  browser: Browser,
  origin: string,
  page: string,
  cap: number,
): Promise<number | null> {
  const values: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const watched = await watchedPage(browser, origin);
    try {
      await watched.page.goto(`${origin}${page}`, { waitUntil: "load", timeout: cap });
      await watched.page.waitForTimeout(200);
      const value = await watched.page.evaluate(() =>
        performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? -1
      );
      if (value >= 0) values.push(value);
    } finally {
      await watched.close();
    }
  }
  return values.length > 0 ? median(values) : null;
}

/** The longest tasks of a page's main thread in ms; 0 when none took 50 ms. */
export interface LongTasks {
  /** Until the page was loaded. */
  loading: number;
  /** Later, while the mouse moved over it, scrolled and dragged. */
  after: number;
}

interface Noted {
  longTasks: [start: number, duration: number][];
}

/** Loads a page, touches it, and tells how long its main thread was not to be had. */
export async function longTasks(
  browser: Browser,
  origin: string,
  address: string,
  cap: number,
): Promise<LongTasks> {
  const watched = await watchedPage(browser, origin);
  const { page } = watched;
  try {
    await page.addInitScript(() => {
      const noted: Noted["longTasks"] = [];
      (globalThis as unknown as Noted).longTasks = noted;
      new PerformanceObserver((list) => {
        for (const { startTime, duration } of list.getEntries()) noted.push([startTime, duration]);
      }).observe({ type: "longtask", buffered: true });
    });
    await page.goto(`${origin}${address}`, { waitUntil: "load", timeout: cap });
    await page.waitForTimeout(CALM_MS);
    await page.mouse.move(300, 500);
    for (let x = 300; x <= 900; x += 20) await page.mouse.move(x, 520);
    await page.mouse.down();
    for (let x = 900; x >= 600; x -= 20) await page.mouse.move(x, 540);
    await page.mouse.up();
    for (let n = 0; n < 10; n++) await page.mouse.wheel(0, n < 6 ? 240 : -240);
    await page.waitForTimeout(CALM_MS);
    return await page.evaluate(() => {
      const [navigation] = performance.getEntriesByType("navigation");
      const loaded = (navigation as PerformanceNavigationTiming).loadEventEnd;
      const longest = { loading: 0, after: 0 };
      for (const [start, duration] of (globalThis as unknown as Noted).longTasks) {
        const when = start >= loaded ? "after" : "loading";
        longest[when] = Math.max(longest[when], duration);
      }
      return longest;
    });
  } finally {
    await watched.close();
  }
}
