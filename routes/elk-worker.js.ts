import { define } from "../state.ts";

const source = import.meta.resolve("elkjs/lib/elk-worker.min.js");
let script: Promise<string> | undefined;

/** Serves the layout worker of the installed elkjs, read once. */
export const handler = define.handlers({
  async GET() {
    script ??= Deno.readTextFile(new URL(source));
    try {
      return new Response(await script, {
        headers: {
          "content-type": "text/javascript; charset=utf-8",
          "cache-control": "public, max-age=31536000, immutable",
        },
      });
    } catch (error) {
      script = undefined;
      throw error;
    }
  },
});
