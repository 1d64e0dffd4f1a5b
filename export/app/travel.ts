/** Going from page to page within the document, as a browser does between documents. */
import { saveBlob } from "../../host/host.ts";
import { absolute, addressOf, link, pathOf } from "../address.ts";
import type { RemoteApp } from "./remote.ts";
import type { Screen } from "./screen.ts";
import { calm, complain, waiting } from "./signs.ts";

/** What the history keeps with each address. */
interface Entry {
  key: number;
  /** Where the page was scrolled to when the document was left. */
  y?: number;
}

/** The pages of a report, one after the other. */
export class Travel {
  readonly #app: RemoteApp;
  readonly #screen: Screen;
  /** How far each page of the history is scrolled. */
  readonly #scrolled = new Map<number, number>();
  #address: URL;
  #entry: Entry;
  #under: AbortController | null = null;

  /** @param first the address of the page that the document begins with */
  constructor(app: RemoteApp, screen: Screen, first: string) {
    this.#app = app;
    this.#screen = screen;
    this.#address = absolute(first);
    history.scrollRestoration = "manual";
    this.#entry = this.#arrived();
    addEventListener("scroll", () => {
      if (!this.#under) this.#scrolled.set(this.#entry.key, scrollY);
    }, { passive: true });
    addEventListener("pagehide", () => this.#keep({ ...this.#entry, y: scrollY }));
    addEventListener("popstate", () => {
      this.#entry = this.#arrived();
      const address = addressOf(location.hash) ?? absolute(first);
      if (address.href !== this.#address.href) void this.#open(address, this.#entry);
      else this.#place(address, this.#entry);
    });
    const asked = addressOf(location.hash);
    if (asked && asked.href !== this.#address.href) void this.#open(asked, this.#entry);
    else {
      this.#screen.start().catch(complain);
      if (location.hash || this.#entry.y) this.#place(asked ?? this.#address, this.#entry);
    }
  }

  /** The address of the page that is shown, or being opened. */
  get address(): URL {
    return this.#address;
  }

  /** Leaves for another page. */
  go(href: string): void {
    const address = absolute(href, this.#address);
    const same = pathOf(address) === pathOf(this.#address);
    this.#scrolled.set(this.#entry.key, scrollY);
    if (address.href !== this.#address.href) {
      this.#entry = { key: nextKey() };
      history.pushState(this.#entry, "", link(pathOf(address) + address.hash));
    }
    if (same && address.hash) {
      this.#address = address;
      this.#place(address, this.#entry);
    } else void this.#open(address, this.#entry);
  }

  /** Changes the address of the page that is shown. */
  replace(href: string): void {
    this.#address = absolute(href, this.#address);
    this.#keep(this.#entry, link(pathOf(this.#address) + this.#address.hash));
  }

  /** Has the user save what the app answers. */
  async download(href: string): Promise<void> {
    const done = waiting();
    try {
      const response = await this.#app.request(pathOf(absolute(href, this.#address)));
      const blob = await response.blob();
      if (!response.ok) throw new Error(`the file is not there (${response.status}).`);
      saveBlob(new Blob([blob], { type: typeOf(response) }), nameOf(response));
    } catch (error) {
      complain(error);
    } finally {
      done();
    }
  }

  async #open(address: URL, entry: Entry): Promise<void> {
    this.#under?.abort();
    const under = this.#under = new AbortController();
    this.#address = address;
    const done = waiting();
    try {
      const response = await this.#app.request(pathOf(address), under.signal);
      if (!typeOf(response).startsWith("text/html")) return await this.download(address.href);
      const html = await response.text();
      if (under.signal.aborted) return;
      const from = absolute(response.headers.get("content-location") ?? pathOf(address));
      if (pathOf(from) !== pathOf(address)) this.replace(pathOf(from) + address.hash);
      calm();
      this.#screen.show(html);
      this.#place(this.#address, entry);
    } catch (error) {
      if (!under.signal.aborted) complain(error);
    } finally {
      done();
      if (this.#under === under) this.#under = null;
    }
  }

  /** Brings into view what was in view before, or what the address names. */
  #place(address: URL, { key, y }: Entry): void {
    const top = this.#scrolled.get(key) ?? y;
    const id = address.hash.slice(1) || (addressOf(location.hash) ? "" : location.hash.slice(1));
    const named = id && document.getElementById(decoded(id));
    if (top === undefined && named) named.scrollIntoView({ behavior: "instant" });
    else scrollTo({ top: top ?? 0, behavior: "instant" });
  }

  /** The entry of the history that is shown now, which gets a key if it has none. */
  #arrived(): Entry {
    const state = history.state as Entry | null;
    const entry = state?.key ? state : { key: nextKey() };
    this.#keep(entry);
    return entry;
  }

  #keep(entry: Entry, href?: string): void {
    history.replaceState(entry, "", href);
  }
}

let last = 0;

/** A key that no entry of the history has, of this document or of one before it was loaded again. */
function nextKey(): number {
  last = Math.max(last + 1, Date.now());
  return last;
}

function typeOf(response: Response): string {
  return response.headers.get("content-type") ?? "";
}

function nameOf(response: Response): string {
  const said = response.headers.get("content-disposition") ?? "";
  return /filename="([^"]+)"/.exec(said)?.[1] ?? "report.txt";
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
