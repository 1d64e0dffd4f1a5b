/** What was started is stopped, also when the bench is interrupted. */

interface Stoppable {
  stop(): Promise<void>;
}

const started = new Set<() => Promise<void>>();

/** Has something stopped at the latest when the bench is; `stop` still stops it sooner. */
export function kept<T extends Stoppable>(thing: T): T {
  const stop = thing.stop.bind(thing);
  const once = async () => {
    if (started.delete(once)) await stop();
  };
  started.add(once);
  return Object.assign(thing, { stop: once });
}

/** Stops all, the latest first. */
export async function stopAll(): Promise<void> {
  for (const stop of [...started].reverse()) await stop().catch(() => {});
}

/** Ctrl-C and a termination stop all that was started. */
export function stopOnSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, async () => {
      await stopAll();
      Deno.exit(130);
    });
  }
}
