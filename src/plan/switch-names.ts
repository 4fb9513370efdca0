import type { Switch } from "../model/detail/table.js";
import { show } from "../model/name.js";
import type { OtherOperation } from "../model/operation.js";
import type { Name, Naming } from "./names.js";

/** What is on or off, or set, is told apart as names are: what is set in the contract has the last word until then. */
const SWITCH = "switch";

/** Whether a name of the planner's is something that is set, which has no name that could be another one. */
export const isSwitch = ({ key }: { readonly key: string }): boolean => key.startsWith(`["${SWITCH}",`);

/** What stands for all triggers of a table: a change of all meets that of any. */
const [ALL, ANY] = ["ALL", "ANY"];

/** For people: `the trigger t`. */
export function shownSwitch({ what, name }: Switch): string {
  if (name !== null) return `the ${what} ${name}`;
  return what === "row-security" || what === "force-row-security" ? "row level security" : `all ${what}s`;
}

interface Setting {
  readonly what: string;
  readonly shown: string;
  /** Of several that are set one by one, which; null for all. */
  readonly one: string | null;
}

function settingOf({ detail }: OtherOperation): Setting | null {
  switch (detail?.kind) {
    case "switch":
      return { what: detail.what, shown: shownSwitch(detail), one: detail.name };
    case "set-table-option":
      return { what: detail.option, shown: detail.option, one: null };
    case "inherit":
      return { what: "inherit", shown: `the parent ${show(detail.parent)}`, one: detail.parent.name };
    default:
      return null;
  }
}

function switches(operation: OtherOperation, { defaultSchema }: Naming, all: string): Name[] {
  const { relation } = operation;
  const setting = settingOf(operation);
  if (relation === null || setting === null) return [];
  const { what, shown, one } = setting;
  const place = [relation.schema ?? defaultSchema ?? "", relation.name];
  return (one === null ? [ALL, ANY] : [`one ${one}`, all]).map((which) => ({
    key: JSON.stringify([SWITCH, what, ...place, which]),
    shown: `${shown} of ${show(relation)}`,
    name: one ?? what,
  }));
}

/** What an operation sets, as names that are free once it is set. */
export const switchesLeft = (operation: OtherOperation, naming: Naming): Name[] => switches(operation, naming, ANY);

/** What an operation sets, as names that it takes. */
export const switchesTaken = (operation: OtherOperation, naming: Naming): Name[] => switches(operation, naming, ALL);
