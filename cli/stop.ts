/** How a command ends when its user, the system or a dropped ssh asks it to. */
import { constants } from "node:os";
import { messageOf } from "../errors.ts";
import { complain, warn } from "../say.ts";
import { isHangupIgnored } from "./hangup.ts";

type StopSignal = "SIGINT" | "SIGTERM" | "SIGHUP" | "SIGQUIT" | "SIGXCPU";

/** Milliseconds within which signals are one: a terminal and a task runner both send Ctrl-C. */
const SAME_SIGNAL_MS = 1000;
/** Work that does not end by itself after a signal is left after this many ms. */
const LAST_MOMENT_MS = 3000;

/** A signal came while something was made; the command ends with its status. */
export class Stopped extends Error {
  override name = "Stopped";
  readonly status: number;
  constructor(signal: StopSignal) {
    super(`It was ended by ${signal}.`);
    this.status = statusOf(signal);
  }
}

/** What a shell says of a program that a signal ended, such as 130, 143 or 129. */
export function statusOf(signal: StopSignal): number {
  return 128 + constants.signals[signal];
}

/**
 * Calls `stop` at the first Ctrl-C, termination, hang-up or their like, and exits with 0 when it is done; a
 * Ctrl-C some time later leaves at once.
 */
export function onStop(stop: () => Promise<void>): void {
  let began: number | null = null;
  onSignals((signal) => {
    if (began !== null) {
      if (signal === "SIGINT" && performance.now() - began > SAME_SIGNAL_MS) {
        Deno.exit(statusOf(signal));
      }
      return;
    }
    began = performance.now();
    stop().then(() => Deno.exit(0), (error) => {
      warn(`parsloscope: ${messageOf(error)}`);
      Deno.exit(1);
    });
  });
}

/**
 * From now on signals do not end the program, which has something to clear away; they abort what is
 * returned, with a {@link Stopped} as the reason. Work that goes on for all that is left some
 * seconds later, or at a second signal; what is held as temporary is removed then too.
 */
export function abortOnStop(): AbortSignal {
  const ending = new AbortController();
  let began: number | null = null;
  onSignals((signal) => {
    const stopped = new Stopped(signal);
    if (began !== null) {
      if (performance.now() - began > SAME_SIGNAL_MS) Deno.exit(stopped.status);
      return;
    }
    began = performance.now();
    ending.abort(stopped);
    const timer = setTimeout(() => Deno.exit(stopped.status), LAST_MOMENT_MS);
    Deno.unrefTimer(timer);
  });
  return ending.signal;
}

/** Ends the program at what nobody caught, with what is temporary removed; errors are printed. */
export function onFault(): void {
  const end = (error: unknown) => {
    complain(error, "parsloscope failed: ");
    Deno.exit(1);
  };
  addEventListener("error", (event) => {
    event.preventDefault();
    end(event.error ?? event.message);
  });
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    end(event.reason);
  });
}

function onSignals(listener: (signal: StopSignal) => void): void {
  const isWindows = Deno.build.os === "windows";
  // With its first listener Deno takes all of these, so what was before is asked before.
  const isSpared = !isWindows && isHangupIgnored();
  Deno.addSignalListener("SIGINT", () => listener("SIGINT"));
  if (isWindows) return;
  // Ctrl-\ too, and the limit on a program's time, of which some batch systems make use.
  for (const signal of ["SIGTERM", "SIGQUIT", "SIGXCPU"] as const) {
    Deno.addSignalListener(signal, () => listener(signal));
  }
  // `nohup` is a promise that a dropped connection ends nothing.
  Deno.addSignalListener("SIGHUP", () => isSpared || listener("SIGHUP"));
  // Beyond the system's limit on a file's size, writing fails as on a full disk.
  Deno.addSignalListener("SIGXFSZ", () => {});
}
