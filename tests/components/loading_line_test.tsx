import assert from "node:assert/strict";
import { renderToString } from "preact-render-to-string";
import { LoadingLine } from "../../components/loading_line.tsx";

Deno.test("loading line: says how much has been read, and is not there when all has", () => {
  const html = renderToString(<LoadingLine loading={{ done: 250, total: 1000 }} />);
  assert.match(html, /<progress[^>]* max="1000"/);
  assert.match(html, /value="250"/);
  assert.match(html, /25\s?% of 1,000 rows/);
  const unknown = renderToString(<LoadingLine loading={{ done: 0, total: 0 }} />);
  assert.match(unknown, /Reading the database…/);
  assert.doesNotMatch(unknown, /value=/);
  assert.equal(renderToString(<LoadingLine loading={null} />), "");
});
