import type { Subject } from "./tool.js";

/** A name that the program makes of a table's: cut where it gets too long for the servers. */
export const madeOf = (table: string, suffix: string): string => `_${table.slice(0, 63 - suffix.length)}${suffix}`;

/** `--max-load=x` is `max-load`; one dash counts as two. Null for what is no flag. */
export const flagOf = (argument: string): string | null => /^--?([a-z][a-z0-9-]*)(?:=|$)/i.exec(argument)?.[1] ?? null;

/** The flags, without those that the configuration gives itself. */
export const unlessGiven = (given: readonly string[], flags: readonly string[]): readonly string[] =>
  flags.filter((flag) => !given.some((g) => flagOf(g) === flagOf(flag)));

/** Triggers of the table: ours, which belong to a migration that is under way, and the application's. */
export function triggersOf({ table, catalog }: Subject): readonly string[] {
  const own = (catalog.objects ?? []).filter((o) => o.object === "trigger" && o.on?.name === table.relation.name);
  return own.filter((o) => o.gone !== true).map((o) => o.name.name);
}

const quoted = (names: readonly string[]): string => names.join(", ");

/** What none of the programs can do. */
export function unmetByAny({ table }: Subject): string[] {
  const keyed = table.constraints.some((c) => c.kind === "primary-key") || table.indexes.some((i) => i.unique);
  const helpers = table.helpers ?? [];
  return [
    ...(table.engine == null || /^innodb$/i.test(table.engine) ? [] : [`its storage engine is ${table.engine}`]),
    ...(keyed ? [] : ["it has neither a primary key nor a unique one"]),
    ...(helpers.length === 0
      ? []
      : [
          `triggers of a migration that is under way are on it (${quoted(helpers.map((h) => h.name))}), which would not be on the new table`,
        ]),
  ];
}

export function unmetByTriggers(subject: Subject): string[] {
  const found = triggersOf(subject);
  return found.length === 0 ? [] : [`it has triggers (${quoted(found)})`];
}

export function unmetByOwnKeys({ table }: Subject): string[] {
  const found = table.constraints.filter((c) => c.kind === "foreign-key").map((c) => c.name);
  return found.length === 0 ? [] : [`it has foreign keys (${quoted(found)})`];
}

export function unmetByInbound({ table }: Subject): string[] {
  const found = table.referencedBy.map((r) => `${r.constraint} of ${r.relation.name}`);
  return found.length === 0 ? [] : [`foreign keys point at it (${quoted(found)})`];
}
