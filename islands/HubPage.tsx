import { HubAccounts } from "../components/hub/accounts.tsx";
import { HubStatus } from "../components/hub/figures.tsx";
import { TopBar } from "../components/top_bar.tsx";
import { Empty } from "../components/ui.tsx";
import type { HubSnapshot } from "../model/hub/accounts.ts";
import { useHub } from "../live/use_hub.ts";

/**
 * The hub, asked each second.
 *
 * @param snapshot null when it did not answer while the page was made
 * @param workflows whether the pages of workflows are served here
 */
export default function HubPage(
  { snapshot: first, workflows }: { snapshot: HubSnapshot | null; workflows: boolean },
) {
  const { snapshot, rates, answers } = useHub(first);
  const home = workflows ? [{ href: "/", label: "Workflows" }] : [];
  return (
    <>
      <TopBar crumbs={[...home, { label: "Hub" }]} home={workflows ? "/" : "/hub"} atHub>
        <HubStatus snapshot={answers ? snapshot : null} />
      </TopBar>
      <main id="main">
        <div class="page-head">
          <h1>Hub</h1>
          <span class="soft" role="status">
            {answers || !snapshot ? "" : "The hub does not answer: these are its last figures."}
          </span>
        </div>
        {snapshot
          ? (
            <div class={answers ? undefined : "hub-stale"}>
              <HubAccounts snapshot={snapshot} rates={rates} linked={workflows} />
            </div>
          )
          : (
            <Empty
              why="The hub does not answer."
              what="The terminal where it was started may say why. This page asks again each second."
            />
          )}
      </main>
    </>
  );
}
