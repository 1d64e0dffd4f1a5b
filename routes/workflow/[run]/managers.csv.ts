import { managersOf } from "../../../model/figures/capacity.ts";
import { managersCsv } from "../../../model/figures/fleet_columns.ts";
import { runCsv } from "../../(_lib)/run_csv.ts";

/** All managers of a run as CSV. */
export const handler = runCsv("managers", (run) => managersCsv(managersOf(run)));
