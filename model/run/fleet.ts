import { BlockFold } from "./block_fold.ts";
import type { NodeRow } from "./rows.ts";

/**
 * What managers and blocks reported. Managers repeat themselves with every change of their queues:
 * of reports in a row that say the same, the first and the last are kept. A late report that falls
 * between two such is taken for the only one between them. Until 2020 managers had no names, and each
 * reported once, when it joined: all such reports are kept.
 */
export class Fleet {
  readonly nodes: NodeRow[] = [];
  readonly blocks = new BlockFold();
  /** Per manager: where its last report stands, and whether the one before it said the same. */
  readonly #last = new Map<string, { at: number; repeats: boolean }>();

  /** Bytes taken, roughly. */
  get bytes(): number {
    return 200 * this.nodes.length + this.blocks.bytes;
  }

  /** Takes a manager's report in. */
  addNode(row: NodeRow): void {
    const { uid } = row;
    if (uid === null) {
      this.nodes.push(row);
      return;
    }
    const last = this.#last.get(uid);
    if (last && saysTheSame(this.nodes[last.at], row)) {
      if (last.repeats) {
        this.nodes[last.at] = row;
        return;
      }
      this.#last.set(uid, { at: this.nodes.push(row) - 1, repeats: true });
      return;
    }
    this.#last.set(uid, { at: this.nodes.push(row) - 1, repeats: false });
  }
}

/** Whether a report repeats the one before it, at the same time or later. */
function saysTheSame(a: NodeRow, b: NodeRow): boolean {
  return a.time !== null && b.time !== null && a.time <= b.time &&
    a.active === b.active && a.workerCount === b.workerCount && a.blockId === b.blockId &&
    a.uid === b.uid && a.hostname === b.hostname && a.cpuCount === b.cpuCount &&
    a.totalMemory === b.totalMemory && a.pythonVersion === b.pythonVersion;
}
