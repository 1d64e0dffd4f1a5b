/** Island props survive the way to the browser. */
import assert from "node:assert/strict";
import { islandsJson } from "../../fresh/islands_server.ts";

const written = (props: Record<string, unknown>) =>
  islandsJson({ refs: [], islands: [[0, props]] });

Deno.test("the text cannot leave its script element", () => {
  const props = { "</script>": ["</script><!--", "\u2028"] };
  assert.ok(!written(props).includes("<"));
  assert.deepEqual(JSON.parse(written(props)), [[0, props]]);
});

Deno.test("odd keys are keys like others", () => {
  const odd = JSON.parse('{"__proto__": {"x": 1}, "constructor": 2}');
  const [[, read]] = JSON.parse(written(odd)) as [[number, object]];
  assert.equal(Object.getPrototypeOf(read), Object.prototype);
  assert.deepEqual(Object.keys(read), ["__proto__", "constructor"]);
});
