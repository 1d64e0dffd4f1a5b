import * as esbuild from "esbuild";

let users = 0;

/** Runs builds; esbuild's process ends when nobody uses it any more, and not before. */
export async function withEsbuild<T>(builds: () => Promise<T>): Promise<T> {
  users++;
  try {
    return await builds();
  } finally {
    if (--users === 0) await esbuild.stop();
  }
}
