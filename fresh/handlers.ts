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
): PageResponse<T>;
export function page(): PageResponse<undefined>;
export function page<T>(
  data?: T,
  options?: { headers?: HeadersInit; status?: number },
): PageResponse<T | undefined> {
  return { data, headers: options?.headers, status: options?.status };
}

/** One handler: answers a request itself, or hands data to the page. */
export interface HandlerFn<Data, State> {
  (
    ctx: Context<State>,
  ): Response | PageResponse<Data> | Promise<Response | PageResponse<Data>>;
}

/** Handlers by method; a missing HEAD is served by GET. */
export type HandlerByMethod<Data, State> = { [M in Method]?: HandlerFn<Data, State> };

/** One function for all methods, or an object by method. */
export type RouteHandler<Data, State> = HandlerFn<Data, State> | HandlerByMethod<Data, State>;

/** A middleware; `ctx.next()` runs the rest of the chain. */
export type Middleware<State> = (ctx: Context<State>) => Response | Promise<Response>;

/** The switches of a layout file. */
export interface LayoutConfig {
  skipInheritedLayouts?: boolean;
  skipAppWrapper?: boolean;
}

/** The `config` export of a route file. */
export interface RouteConfig extends LayoutConfig {
  routeOverride?: string;
  methods?: "ALL" | Method[];
}
