import { HttpError } from "fresh";
import { TroublePage } from "../components/trouble_page.tsx";
import { define } from "../state.ts";
import { addressOf } from "../live/views/address.ts";
import { homeLead, noSuchPage, PageError } from "../live/views/page_error.ts";
import { messageOf } from "../errors.ts";
import { warn } from "../say.ts";

const BROKEN = "The page could not be made. The terminal where Parsloscope runs says why.";

const TITLES: Record<number, string> = { 404: "Not found", 503: "Not now" };

export default define.page(async ({ error, state, url }) => {
  const home = homeLead(state);
  if (error instanceof PageError || error instanceof HttpError && error.status < 500) {
    // Errors of the router have no sentence of their own.
    const told = error instanceof PageError
      ? error
      : error.status === 404
      ? await noSuchPage(url, addressOf(url).run, state)
      : new PageError(400, "This page can only be looked at: open its address in a browser.");
    const title = TITLES[told.status] ?? "Not understood";
    return <TroublePage title={title} why={told.message} leads={[...told.leads, ...home]} />;
  }
  const message = messageOf(error);
  warn(message);
  // A report has no terminal.
  const why = state.report ? `The page could not be made: ${message}` : BROKEN;
  return <TroublePage title="Something went wrong" why={why} leads={home} />;
});
