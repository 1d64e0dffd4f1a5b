/**
 * The app: collects middlewares and routes in order, and turns them into one request handler.
 */
import { h } from "preact";
import { Context, internalsOf, type ResolvedFreshConfig } from "./context.ts";
import { HttpError } from "./error.ts";
import {
  compareRoutes,
  folderSegments,
  type FsRouteModule,
  handlersOf,
  isByMethod,
  pathToPattern,
} from "./fs_routes.ts";
import {
  type HandlerFn,
  type LayoutConfig,
  type Method,
  METHODS,
  type Middleware,
  type RouteHandler,
} from "./handlers.ts";
import type { Project } from "./project.ts";
import { renderComponent, type RouteComponent } from "./render.ts";
import { type Match, Router } from "./router.ts";

interface RouteDef<State> {
  handler?: RouteHandler<unknown, State>;
  component?: RouteComponent;
  config?: LayoutConfig;
}

/** One level of the folder tree: what applies to everything below. */
class Segment<State> {
  readonly middlewares: Middleware<State>[] = [];
  readonly children = new Map<string, Segment<State>>();
  app: RouteComponent | null = null;
  layout: { component: RouteComponent; config: LayoutConfig } | null = null;
  error: RouteDef<State> | null = null;
  notFound: RouteDef<State> | null = null;

  constructor(readonly parent: Segment<State> | null) {}

  at(names: string[]): Segment<State> {
    if (names.length === 0) return this;
    let child = this.children.get(names[0]);
    if (child === undefined) {
      child = new Segment(this);
      this.children.set(names[0], child);
    }
    return child.at(names.slice(1));
  }

  /** The middlewares of a request to this level, outermost first. */
  chain(): Middleware<State>[] {
    const enter: Middleware<State> = (ctx) => this.enter(ctx);
    return [...this.parent?.chain() ?? [], enter, ...this.middlewares];
  }

  /** Applies wrappers and error pages of this level around the rest of the chain. */
  async enter(ctx: Context<State>): Promise<Response> {
    const internals = internalsOf(ctx);
    const { app, layouts } = internals;
    if (this.app !== null) internals.app = this.app;
    if (this.layout !== null) {
      const { component, config } = this.layout;
      if (config.skipAppWrapper) internals.app = null;
      internals.layouts = config.skipInheritedLayouts
        ? [component]
        : [...internals.layouts, component];
    }
    const own = { app: internals.app, layouts: internals.layouts };
    try {
      return await ctx.next();
    } catch (error) {
      const status = error instanceof HttpError ? error.status : 500;
      const def = status === 404 && this.notFound !== null ? this.notFound : this.error;
      if (def === null) throw error;
      if (status >= 500) console.error(error);
      ctx.error = error;
      Object.assign(internals, own);
      return await renderRoute(ctx, def, status);
    } finally {
      internals.app = app;
      internals.layouts = layouts;
    }
  }
}

/** Runs the handler of a route and renders its component unless the handler answered. */
async function renderRoute<State>(
  ctx: Context<State>,
  def: RouteDef<State>,
  status = 200,
): Promise<Response> {
  const internals = internalsOf(ctx);
  if (def.config?.skipAppWrapper) internals.app = null;
  if (def.config?.skipInheritedLayouts) internals.layouts = [];
  let fn: HandlerFn<unknown, State> | undefined;
  if (isByMethod(def.handler)) {
    const handlers = def.handler as Partial<Record<string, HandlerFn<unknown, State>>>;
    fn = handlers[ctx.req.method] ?? (ctx.req.method === "HEAD" ? handlers.GET : undefined);
  } else fn = def.handler as HandlerFn<unknown, State> | undefined;

  const result = fn === undefined ? { data: {} } : await fn(ctx);
  if (result instanceof Response) return result;
  ctx.data = result.data;
  let vnode = null;
  if (def.component !== undefined) {
    const rendered = await renderComponent(ctx, def.component, result.data, null);
    if (rendered instanceof Response) return rendered;
    vnode = rendered;
  }
  return await ctx.render(vnode ?? h("div", null), {
    status: result.status ?? status,
    headers: result.headers,
  });
}

function run<State>(fns: Middleware<State>[], ctx: Context<State>): Promise<Response> {
  let next = ctx.next;
  for (let i = fns.length - 1; i >= 0; i--) {
    const following = next;
    next = async () => {
      const before = ctx.next;
      ctx.next = following;
      try {
        return await fns[i](ctx);
      } finally {
        ctx.next = before;
      }
    };
  }
  return next();
}

type Chain<State> = Middleware<State>[];
type Command<State> = (root: Segment<State>, router: Router<Chain<State>>) => void;

const NO_INFO: Deno.ServeHandlerInfo = {
  remoteAddr: { transport: "tcp", hostname: "localhost", port: 0 },
  completed: Promise.resolve(),
};

function segmentsOf(path: string): string[] {
  return path.split("/").filter((p) => p !== "" && p !== "*");
}

/** A Fresh app. */
export class App<State = unknown> {
  readonly config: ResolvedFreshConfig;
  readonly #commands: Command<State>[] = [];
  #project: Project | null = null;

  constructor(config: { basePath?: string; mode?: ResolvedFreshConfig["mode"] } = {}) {
    this.config = {
      basePath: (config.basePath ?? "").replace(/\/+$/, ""),
      mode: config.mode ?? "production",
    };
  }

  /** Gives the app its project folder (see dev.ts). */
  setProject(project: Project): this {
    this.#project = project;
    return this;
  }

  /** Adds middlewares for everything, or for a path and all below. */
  use(pathOrFn: string | Middleware<State>, ...fns: Middleware<State>[]): this {
    const path = typeof pathOrFn === "string" ? pathOrFn : "*";
    const all = typeof pathOrFn === "string" ? fns : [pathOrFn, ...fns];
    this.#commands.push((root) => root.at(segmentsOf(path)).middlewares.push(...all));
    return this;
  }

  get(path: string, ...fns: Middleware<State>[]): this {
    return this.#on(["GET"], path, fns);
  }
  post(path: string, ...fns: Middleware<State>[]): this {
    return this.#on(["POST"], path, fns);
  }
  put(path: string, ...fns: Middleware<State>[]): this {
    return this.#on(["PUT"], path, fns);
  }
  patch(path: string, ...fns: Middleware<State>[]): this {
    return this.#on(["PATCH"], path, fns);
  }
  delete(path: string, ...fns: Middleware<State>[]): this {
    return this.#on(["DELETE"], path, fns);
  }
  head(path: string, ...fns: Middleware<State>[]): this {
    return this.#on(["HEAD"], path, fns);
  }
  all(path: string, ...fns: Middleware<State>[]): this {
    return this.#on(METHODS, path, fns);
  }

  /** Answers requests that no route matches. */
  notFound(fn: HandlerFn<unknown, State> | RouteDef<State>): this {
    const def = typeof fn === "function" ? { handler: fn } : fn;
    this.#commands.push((root) => root.notFound = def);
    return this;
  }

  /** Answers errors below a path. */
  onError(path: string, fn: HandlerFn<unknown, State> | RouteDef<State>): this {
    const def = typeof fn === "function" ? { handler: fn } : fn;
    this.#commands.push((root) => root.at(segmentsOf(path)).error = def);
    return this;
  }

  /** Sets the component that renders <html>. */
  appWrapper(component: RouteComponent): this {
    this.#commands.push((root) => root.app = component);
    return this;
  }

  /** Sets the layout of a path and all below. */
  layout(path: string, component: RouteComponent, config: LayoutConfig = {}): this {
    this.#commands.push((root) => root.at(segmentsOf(path)).layout = { component, config });
    return this;
  }

  /** Inserts the files of routes/ here. */
  fsRoutes(): this {
    this.#commands.push((root, router) => {
      const files = [...this.#project?.routes ?? []];
      files.sort((a, b) => compareRoutes(a.path, b.path));
      for (const { path, mod } of files) addSpecial(root, path, mod);
      for (const { path, mod } of files) this.#addFile(root, router, path, mod);
    });
    return this;
  }

  #on(methods: readonly Method[], path: string, fns: Middleware<State>[]): this {
    this.#commands.push((root, router) => {
      const chain = root.at(segmentsOf(path).slice(0, -1)).chain();
      router.add(methods, this.#full(path), [...chain, ...fns]);
    });
    return this;
  }

  #full(path: string): string {
    if (path === "*" || this.config.basePath === "") return path;
    return this.config.basePath + (path === "/" ? "" : path);
  }

  #addFile(
    root: Segment<State>,
    router: Router<Chain<State>>,
    path: string,
    mod: FsRouteModule,
  ): void {
    const name = path.slice(path.lastIndexOf("/") + 1);
    if (name.startsWith("_")) return;
    const handler = handlersOf<State>(mod);
    if (handler === undefined && mod.default === undefined) {
      throw new Error(`routes/${path} exports neither handlers nor a component`);
    }
    const def: RouteDef<State> = {
      handler: Array.isArray(handler) ? undefined : handler,
      component: mod.default,
      config: mod.config,
    };
    const before = Array.isArray(handler) ? handler : [];
    const chain = [
      ...root.at(folderSegments(path)).chain(),
      ...before,
      (ctx: Context<State>) => renderRoute(ctx, def),
    ];
    let methods: readonly Method[] = METHODS;
    if (isByMethod(handler)) {
      methods = METHODS.filter((m) => m in handler || (m === "GET" && mod.default !== undefined));
    }
    if (Array.isArray(mod.config?.methods)) methods = mod.config.methods;
    const route = this.#full(mod.config?.routeOverride ?? pathToPattern(path));
    router.add(methods, route, chain);
    if (name === "index" && !route.endsWith("/") && mod.config?.routeOverride === undefined) {
      router.add(methods, route + "/", chain, route);
    }
  }

  /** The function that answers requests. */
  handler(): (req: Request, info?: Deno.ServeHandlerInfo) => Promise<Response> {
    const root = new Segment<State>(null);
    const router = new Router<Chain<State>>();
    for (const command of this.#commands) command(root, router);
    const rootChain = root.chain();

    return async (req, info = NO_INFO) => {
      const url = new URL(req.url);
      url.pathname = url.pathname.replace(/\/{2,}/g, "/");
      const match = router.match(req.method, url);
      const ctx = new Context<State>({
        req,
        url,
        info,
        route: match?.route ?? null,
        params: match?.params ?? {},
        config: this.config,
        project: this.#project,
        next: () => unmatched(req, match),
      });
      let res: Response;
      try {
        res = await run(match?.value ?? rootChain, ctx);
      } catch (error) {
        res = lastResort(error);
      }
      if (res.status === 405 && match !== null && !res.headers.has("allow")) {
        res.headers.set("allow", match.allowed.join(", "));
      }
      return req.method === "HEAD" && res.body !== null ? withoutBody(res) : res;
    };
  }

  /** Serves the app. */
  async listen(options: Deno.ServeTcpOptions = {}): Promise<void> {
    await Deno.serve({ port: 8000, ...options }, this.handler()).finished;
  }
}

/** Applies the special files of a folder; all others are routes. */
function addSpecial<State>(root: Segment<State>, path: string, mod: FsRouteModule): void {
  const segment = root.at(folderSegments(path));
  const handler = handlersOf<State>(mod);
  const def: RouteDef<State> = {
    handler: Array.isArray(handler) ? undefined : handler,
    component: mod.default,
    config: mod.config,
  };
  switch (path.slice(path.lastIndexOf("/") + 1)) {
    case "_app":
      if (mod.default !== undefined) root.app = mod.default;
      break;
    case "_layout":
      if (mod.default !== undefined) {
        segment.layout = { component: mod.default, config: mod.config ?? {} };
      }
      break;
    case "_middleware": {
      const fns = handler ?? mod.default as unknown as Middleware<State> | Middleware<State>[];
      if (isByMethod(fns)) throw new Error(`routes/${path}: a middleware cannot be by method`);
      segment.middlewares.push(...(Array.isArray(fns) ? fns : [fns as Middleware<State>]));
      break;
    }
    case "_error":
    case "_500":
      segment.error = def;
      break;
    case "_404":
      root.notFound = def;
      break;
  }
}

function unmatched<State>(req: Request, match: Match<Chain<State>> | null): Promise<Response> {
  if (match === null || match.value !== undefined) return Promise.reject(new HttpError(404));
  if (req.method === "OPTIONS") {
    return Promise.resolve(
      new Response(null, { status: 204, headers: { allow: match.allowed.join(", ") } }),
    );
  }
  return Promise.reject(new HttpError(405));
}

function lastResort(error: unknown): Response {
  if (error instanceof HttpError) {
    if (error.status >= 500) console.error(error);
    return new Response(error.message, { status: error.status });
  }
  console.error(error);
  return new Response("Internal server error", { status: 500 });
}

function withoutBody(res: Response): Response {
  res.body?.cancel().catch(() => {});
  return new Response(null, res);
}
