import type { Run } from "../run/run.ts";

/** Whether a run goes on, as far as its rows can tell. */
export interface Liveness {
  status: "running" | "completed" | "failed" | "lost";
  /** Silence since the newest row in ms; null for a run that ended. */
  silence: number | null;
}

/** A run without an end is given up after this silence, in ms. */
export const LOST_AFTER_MS = 120_000;

/**
 * Tells a running workflow from one that ended or went silent.
 *
 * @param newest naive ms of the run's newest row
 * @param now the submit host's naive clock, in ms
 */
export function liveness(
  completed: number | null,
  failed: number,
  newest: number,
  now: number,
): Liveness {
  if (completed !== null) return { status: failed > 0 ? "failed" : "completed", silence: null };
  const silence = Math.max(0, now - newest);
  return { status: silence > LOST_AFTER_MS ? "lost" : "running", silence };
}

/**
 * The zone of the submit host, guessed: the file was written when its newest row was recorded, so
 * the difference of the two, to the quarter hour, is the zone's offset.
 *
 * @param newestNaive newest time in the file, naive ms
 * @param written when the file was last written, epoch ms
 * @returns offset in ms to add to epoch time; the viewer's own offset when no zone could explain it
 */
export function submitHostOffset(
  newestNaive: number,
  written: number,
  viewerOffset: number,
): number {
  const quarter = 900_000;
  const offset = Math.round((newestNaive - written) / quarter) * quarter;
  const plausible = offset >= -12 * 3_600_000 && offset <= 14 * 3_600_000 &&
    Math.abs(newestNaive - written - offset) < 120_000;
  return plausible ? offset : viewerOffset;
}

/** Newest naive time that a run's rows carry. */
export function newestTime(run: Run): number {
  return Number.isFinite(run.lastTime) ? Math.max(run.lastTime, run.began) : run.began;
}
