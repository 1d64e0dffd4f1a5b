import type { Pace } from "./pace.ts";
import type { Sink } from "./parts.ts";

/** What everything that packs is given. */
export interface PackContext {
  pace: Pace;
  sink: Sink;
  /** How many bytes some bytes deflate to, about. */
  measure(bytes: Uint8Array): number;
}
