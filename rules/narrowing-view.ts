import { findTable, sameRelation } from "../src/engines/engine.js";
import { viewTaking } from "../src/engines/exchanged-view.js";
import { checkedBy, type KnownView, outputsOf, shapeOf } from "../src/engines/known-view.js";
import { knownView } from "../src/engines/table-lookup.js";
import { type LostWrites, type SeenView, viewLoss } from "../src/engines/view-loss.js";
import type { Catalog } from "../src/model/catalog.js";
import type { AlterObject, CreateObject } from "../src/model/detail/object.js";
import type { RelationName } from "../src/model/name.js";
import { exchangedView, madeAnew } from "./made-anew.js";
import { otherViewColumn } from "./other-view-column.js";
import { isFoundAgain } from "./reshaped.js";
import { ALL_ENGINES, type Rule, type RuleContext, type Verdict } from "./rule.js";
import { detailOf } from "./understood.js";

type Made = CreateObject | AlterObject;

/** What stands in the place of a view from here on, as its text has it. */
function madeOf(context: RuleContext): Made | null {
  const created = detailOf(context.operation, "create-object");
  if (created !== null) return created.object === "view" && created.orReplace ? created : null;
  const altered = detailOf(context.operation, "alter-object");
  if (altered !== null) return altered.object === "view" ? altered : null;
  return isFoundAgain(context) ? madeAnew(context) : null;
}

/** A column is gone as well (MySQL, MariaDB), or the server takes no other one (PostgreSQL): an error says so. */
const isBroken = (context: RuleContext): boolean =>
  detailOf(context.operation, "drop-object") === null &&
  (context.effect.breaks.length > 0 || otherViewColumn(context) !== null);

/** A trigger or rule that the same transaction puts in the place of writes (PostgreSQL). */
function isWrittenOtherwise(name: RelationName, { laterOn, operation, catalog }: RuleContext): boolean {
  const kept = detailOf(operation, "drop-object") === null && knownView(catalog, name)?.insteadOf === true;
  const isOn = (one: RuleContext["operation"]) =>
    one.relation !== null && sameRelation(one.relation, name, catalog.defaultSchema);
  const later = laterOn(name.name)
    .filter(isOn)
    .map((one) => detailOf(one, "create-object"));
  return kept || later.some((one) => one?.insteadOf !== undefined || one?.trigger?.timing === "instead of");
}

/** The same view, with its check_option as ALTER VIEW sets it; null where it does not. */
function withOption(made: Made, { columns, shape }: SeenView): SeenView | null {
  const option = made.kind === "alter-object" ? made.options?.find(({ name }) => name === "check_option") : undefined;
  return option === undefined ? null : { columns, shape: checkedBy(shape, option.on) };
}

/** What the servers say then. */
function code({ of, why }: LostWrites, engine: RuleContext["engine"]["name"]): string {
  const here = engine === "postgres" ? { view: "55000", column: "0A000", check: "44000" } : MYSQL;
  return of === "view" && engine !== "postgres" && why.startsWith("INSERTs of") ? "1471" : here[of];
}

const MYSQL = Object.freeze({ view: "1288, 1395, 1471", column: "1348", check: "1369" });

/** A view in whose place another one stands from here on: by OR REPLACE, ALTER VIEW ... AS, DROP and CREATE in one transaction, or by the name that another one gets. */
interface Replaced {
  readonly before: KnownView;
  readonly object: string;
  readonly seen: SeenView;
  readonly after: SeenView;
}

function replacedBy(context: RuleContext): Replaced | null {
  const { catalog, operation, siblings } = context;
  const made = madeOf(context);
  const name = made?.name ?? detailOf(operation, "drop-object")?.name ?? operation.relation;
  const before = name === null ? null : knownView(catalog, name);
  if (before === null || before.shape === null) return null;
  const seen = { columns: before.columns, shape: before.shape };
  const after =
    made === null
      ? renamedTo(viewTaking(before.name, siblings, catalog) ?? exchangedView(context))
      : seenAs(made, seen, catalog);
  return after === null ? null : { before, object: made?.object.replace("-", " ") ?? "view", seen, after };
}

const renamedTo = (view: KnownView | null): SeenView | null =>
  view === null || view.shape === null ? null : { columns: view.columns, shape: view.shape };

function seenAs(made: Made, before: SeenView, catalog: Catalog): SeenView | null {
  const relations = {
    defaultSchema: catalog.defaultSchema,
    table: (name: RelationName) => findTable(catalog, name),
    view: (name: RelationName) => knownView(catalog, name),
  };
  const shape = shapeOf(made, relations);
  return shape === null ? withOption(made, before) : { columns: outputsOf(made, relations.table), shape };
}

/** What code loses that goes on with the new view as if it were the old one; null for nothing, or where no file tells. */
export function narrowedView(context: RuleContext): Verdict | null {
  const { engine, phase } = context;
  const replaced = phase === "contract" || isBroken(context) ? null : replacedBy(context);
  if (replaced === null) return null;
  const { before, object, seen, after } = replaced;
  const { rows, writes } = viewLoss(seen, after);
  const lost = [
    ...(rows.length === 0 ? [] : [`may show fewer rows than before: ${rows.join("; ")}`]),
    ...(writes.length === 0 || isWrittenOtherwise(before.name, context)
      ? []
      : [
          `no longer takes what it took: ${writes.map((each) => `${each.why} (${code(each, engine.name)})`).join("; ")}`,
        ]),
  ];
  if (lost.length === 0) return null;
  return {
    message: `For code that runs now, ${object} ${engine.quoteRelation(before.name)} ${lost.join(", and ")}.`,
    help: "Give the new one another name for new code, and drop the old one in a later release; or say with an ignore why nothing needs what is gone.",
  };
}

export const rule: Rule = {
  id: "narrowing-view",
  engines: ALL_ENGINES,
  severity: "warning",
  losses: true,
  aside: true,
  protects: "A view that takes the place of another one at once hides rows from code that runs, or refuses its writes.",
  check: narrowedView,
  bad: [
    {
      sql: "CREATE OR REPLACE VIEW named AS WITH u AS (SELECT id FROM users) SELECT id FROM u;\nCREATE OR REPLACE VIEW named AS WITH u AS (SELECT id FROM users WHERE nick = 'x') SELECT id FROM u;",
    },
    {
      sql: "CREATE OR REPLACE VIEW named AS SELECT id, mail FROM users;\nCREATE OR REPLACE VIEW named AS SELECT id, mail FROM users WHERE nick IS NOT NULL;",
    },
    {
      sql: "CREATE OR REPLACE VIEW named AS SELECT id, mail FROM users;\nCREATE OR REPLACE VIEW named AS SELECT DISTINCT id, mail FROM users;",
    },
  ],
  good: [
    {
      sql: "CREATE OR REPLACE VIEW named AS WITH u AS (SELECT id FROM users WHERE nick = 'x') SELECT id FROM u;\nCREATE OR REPLACE VIEW named AS SELECT id FROM (SELECT * FROM users) u WHERE nick IN ('x', 'y');",
    },
    {
      sql: "CREATE OR REPLACE VIEW named AS SELECT id, mail FROM users WHERE nick IS NOT NULL;\nCREATE OR REPLACE VIEW named AS select u.id, u.mail, u.nick from users u;",
    },
    { sql: "CREATE OR REPLACE VIEW named AS SELECT id FROM users LIMIT 10;" },
  ],
};
