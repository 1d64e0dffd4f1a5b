import { count } from "../../components/format.ts";
import type { FailureGroup } from "../../model/figures.ts";
import { short } from "./short.ts";

/** The most of one failure's text that is printed, in characters, and of how many. */
const LONGEST = 1500;
const MOST = 20;

/** What failed and why, with the texts as they were recorded. */
export function PaperFailures({ groups, more }: { groups: FailureGroup[]; more: number }) {
  const left = more + Math.max(0, groups.length - MOST);
  return (
    <>
      {groups.slice(0, MOST).map((group) => (
        <div class="paper-failure" key={group.cause}>
          <p>
            <strong>{count(group.count)} {group.count === 1 ? "task" : "tasks"}</strong>
            {group.recovered ? ", recovered by a retry" : ""} of {listed(group.apps)}:{" "}
            {group.tasks.join(", ")}
            {group.count > group.tasks.length
              ? ` and ${count(group.count - group.tasks.length)} more`
              : ""}
          </p>
          <pre>{ending(group.example.trimEnd())}</pre>
        </div>
      ))}
      {left > 0 && <p class="paper-note">{count(left)} more causes are in the interactive part.</p>}
    </>
  );
}

function listed(apps: string[]): string {
  const names = apps.slice(0, MOST).map((app) => short(app)).join(", ");
  return apps.length > MOST ? `${names} and ${count(apps.length - MOST)} more apps` : names;
}

/** The end of a text that is too long: that is where the exception is. */
function ending(text: string): string {
  if (text.length <= LONGEST) return text;
  const end = text.slice(-LONGEST);
  return `…\n${end.slice(end.indexOf("\n") + 1)}`;
}
