// The recordings, as files that a test may do with as it likes.

import { ROOT } from "./server.ts";

const FIXTURES = `${ROOT}tests/fixtures/`;

export interface Fixture {
  path: string;
  folder: string;
  remove(): Promise<void>;
}

async function fixture(name: string, fill: (path: string) => Promise<void>): Promise<Fixture> {
  const folder = await Deno.makeTempDir({ prefix: "parsloscope-test-" });
  const path = `${folder}/${name}`;
  await fill(path);
  return { path, folder, remove: () => Deno.remove(folder, { recursive: true }) };
}

/** A copy of climate.db in a folder of its own. */
export function climate(name = "climate.db"): Promise<Fixture> {
  return fixture(name, (path) => Deno.copyFile(`${FIXTURES}climate.db`, path));
}

/** large.db, unpacked. */
export function large(name = "large.db"): Promise<Fixture> {
  return fixture(name, async (path) => {
    const packed = await Deno.open(`${FIXTURES}large.db.gz`);
    const target = await Deno.open(path, { write: true, create: true });
    await packed.readable.pipeThrough(new DecompressionStream("gzip")).pipeTo(target.writable);
  });
}

/** A run in figures.json, the oracle that pandas computed (tests/oracle/figures.py). */
export interface RunFigures {
  name: string;
  tasks: number;
  states: Record<string, number>;
  apps: Record<string, number>;
  duration: number | null;
  span: number;
  peak_memory: number | null;
  peak_memory_of_app: Record<string, number | null>;
  /** Seconds since time_began. */
  instants: number[];
  busy: number[];
  capacity: number[];
}

export type Figures = Record<"climate.db" | "large.db", Record<string, RunFigures>>;

export async function figures(): Promise<Figures> {
  return JSON.parse(await Deno.readTextFile(`${ROOT}tests/oracle/figures.json`)) as Figures;
}

/** The run of large.db with 10,000 tasks. */
export const LARGE_RUN = "90c9d129-9c06-46e9-89bf-29ca6a5a73e2";
/** The first run of climate.db: every kind of task on HTEX. */
export const CLIMATE_RUN = "39fb8bab-6801-4e0c-8c30-bb637529f4f1";
