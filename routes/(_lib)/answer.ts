import { shortTexts } from "../../model/figures/short_texts.ts";
import type { State } from "../../state.ts";
import type { Run } from "../../model/run/run.ts";
import type { FollowedRun } from "../../live/runs/catalog.ts";

/** How long an answer waits for a run to be read before it tells of what there is, in ms. */
const PATIENCE_MS = 200;
/** Bodies up to this size are not worth compressing. */
const SMALL_BYTES = 1024;

/** What of a request's context an answer needs. */
export interface Asked {
  state: State;
  url: URL;
  req: Request;
}

/** What an answer about a run is made of. */
export interface RunRequest {
  run: Run;
  followed: FollowedRun;
  params: URLSearchParams;
  /** The index of the task that `task` names by its id; undefined when there is none. */
  task(): number | undefined;
}

type Answer = object | null | undefined;

/** The header of an answer that what a page asks about is no longer there, or not yet. */
const CHANGED = "x-changed";

/**
 * Answers a question about the run that the parameter `run` names: with what `answer` gives, as JSON
 * unless it is bytes, or 404 when that is null or there is no such run. `x-version` is the run's
 * version.
 *
 * A page asks about what it shows, and says by the parameter `structure` of which structure that is.
 * Its run may have gone on since: what is not there is no error then, and the answer is
 * `{"changed": true}` with the header `x-changed`. The page's live updates bring what is there now.
 *
 * @param nothing what to say when the answer is null
 */
export async function answerRun(
  ctx: Asked,
  nothing: string,
  answer: (request: RunRequest) => Answer | Promise<Answer>,
): Promise<Response> {
  const params = ctx.url.searchParams;
  const followed = await ctx.state.catalog.run(params.get("run") ?? "", PATIENCE_MS);
  if (!followed) return missing("No such workflow in the databases that are open.");
  const { run } = followed;
  const task = () => {
    const id = params.get("task") ?? "";
    return /^-?\d{1,15}$/.test(id) ? run.indexOf(Number(id)) : undefined;
  };
  const found = await answer({ run, followed, params, task });
  if (!found) return params.has("structure") ? changed(run.version) : missing(nothing);
  const binary = found instanceof Uint8Array;
  const body = binary ? found as Uint8Array<ArrayBuffer> : JSON.stringify(shortTexts(found));
  return packed(ctx.req, body, {
    "content-type": binary ? "application/octet-stream" : "application/json; charset=utf-8",
    "cache-control": "no-store",
    "x-version": String(run.version),
  });
}

function changed(version: number): Response {
  return Response.json({ changed: true }, {
    headers: { "cache-control": "no-store", "x-version": String(version), [CHANGED]: "1" },
  });
}

function missing(text: string): Response {
  return new Response(`${text}\n`, {
    status: 404,
    headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
  });
}

/**
 * A response that is compressed when it is large and whoever asks can read it: lightly, for a better
 * level takes five times as long on a million cells and saves at most half.
 */
async function packed(
  req: Request,
  body: Uint8Array<ArrayBuffer> | string,
  headers: Record<string, string>,
): Promise<Response> {
  const zips = /\bgzip\b/.test(req.headers.get("accept-encoding") ?? "");
  if (!zips || body.length <= SMALL_BYTES) return new Response(body, { headers });
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  return new Response(await zipped(bytes), {
    headers: { ...headers, "content-encoding": "gzip", vary: "accept-encoding" },
  });
}

/** In a report nobody asks for this: there is no node:zlib in a browser. */
async function zipped(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const { gzip } = await import("node:zlib");
  return await new Promise((resolve, reject) =>
    gzip(bytes, { level: 1 }, (error, result) => {
      if (error) reject(error);
      else resolve(result as Uint8Array<ArrayBuffer>);
    })
  );
}
