// What pages are made of is what their policy allows.

import assert from "node:assert/strict";
import * as Plot from "@observablehq/plot";
import { SvgDocument } from "../../export/paper/svg_document.ts";
import { openCatalog } from "../../live/runs/open_catalog.ts";
import { PLOT_STYLE } from "../../looks/plot_style.ts";
import { climate, CLIMATE_RUN } from "../support/fixtures.ts";
import { pages } from "../support/pages.ts";

Deno.test("page policy: the style sheet that charts bring along is the one that is allowed", () => {
  const document = new SvgDocument();
  const texts: string[] = [];
  const make = document.createElementNS.bind(document);
  document.createElementNS = (namespace, name) => {
    const element = make(namespace, name);
    if (name === "style") {
      Object.defineProperty(element, "textContent", { set: (text) => texts.push(text) });
    }
    return element;
  };
  Plot.plot({ document: document.asDocument, marks: [] });
  assert.deepStrictEqual(texts, [PLOT_STYLE]);
});

Deno.test({
  name: "page policy: no page has styles of its own, and no script but the one with its nonce",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const database = await climate();
    const catalog = await openCatalog([database.path], {});
    const ask = await pages();
    const run = `workflow/${CLIMATE_RUN}`;
    try {
      for (
        const path of [
          "",
          `${run}/`,
          `${run}/task/`,
          `${run}/task/1`,
          `${run}/app/square`,
          `${run}/dag_group_by_apps`,
          `${run}/dag_group_by_states`,
          `${run}/timeline`,
          `${run}/resource_usage`,
          "hub",
          "nothing",
        ]
      ) {
        const { text } = await ask(catalog, path);
        // The islands' properties are no markup.
        const html = text.replaceAll(/<script type="application\/json"[^]*?<\/script>/g, "");
        assert.doesNotMatch(html, /<[a-z][^>]*\sstyle="/, `${path}: an element with a style`);
        assert.doesNotMatch(html, /<style/, `${path}: a style sheet`);
        assert.doesNotMatch(html, /<[a-z][^>]*\son[a-z]+="/, `${path}: a handler`);
        for (const [script] of html.matchAll(/<script[^>]*>/g)) {
          assert.match(script, /nonce="[\w+/=]{20,}"/, path);
        }
      }
    } finally {
      catalog.close();
      await database.remove();
    }
  },
});
