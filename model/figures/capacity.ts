import type { NodeRow } from "../run/rows.ts";
import type { Run } from "../run/run.ts";

/** What the managers offered from a time on: workers, and the cores and memory of their hosts. */
export interface Capacity {
  /** Naive ms. */
  time: number;
  workers: number;
  cores: number;
  /** Bytes. */
  memory: number;
}

/** One manager's life, from the reports about it. */
export interface Manager {
  uid: string;
  hostname: string;
  blockId: string | null;
  /** Null where no report tells. */
  workers: number | null;
  cores: number | null;
  memory: number | null;
  pythonVersion: string | null;
  from: number;
  /** Naive ms; null while it lives. */
  until: number | null;
}

/**
 * The managers of a run. Parsl repeats a row for each change of a manager's queue, so rows are
 * folded by `uid`; a manager ends with a row that says it is inactive, or with its block. Until 2020
 * managers had no `uid` and one row each: they are numbered by host. A row of such that is inactive
 * ends the first of its host that lives.
 */
export function managersOf(run: Run): Manager[] {
  const managers = new Map<string, Manager>();
  const unnamed = new Map<string, Manager[]>();
  const rows = [...run.nodes].filter((n) => n.time !== null)
    .sort((a, b) => a.time! - b.time!);
  for (const row of rows) {
    if (row.uid === null) {
      addUnnamed(row, unnamed);
      continue;
    }
    let manager = managers.get(row.uid);
    if (!manager) managers.set(row.uid, manager = managerOf(row, row.uid));
    manager.workers = row.workerCount ?? manager.workers;
    manager.until = row.active === false ? manager.until ?? row.time! : null;
  }
  for (const list of unnamed.values()) for (const one of list) managers.set(one.uid, one);
  const executors = run.fleet.blocks.endsByExecutor();
  for (const manager of managers.values()) {
    if (manager.blockId === null) continue;
    // A block id is unique within its executor only, and the node row does not name the executor:
    // where several have such a block, the manager ends with the last of them.
    const ends = executors.filter((blocks) => blocks.has(manager.blockId!))
      .map((blocks) => blocks.get(manager.blockId!)!);
    const latest = ends.length > 0 ? Math.max(...ends) : Infinity;
    if (latest >= manager.from && latest < (manager.until ?? Infinity)) manager.until = latest;
  }
  return [...managers.values()];
}

function managerOf(row: NodeRow, uid: string): Manager {
  return {
    uid,
    hostname: row.hostname ?? "unknown",
    blockId: row.blockId,
    workers: row.workerCount,
    cores: row.cpuCount,
    memory: row.totalMemory,
    pythonVersion: row.pythonVersion,
    from: row.time!,
    until: null,
  };
}

/** One more manager on its host, or the end of the first one there that lives. */
function addUnnamed(row: NodeRow, unnamed: Map<string, Manager[]>): void {
  const host = row.hostname ?? "unknown";
  const there = unnamed.get(host) ?? [];
  unnamed.set(host, there);
  if (row.active !== false) there.push(managerOf(row, `${host} (${there.length + 1})`));
  else {
    const living = there.find(({ until }) => until === null);
    if (living) living.until = row.time;
  }
}

/** Capacity after every change, in order of time; a host with two managers counts its cores once. */
export function capacityChanges(run: Run): Capacity[] {
  const changes: { time: number; manager: Manager; sign: 1 | -1 }[] = [];
  for (const manager of managersOf(run)) {
    changes.push({ time: manager.from, manager, sign: 1 });
    if (manager.until !== null) changes.push({ time: manager.until, manager, sign: -1 });
  }
  changes.sort((a, b) => a.time - b.time || b.sign - a.sign);
  const hosts = new Map<string, number>();
  const now = { workers: 0, cores: 0, memory: 0 };
  return changes.map(({ time, manager, sign }) => {
    now.workers += sign * (manager.workers ?? 0);
    const before = hosts.get(manager.hostname) ?? 0;
    hosts.set(manager.hostname, before + sign);
    if ((sign > 0 && before === 0) || (sign < 0 && before === 1)) {
      now.cores += sign * (manager.cores ?? 0);
      now.memory += sign * (manager.memory ?? 0);
    }
    return { time, ...now };
  });
}
