import type { EngineName, Version } from "../engines/engine.js";
import { atLeast } from "../engines/mysql/version.js";
import type { Place } from "../files/place.js";
import type { Finding } from "../model/finding.js";
import type { ReservedBetween, Statement } from "../model/statement.js";
import { inputFinding } from "./finding.js";
import type { LintOptions } from "./rule-set.js";

const TITLES: Readonly<Partial<Record<EngineName, string>>> = { mysql: "MySQL", mariadb: "MariaDB" };

/** Names without backticks that a server which is meant has reserved: it refuses the statement (MySQL, MariaDB). */
export function reservedNames(
  place: Place,
  statements: readonly Statement[],
  { engine, version, newestVersion }: LintOptions,
): readonly Finding[] {
  return statements.flatMap((statement) =>
    (statement.reservedNames ?? []).flatMap(({ word, span, reserved }) => {
      if (!isReservedIn(reserved, version, newestVersion ?? version)) return [];
      const { since, until } = reserved;
      const versions = `${since.join(".")}${until === undefined ? " on" : ` to before ${until.join(".")}`}`;
      const message = `${engine.quote(word)} is a reserved word of ${TITLES[engine.name]} from ${versions}, and a name only in backticks: the server refuses the statement (1064).`;
      const older = newestVersion !== undefined && !atLeast(version, ...since);
      const help = `Write ${engine.quote(word)}${older ? "; or name your server's version with --server-version" : ""}.`;
      return [inputFinding(place, span, "syntax-error", message, help)];
    }),
  );
}

/** Whether one of the versions from `oldest` to `newest` has a word reserved. */
export function isReservedIn({ since, until }: ReservedBetween, oldest: Version, newest: Version): boolean {
  return atLeast(newest, ...since) && (until === undefined || !atLeast(oldest, ...until));
}
