/**
 * The app: collects middlewares and routes, and turns them into one request handler.
 */
import { Context } from "./context.ts";
import { HttpError } from "./error.ts";
import type { Middleware } from "./handlers.ts";
import type { Project } from "./project.ts";
import type { Match } from "./router.ts";
import { type Chain, renderError, routesOf } from "./routes.ts";
import { complain } from "../say.ts";

const NO_INFO: Deno.ServeHandlerInfo = {
  remoteAddr: { transport: "tcp", hostname: "localhost", port: 0 },
  completed: Promise.resolve(),
};

/** A Fresh app. */
export class App<State = unknown> {
  readonly #middlewares: Chain<State> = [];
  #project: Project | null = null;
  #hasRoutes = false;

  /** Gives the app its project (see prebuilt.ts). */
  setProject(project: Project): this {
    this.#project = project;
    return this;
  }

  /** Adds middlewares for everything. */
  use(...fns: Middleware<State>[]): this {
    this.#middlewares.push(...fns);
    return this;
  }

  /** Answers what the files of routes/ answer; middlewares come before. */
  fsRoutes(): this {
    this.#hasRoutes = true;
    return this;
  }

  /** The function that answers requests. */
  handler(): (req: Request, info?: Deno.ServeHandlerInfo) => Promise<Response> {
    const project = this.#project;
    const routes = routesOf<State>(this.#hasRoutes && project ? project.routes : []);
    const making = { wrapper: routes.wrapper, project };
    const everywhere = [...this.#middlewares, ...routes.everywhere];

    return async (req, info = NO_INFO) => {
      const url = new URL(req.url);
      url.pathname = url.pathname.replace(/\/{2,}/g, "/");
      const match = routes.router.match(req.method, url);
      const ctx = new Context<State>({
        req,
        url,
        info,
        params: match?.params ?? {},
        making,
        next: () => unmatched(req, match),
      });
      const chain = match?.value ? [...this.#middlewares, ...match.value] : everywhere;
      const res = await run(chain, ctx)
        .catch((error) => renderError(ctx, error, routes.errorPage))
        .catch(lastResort);
      if (res.status === 405 && match !== null && !res.headers.has("allow")) {
        res.headers.set("allow", match.allowed.join(", "));
      }
      return req.method === "HEAD" && res.body !== null ? withoutBody(res) : res;
    };
  }
}

/** Runs middlewares from the outside to the inside. */
async function run<State>(chain: Chain<State>, ctx: Context<State>): Promise<Response> {
  let next = ctx.next;
  for (const fn of chain.toReversed()) {
    const following = next;
    next = async () => {
      const before = ctx.next;
      ctx.next = following;
      try {
        return await fn(ctx);
      } finally {
        ctx.next = before;
      }
    };
  }
  return await next();
}

/** The end of the chain where no route answers. */
function unmatched<State>(req: Request, match: Match<Chain<State>> | null): Promise<Response> {
  if (match === null) return Promise.reject(new HttpError(404));
  if (req.method === "OPTIONS") {
    return Promise.resolve(
      new Response(null, { status: 204, headers: { allow: match.allowed.join(", ") } }),
    );
  }
  return Promise.reject(new HttpError(405));
}

function lastResort(error: unknown): Response {
  if (error instanceof HttpError) {
    if (error.status >= 500) complain(error);
    return new Response(error.message, { status: error.status });
  }
  complain(error);
  return new Response("Internal server error", { status: 500 });
}

function withoutBody(res: Response): Response {
  res.body?.cancel().catch(() => {});
  return new Response(null, res);
}
