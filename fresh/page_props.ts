/**
 * What a component of a route is given: pages, the error page and the app wrapper.
 */
import type { ComponentChildren, FunctionComponent } from "preact";

/** The props of pages, the error page and the app wrapper. */
export interface PageProps<Data = unknown, State = unknown> {
  url: URL;
  req: Request;
  params: Record<string, string>;
  state: State;
  /** What the handler gave to `page()`. */
  data: Data;
  /** What was thrown; null but on the error page, and in the wrapper around it. */
  error: unknown;
  /** What the wrapper stands around. */
  Component: FunctionComponent;
}

/** A page, error page or app wrapper; it may be asynchronous and may answer itself. */
export type RouteComponent = (
  props: never,
) => ComponentChildren | Response | Promise<ComponentChildren | Response>;
