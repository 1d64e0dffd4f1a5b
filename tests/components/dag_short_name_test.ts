// Names that are too long for their boxes, of which what tells them apart stays.

import assert from "node:assert/strict";
import { shortName, tellingTails } from "../../picture/dag/layout/short_name.ts";

const pen = { measure: (text: string) => text.length };

/** Names of a workflow in so many letters. */
function shortened(names: string[], room: number): string[] {
  const tails = tellingTails(names);
  return names.map((name) => shortName(pen, { name, tail: tails.get(name)! }, room, 12));
}

Deno.test("short names: of names that begin alike the end stays, from the beginning of a word on", () => {
  assert.deepStrictEqual(
    shortened(["NFCORE:AIRRFLOW:PRESTO:PAIRSEQ", "NFCORE:AIRRFLOW:PRESTO:PARSE"], 16),
    ["NFCORE:A…PAIRSEQ", "NFCORE:AIR…PARSE"],
  );
  assert.deepStrictEqual(
    shortened(["PRESTO_PARSEHEADERS_METADATA_UMI", "PRESTO_PARSEHEADERS_PRIMERS_UMI"], 18),
    ["PREST…METADATA_UMI", "PRESTO…PRIMERS_UMI"],
  );
});

Deno.test("short names: where the end alone has no room, it begins in it", () => {
  assert.deepStrictEqual(
    shortened(["CUSTOM_DUMPSOFTWAREVERSIONS", "CUSTOM_GETCHROMSIZES"], 10),
    ["…DUMPSOFT…", "…GETCHROM…"],
  );
});

Deno.test("short names: names with nothing in common are as they were", () => {
  const names = ["preprocess", "plot", "simulate"];
  assert.deepStrictEqual([...tellingTails(names).values()], [0, 0, 0]);
  assert.deepStrictEqual(shortened(names, 6), ["prepr…", "plot", "simul…"]);
});

Deno.test("short names: a few letters in common are nothing, nor is a part of a word", () => {
  assert.deepStrictEqual([...tellingTails(["gen_a", "gen_b"]).values()], [1, 1]);
  assert.deepStrictEqual([...tellingTails(["g_a", "g_b"]).values()], [0, 0]);
  assert.deepStrictEqual([...tellingTails(["simulate", "simulation"]).values()], [0, 0]);
});

Deno.test("short names: a name that another one begins with keeps its last word", () => {
  const tails = tellingTails(["SALMON_SE_GENE", "SALMON_SE_GENE_SCALED"]);
  assert.deepStrictEqual(tails.get("SALMON_SE_GENE"), 4);
  assert.deepStrictEqual(tails.get("SALMON_SE_GENE_SCALED"), "GENE_SCALED".length);
});

Deno.test("short names: never longer than their room, and different where they are different", () => {
  const names = ["A:B", "X:Y"].flatMap((before) =>
    ["sort", "index", "stats", "flagstat"].map((last) => `${before}_SAMTOOLS:SAMTOOLS_${last}`)
  );
  for (let room = 12; room < 40; room++) {
    const short = shortened(names, room);
    assert.ok(short.every(({ length }) => length <= room), `longer than ${room}`);
    assert.deepStrictEqual(new Set(short).size, names.length, `in ${room}: ${short}`);
  }
});
