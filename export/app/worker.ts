import { openPacked } from "../format/packed_database.ts";
import { isDataHeader } from "../format/header_check.ts";
import { inflateWithin } from "../format/inflate_within.ts";
import { BROWSER_BYTES, HEADER_BYTES, Room } from "../format/room.ts";
import { DATA_HEADER, type ReportAbout } from "../header.ts";
import { reportApp, type ReportCode } from "./report_app.ts";
import { Answers } from "./answer.ts";
import { fromBase64 } from "./inflate.ts";
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
  const part = async (name: string, most: number) => {
    if (!Object.hasOwn(parts, name)) {
      throw new Error(`This report is not whole: it lacks its part ${name}.`);
    }
    return await inflateWithin(fromBase64(parts[name]), "deflate", most);
  };
  const room = new Room(BROWSER_BYTES);
  const json = new TextDecoder().decode(await part(DATA_HEADER, HEADER_BYTES));
  const data: unknown = JSON.parse(json);
  if (!isDataHeader(data)) throw new Error("This report does not say what its data is.");
  const database = openPacked(data, part, { name: title, taken, redacted }, room);
  const { handler, catalog } = reportApp(code, { ...about, data }, database);
  // Pages find the run read, or under way. Whoever asks hears what went wrong.
  void catalog.run(run.id).catch(() => {});
  return handler;
}
