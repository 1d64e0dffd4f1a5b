import { TroublePage } from "../components/trouble_page.tsx";
import { define } from "../state.ts";
import { DatabaseError } from "../store/database.ts";
import { homeLead, NotYet } from "../live/views/page_error.ts";

/**
 * What is asked of a database that cannot be read is answered with why, and what has not been read yet
 * with a page that waits for it.
 */
export const handler = define.middleware(async (ctx) => {
  try {
    return await ctx.next();
  } catch (error) {
    if (error instanceof NotYet) {
      ctx.state.reload = 1;
      return await ctx.render(
        <TroublePage title="Not read yet" why={error.message} leads={homeLead(ctx.state)} />,
        { status: 202 },
      );
    }
    if (!(error instanceof DatabaseError)) throw error;
    if (ctx.url.pathname.startsWith("/api/")) {
      return new Response(`${error.message}\n`, {
        status: 503,
        headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
      });
    }
    ctx.state.refresh = 5;
    return await ctx.render(
      <TroublePage
        title="The database cannot be read"
        why={error.message}
        leads={[
          { href: ctx.url.pathname + ctx.url.search, label: "Try again" },
          ...homeLead(ctx.state),
        ]}
      />,
      { status: 503 },
    );
  }
});
