import { openPacked } from "../format/packed_database.ts";
import type { DataHeader } from "../format/header.ts";
import { DATA_HEADER, type ReportAbout } from "../header.ts";
import { reportApp, type ReportCode } from "./report_app.ts";
import { Answers } from "./answer.ts";
import { fromBase64, inflate } from "./inflate.ts";
import type { FromWorker, ToWorker } from "./wire.ts";

/** Where the worker's code runs: its own global object. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
}

type Opening = Extract<ToWorker, { kind: "open" }>;

/** Answers the page's questions from the run that the page hands over first. */
export function startWorker(code: ReportCode): void {
  const scope = self as unknown as WorkerScope;
  const { promise: opening, resolve } = Promise.withResolvers<Opening>();
  const answers = new Answers(
    opening.then((message) => open(code, message)),
    (message, transfer) => scope.postMessage(message, transfer),
  );
  scope.onmessage = ({ data }) => {
    switch (data.kind) {
      case "open":
        return resolve(data);
      case "ask":
        return void answers.answer(data.id, data.path);
      case "cancel":
        return answers.cancel(data.id);
    }
  };
}

async function open(code: ReportCode, { about: text, parts }: Opening) {
  const about = JSON.parse(text) as ReportAbout;
  const { run, taken, title, redacted } = about;
  const part = async (name: string) => {
    const packed = parts[name];
    if (packed === undefined) {
      throw new Error(`This report is not whole: it lacks its part ${name}.`);
    }
    return new Uint8Array(await inflate(fromBase64(packed)).arrayBuffer());
  };
  const data = JSON.parse(new TextDecoder().decode(await part(DATA_HEADER))) as DataHeader;
  const database = openPacked(data, part, { name: title, taken, redacted });
  const { handler, catalog } = reportApp(code, { ...about, data }, database);
  // Pages find the run read, or under way. Whoever asks hears what went wrong.
  void catalog.run(run.id).catch(() => {});
  return handler;
}
