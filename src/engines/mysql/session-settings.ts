import type { Setting } from "../../model/detail/session.js";

const SWITCH = /^(?:0|1|on|off)$/i;
const UTF8 = /^utf8(?:mb3|mb4)?$/i;

/** Modes by which no statement is read otherwise. */
const MODES =
  /^(?:(?:STRICT_TRANS_TABLES|STRICT_ALL_TABLES|ERROR_FOR_DIVISION_BY_ZERO|NO_AUTO_CREATE_USER|NO_AUTO_VALUE_ON_ZERO|NO_ENGINE_SUBSTITUTION|NO_ZERO_DATE|NO_ZERO_IN_DATE|ONLY_FULL_GROUP_BY|TRADITIONAL)\s*(?:,\s*|$))*$/i;

/**
 * What scripts of dumps and of other tools set, and the values that a migration need not set: they are those of zmigrate's
 * sessions, or matter to statements that are refused behind them.
 */
const KNOWN: Readonly<Record<string, RegExp>> = Object.freeze({
  autocommit: SWITCH,
  character_set_client: UTF8,
  character_set_connection: UTF8,
  character_set_results: /^(?:NULL|utf8(?:mb3|mb4)?)$/i,
  // Only given back what it was.
  collation_connection: /(?!)/,
  foreign_key_checks: SWITCH,
  names: UTF8,
  sql_mode: MODES,
  sql_notes: SWITCH,
  time_zone: /^\+00:00$/,
  unique_checks: SWITCH,
});

/** The setting whose value a user's variable takes: of `@@SQL_MODE`. */
const savedFrom = ({ scope, value }: Setting): string | null =>
  scope === "variable" ? (/^@@(?:session\.|local\.)?(\w+)$/i.exec(value ?? "")?.[1]?.toLowerCase() ?? null) : null;

/** It is given back the value that it had in front of the file. */
function isGivenBack({ name, value }: Setting, before: readonly Setting[]): boolean {
  if (value === null) return true;
  const variable = /^(?:IFNULL\(\s*)?@(\w+)\s*(?:,.*\))?$/i.exec(value)?.[1]?.toLowerCase();
  const saved = before.findIndex((s) => s.name === variable && savedFrom(s) === name);
  const set = before.findIndex((s) => s.scope === "session" && s.name === name);
  return saved >= 0 && (set < 0 || saved < set);
}

/**
 * Whether a setting may be left out of a migration, whose steps run in sessions of their own.
 *
 * @param before the settings of the file in front of it
 */
export function isLeftOut(setting: Setting, before: readonly Setting[]): boolean {
  const saved = savedFrom(setting);
  if (setting.scope === "variable") return saved !== null && Object.hasOwn(KNOWN, saved);
  if (setting.scope !== "session" || !Object.hasOwn(KNOWN, setting.name)) return false;
  return isGivenBack(setting, before) || KNOWN[setting.name]?.test(setting.value ?? "") === true;
}

/** What a file has set in front of a statement; null where that is as it was in front of the file. */
export function settingAt(name: string, before: readonly Setting[]): string | null {
  const at = before.findLastIndex((s) => s.scope === "session" && s.name === name);
  const setting = before[at];
  return setting === undefined || isGivenBack(setting, before.slice(0, at)) ? null : setting.value;
}
