import type { ColumnDefinition } from "../../../model/operation.js";
import { atLeast } from "../version.js";
import type { Server } from "./server.js";

/** MySQL takes an expression in brackets as their default, and no literal: seen on 9.7. */
const WITHOUT_LITERAL =
  /^(?:(?:tiny|medium|long)?(?:text|blob)|json|geometry|point|linestring|polygon|multi\w+|geom\w+)\b/i;

/** Types by the version that brought them, from the manuals. */
const TYPES = Object.freeze({
  mysql: [{ type: /^vector\b/i, since: [9, 0] }],
  mariadb: [
    { type: /^vector\b/i, since: [11, 7] },
    { type: /^uuid\b/i, since: [10, 7] },
    { type: /^inet4\b/i, since: [10, 10] },
  ],
});

/** Why the server refuses a column, whatever table it is to be in; null where it does not. */
export function refusedColumn({ name, type, default: value }: ColumnDefinition, server: Server): string | null {
  const { dialect, version } = server;
  const newer = TYPES[dialect].find((one) => one.type.test(type) && !atLeast(version, ...one.since));
  if (newer !== undefined) return `the type ${type} is of ${newer.since.join(".")} and later`;
  const literal = value !== null && !/^\s*(?:\(|null\s*$)/i.test(value);
  if (dialect === "mariadb" || !literal || !WITHOUT_LITERAL.test(type)) return null;
  return `${type} takes no DEFAULT but NULL and an expression in brackets, and ${name} has one (1101)`;
}
