import { define } from "../../state.ts";
import { parseLiveUrl } from "../../live/views/address.ts";
import { broadcastOf } from "../../live/broadcast/broadcasts.ts";

/**
 * Server-sent events of one view, `{view, loading}` first, then `{patch, loading}` with what changed
 * in the view (see `live_patch.ts`) or in how much of the run has been read. `end` says that the run
 * has ended.
 */
export const handler = define.handlers({
  async GET(ctx) {
    const { view, at } = parseLiveUrl(ctx.url);
    const broadcast = await broadcastOf(ctx.state.catalog, view, at);
    return new Response(broadcast.subscribe(), {
      headers: { "content-type": "text/event-stream", "cache-control": "no-store" },
    });
  },
});
