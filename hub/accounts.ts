export type { Accounts, HubSnapshot, HubView, RunAccounts } from "../model/hub/accounts.ts";
