import { naiveTime } from "../looks/format.ts";

/** What pages of a report say of it. */
export interface ReportFacts {
  /** The title of the report as a whole. */
  title: string;
  /** The run that it is of. */
  runId: string;
  /** The submit host's naive clock when the run was read, in ms. */
  taken: number;
  redacted: boolean;
  /** The program that made it, with its version. */
  generator: string;
  /** What was left out to keep the file small. */
  left: readonly { what: string; text: string }[];
}

/** The foot of a report's pages: of when it is, and what it does without. */
export function ReportNote({ about }: { about: ReportFacts }) {
  return (
    <footer class="report-note">
      <p>
        Report of the run as of {naiveTime(about.taken)}, made by {about.generator}.
        {about.redacted ? " Names of users, hosts and paths were replaced." : ""}
      </p>
      {about.left.length > 0 && (
        <ul aria-label="Left out to keep the file small">
          {about.left.map(({ what, text }) => <li key={what}>{text}</li>)}
        </ul>
      )}
    </footer>
  );
}
