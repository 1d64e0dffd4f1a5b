import { readAsset } from "../installation/files.ts";
import { define } from "../state.ts";

let script: Promise<Uint8Array<ArrayBuffer>> | undefined;

/** Serves the layout worker of the installed elkjs, read once. */
export const handler = define.handlers({
  async GET() {
    script ??= readAsset("elk-worker.js");
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
