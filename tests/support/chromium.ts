// A real browser for the tests: Chromium through playwright-core, and a page that remembers what
// went wrong on it.

import { type Browser, chromium, type Page } from "playwright-core";
import { allTheTime } from "./all_the_time.ts";
import { PATIENCE } from "./eventually.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The path of an executable on PATH, or null. */
export function onPath(name: string): string | null {
  const windows = Deno.build.os === "windows";
  const names = windows ? [`${name}.exe`, `${name}.cmd`, name] : [name];
  for (const folder of (Deno.env.get("PATH") ?? "").split(windows ? ";" : ":")) {
    if (folder === "") continue;
    for (const file of names) {
      const path = `${folder}/${file}`;
      try {
        const info = Deno.statSync(path);
        if (info.isFile && (windows || info.mode === null || (info.mode & 0o111) !== 0)) {
          return path;
        }
      } catch {
        // Not here: the next folder.
      }
    }
  }
  return null;
}

/** The Chromium to use: what the runner found, what CHROMIUM names, or what PATH holds. */
export function findChromium(): string | null {
  if (Deno.env.get("PARSLOSCOPE_NO_CHROMIUM") === "1") return null;
  for (const name of ["PARSLOSCOPE_CHROMIUM", "CHROMIUM"]) {
    const value = Deno.env.get(name);
    if (value === undefined || value === "") continue;
    if (!value.includes("/") && !value.includes("\\")) {
      const found = onPath(value);
      if (found !== null) return found;
      continue;
    }
    try {
      if (Deno.statSync(value).isFile) return value;
    } catch {
      // A path that is not there: look further.
    }
  }
  for (const name of NAMES) {
    const found = onPath(name);
    if (found !== null) return found;
  }
  return null;
}

/** A browser whose pages have all the time that a busy machine needs. */
export async function launch(executablePath: string): Promise<Browser> {
  const browser = await chromium.launch({ executablePath, args: ARGS, timeout: PATIENCE });
  const newContext = browser.newContext.bind(browser);
  browser.newContext = async (options) => {
    const context = await newContext(options);
    context.setDefaultTimeout(PATIENCE);
    await context.addInitScript(allTheTime);
    return context;
  };
  return browser;
}

/** Lets a page draw some frames: what it has been told by then has been done, and is seen. */
export function frames(page: Page, count = 3): Promise<void> {
  return page.evaluate((count) =>
    new Promise<void>((resolve) => {
      const next = () => count-- > 0 ? requestAnimationFrame(next) : setTimeout(resolve);
      next();
    }), count);
}

/** A page and what it complained about. */
export interface WatchedPage {
  page: Page;
  /** `console.error` lines. */
  consoleErrors: string[];
  /** Uncaught exceptions. */
  pageErrors: string[];
  /** Requests to any host but the viewer's. */
  foreign: string[];
  /** Own requests that failed or answered 400 and above. */
  failed: string[];
  /** Empties the lists, for the next page. */
  reset(): void;
  /** All complaints as lines. */
  complaints(): string[];
  close(): Promise<void>;
}

export interface PageOptions {
  width?: number;
  height?: number;
  colorScheme?: "light" | "dark";
  javaScriptEnabled?: boolean;
  /** Whether the screen is touched. */
  hasTouch?: boolean;
}

/** A page of a new context that watches for errors and for requests that leave `origin`. */
export async function watchedPage(
  browser: Browser,
  origin: string,
  options: PageOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1280, height: options.height ?? 900 },
    colorScheme: options.colorScheme ?? "light",
    javaScriptEnabled: options.javaScriptEnabled ?? true,
    hasTouch: options.hasTouch ?? false,
  });
  const page = await context.newPage();
  const host = new URL(origin).host;
  const watched: WatchedPage = {
    page,
    consoleErrors: [],
    pageErrors: [],
    foreign: [],
    failed: [],
    reset() {
      this.consoleErrors.length = 0;
      this.pageErrors.length = 0;
      this.foreign.length = 0;
      this.failed.length = 0;
    },
    complaints() {
      return [
        ...this.consoleErrors.map((text) => `console error: ${text}`),
        ...this.pageErrors.map((text) => `page error: ${text}`),
        ...this.foreign.map((url) => `foreign request: ${url}`),
        ...this.failed.map((text) => `failed request: ${text}`),
      ];
    },
    async close() {
      await context.close();
    },
  };
  page.on("console", (message) => {
    if (message.type() === "error") watched.consoleErrors.push(message.text());
  });
  page.on("pageerror", (error) => {
    watched.pageErrors.push(error.message);
  });
  page.on("request", (request) => {
    const url = request.url();
    if (/^(data|blob|about):/.test(url)) return;
    if (new URL(url).host !== host) watched.foreign.push(url);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) watched.failed.push(`${response.status()} ${response.url()}`);
  });
  return watched;
}
