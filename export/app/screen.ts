/** The page that is seen: the part of the document that changes from address to address. */
import type { ComponentType } from "preact";
import { boot } from "../../fresh/islands_client.ts";
import { ISLANDS, ISLANDS_ID } from "../header.ts";
import type { IslandModule } from "./report_app.ts";
import { inflateText } from "./inflate.ts";
import { takePart } from "./parts.ts";

type Component = ComponentType<Record<string, unknown>>;

/** What stays in the body from page to page. */
const STAYS = ".paper, .paper-fills, script, .report-wait, .report-problem";

/** Shows pages that the app rendered. */
export class Screen {
  readonly #islands: ReadonlyMap<string, Record<string, unknown>>;
  #takeDown: (() => void) | null = null;
  /** Whether the first page is gone. */
  #left = false;

  constructor(islands: IslandModule[]) {
    this.#islands = new Map(islands.map(({ entry, mod }) => [entry, mod]));
  }

  /** Brings the page to life that the document begins with, unless another is shown by then. */
  async start(): Promise<void> {
    const islands = await inflateText(takePart(ISLANDS));
    if (!this.#left) this.#boot(islands);
  }

  #boot(json: string): void {
    const { components, islands } = JSON.parse(json) as {
      components: [entry: string, name: string][];
      islands: Parameters<typeof boot>[1];
    };
    const found = components.map(([entry, name]) => this.#islands.get(entry)?.[name] as Component);
    this.#takeDown = boot(found, islands);
  }

  /** Shows another page in the place of the one there. */
  show(html: string): void {
    const page = new DOMParser().parseFromString(html, "text/html");
    this.#left = true;
    this.#takeDown?.();
    this.#takeDown = null;
    document.title = page.title;
    for (const node of [...document.body.childNodes]) {
      if (!(node instanceof Element && node.matches(STAYS))) node.remove();
    }
    document.body.prepend(...page.body.childNodes);
    const islands = document.getElementById(ISLANDS_ID);
    islands?.remove();
    if (islands) this.#boot(islands.textContent);
  }
}
