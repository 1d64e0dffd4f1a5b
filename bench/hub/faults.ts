// What a hub loses when things go wrong: `deno run -P=dev bench/hub/faults.ts`.
//
// --kills N     kills of the hub by SIGKILL under load (50)
// --hold N      seconds that a lock is held, and a disk is full (60)
// --only NAME   one of kill, lock, full, late

import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  canMount,
  fullDisk,
  type HoldOutcome,
  kills,
  late,
  type LoadOptions,
  lock,
  type Outcome,
} from "../../tests/hub/faults.ts";

/** Messages per second, of several clients. */
const heavy: LoadOptions = { clients: 4, rate: 2200, datagramRate: 300 };
const light: LoadOptions = { clients: 4, rate: 600, datagramRate: 300 };

function row(fault: string, outcome: Outcome, more: string): void {
  const { sent, lost, doubled, datagrams, datagramRows, integrity } = outcome;
  const cells = [fault, sent, lost, doubled, datagrams, datagramRows, integrity, more];
  console.log(`| ${cells.join(" | ")} |`);
}

function held({ states, lag, recovery, dropped }: HoldOutcome): string {
  return `states ${states.join(", ")}; longest wait ${(lag / 1000).toFixed(1)} s; up to date ` +
    `${Math.round(recovery)} ms after; ${dropped} datagrams dropped`;
}

async function inDirectory(run: (database: string) => Promise<void>): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "parsloscope-faults-" });
  try {
    await run(join(directory, "monitoring.db"));
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

function told(outcome: HoldOutcome): [HoldOutcome, string] {
  return [outcome, held(outcome)];
}

/** Measures what is wanted, and prints a table. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      kills: { type: "string", default: "50" },
      hold: { type: "string", default: "60" },
      only: { type: "string" },
    },
  });
  const hold = Number(values.hold);
  console.log("| fault | lane: sent | lost | doubled | UDP: sent | rows | integrity | more |");
  console.log("| --- | ---: | ---: | ---: | ---: | ---: | --- | --- |");

  const wanted = (name: string) => values.only === undefined || values.only === name;

  if (wanted("kill")) {
    await inDirectory(async (database) => {
      const outcome = await kills(database, Number(values.kills), heavy);
      const { kills: count, early, lostAtKill, start } = outcome;
      row(
        `kill -9, ${count} times`,
        outcome,
        `${early} of them during the start; ${lostAtKill} acknowledged rows missing right after ` +
          `a kill; start ${Math.round(start)} ms`,
      );
    });
  }
  if (wanted("lock")) {
    await inDirectory(async (database) => {
      row(`exclusive lock, ${hold} s`, ...told(await lock(database, "writer", hold, light)));
    });
    await inDirectory(async (database) => {
      row(`reading transaction, ${hold} s`, ...told(await lock(database, "reader", hold, light)));
    });
  }
  if (wanted("full")) {
    if (await canMount()) {
      const seconds = Math.min(hold, 10);
      row(`full disk, ${seconds} s`, ...told(await fullDisk(seconds, light)));
    } else {
      console.log("| full disk | not measured: no tmpfs can be mounted here | | | | | | |");
    }
  }
  if (wanted("late")) {
    await inDirectory(async (database) => {
      row("hub late, restarted in the middle", await late(database, 3, heavy), "");
    });
  }
}

if (import.meta.main) await main();
