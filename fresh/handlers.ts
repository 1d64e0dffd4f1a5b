/**
 * The types of what a route file exports (handlers, config) and what a handler may give back.
 */
import type { Context } from "./context.ts";

/** The HTTP methods a route can handle. */
export type Method = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";

/** Every method, in the order in which they appear in an `Allow` header. */
export const METHODS: readonly Method[] = [
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "PATCH",
  "DELETE",
  "OPTIONS",
];

/** What a handler returns to have the component of its route rendered. */
export interface PageResponse<T> {
  data: T;
  headers?: HeadersInit;
  status?: number;
}

/** Builds a {@link PageResponse}: data for the page, with an own status and own headers. */
export function page<T>(
  data: T,
  options?: { headers?: HeadersInit; status?: number },
): PageResponse<T> {
  return { data, headers: options?.headers, status: options?.status };
}

/** One handler: answers a request itself, or hands data to the page. */
export type HandlerFn<State> = (
  ctx: Context<State>,
) => Response | PageResponse<unknown> | Promise<Response | PageResponse<unknown>>;

/** Handlers by method; a missing HEAD is served by GET. */
export type Handlers<State> = { [M in Method]?: HandlerFn<State> };

/** A middleware; `ctx.next()` runs the rest of the chain. */
export type Middleware<State> = (ctx: Context<State>) => Response | Promise<Response>;

/** The `config` export of a route file. */
export interface RouteConfig {
  /** The pattern of paths that the route answers, in place of what its file is called. */
  routeOverride?: string;
}
