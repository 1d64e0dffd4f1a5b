import type { Remark } from "../model/figures/remarks.ts";
import { count, duration, naiveTime } from "../looks/format.ts";
import { Section } from "./ui.tsx";

/** What a reader should know about the data that a page's figures are made of; nothing for none. */
export function Remarks({ remarks }: { remarks: Remark[] }) {
  if (remarks.length === 0) return null;
  return (
    <Section id="remarks" title="About the data">
      <ul class="remarks">
        {remarks.map((remark) => <li key={remarkText(remark)}>{remarkText(remark)}</li>)}
      </ul>
    </Section>
  );
}

/** A remark as a sentence. */
export function remarkText(remark: Remark): string {
  switch (remark.kind) {
    case "clock": {
      const { hosts, more, least, most, within } = remark;
      const several = hosts.length + more > 1;
      const times = several ? "their times are shifted" : "its times are shifted";
      const how = within === null
        ? `at least ${clockSpan(Math.abs(least))}`
        : clockSpan(Math.abs(Math.abs(least) < Math.abs(most) ? most : least));
      const about = within === null ? "" : ` (±${duration(Math.max(1, within + most - least))})`;
      return `${clocksOf(hosts, more)} ${how} ${
        most > 0 ? "ahead of" : "behind"
      } the submit host's${about}; ${times}.`;
    }
    case "torn-clock":
      return `What tries tell of ${clockNames(remark.hosts, remark.more)} contradicts itself by ${
        clockSpan(remark.by)
      } (the clock was set, or hosts share the name): waits there are unknown, and tries stand between their launch and their return.`;
    case "set-back": {
      const why = remark.daylight ? " as at the end of daylight saving" : "";
      return `The submit host's clock went back by at least ${duration(remark.by)}${why}, about ${
        naiveTime(remark.at)
      }: times across that are unknown.`;
    }
    case "unread":
      return `${count(remark.rows)} ${remark.rows === 1 ? "row was" : "rows were"} left out: what ${
        remark.rows === 1 ? "it says" : "they say"
      } cannot be read.`;
    default:
      remark satisfies never;
      throw new TypeError("a remark of an unknown kind");
  }
}

/** A difference of clocks, to the tenth of a second below a minute, else to the second. */
function clockSpan(ms: number): string {
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const s = Math.round(ms / 1000);
  const parts = [[Math.floor(s / 3600), "h"], [Math.floor(s / 60) % 60, "m"], [s % 60, "s"]];
  return parts.filter(([n]) => n !== 0).map(([n, unit]) => `${n} ${unit}`).join(" ");
}

function clocksOf(hosts: (string | null)[], more: number): string {
  const names = hosts.map((host) => host ?? "unnamed hosts");
  if (names.length + more === 1) return `${names[0]}'s clock is`;
  return `${clockNames(hosts, more)} are`;
}

function clockNames(hosts: (string | null)[], more: number): string {
  const names = hosts.map((host) => host ?? "unnamed hosts");
  const list = more > 0
    ? `${names.join(", ")} and ${count(more)} more`
    : names.join(", ").replace(/, ([^,]*)$/, " and $1");
  return names.length + more === 1 ? `${list}'s clock` : `the clocks of ${list}`;
}
