/** Packs a run's rows by column. */
import type { TableBatch } from "../../store/database.ts";
import { CODE } from "./column.ts";
import { deflate, measure } from "./deflate.ts";
import type { LeftOut, Packed, SamplesHeader, TableHeader } from "./header.ts";
import { GatheredRun, type PackOptions } from "./gathered_run.ts";
import { HeldTable } from "./held_table.ts";
import { leftOut } from "./left_out.ts";
import { microsToMs } from "./micros.ts";
import { OrderedTable } from "./ordered_table.ts";
import { Pace } from "./pace.ts";
import { Parts } from "./parts.ts";
import { Tables } from "./references.ts";
import { packSamples } from "./samples_pack.ts";
import { packTable } from "./table_pack.ts";

export type { PackOptions };

/** Told how far packing is: rows done, and in all (0 while unknown). */
export type PackProgress = (done: number, total: number) => void;

/** Of the budget, rows about blocks take at most this share before those that repeat others go. */
const BLOCKS = 0.1;
/** A report of a manager takes more than this many bytes. */
const LEAST_NODE_BYTES = 2;
/** For more tasks than this there never is room for microseconds: that is not tried out. */
const MANY_TASKS = 400_000;
/** Times are rounded up to this many microseconds where they are not held as they are. */
const MILLISECOND = 1000;

/** A table, or what stands for one, with its parts. */
interface Piece<Header> {
  header: Header;
  parts: Packed["parts"];
  size: number;
}

/**
 * Packs the rows of one run, leaving out what makes it bigger than its budget. The event loop is
 * held for some ms at a time only.
 *
 * @param source the run's rows, as `MonitoringDatabase.tables` gives them
 */
export async function packRun(
  source: AsyncIterable<TableBatch>,
  options: PackOptions = {},
  progress: PackProgress = () => {},
): Promise<Packed> {
  const run = new GatheredRun(options);
  const pace = new Pace();
  for await (const batch of source) {
    run.add(batch);
    progress(batch.done ?? 0, batch.total ?? 0);
    await pace.turn();
  }
  run.close();
  return await new RunPacking(run, pace).packed();
}

/** Packs what was gathered. */
class RunPacking {
  readonly #run: GatheredRun;
  readonly #pace: Pace;
  readonly #left: LeftOut[] = [];
  #tables = new Tables();
  #newest: number | null = null;
  /** The rows about blocks that are held; null for all of them. */
  #blocks: Uint32Array | null = null;

  constructor(run: GatheredRun, pace: Pace) {
    this.#run = run;
    this.#pace = pace;
  }

  async packed(): Promise<Packed> {
    const { budget } = this.#run;
    const tasks = this.#run.held.get("task")?.rows ?? 0;
    const isMany = this.#run.isWithout("microseconds") ||
      tasks > MANY_TASKS && budget < Infinity;
    await this.#chooseBlocks(budget * BLOCKS);
    let core = await this.#core(isMany ? MILLISECOND : 1);
    const room = budget - sizeOf(core);
    let nodes = await this.#nodes(room);
    const rows = await this.#samples(room - (nodes?.size ?? 0));
    if (!nodes || rows.size + nodes.size > room) nodes = await this.#fewNodes();
    const over = rows.size + (nodes?.size ?? 0) > room;
    if (over && !isMany) core = await this.#core(MILLISECOND);
    if (over || isMany) this.#left.push(leftOut("microseconds"));
    const pieces = [...core, ...rows.table ? [rows.table] : [], ...nodes ? [nodes] : []];
    const order = [...this.#run.held.keys()];
    pieces.sort((a, b) => order.indexOf(a.header.name) - order.indexOf(b.header.name));
    const parts = pieces.flatMap((piece) => piece.parts);
    if (rows.samples) parts.push(...rows.samples.parts);
    return {
      header: {
        version: 1,
        tables: pieces.map((piece) => piece.header),
        ...rows.samples ? { samples: rows.samples.header } : {},
        newest: this.#newest,
        left: this.#left,
      },
      parts,
    };
  }

  /** All tables but samples and nodes. */
  async #core(unit: number): Promise<Piece<TableHeader>[]> {
    this.#tables = new Tables();
    const pieces: Piece<TableHeader>[] = [];
    for (const held of this.#run.held.values()) {
      if (held.name === "resource" || held.name === "node") continue;
      const chosen = held.name === "block" ? this.#blocks : null;
      const table = await OrderedTable.of(held, this.#pace, unit, chosen);
      if (held.name === "status") this.#newest = newestOf(table);
      pieces.push(await this.#table(table));
    }
    return pieces;
  }

  /** Leaves rows out that repeat a block's status, if all of them take more than their room. */
  async #chooseBlocks(room: number): Promise<void> {
    const held = this.#run.held.get("block");
    if (!held) return;
    const kept = this.#run.blocks.kept();
    if (kept.length === this.#run.blocks.rows) return;
    if (!this.#run.isWithout("block")) {
      const whole = await this.#table(await OrderedTable.of(held, this.#pace));
      if (whole.size <= room) return;
    }
    this.#blocks = kept;
    this.#left.push(leftOut("block"));
  }

  /** The samples, or what they told where there is no room for them. */
  async #samples(room: number): Promise<{
    table?: Piece<TableHeader>;
    samples?: Piece<SamplesHeader>;
    size: number;
  }> {
    const held = this.#run.held.get("resource");
    if (!held) return { size: 0 };
    const whole = this.#run.isWithoutSamples
      ? null
      : await this.#table(await OrderedTable.of(held, this.#pace));
    if (whole && (held.rows === 0 || whole.size <= room)) return { table: whole, size: whole.size };
    if (this.#run.samples.count === 0) {
      const table = whole ?? await this.#table(await OrderedTable.of(held, this.#pace));
      return { table, size: table.size };
    }
    const columns = held.columns.map(({ name }) => name);
    const none = await OrderedTable.of(new HeldTable("resource", columns), this.#pace);
    const table = await this.#table(none);
    const sink = new Parts("samples", (bytes) => deflate(bytes, this.#pace));
    const context = { pace: this.#pace, sink, measure };
    const header = await packSamples(this.#run.samples.state(), context);
    const samples = await finished({ ...header, parts: sink.names }, sink);
    const size = table.size + samples.size;
    // What many samples told is less than they are, but not what few did.
    if (whole && whole.size <= size) return { table: whole, size: whole.size };
    this.#left.push(leftOut("resource"));
    return { table, samples, size };
  }

  /** All reports of managers; null where they cannot fit. */
  async #nodes(room: number): Promise<Piece<TableHeader> | null> {
    const held = this.#run.held.get("node");
    if (!held) return null;
    if (this.#run.isWithout("node") || held.rows * LEAST_NODE_BYTES > room) return null;
    return await this.#table(await OrderedTable.of(held, this.#pace));
  }

  /** The reports of managers that say something new. */
  async #fewNodes(): Promise<Piece<TableHeader> | null> {
    const held = this.#run.held.get("node");
    if (!held) return null;
    const kept = this.#run.nodes.kept();
    if (kept.length < held.rows) this.#left.push(leftOut("node"));
    return await this.#table(await OrderedTable.of(held, this.#pace, 1, kept));
  }

  async #table(table: OrderedTable): Promise<Piece<TableHeader>> {
    const sink = new Parts(table.name, (bytes) => deflate(bytes, this.#pace));
    const context = { pace: this.#pace, sink, measure };
    const header = await packTable(table, this.#tables, context);
    return await finished({ ...header, parts: sink.names }, sink);
  }
}

async function finished<Header>(header: Header, sink: Parts): Promise<Piece<Header>> {
  const parts = await sink.done();
  return { header, parts, size: parts.reduce((sum, { deflated }) => sum + deflated.length, 0) };
}

function sizeOf(pieces: Piece<TableHeader>[]): number {
  return pieces.reduce((sum, { size }) => sum + size, 0);
}

/** The newest time of the statuses, naive ms. */
function newestOf(table: OrderedTable): number | null {
  const times = table.column("timestamp");
  if (!times || times.kinds !== CODE.time) return null;
  let newest = -Infinity;
  for (const value of times.values) if (value > newest) newest = value;
  return newest > -Infinity ? microsToMs(newest) : null;
}
