import { failureWords } from "../../components/failures/words.ts";
import { count, naiveTime } from "../../looks/format.ts";
import type { FailureGroup } from "../../model/figures/figures.ts";
import type { RunHead } from "../../model/views/head.ts";
import { short } from "./short.ts";

/** The most of one failure's text that is printed, in characters, and of how many. */
const LONGEST = 1500;
const MOST = 20;

/** What failed and why, with the texts as they were recorded. */
export function PaperFailures(
  { groups, status }: { groups: FailureGroup[]; status: RunHead["status"] },
) {
  const left = groups.length - MOST;
  return (
    <>
      {groups.slice(0, MOST).map((group) => (
        <div class="paper-failure" key={group.cause}>
          <p>
            <strong>{group.cause}</strong>
            {group.merges > 1 ? ` (${count(group.merges)} causes)` : ""}
          </p>
          <p>
            {failureWords(group, status)}; {listed(group.apps)}
            {group.first === null ? "" : `; first at ${naiveTime(group.first)}`}
            {group.tasks.length > 0 ? `; tasks ${ids(group)}` : ""}
          </p>
          {group.example !== "" && <pre>{ending(group.example.trimEnd())}</pre>}
        </div>
      ))}
      {left > 0 && (
        <p class="paper-note">
          {count(left)} more {left === 1 ? "cause is" : "causes are"} in the interactive part.
        </p>
      )}
    </>
  );
}

function ids({ tasks, failed, notRun, open, saved }: FailureGroup): string {
  const more = failed + notRun + open + saved - tasks.length;
  return tasks.join(", ") + (more > 0 ? ` and ${count(more)} more` : "");
}

function listed(apps: string[]): string {
  const names = apps.slice(0, MOST).map((app) => short(app)).join(", ");
  return apps.length > MOST ? `${names} and ${count(apps.length - MOST)} more apps` : names;
}

/** The ends of a text that is too long: they name the exception. */
function ending(text: string): string {
  if (text.length <= LONGEST) return text;
  const end = text.slice(-LONGEST);
  return `${text.slice(0, LONGEST / 5)}\n…\n${end.slice(end.indexOf("\n") + 1)}`;
}
