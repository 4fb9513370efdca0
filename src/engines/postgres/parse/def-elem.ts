import type { DefElem, Node, RoleSpec } from "libpg-query";
import { body, strings } from "./ast.js";

/** The value of an option as text, a string without its quotes; null when it has none. */
export function optionValue(option: DefElem): string | null {
  return option.arg === undefined ? null : valueText(option.arg);
}

function valueText(arg: Node): string | null {
  const string = body(arg, "String")?.sval ?? body(arg, "Float")?.fval;
  if (string !== undefined) return string;
  const integer = body(arg, "Integer");
  // The tree leaves a zero out, and a false as well.
  if (integer !== null) return String(integer.ival ?? 0);
  const boolean = body(arg, "Boolean");
  if (boolean !== null) return String(boolean.boolval ?? false);
  const names = body(arg, "TypeName")?.names ?? body(arg, "List")?.items;
  return names === undefined ? null : strings(names).join(".");
}

/** Whether an option of this name is there and not off. */
export function isSet(options: readonly DefElem[], name: string): boolean {
  const found = options.findLast((o) => o.defname === name);
  return found !== undefined && !["false", "off", "0"].includes((optionValue(found) ?? "true").toLowerCase());
}

const ROLES: Readonly<Record<string, string>> = Object.freeze({
  ROLESPEC_CURRENT_ROLE: "CURRENT_ROLE",
  ROLESPEC_CURRENT_USER: "CURRENT_USER",
  ROLESPEC_SESSION_USER: "SESSION_USER",
  ROLESPEC_PUBLIC: "PUBLIC",
});

/** A role's name, or the keyword that stands for one. */
export function roleName(role: RoleSpec | undefined): string {
  return role?.rolename ?? ROLES[role?.roletype ?? ""] ?? "";
}
