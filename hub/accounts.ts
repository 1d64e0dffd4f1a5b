export type { Accounts, HubSnapshot, HubView, RunAccounts } from "../model/hub_accounts.ts";
