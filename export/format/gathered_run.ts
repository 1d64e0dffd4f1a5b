import type { TableBatch } from "../../store/database.ts";
import { BlockThinning } from "./block_thinning.ts";
import { budgetOf } from "./budget.ts";
import type { LeftOut } from "./header.ts";
import { HeldTable } from "./held_table.ts";
import { NodeThinning } from "./node_thinning.ts";
import { SampleFold } from "./sample_fold.ts";

/** How a run is to be packed. */
export interface PackOptions {
  /** Leave nothing out, however big the file gets. */
  full?: boolean;
  /** Bytes that the parts may take together; by the number of tasks unless given. */
  budget?: number;
  /** Leave this out in any case. */
  without?: readonly LeftOut["what"][];
}

/** A sample takes more than this many bytes, whatever it says. */
const LEAST_SAMPLE_BYTES = 12;

/** The rows of a run as they come, and what is needed where some have to be left out. */
export class GatheredRun {
  readonly held = new Map<string, HeldTable>();
  readonly samples = new SampleFold();
  readonly nodes = new NodeThinning();
  readonly blocks = new BlockThinning();
  /** Whether there are so many samples that they cannot be held. */
  isWithoutSamples = false;
  readonly #options: PackOptions;

  constructor(options: PackOptions) {
    this.#options = options;
    this.isWithoutSamples = options.without?.includes("resource") ?? false;
  }

  /** Whether something is to be left out whatever room there is. */
  isWithout(what: LeftOut["what"]): boolean {
    return this.#options.without?.includes(what) ?? false;
  }

  /** Bytes that the parts may take together. */
  get budget(): number {
    if (this.#options.full) return Infinity;
    return this.#options.budget ?? budgetOf(this.held.get("task")?.rows ?? 0);
  }

  /** Says that all rows have come. */
  close(): void {
    for (const table of this.held.values()) for (const column of table.columns) column.close();
  }

  /** Takes rows in; tasks come before samples. */
  add(batch: TableBatch): void {
    let held = this.held.get(batch.table);
    if (!held) this.held.set(batch.table, held = new HeldTable(batch.table, batch.columns));
    if (!this.#options.full) {
      this.samples.add(batch);
      if (batch.table === "node") this.nodes.add(batch);
      else if (batch.table === "block") this.blocks.add(batch);
    }
    if (batch.table === "resource" && !this.isWithoutSamples) {
      const rows = held.rows + batch.rows.length;
      if (rows * LEAST_SAMPLE_BYTES > this.budget) {
        this.isWithoutSamples = true;
        held = new HeldTable(batch.table, batch.columns);
        this.held.set(batch.table, held);
      }
    }
    if (batch.table !== "resource" || !this.isWithoutSamples) held.add(batch);
  }
}
