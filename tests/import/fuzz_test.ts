// Reports and traces that chance has changed: each comes in, or is refused with a sentence.

import assert from "node:assert/strict";
import { join } from "node:path";
import { UserError } from "../../errors.ts";
import { importReport } from "../../import/import_report.ts";
import { importTrace } from "../../import/import_trace.ts";
import { importLimits } from "../../import/limits.ts";
import { seeded } from "../hub/random.ts";
import { withDirectory } from "../store/helpers.ts";
import { TRACE_PATH } from "./helpers.ts";
import { climateParts, pageOf } from "./report_pages.ts";

const LIMITS = importLimits(128);
/** MiB by which memory may grow in all: the limit, what was there before it, and garbage. */
const MOST_MIB = 1000;
const MUTATIONS = 250;

/** What stands in the place of a value. */
const EVIL: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  0.5,
  1e308,
  -1e308,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 53,
  -(2 ** 53),
  "",
  "same",
  "varint",
  "planes",
  "constructor",
  "__proto__",
  "a\0b\x1b[2J\u202e",
  "9999-12-31T23:59:59Z",
  [],
  [[]],
  [0, 0, 0],
  [0, 2 ** 40, 1],
  [1e9, 0, 1],
  {},
  { e: "same", v: 1e300 },
  { e: "planes", w: 8, at: [0, 0, 2 ** 31] },
];

type Below = (below: number) => number;
type Owner = Record<string, unknown>;

/** All places of a value in which another could stand. */
function* places(value: unknown): Generator<[owner: Owner, key: string]> {
  if (typeof value !== "object" || value === null) return;
  for (const key of Object.keys(value)) {
    yield [value as Owner, key];
    yield* places((value as Owner)[key]);
  }
}

/** The JSON of a copy in which some values are others, gone, or one of its own elsewhere. */
function mutatedJson(value: unknown, below: Below): string {
  const copy: unknown = structuredClone(value);
  for (let left = 1 + below(3); left > 0; left--) {
    const all = [...places(copy)];
    if (all.length === 0) break;
    const [owner, key] = all[below(all.length)];
    switch (below(4)) {
      case 0:
        if (Array.isArray(owner)) owner.splice(Number(key), 1);
        else delete owner[key];
        break;
      case 1: {
        const [from, name] = all[below(all.length)];
        owner[key] = structuredClone(from[name]);
        break;
      }
      default:
        owner[key] = structuredClone(EVIL[below(EVIL.length)]);
    }
  }
  return JSON.stringify(copy);
}

/** Bytes of which some are others, gone or doubled. */
function mutatedBytes(bytes: Uint8Array, below: Below): Uint8Array {
  const copy = bytes.slice();
  for (let left = 1 + below(8); left > 0; left--) {
    if (copy.length > 0) copy[below(copy.length)] = below(256);
  }
  switch (below(4)) {
    case 0:
      return copy.subarray(0, below(copy.length + 1));
    case 1:
      return new Uint8Array([...copy, ...copy.subarray(below(copy.length + 1))]);
    default:
      return copy;
  }
}

function mutatedText(text: string, below: Below): string {
  const bytes = mutatedBytes(new TextEncoder().encode(text), below);
  return new TextDecoder().decode(bytes);
}

/** Imports what is made for each seed; says how many came in. */
async function fuzz(
  work: (below: Below, output: string) => Promise<unknown>,
): Promise<{ taken: number; refused: Map<string, number> }> {
  let taken = 0;
  const refused = new Map<string, number>();
  const before = Deno.memoryUsage().rss;
  await withDirectory(async (folder) => {
    for (let seed = 1; seed <= MUTATIONS; seed++) {
      const output = join(folder, "out.db");
      try {
        await work(seeded(seed), output);
        taken++;
      } catch (error) {
        assert.ok(error instanceof UserError, `seed ${seed}: ${(error as Error).stack ?? error}`);
        assert.ok(!error.message.includes("\n"), `seed ${seed}: ${error.message}`);
        const kind = error.message.replaceAll(/[\d"']+/g, "").slice(0, 60);
        refused.set(kind, (refused.get(kind) ?? 0) + 1);
        await assert.rejects(Deno.stat(output), Deno.errors.NotFound, `seed ${seed}`);
      }
      await Deno.remove(output).catch(() => {});
      assert.deepStrictEqual([...Deno.readDirSync(folder)], [], `seed ${seed}`);
    }
  });
  const grown = (Deno.memoryUsage().rss - before) / 2 ** 20;
  assert.ok(grown < MOST_MIB, `memory grew by ${Math.round(grown)} MiB`);
  return { taken, refused };
}

function assertBoth({ taken, refused }: { taken: number; refused: Map<string, number> }): void {
  assert.ok(taken > 0, "none came in");
  assert.ok(refused.size > 3, `refused only for ${[...refused.keys()].join("; ")}`);
}

Deno.test("fuzz: reports of which headers, parts and pages were changed", async () => {
  const { about, header, parts } = await climateParts();
  const names = [...parts.keys()];
  const page = pageOf(about, JSON.stringify(header), parts);
  assertBoth(
    await fuzz(async (below, output) => {
      let text: string;
      switch (below(5)) {
        case 0:
          text = mutatedText(page, below);
          break;
        case 1: {
          const name = names[below(names.length)];
          const changed = new Map(parts).set(name, mutatedBytes(parts.get(name)!, below));
          text = pageOf(about, JSON.stringify(header), changed);
          break;
        }
        case 2:
          text = pageOf(mutatedJson(JSON.parse(about), below), JSON.stringify(header), parts);
          break;
        default:
          text = pageOf(about, mutatedJson(header, below), parts);
      }
      await importReport(text, "r.html", output, false, undefined, undefined, LIMITS);
    }),
  );
});

Deno.test("fuzz: traces of which values or bytes were changed", async () => {
  const flat = await Deno.readTextFile(TRACE_PATH);
  const wf = new URL("../fixtures/cases/wf/", import.meta.url);
  const split = await Deno.readTextFile(new URL("parsl-converted.json", wf));
  assertBoth(
    await fuzz(async (below, output) => {
      const trace = below(2) ? flat : split;
      const text = below(3) === 0
        ? mutatedText(trace, below)
        : mutatedJson(JSON.parse(trace), below);
      await importTrace(text, "t.json", output, false, undefined, LIMITS);
    }),
  );
});
