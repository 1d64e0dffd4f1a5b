import { submitHostOffset } from "../../model/figures/liveness.ts";

/**
 * The submit host's naive clock now, in ms, as far as it can be told.
 *
 * @param newest the newest naive time that the database holds of the run, ms
 * @param written when the database was last written, epoch ms; null if unknown
 */
export function hostNow(newest: number, written: number | null): number {
  const viewerOffset = -new Date().getTimezoneOffset() * 60_000;
  return Date.now() +
    (written === null ? viewerOffset : submitHostOffset(newest, written, viewerOffset));
}
