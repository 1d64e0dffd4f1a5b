import { page } from "fresh";
import TimelinePage from "../../../islands/TimelinePage.tsx";
import { define } from "../../../state.ts";
import { addressOf } from "../../../live/views/address.ts";
import { showRun } from "../../../live/views/views.ts";

export const handler = define.handlers({
  async GET(ctx) {
    // What part of it is seen is the page's own matter.
    const at = { ...addressOf(ctx.url), params: new URLSearchParams() };
    const shown = await showRun(ctx.state, "timeline", at);
    ctx.state.title = `Timeline · ${shown.view.head.name}`;
    return page(shown);
  },
});

export default define.page<typeof handler>(({ data }) => <TimelinePage {...data} />);
