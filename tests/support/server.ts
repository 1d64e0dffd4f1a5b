// The real command line, started as a user starts it.

import { ChildOutput } from "./child_output.ts";
import { PATIENCE } from "./eventually.ts";
import { fromFileUrl } from "./paths.ts";
import { buildIslands } from "../../fresh/dev.ts";
import { reportAssets } from "../../installation/report.ts";
import { messageOf } from "../../errors.ts";

export const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/** The commands that have permissions of their own. */
const COMMANDS = ["visualize", "demo", "hub", "import", "export"];

/** How a command is run: with the permissions that its task has. */
export function allowed(command: string | undefined): string[] {
  const permissions = COMMANDS.includes(command ?? "") ? command : "import";
  return [
    "run",
    "-q",
    "--no-prompt",
    `-P=${permissions}`,
    "--config",
    `${ROOT}deno.json`,
    `${ROOT}main.ts`,
  ];
}

export interface Viewer {
  /** `http://127.0.0.1:PORT/` */
  url: string;
  pid: number;
  /** Everything printed so far, both streams. */
  output(): string;
  stop(): Promise<void>;
}

export interface ViewerOptions {
  /** More arguments, after the databases. */
  args?: string[];
  cwd?: string;
  env?: Record<string, string>;
  /** Whether who comes needs the token that is printed; by default nobody does. */
  token?: boolean;
}

let built: Promise<unknown> | undefined;

/** Makes what commands may not make themselves: pages' scripts, and what reports carry. */
export async function build(): Promise<void> {
  built ??= Promise.all([buildIslands(new URL("../../", import.meta.url)), reportAssets()]);
  await built;
}

/** `visualize` on a free port of 127.0.0.1; resolves when its address was printed. */
export async function startViewer(
  databases: string[],
  options: ViewerOptions = {},
): Promise<Viewer> {
  await build();
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...allowed("visualize"),
      "visualize",
      ...databases,
      "-p",
      "0",
      "-l",
      "127.0.0.1",
      ...(options.token ? [] : ["--no-token"]),
      ...(options.args ?? []),
    ],
    cwd: options.cwd ?? ROOT,
    env: { NO_COLOR: "1", ...options.env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();

  let address: (url: string) => void = () => {};
  const printed = new Promise<string>((resolve) => address = resolve);
  const output = new ChildOutput(child, () => {
    const match = output.text.match(/http:\/\/127\.0\.0\.1:(\d+)\//);
    if (match !== null && match[1] !== "0") address(match[0]);
  });

  async function stop() {
    try {
      child.kill("SIGTERM");
    } catch {
      // It ended on its own.
    }
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<"late">((resolve) => {
      timer = setTimeout(() => resolve("late"), PATIENCE);
    });
    const ended = await Promise.race([child.status, late]);
    clearTimeout(timer);
    if (ended === "late") {
      child.kill("SIGKILL");
      await child.status;
    }
    await output.over;
  }

  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("no address was printed")), PATIENCE);
  });
  const died = child.status.then((status): never => {
    throw new Error(`the viewer ended with exit code ${status.code}`);
  });
  // It dies at the end of every test: only the race below is to hear of it.
  died.catch(() => {});
  try {
    const url = await Promise.race([printed, late, died]);
    return { url, pid: child.pid, output: () => output.text, stop };
  } catch (error) {
    await stop();
    const reason = messageOf(error);
    throw new Error(`${reason}; it printed:\n${output.text}`);
  } finally {
    clearTimeout(timer);
  }
}

export interface Finished {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the command line to its end. */
export async function runCli(
  args: string[],
  options: { cwd?: string } = {},
): Promise<Finished> {
  await build();
  const child = new Deno.Command(Deno.execPath(), {
    args: [...allowed(args[0]), ...args],
    cwd: options.cwd ?? ROOT,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill("SIGKILL");
  }, PATIENCE);
  const result = await child.output();
  clearTimeout(timer);
  const decoder = new TextDecoder();
  const stdout = decoder.decode(result.stdout);
  const stderr = decoder.decode(result.stderr);
  if (late) throw new Error(`did not end: ${args.join(" ")}; it printed:\n${stdout}${stderr}`);
  return { code: result.code, stdout, stderr };
}
