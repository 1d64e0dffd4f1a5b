import { HttpError } from "fresh";
import { define } from "../../state.ts";
import { type Address, LOADERS } from "../(_lib)/views.ts";

/** How often the database is asked whether it changed, in ms. */
const POLL = 250;
/** A sign of life for proxies, and for clocks that show silence, in ms. */
const HEARTBEAT = 5_000;
/** Parsl may record a run's end before its last tasks: how long to watch on, in ms. */
const SETTLE = 5_000;

/**
 * Server-sent events of one view: its whole content first, then, whenever the database changed, the
 * top-level members that differ from what was sent before. `end` says that the run has ended.
 */
export const handler = define.handlers({
  GET(ctx) {
    const params = new URLSearchParams(ctx.url.searchParams);
    const load = LOADERS[params.get("view") ?? ""];
    if (!load) throw new HttpError(404, "No such live view.");
    const at: Address = {
      run: params.get("run") ?? undefined,
      app: params.get("only") ?? undefined,
      task: params.get("task") ?? undefined,
      params,
    };
    const catalog = ctx.state.catalog;
    const encoder = new TextEncoder();
    let stopped = false;
    const body = new ReadableStream<Uint8Array>({
      async start(controller) {
        const sent = new Map<string, string>();
        let stamp = "";
        let beat = Date.now();
        let changed = beat;
        const send = (text: string) => controller.enqueue(encoder.encode(text));
        while (!stopped) {
          try {
            const now = await catalog.stamp();
            const due = Date.now() - beat >= HEARTBEAT;
            if (now !== stamp || due) {
              beat = Date.now();
              const view = await load(ctx.state, at) as Record<string, unknown>;
              if (stopped) return;
              stamp = now;
              const delta: Record<string, unknown> = {};
              for (const [key, value] of Object.entries(view)) {
                const text = JSON.stringify(value);
                if (sent.get(key) === text) continue;
                sent.set(key, text);
                delta[key] = value;
              }
              if (Object.keys(delta).length > 0) changed = Date.now();
              send(
                Object.keys(delta).length ? `data: ${JSON.stringify(delta)}\n\n` : ": still\n\n",
              );
              const head = view.head as { completed: number | null } | undefined;
              if (head && head.completed !== null && Date.now() - changed >= SETTLE) {
                send("event: end\ndata: {}\n\n");
                controller.close();
                return;
              }
            }
          } catch (error) {
            if (stopped) return;
            if (error instanceof HttpError) {
              send("event: end\ndata: {}\n\n");
              controller.close();
              return;
            }
            console.error(`live view: ${error instanceof Error ? error.message : error}`);
          }
          await new Promise((resolve) => setTimeout(resolve, POLL));
        }
      },
      cancel() {
        stopped = true;
      },
    });
    return new Response(body, {
      headers: { "content-type": "text/event-stream", "cache-control": "no-store" },
    });
  },
});
