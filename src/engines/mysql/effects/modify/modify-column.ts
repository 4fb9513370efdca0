import type { Column } from "../../../../model/catalog.js";
import type { ModifyColumn } from "../../../../model/detail/column.js";
import type { Effect } from "../../../../model/effect.js";
import { restsOn } from "../../../effect.js";
import { quote } from "../../names.js";
import { isGuarded } from "../asserted.js";
import { altered, type Change } from "../change.js";
import { columnIn, sameColumn } from "../facts.js";
import { unknownCode } from "../notes.js";
import { renameBreaks, renameFailure } from "../rename-column.js";
import { usualCharacterSet } from "../server.js";
import { broken, type Subject } from "../subject.js";
import { COPY, INSTANT } from "../ways.js";
import { isInKey } from "./compared.js";
import { lostBy } from "./lost.js";
import { modifyWay } from "./modify-way.js";
import { newChecks } from "./new-checks.js";
import { breaksOf, enforcedBy, failuresOf, losesData } from "./outcome.js";
import { isEncodingUnknown } from "./text-change.js";
import { isText } from "./type.js";
import { dependsOnLetters } from "./type-way.js";

/**
 * MODIFY and CHANGE: a column is defined anew. What changes is told by comparing with the catalog; a column that is not
 * known is taken for one whose type changes.
 */
export function modifyColumnChange(detail: ModifyColumn, subject: Subject): Change {
  const { relation, table, server, operation } = subject;
  const old = columnIn(table, detail.column);
  if (old === null) return unknownColumn(detail, subject);
  const renamed = !sameColumn(detail.column, detail.definition.name);
  const said = compared(detail, old, subject, renamed);
  const usual = usualCharacterSet(server);
  const perhaps =
    usual === null && isGuarded(operation.execution) && dependsOnLetters(old, detail.definition, table, server);
  const [way = COPY] = (perhaps ? ["utf8mb4", "latin1"] : [usual])
    .map((letters) => modifyWay(detail, old, table, server, letters))
    .toSorted((a, b) => a.cost - b.cost);
  const fails = [...(typeof said.fails === "string" ? [said.fails] : []), ...(perhaps ? [BY_LETTERS] : [])].join("; ");
  const rests =
    way === COPY && dependsOnLetters(old, detail.definition, table, server) ? restsOn([byLetters(old)]) : {};
  const change = altered(
    relation,
    way,
    { ...said, ...(perhaps ? { fails } : {}), ...rests },
    renamed ? "rename" : "plain",
  );
  const checks = server.dialect === "mariadb" ? newChecks(detail.definition, old, table, server.dialect) : [];
  return checks.length === 0 ? change : Object.freeze({ ...change, checks });
}

const byLetters = ({ name }: Column): string =>
  `the bytes of a letter, as no file tells the character set of ${quote(name)}`;

/** The length of a VARCHAR is counted in one byte up to 255, and in two behind that. */
const BY_LETTERS =
  "it is refused (1846) where its length grows past 255 bytes, which is up to the character set, and no file tells that";

function compared(detail: ModifyColumn, old: Column, subject: Subject, renamed: boolean): Partial<Effect> {
  const { table, server } = subject;
  const encodingUnknown = isText(old.type) && isEncodingUnknown(old, detail.definition, table);
  const lost = lostBy(old, detail.definition, isInKey(table, old.name));
  const enforces = enforcedBy(detail.definition, old, subject);
  const refused = renamed ? renameFailure(table, old.name, server) : null;
  const fails = [...(refused === null ? [] : [refused]), ...failuresOf(detail.definition, old, subject)];
  return {
    breaks: [...(renamed ? renameBreaks(table, old.name) : []), ...breaksOf(detail.definition, old, lost, subject)],
    fails: fails.length === 0 ? null : fails.join("; "),
    destroys: losesData(detail.definition, old, server),
    assumes: [
      ...(renamed ? unknownCode(server, table, old.name) : []),
      ...(encodingUnknown ? [`the character set of ${old.name} is not known, and taken for another one`] : []),
    ],
    ...(lost.length === 0 ? {} : { loses: lost }),
    ...(enforces.length === 0 ? {} : { enforces }),
  };
}

function unknownColumn({ column, definition, ifExists }: ModifyColumn, subject: Subject): Change {
  const { relation, table, server } = subject;
  if (table !== null && ifExists) return altered(relation, INSTANT);
  const renamed = !sameColumn(column, definition.name);
  const missing = table === null ? "" : `, and is refused when there is no ${column} (1054)`;
  return altered(
    relation,
    COPY,
    {
      breaks: [
        ...(renamed ? renameBreaks(table, column) : []),
        broken("writes", `running code that writes what does not fit ${definition.type} fails (1264, 1265, 1406)`),
      ],
      fails: `it fails where a value that is there does not fit (1264, 1265, 1406)${missing}`,
      assumes: [
        `${column} is not known: it is taken for one whose type changes, and that loses what is not said again`,
        ...(renamed ? unknownCode(server, table, column) : []),
      ],
      ...restsOn([`the type of ${quote(column)} is another one, as no file tells it`]),
    },
    renamed ? "rename" : "plain",
  );
}
