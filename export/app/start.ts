import type { ReportCode } from "./report_app.ts";
import { startPage } from "./page.ts";
import { startWorker } from "./worker.ts";

/** Starts the report's one script, which is both the page's and the worker's. */
export function start(code: ReportCode): void {
  if (typeof document === "undefined") startWorker(code);
  else startPage(code, document.currentScript?.textContent ?? "");
}
