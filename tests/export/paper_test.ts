// What is printed of a report, and what readers without scripts see.
import assert from "node:assert/strict";
import { h } from "preact";
import { renderToString } from "preact-render-to-string";
import { keptLayout } from "../../picture/dag/layout/stored_layout.ts";
import { DagLayouts } from "../../picture/dag/layout/layouts.ts";
import { failureWords } from "../../components/failures/words.ts";
import { count, duration } from "../../looks/format.ts";
import { paperDag, PaperDagFigure } from "../../export/paper/dag.tsx";
import { readAsset } from "../../installation/files.ts";
import { openWorker, startLayouts } from "../../export/paper/layouts.ts";
import { paper, type PaperOptions } from "../../export/paper/paper.tsx";
import { cellsPng } from "../../export/paper/png.ts";
import { shortSvg } from "../../export/paper/short_svg.ts";
import { compactPath, rounded } from "../../export/paper/svg_path.ts";
import { Run } from "../../model/run/run.ts";
import { dagPageView } from "../../model/views/dag.ts";
import { summaryView } from "../../model/views/summary.ts";
import { findChromium, launch } from "../support/chromium.ts";
import { PATIENCE } from "../support/eventually.ts";
import { climate, type Fixture, large, LARGE_RUN } from "../support/fixtures.ts";
import { ROOT } from "../support/server.ts";
import { rows, runsOf, status, taskRow, tryRow, workflowRow } from "../model/synthetic.ts";

const chromium = findChromium();

async function options(): Promise<Omit<PaperOptions, "layouts">> {
  const sheets = ["dag", "hub", "print", "style"].map((name) => `${ROOT}static/${name}.css`);
  return {
    now: 0,
    made: "Parsloscope 1.2.3, 2026-11-25 12:00:00 UTC",
    css: (await Promise.all(sheets.map((path) => Deno.readTextFile(path)))).join("\n"),
  };
}

async function paperOf(run: Run, limit = PATIENCE) {
  return await paperBy(run, startLayouts(await readAsset("elk-worker.js"), limit));
}

async function paperBy(run: Run, layouts: DagLayouts) {
  try {
    return await paper(run, { ...await options(), now: run.end, layouts });
  } finally {
    layouts.end();
  }
}

async function runIn(open: () => Promise<Fixture>, of: (run: Run) => boolean): Promise<Run> {
  const file = await open();
  try {
    return (await runsOf(file.path)).find(of)!;
  } finally {
    await file.remove();
  }
}

/** A section by its id, without tags. */
function textOf(html: string, id: string): string {
  const [, section] = html.match(new RegExp(`<section id="${id}"([\\s\\S]*?)</section>`)) ?? [];
  assert.ok(section !== undefined, `a section ${id}`);
  return section.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ").replaceAll("&lt;", "<");
}

const SECTIONS = [
  ...["paper-dag", "paper-charts", "paper-failures", "paper-apps"],
  ...["paper-managers", "paper-blocks", "paper-tasks"],
];

Deno.test("the paper of a recording has every section, with the figures of the views", async () => {
  const run = await runIn(climate, ({ workflow }) => workflow.name === "climate-htex");
  const view = summaryView(run, run.end);
  const { html, layout } = await paperOf(run);
  assert.match(html, /^<section class="paper">[\s\S]*<\/section>$/);
  const found = [...html.matchAll(/<section id="([^"]*)"/g)].map(([, id]) => id);
  assert.deepEqual(found, SECTIONS);
  for (const { app, tasks, totalRun } of view.apps) {
    const row = `${app} ${count(tasks)} `;
    const apps = textOf(html, "paper-apps");
    assert.ok(apps.includes(row) && apps.includes(duration(totalRun)), row);
  }
  const failures = textOf(html, "paper-failures");
  for (const group of view.failures) {
    assert.ok(failures.includes(group.cause), group.cause);
    assert.ok(failures.includes(failureWords(group, view.head.status)), group.cause);
    assert.ok(failures.includes(group.tasks.join(", ")), group.cause);
  }
  assert.match(html, new RegExp(`<dt>Tasks</dt><dd>${count(run.tasks)}</dd>`));
  for (const { name, count: tasks } of view.head.states) {
    assert.ok(html.includes(`<dd>${count(tasks)}</dd>`), name);
  }
  assert.equal(html.match(/<figure class="paper-chart">/g)?.length, 8);
  assert.equal(layout?.plain, false);
  assert.ok(html.length < 64_000, `${html.length} characters`);
});

Deno.test("the paper of a small run has no links, buttons, scripts or ids of the app", async () => {
  const run = await runIn(climate, ({ workflow }) => workflow.name === "climate-threads");
  const { html } = await paperOf(run);
  assert.doesNotMatch(html, /<(?:a|button|script|link|input)[\s>]/);
  const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
  assert.deepEqual(ids.filter((id) => !/^p/.test(id)), []);
  assert.equal(new Set(ids).size, ids.length, "ids are used once");
  for (const [, id] of html.matchAll(/(?:href="#|url\(#)([^")]*)/g)) {
    assert.ok(ids.includes(id), `${id} is there`);
  }
});

Deno.test("the paper of 10,000 tasks lists the first 200 and says how many there are more", async () => {
  const run = await runIn(large, ({ runId }) => runId === LARGE_RUN);
  const { html } = await paperOf(run, 1);
  assert.match(textOf(html, "paper-tasks"), /9,800 more tasks are in the interactive part/);
  assert.equal(html.split('class="paper-tasks"')[1].match(/<tr/g)?.length, 201);
  assert.ok(html.length < 250_000, `${html.length} characters`);
});

Deno.test("groups whose tasks are not drawn one by one, for want of room, are counted", async () => {
  const run = new Run(workflowRow());
  run.fold(rows({
    tasks: Array.from({ length: 800 }, (_, id) => taskRow(id, { app: id < 400 ? "a" : "b" })),
  }));
  const { dag } = dagPageView(run, run.end, "states");
  const layouts = startLayouts(await readAsset("elk-worker.js"), 60_000);
  try {
    const means = { ...await options(), layouts };
    const noted = async (room?: number) => {
      const drawn = await paperDag(run, dag, means, room);
      const figure = renderToString(h(PaperDagFigure, { view: dag, dag: drawn }));
      const images = drawn.svg.split("<image").length - 1;
      return { images, note: /The tasks of \d+ groups? are not/.exec(figure)?.[0] };
    };
    assert.deepStrictEqual(await noted(), { images: 2, note: undefined });
    assert.deepStrictEqual(await noted(1), { images: 0, note: "The tasks of 2 groups are not" });
  } finally {
    layouts.end();
  }
});

Deno.test("every task of a group is a cell of its picture", async () => {
  const ids = Array.from({ length: 400 }, (_, id) => id);
  const run = new Run(workflowRow());
  run.fold(rows({
    tasks: ids.map((id) => taskRow(id)),
    statuses: ids.map((id) => status(id, id % 7 ? "exec_done" : "failed", 2)),
  }));
  const { html } = await paperOf(run);
  const [, packed] = html.match(/<image [^>]*href="data:image\/png;base64,([^"]*)"/) ?? [];
  const header = new DataView(Uint8Array.fromBase64(packed).buffer, 16);
  const [columns, cells] = [header.getUint32(0), header.getUint32(0) * header.getUint32(4)];
  assert.ok(cells >= 400 && cells < 400 + columns, `${cells} cells`);
});

Deno.test("the layout that paper hands on is that of the same view", async () => {
  const run = await runIn(climate, ({ workflow }) => workflow.name === "climate-htex");
  const { layout } = await paperOf(run);
  const { dag } = dagPageView(run, run.end, "apps");
  const kept = keptLayout(JSON.parse(JSON.stringify(layout)), dag);
  assert.deepEqual([...kept!.layout.boxes.keys()], dag.nodes.map(({ id }) => id));
  assert.equal(kept!.layout.lines.length, dag.edges.length);
  assert.ok(kept!.layout.lines.every((line) => line.length >= 2));
  assert.ok(layout!.key.includes(String(dag.structure)));
  const other = { ...dag, nodes: dag.nodes.slice(1) };
  assert.equal(keptLayout(layout!, other), undefined, "of another view nothing is taken");
});

Deno.test("texts of tasks are shown as text, however they look and however long they are", async () => {
  const evil = `</section><script>alert("x")</script>&"'`;
  const long = "n".repeat(1_000_000);
  const run = new Run(workflowRow({ name: evil, host: evil }));
  run.fold(rows({
    tasks: [taskRow(0, { app: evil }), taskRow(1, { app: long })],
    tries: [
      tryRow(0, 0, { failHistory: `${evil}\nTraceback\n${evil}` }),
      tryRow(1, 0, { failHistory: long }),
    ],
    statuses: [status(0, "failed", 2), status(1, "failed", 3)],
  }));
  const { html } = await paperOf(run);
  assert.doesNotMatch(html, /<script/);
  assert.ok(html.includes("&lt;/section>&lt;script>"), "the text is there");
  assert.ok(html.length < 60_000, `${html.length} characters`);
});

Deno.test("a DAG for which there is no ELK has the plain layout and says so", async () => {
  const run = await runIn(climate, ({ workflow }) => workflow.name === "climate-threads");
  const script = "onmessage = ({ data }) => postMessage({ id: data.id, error: 'no ELK' })";
  const worker = () => openWorker(`data:text/javascript,${encodeURIComponent(script)}`);
  const { html, layout } = await paperBy(run, new DagLayouts({ worker }));
  assert.equal(layout?.plain, true);
  assert.match(textOf(html, "paper-dag"), /Plain layout: the full one took too long/);
});

Deno.test("a run without tasks has no graph, and its charts say why they are empty", async () => {
  const { html, layout } = await paperOf(new Run(workflowRow()));
  assert.equal(layout, null);
  assert.doesNotMatch(html, /paper-dag/);
  assert.match(textOf(html, "paper-charts"), /Task states over time Nothing recorded yet/);
});

Deno.test("paths lose what nobody sees: fractions, corners on straight lines, fills without height", () => {
  assert.equal(compactPath("M0,0L10,0L20,0L20,5.04L0,5.04Z"), "M0 0h20v5h-20Z");
  assert.equal(compactPath("M1.26,2L3,4.5"), "M1.3 2l1.7 2.5");
  assert.equal(compactPath("M0,7L10,7L10,7L0,7Z"), "");
  assert.equal(compactPath("M0,0L0,6", { x: 5, y: 10 }), "M5 10v6");
  assert.equal(compactPath("M0,0A5,5,0,1,1,0,9"), "M0,0A5,5,0,1,1,0,9", "arcs stay");
  assert.equal(rounded("translate(12.345,-0.04)"), "translate(12.3,0)");
  assert.equal(rounded("0.32em"), "0.32em");
});

Deno.test("rectangles of one colour become one path, and looks a class", () => {
  const rect = (x: number) => `<rect x="${x}" y="0" width="2" height="3" fill="#00ff00"/>`;
  const text = '<text x="1" y="2" font-size="9" fill="#111111">a</text>';
  assert.equal(
    shortSvg([rect(0), rect(5), text].join("\n"), "c"),
    "<style>.c0{fill:#00ff00}.c1{font-size:9px;fill:#111111}</style>" +
      '<path d="M0 0h2v3h-2ZM5 0h2v3h-2Z" class="c0"/><text x="1" y="2" class="c1">a</text>',
  );
});

Deno.test({
  name: "in a browser: a group's picture has each task's colour; paper is printed and else hidden",
  ignore: chromium === null,
  async fn() {
    const run = await runIn(climate, ({ workflow }) => workflow.name === "climate-threads");
    const { html } = await paperOf(run);
    const { css } = await options();
    const png = cellsPng(Uint8Array.of(0, 1, 1, 0, 1), 2, ["#ff0000", "#0000ff"]).toBase64();
    const browser = await launch(chromium!);
    const document =
      `<!DOCTYPE html><style>${css}</style><body data-report><main>page</main>${html}`;
    try {
      const page = await browser.newPage();
      await page.setContent(document);
      const seen = async () => [
        await page.locator("main").isVisible(),
        await page.locator(".paper-title").isVisible(),
      ];
      assert.deepEqual(await seen(), [true, false], "on screen");
      await page.emulateMedia({ media: "print" });
      assert.deepEqual(await seen(), [false, true], "printed");
      const pixels = await page.evaluate(async (data) => {
        const image = new Image();
        image.src = `data:image/png;base64,${data}`;
        await image.decode();
        const canvas = new OffscreenCanvas(2, 3);
        const context = canvas.getContext("2d")!;
        context.drawImage(image, 0, 0);
        return [...context.getImageData(0, 0, 2, 3).data];
      }, png);
      const [red, blue, none] = [[255, 0, 0, 255], [0, 0, 255, 255], [0, 0, 0, 0]];
      assert.deepEqual(pixels, [red, blue, blue, red, blue, none].flat());
      const still = await browser.newContext({ javaScriptEnabled: false });
      const quiet = await still.newPage();
      await quiet.setContent(document);
      assert.equal(await quiet.locator(".paper-title").isVisible(), true, "without scripts");
      assert.equal(await quiet.locator("main").isVisible(), false, "without scripts");
    } finally {
      await browser.close();
    }
  },
});
