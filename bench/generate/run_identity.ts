/** What a generated run is called. */
export interface RunIdentity {
  runId: string;
  name: string;
  version: string;
  rundir: string;
  seed: number;
}

/** The host of the submit process. */
export const SUBMIT_HOST = "login01";
