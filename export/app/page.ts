/** The report's page: it shows what its worker makes. */
import type { KeptLayout } from "../../host/kept_layout.ts";
import { type Host, saveBlob, settle } from "../../host/host.ts";
import { rewriteLinks } from "../../fresh/links.ts";
import { LAYOUT, type ReportAbout } from "../header.ts";
import { runPath } from "../../components/run_header.tsx";
import type { ReportCode } from "./report_app.ts";
import { link } from "../address.ts";
import { follow } from "./clicks.ts";
import { readEvents } from "./events.ts";
import { inflateText } from "./inflate.ts";
import { LateWorker } from "./late_worker.ts";
import { aboutText, takeData, takePart } from "./parts.ts";
import { RemoteApp } from "./remote.ts";
import { Screen } from "./screen.ts";
import { complain } from "./signs.ts";
import { Travel } from "./travel.ts";

/**
 * Brings the document to life.
 *
 * @param script the text of this script, which is the worker's as well
 */
export function startPage({ islands }: ReportCode, script: string): void {
  const about = aboutText();
  const { run } = JSON.parse(about) as ReportAbout;
  const app = new RemoteApp(new Worker(scriptUrl(script)), complain);
  let elk: Promise<string> | undefined;
  let kept: Promise<KeptLayout | null> | undefined;
  const place: Omit<Host, "address" | "go" | "replace"> = {
    link,
    open: (href) => void globalThis.open(link(href)),
    request: (path, init) => app.request(path, init?.signal),
    follow(path, message) {
      const end = new AbortController();
      app.request(path, end.signal)
        .then((response) => readEvents(response, message, end.signal))
        .catch((error) => end.signal.aborted || complain(error));
      return () => end.abort();
    },
    elkWorker() {
      elk ??= inflateText(takePart("elk")).then(scriptUrl);
      return new LateWorker(elk);
    },
    async layout(key) {
      kept ??= inflateText(takePart(LAYOUT)).then((json) => JSON.parse(json) as KeptLayout | null);
      const made = await kept;
      return made?.key === key ? made : undefined;
    },
    save: saveBlob,
  };
  rewriteLinks(link);
  settle({
    ...place,
    address: () => travel.address,
    go: (href) => travel.go(href),
    replace: (href) => travel.replace(href),
  });
  const travel: Travel = new Travel(app, new Screen(islands), `${runPath(run.id)}/`);
  follow(travel);
  app.tell({ kind: "open", about, parts: takeData() });
}

function scriptUrl(text: string): string {
  return URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
}
