import type { Accounts, HubSnapshot } from "../../model/hub/accounts.ts";
import { lossFindings, writerFinding } from "../../model/hub/findings.ts";
import type { Rates } from "../../model/hub/rate.ts";
import { naiveTime } from "../../looks/format.ts";
import { LossFigures, NowFigures } from "./figures.tsx";
import { HubNotices } from "./notices.tsx";
import { HubParts, HubRuns } from "./parts.tsx";
import { TopBar } from "../top_bar.tsx";
import { Empty, Section } from "../ui.tsx";

/** What can be said of losses: no more than is known. */
function lossTitle(accounts: Accounts): string {
  const losses = lossFindings(accounts);
  if (losses.some((l) => l.weight === "lost")) return "Losses";
  const nothing = accounts.udp.kernelDrops === null
    ? "No loss seen; what the kernel dropped is not known here"
    : "Nothing was lost";
  return losses.length > 0 ? `${nothing}, some was put aside` : nothing;
}

/** All that the hub tells of itself: what matters most comes first. */
export function HubAccounts(
  { snapshot, rates, linked }: { snapshot: HubSnapshot; rates: Rates; linked: boolean },
) {
  const { accounts, zone } = snapshot;
  const held = writerFinding(accounts);
  const losses = lossFindings(accounts);
  return (
    <>
      <NowFigures snapshot={snapshot} rates={rates} />
      <HubNotices findings={held ? [held] : []} snapshot={snapshot} />
      <Section
        title={lossTitle(accounts)}
        id="losses"
      >
        <LossFigures snapshot={snapshot} />
        <HubNotices findings={losses} snapshot={snapshot} />
      </Section>
      <HubParts accounts={accounts} />
      <Section title="Runs" id="runs" actions={<a href="/metrics">Metrics for Prometheus</a>}>
        <HubRuns snapshot={snapshot} linked={linked} />
      </Section>
      <p class="soft">
        Parsloscope {accounts.version}, process {accounts.pid}, started{" "}
        {naiveTime(accounts.started + zone)}, writes <code>{accounts.database}</code>
      </p>
    </>
  );
}

/** The page where a hub's would be, of a dashboard without one. */
export function NoHub() {
  return (
    <>
      <TopBar crumbs={[{ href: "/", label: "Workflows" }, { label: "Hub" }]} atHub />
      <main id="main">
        <div class="page-head">
          <h1>Hub</h1>
        </div>
        <Empty
          why="This dashboard runs without a hub: it shows databases and receives nothing."
          what={
            <>
              Start one with <code>parsloscope visualize --hub</code>
            </>
          }
        />
      </main>
    </>
  );
}
