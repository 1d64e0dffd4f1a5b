import { prometheus, PROMETHEUS_TYPE } from "../model/hub/prometheus.ts";
import { define } from "../state.ts";
import { hubResponse } from "./(_lib)/hub.ts";

/** The hub's accounts for Prometheus. */
export const handler = define.handlers({
  GET(ctx) {
    return hubResponse(
      ctx.state.hub,
      PROMETHEUS_TYPE,
      ({ accounts }) => prometheus(accounts),
    );
  },
});
