// Accounts as a hub gives them: one that is well, and one with everything wrong.

import type { Accounts, RunAccounts } from "../../model/hub/accounts.ts";

const HOUR = 3_600_000;
const MIB = 1024 * 1024;

function run(id: number, changes: Partial<RunAccounts>): RunAccounts {
  return {
    runId: `${String(id).padStart(8, "0")}-6801-4e0c-8c30-bb637529f4f1`,
    workflowName: null,
    received: 100,
    written: 100,
    quarantined: 0,
    deferred: 0,
    lastMessage: 0,
    ...changes,
  };
}

/** A hub that runs since two hours and lost nothing; `now` in epoch milliseconds. */
export function healthy(now: number): Accounts {
  return {
    version: "0.1.0",
    pid: 4711,
    database: "/home/ada/climate/runinfo/monitoring.db",
    started: now - 2 * HOUR,
    udp: {
      address: "0.0.0.0",
      port: 55055,
      path: "recvmmsg",
      buffer: 16 * MIB,
      received: 1_204_311,
      bytes: 931_220_480,
      badSignature: 0,
      truncated: 0,
      kernelDrops: 0,
    },
    lane: {
      connections: 2,
      received: 300_120,
      bytes: 212_000_300,
      badSignature: 0,
      duplicates: 3,
      turnedAway: 0,
      unfinished: 0,
    },
    files: { received: 0 },
    messages: {
      decoded: 1_504_431,
      malformed: 0,
      refused: 0,
      quarantined: 0,
      quarantineFull: 0,
      written: 1_504_380,
      deferred: 4,
    },
    queue: { messages: 51, bytes: 48_211, spilled: 0, dropped: 0 },
    writer: {
      state: "writing",
      problem: "",
      since: now - 2 * HOUR,
      commits: 28_410,
      lastCommit: 12,
      lag: 180,
    },
    runs: [
      run(1, { workflowName: "old run", lastMessage: now - HOUR }),
      run(2, {
        workflowName: "climate ensemble",
        received: 1_504_331,
        written: 1_504_280,
        deferred: 4,
        lastMessage: now - 300,
      }),
    ],
    runsForgotten: 0,
  };
}

/** A hub whose database is locked, and to which every kind of loss happened. */
export function troubled(now: number): Accounts {
  const well = healthy(now);
  return {
    ...well,
    database: "/lustre/project_465000123/ada/a-rather-long-folder-name/runinfo/monitoring.db",
    udp: {
      ...well.udp,
      buffer: 212_992,
      badSignature: 12,
      truncated: 1,
      kernelDrops: 12_345,
    },
    lane: { ...well.lane, badSignature: 1, turnedAway: 40, unfinished: 2 },
    messages: {
      ...well.messages,
      malformed: 7,
      refused: 2,
      quarantined: 19,
      quarantineFull: 3,
      deferred: 1_900,
    },
    queue: { messages: 81_220, bytes: 64 * MIB, spilled: 310 * MIB, dropped: 5 },
    writer: {
      ...well.writer,
      state: "locked",
      problem: "database is locked (5)",
      since: now - 123_000,
      lag: 123_400,
    },
    runs: [
      ...well.runs.map((r) => ({ ...r, quarantined: 9 })),
      run(3, {
        workflowName: "a workflow of a name that is much longer than any column of a telephone",
        lastMessage: now - 61_000,
      }),
      run(4, { lastMessage: now - 26 * HOUR }),
    ],
    runsForgotten: 1_234,
  };
}
