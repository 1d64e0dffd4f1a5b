// The document of a report: whole, of one file, and safe whatever its texts hold.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import type { ReportAbout } from "../../export/header.ts";
import { makeReport } from "../../installation/make_report.ts";
import { unpackedText } from "../../export/make/packed_text.ts";
import { openDatabase } from "../../store/open.ts";
import { climate } from "../support/fixtures.ts";
import { writeReport } from "../support/report.ts";

const EVIL = "</script><script>alert(1)</script><!--<script>\u202e\u0007'\"&lt;</style></title>";

/** The text of the script element with some attribute. */
function scriptOf(html: string, attribute: string): string {
  const at = html.indexOf(`${attribute}>`);
  assert.ok(at > 0, `no script with ${attribute}`);
  const from = at + attribute.length + 1;
  return html.slice(from, html.indexOf("</script>", from));
}

function policyOf(html: string): string {
  return /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? "";
}

function inflated(html: string, part: string): string {
  const packed = scriptOf(html, `data-part="${part}"`);
  return unpackedText(packed);
}

function hash(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

async function withClimate(act: (path: string, folder: string) => Promise<void>): Promise<void> {
  const database = await climate();
  try {
    await act(database.path, database.folder);
  } finally {
    await database.remove();
  }
}

Deno.test({
  name: "report: the policy lets run the report's two scripts and nothing else",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    await withClimate(async (path, folder) => {
      const html = await writeReport(path, `${folder}/report.html`);
      const policy = policyOf(html);
      const own = /<script>([^]*?)<\/script>\s*<\/body>/.exec(html)?.[1] ?? "";
      assert.deepStrictEqual(
        policy.split("; ").sort(),
        [
          "default-src 'none'",
          `script-src ${hash(own)} ${hash(inflated(html, "app"))}`,
          "worker-src blob:",
          "style-src 'unsafe-inline'",
          "img-src data: blob:",
        ].sort(),
      );
      // Blocks of data aside, there is one script element.
      assert.deepStrictEqual(
        html.match(/<script(?![^>]*\btype="(?:text\/plain|application\/json)")/g),
        [
          "<script",
        ],
      );
    });
  },
});

Deno.test({
  name: "report: names no address but those of XML",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    await withClimate(async (path, folder) => {
      const html = await writeReport(path, `${folder}/report.html`);
      const code = [html, inflated(html, "app"), inflated(html, "elk")].join("\n");
      const addresses = new Set(code.match(/\b(?:https?|wss?):\/\/[\w.-]+[\w./-]*/g));
      const others = [...addresses].filter((address) => !/^http:\/\/www\.w3\.org\//.test(address));
      // The names of ELK's own XML, as it was built.
      assert.deepStrictEqual(
        others.filter((name) => !/\.(?:eclipse\.org|emf)\b|java|elk/.test(name)),
        [],
      );
    });
  },
});

Deno.test({
  name: "report: texts of tasks cannot leave their place in the document",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    await withClimate(async (path, folder) => {
      const database = new DatabaseSync(path);
      database.prepare("UPDATE workflow SET workflow_name = ?").run(EVIL);
      database.prepare("UPDATE task SET task_func_name = ? || task_func_name").run(EVIL);
      database.prepare("UPDATE task SET task_inputs = ?").run(EVIL.repeat(1000));
      database.close();
      const html = await writeReport(path, `${folder}/report.html`, { title: EVIL });
      assert.deepStrictEqual(
        html.match(/<script(?![^>]*\btype="(?:text\/plain|application\/json)")/g),
        [
          "<script",
        ],
      );
      assert.ok(!html.includes("<!--<script"), "a comment that swallows the rest");
      const head = html.slice(0, html.indexOf("<body"));
      assert.deepStrictEqual(head.match(/<\/?(?:title|style)>/g)?.length, 4);
      const header = JSON.parse(scriptOf(html, 'id="parsloscope-report"')) as ReportAbout;
      assert.deepStrictEqual(header.title, EVIL);
      assert.deepStrictEqual(header.run.name, EVIL);
    });
  },
});

Deno.test({
  name: "report: a theme is that of the document, whatever the system's is",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    await withClimate(async (path, folder) => {
      const dark = await writeReport(path, `${folder}/dark.html`, { theme: "dark" });
      assert.ok(/<html [^>]*data-theme="dark"/.test(dark), "no theme");
      assert.ok(!dark.includes("prefers-color-scheme:dark"), "asks the system");
      assert.ok(dark.includes("color-scheme:dark"), "no scheme");
      const auto = await writeReport(path, `${folder}/auto.html`);
      assert.ok(!/<html [^>]*data-theme/.test(auto), "a theme");
      assert.ok(/prefers-color-scheme: ?dark/.test(auto), "does not ask the system");
    });
  },
});

Deno.test({
  name: "report: progress grows to the whole, and what it throws ends the work",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    await withClimate(async (path) => {
      const database = await openDatabase(path);
      const [{ runId }] = await database.workflows();
      const shares: number[] = [];
      await makeReport(database, runId, {}, (share) => shares.push(share));
      assert.deepStrictEqual(shares.at(-1), 1);
      assert.deepStrictEqual(shares, shares.toSorted((a, b) => a - b));
      const why = await makeReport(database, runId, {}, () => {
        throw new Error("stop");
      }).then(() => "", (error: Error) => error.message);
      assert.deepStrictEqual(why, "stop");
      database.close();
    });
  },
});
