// The bundle as a user of a cluster has it: one file in a folder, no network, nothing in a cache.

import { join } from "node:path";
import { build } from "../../bundle/build.ts";
import { bundleFlags } from "../../bundle/flags.ts";
import { ChildOutput } from "../support/child_output.ts";
import { eventually } from "../support/eventually.ts";

/** A process that runs the bundle. */
export interface BundleProcess {
  /** Everything printed so far, both streams. */
  output(): string;
  /** Waits until something was printed that matches. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** Its exit status, when it has ended by itself. */
  ended: Promise<number>;
  /** Ends it by SIGTERM and gives its exit status. */
  stop(): Promise<number>;
}

/** The bundle in a folder. */
export interface Bundle {
  folder: string;
  /** Its size in bytes. */
  size: number;
  start(...args: string[]): BundleProcess;
  /** Runs a command to its end. */
  run(...args: string[]): Promise<{ code: number; output: string }>;
}

/** Builds the bundle into a folder of its own, which is gone after the test. */
export async function withBundle(test: (bundle: Bundle) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "parsloscope-test-" });
  const cache = await Deno.makeTempDir({ prefix: "parsloscope-test-" });
  const processes: BundleProcess[] = [];
  const start = (...args: string[]) => {
    const process = startAlone(folder, cache, args);
    processes.push(process);
    return process;
  };
  try {
    const size = await build(join(folder, "parsloscope.mjs"));
    await test({
      folder,
      size,
      start,
      run: async (...args) => {
        const process = start(...args);
        return { code: await process.ended, output: process.output() };
      },
    });
  } finally {
    await Promise.all(processes.map((process) => process.stop()));
    await Deno.remove(folder, { recursive: true });
    await Deno.remove(cache, { recursive: true });
  }
}

function startAlone(folder: string, cache: string, args: string[]): BundleProcess {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", ...bundleFlags(), "--no-remote", "--cached-only", "parsloscope.mjs", ...args],
    cwd: folder,
    env: { NO_COLOR: "1", DENO_DIR: cache, NPM_CONFIG_REGISTRY: "http://127.0.0.1:9/" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = new ChildOutput(child);
  return {
    output: () => output.text,
    ended: output.over,
    printed: async (pattern) => {
      const isPrinted = () => Promise.resolve(output.isOver || pattern.test(output.text));
      await eventually(isPrinted, "silence");
      const match = pattern.exec(output.text);
      if (match === null) throw new Error(`no ${pattern} in what was printed: ${output.text}`);
      return match;
    },
    stop: () => {
      if (!output.isOver) child.kill("SIGTERM");
      return output.over;
    },
  };
}
