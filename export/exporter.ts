import type { Exporter, ReportOptions } from "../state.ts";
import type { MonitoringDatabase } from "../store/database.ts";

/** Makes one report; `progress` is called with the share that is done, and what it throws ends it. */
export type MakeReport = (
  database: MonitoringDatabase,
  runId: string,
  options: ReportOptions,
  progress: (share: number) => void,
) => Promise<AsyncIterable<Uint8Array>>;

/**
 * Makes reports one after the other: each takes memory in proportion to its run. The next begins
 * when the one before it has been made, whether it was taken or not.
 *
 * @param load loads what makes them; asked for at each report, for it need not be there before
 */
export function inTurn(load: () => Promise<MakeReport>): Exporter {
  let last: Promise<unknown> = Promise.resolve();
  return async (database, runId, options, { signal, progress }) => {
    const before = last;
    const { promise, resolve } = Promise.withResolvers<void>();
    last = promise;
    try {
      await before;
      signal.throwIfAborted();
      const make = await load();
      return await make(database, runId, options, (share) => {
        signal.throwIfAborted();
        progress?.(share);
      });
    } finally {
      resolve();
    }
  };
}
