import { createDefine } from "fresh";
import type { Catalog } from "./store/catalog.ts";

/** What every request carries: the databases that the dashboard shows. */
export interface State {
  catalog: Catalog;
  /** Title of the page, set by its handler. */
  title?: string;
}

/** Typed helpers for routes. */
export const define = createDefine<State>();
