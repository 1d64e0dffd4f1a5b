import assert from "node:assert/strict";
import { prometheus } from "../../model/hub/prometheus.ts";
import { healthy, troubled } from "../support/hub_accounts.ts";

interface Family {
  type: string;
  help: string;
  /** Values by their labels as JSON. */
  samples: Map<string, number>;
}

/** Reads a label text `a="b",c="d"`; throws on anything that is not to the letter. */
function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  const one = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"(,|$)/y;
  let at = 0;
  while (at < text.length) {
    one.lastIndex = at;
    const match = one.exec(text);
    if (!match) throw new Error(`bad labels: ${text}`);
    if (match[1] in labels) throw new Error(`label twice: ${text}`);
    labels[match[1]] = match[2].replace(/\\(.)/g, (_, c) => c === "n" ? "\n" : c);
    at = one.lastIndex;
  }
  return labels;
}

/** Parses the text format; every family must have HELP, TYPE and then its samples, in one piece. */
function parse(text: string): Map<string, Family> {
  if (!text.endsWith("\n")) throw new Error("the last line does not end");
  const families = new Map<string, Family>();
  let name = "";
  let help: string | null = null;
  for (const line of text.slice(0, -1).split("\n")) {
    const comment = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/.exec(line);
    if (comment?.[1] === "HELP") {
      if (help !== null) throw new Error(`HELP without TYPE before: ${line}`);
      name = comment[2];
      help = comment[3];
      if (families.has(name)) throw new Error(`a family in two pieces: ${name}`);
    } else if (comment) {
      if (comment[2] !== name || help === null) throw new Error(`TYPE without HELP: ${line}`);
      if (!/^(counter|gauge)$/.test(comment[3])) throw new Error(`unknown type: ${line}`);
      families.set(name, { type: comment[3], help, samples: new Map() });
      help = null;
    } else {
      const sample = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/.exec(line);
      if (!sample) throw new Error(`not a sample: ${line}`);
      const family = families.get(sample[1]);
      if (!family || sample[1] !== name) throw new Error(`sample outside its family: ${line}`);
      const value = Number(sample[3]);
      if (Number.isNaN(value)) throw new Error(`not a number: ${line}`);
      const labels = JSON.stringify(parseLabels(sample[2] ?? ""));
      if (family.samples.has(labels)) throw new Error(`sample twice: ${line}`);
      family.samples.set(labels, value);
    }
  }
  for (const [family, { samples }] of families) {
    if (samples.size === 0) throw new Error(`no samples: ${family}`);
  }
  return families;
}

const NOW = 1_795_600_000_000;

function value(families: Map<string, Family>, name: string, labels = {}): number | undefined {
  return families.get(name)?.samples.get(JSON.stringify(labels));
}

Deno.test("prometheus: counters end in _total and nothing else does", () => {
  const families = parse(prometheus(troubled(NOW)));
  const wrong = [...families]
    .filter(([name, { type }]) => (type === "counter") !== name.endsWith("_total"))
    .map(([name]) => name);
  assert.deepStrictEqual(wrong, []);
  assert.deepStrictEqual(
    [...families.keys()].filter((name) => !name.startsWith("parsloscope_")),
    [],
  );
});

Deno.test("prometheus: figures are those of the accounts, in seconds and bytes", () => {
  const families = parse(prometheus(troubled(NOW)));
  assert.deepStrictEqual(value(families, "parsloscope_udp_kernel_drops_total"), 12_345);
  assert.deepStrictEqual(value(families, "parsloscope_udp_receive_buffer_bytes"), 212_992);
  assert.deepStrictEqual(value(families, "parsloscope_queue_messages"), 81_220);
  assert.deepStrictEqual(value(families, "parsloscope_queue_spilled_bytes"), 310 * 1024 * 1024);
  assert.deepStrictEqual(value(families, "parsloscope_writer_lag_seconds"), 123.4);
  assert.deepStrictEqual(value(families, "parsloscope_writer_last_commit_seconds"), 0.012);
  assert.deepStrictEqual(value(families, "parsloscope_hub_start_time_seconds"), NOW / 1000 - 7200);
  assert.deepStrictEqual(
    value(families, "parsloscope_run_messages_received_total", {
      run_id: "00000002-6801-4e0c-8c30-bb637529f4f1",
    }),
    1_504_331,
  );
});

Deno.test("prometheus: exactly one state of the writer is 1", () => {
  for (const state of ["writing", "locked", "full", "failing"] as const) {
    const accounts = healthy(NOW);
    accounts.writer.state = state;
    const samples = parse(prometheus(accounts)).get("parsloscope_writer_state")?.samples;
    assert.deepStrictEqual(samples?.size, 4);
    const ones = [...samples ?? []].filter(([, n]) => n === 1).map(([labels]) => labels);
    assert.deepStrictEqual(ones, [JSON.stringify({ state })]);
  }
});

Deno.test("prometheus: what is unknown is left out", () => {
  const accounts = healthy(NOW);
  accounts.udp.kernelDrops = null;
  accounts.udp.buffer = null;
  accounts.runs = [];
  const families = parse(prometheus(accounts));
  assert.ok(!families.has("parsloscope_udp_kernel_drops_total"), "unknown drops read as a number");
  assert.ok(!families.has("parsloscope_udp_receive_buffer_bytes"), "an unknown buffer as a number");
  assert.ok(!families.has("parsloscope_run_messages_received_total"), "a family without samples");
});

Deno.test("prometheus: label values of any text are escaped", () => {
  const accounts = healthy(NOW);
  const runId = 'a"b\\n\nc,d="e"} 1';
  accounts.runs = [{ ...accounts.runs[0], runId, workflowName: "ünï\\" }];
  const families = parse(prometheus(accounts));
  assert.deepStrictEqual(
    value(families, "parsloscope_run_messages_written_total", { run_id: runId }),
    100,
  );
  assert.deepStrictEqual(
    value(families, "parsloscope_run_info", { run_id: runId, workflow_name: "ünï\\" }),
    1,
  );
});
