/** esbuild, which is a process beside ours: only who builds something needs it, and what it may do. */

export type Esbuild = typeof import("esbuild");

let users = 0;

/**
 * Runs builds; esbuild's process ends when nobody uses it any more, and not before.
 *
 * @throws {Deno.errors.NotCapable} where no process may be started
 */
export async function withEsbuild<T>(builds: (esbuild: Esbuild) => Promise<T>): Promise<T> {
  const esbuild = await import("esbuild");
  users++;
  try {
    return await builds(esbuild);
  } finally {
    if (--users === 0) await esbuild.stop();
  }
}
