import { asStored } from "../engines/stored-names.js";
import type { Catalog } from "../model/catalog.js";
import type { Operation } from "../model/operation.js";
import { withAcls } from "./acls.js";
import { addColumn, dropColumn, renameColumn } from "./columns.js";
import { createIndex } from "./create-index.js";
import { createTable } from "./create-table.js";
import { withGone } from "./gone-tables.js";
import { inPath } from "./in-path.js";
import type { Known } from "./known.js";
import { withNamed } from "./named-tables.js";
import { applyOther } from "./other.js";
import { get } from "./persistent-map.js";
import { endSession, qualified, withSchemas } from "./session.js";
import { changed } from "./tables.js";
import { withTriggersElsewhere } from "./triggers-elsewhere.js";
import { withUnseen } from "./unseen-tables.js";

/**
 * A catalog with nothing in it. From files alone there may be tables that no file made; from a database or a shadow
 * there are none.
 *
 * @param defaultSchema the schema that an unqualified name means; null when it is not known
 * @param dialect MySQL's or MariaDB's where the files are theirs
 */
export function emptyCatalog(
  source: Catalog["source"],
  defaultSchema: string | null,
  dialect?: Catalog["dialect"],
): Catalog {
  const complete = source !== "files";
  const given = dialect === undefined ? {} : { dialect };
  return Object.freeze({ source, complete, defaultSchema, ...given, tables: Object.freeze([]) });
}

/**
 * The catalog after an operation, as far as its text tells. A table whose shape is no longer certain is left out, and
 * the catalog is then incomplete: what is not listed is unknown, never wrong. Names that the server would choose
 * (`users_email_key`) are PostgreSQL's, and of CHECKs MySQL's and MariaDB's where the catalog says so; else a guess. The catalog that is passed stays as it is; the time does not
 * grow with the number of its tables.
 *
 * @example
 * const after = operations.reduce(applyOperation, emptyCatalog("files", "public"));
 */
export function applyOperation(catalog: Catalog, operation: Operation): Catalog {
  const named = asStored(operation, catalog);
  return changed(catalog, (known) => withNamed(apply(known, named), named));
}

/**
 * The catalog when the session that ran the operations has ended: a transaction left open is rolled back, temporary
 * tables are gone, and unqualified names mean what they meant at the beginning. To be called between files that run in
 * sessions of their own.
 */
export function afterSession(catalog: Catalog): Catalog {
  return changed(catalog, endSession);
}

/** The same catalog, in which names come with their schemas from here on, as in one that is read from a server. */
export function asRead(catalog: Catalog): Catalog {
  return changed(catalog, withSchemas);
}

/**
 * The same catalog for somebody who goes through a history and looks at no catalog but the last: what a table has
 * thousands of then grows where it stands. Catalogs that are made from it are not to be kept; `afterSession` ends that.
 */
export function forward(catalog: Catalog): Catalog {
  return changed(catalog, (known) => ({ ...known, growing: new WeakSet() }));
}

/**
 * The catalog after an operation that is only tried, of the same catalog perhaps another one: the one that is passed stays as it is, also where
 * `forward` lets it grow.
 */
export function tryOperation(catalog: Catalog, operation: Operation): Catalog {
  return applyOperation(
    changed(catalog, (known) => {
      const { growing, ...fixed } = known;
      return growing === undefined ? known : fixed;
    }),
    operation,
  );
}

function apply(known: Known, operation: Operation): Known {
  const named = rememberable(known, inPath(known, operation));
  const after = withTriggersElsewhere(withUnseen(applied(known, named), named), named);
  return withAcls(known, withGone(known, after, named), named);
}

function applied(known: Known, named: Operation): Known {
  switch (named.kind) {
    case "create-table":
      return createTable(known, named);
    case "add-column":
      return addColumn(known, named);
    case "rename-column":
      return renameColumn(known, named);
    case "drop-column":
      return dropColumn(known, named);
    case "create-index":
      return createIndex(known, named);
    case "other":
      return applyOther(known, named, apply);
  }
}

/** With its table named as it is to be remembered, unless the name means a temporary one. */
function rememberable<O extends Operation>(known: Known, operation: O): O {
  const { relation } = operation;
  if (relation === null || get(known.temporary, relation.name) === true) return operation;
  const full = qualified(known, relation);
  return full === relation ? operation : { ...operation, relation: full };
}
