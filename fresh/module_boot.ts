/**
 * Starts the islands of a served page: their props as a block of JSON, and a module script that
 * imports what the page needs. As JSON, not as part of the script, so that `__proto__` is a key like
 * any other.
 */
import { JS_PREFIX } from "./build_id.ts";
import type { Bundle } from "./bundle.ts";
import { islandsJson } from "./islands_server.ts";
import type { PageProject } from "./render.ts";

/** The id of the block of JSON. */
const ISLANDS_ID = "fresh-islands";

/** The `boot` of a project whose island bundle is served. */
export function moduleBoot(buildId: string, bundled: Promise<Bundle>): PageProject["boot"] {
  return async (page, headers, nonce) => {
    const { refs } = page;
    const bundle = await bundled;
    const base = `${JS_PREFIX}${buildId}/`;
    const files = ["boot.js", ...refs.map((r) => `${r.entry}.js`)];
    const preload = new Set(files.flatMap((f) => bundle.imports.get(f) ?? [f]));
    headers.append(
      "Link",
      [...preload].map((f) => `<${encodeURI(base + f)}>; rel="modulepreload"; as="script"`).join(
        ", ",
      ),
    );
    const imports = refs.map((r, i) =>
      `import {${r.exportName} as i${i}} from ${JSON.stringify(encodeURI(`${base}${r.entry}.js`))};`
    );
    const names = refs.map((_, i) => `i${i}`).join(",");
    return `<script type="application/json" id="${ISLANDS_ID}">${islandsJson(page)}</script>` +
      `<script type="module" nonce="${nonce}">import {boot} from ${
        JSON.stringify(base + "boot.js")
      };${
        imports.join("")
      }boot([${names}],JSON.parse(document.getElementById("${ISLANDS_ID}").textContent));</script>`;
  };
}
