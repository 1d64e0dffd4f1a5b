/**
 * Starts the islands of a served page: a module script that imports what the page needs.
 */
import { JS_PREFIX } from "./build_id.ts";
import type { Bundle } from "./bundle.ts";
import type { Project } from "./project.ts";

/** The `boot` of a project whose island bundle is served. */
export function moduleBoot(buildId: string, bundled: Promise<Bundle>): Project["boot"] {
  return async ({ refs, payload }, basePath, headers) => {
    const bundle = await bundled;
    const base = `${basePath}${JS_PREFIX}${buildId}/`;
    const files = ["boot.js", ...refs.map((r) => `${r.entry}.js`)];
    const preload = new Set(files.flatMap((f) => bundle.imports.get(f) ?? [f]));
    headers.append(
      "Link",
      [...preload].map((f) => `<${encodeURI(base + f)}>; rel="modulepreload"; as="script"`).join(
        ", ",
      ),
    );
    const lines = refs.map((r, i) =>
      `import {${r.exportName} as i${i}} from ${JSON.stringify(encodeURI(`${base}${r.entry}.js`))};`
    );
    const names = refs.map((_, i) => `i${i}`).join(",");
    return `<script type="module">import {boot} from ${JSON.stringify(base + "boot.js")};${
      lines.join("")
    }boot([${names}],${payload});</script>`;
  };
}
