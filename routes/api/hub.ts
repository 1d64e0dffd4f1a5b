import { define } from "../../state.ts";
import { hubResponse } from "../(_lib)/hub.ts";

/** The hub's accounts as JSON. */
export const handler = define.handlers({
  GET(ctx) {
    return hubResponse(ctx.state.hub, "application/json; charset=utf-8", JSON.stringify);
  },
});
