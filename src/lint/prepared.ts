import { asksFor } from "../engines/asked-for.js";
import type { Engine } from "../engines/engine.js";
import type { Code } from "../model/detail/code.js";
import type { Setting } from "../model/detail/session.js";
import type { TextValue } from "../model/detail/text-value.js";
import type { Operation } from "../model/operation.js";
import type { DetailOf } from "../model/operation-detail.js";
import type { Statement } from "../model/statement.js";

/** More texts than that are not told apart. */
const MOST_TEXTS = 16;

interface Session {
  /** What users' variables may be; null where that is not told, absent where nothing has set them, or `untold` says so. */
  readonly variables: Map<string, readonly string[] | null>;
  /** What prepared statements may be. */
  readonly prepared: Map<string, readonly string[]>;
  /** Something may have set any variable. */
  untold: boolean;
  /** The names that statements ask the server for, since text was run last. */
  readonly asked: string[];
}

/**
 * The statements of a file, in which EXECUTE knows what it runs where the file tells the text (MySQL, MariaDB): the string
 * that was prepared, or the variable's, which IF may have chosen. Of several texts each runs under a condition.
 *
 * @param text the file's
 */
export function withPreparedTexts(
  statements: readonly Statement[],
  text: string,
  engine: Engine,
): readonly Statement[] {
  if (engine.name === "postgres" || !statements.some(({ operations }) => operations.some(isPrepared)))
    return statements;
  const session: Session = { variables: new Map(), prepared: new Map(), untold: false, asked: [] };
  return statements.map((statement) => {
    const operations = statement.operations.map((operation) => withText(operation, session, engine));
    const written = text.slice(statement.span.start, statement.span.end);
    if (operations.some(isRun)) session.asked.length = 0;
    else if (/\binformation_schema\b/i.test(written)) session.asked.push(namesAsked(written));
    for (const operation of statement.operations) note(operation, written, session);
    return operations.every((one, at) => one === statement.operations[at]) ? statement : { ...statement, operations };
  });
}

const detailOf = (operation: Operation) => (operation.kind === "other" ? operation.detail : undefined);

function preparedOf(operation: Operation): DetailOf<"opaque"> | null {
  const detail = detailOf(operation);
  return detail?.kind === "opaque" && detail.how === "prepared" ? detail : null;
}

/** Strings of one word: what is put together beside the question has several. */
const namesAsked = (written: string): string =>
  [...written.matchAll(/(['"])([^'"\s]*)\1/g)].map(([, , name = ""]) => name).join(" ");

const isRun = (operation: Operation): boolean =>
  isPrepared(operation) && operation.kind === "other" && !operation.harmless;

const isPrepared = (operation: Operation): boolean => preparedOf(operation) !== null;

/** What is prepared runs nothing: only EXECUTE is not harmless. */
function withText(operation: Operation, session: Session, engine: Engine): Operation {
  const detail = preparedOf(operation);
  if (detail === null || operation.kind !== "other" || operation.harmless) return operation;
  const texts = detail.name === null ? textsOf(detail.text, session) : session.prepared.get(keyOf(detail.name));
  const code = texts === null || texts === undefined ? null : codeOf(texts, operation, engine, session.asked);
  return code === null ? operation : Object.freeze({ ...operation, detail: Object.freeze({ ...detail, code }) });
}

/** Names of prepared statements do not tell case apart. */
const keyOf = (name: string): string => name.toLowerCase();

function codeOf(texts: readonly string[], { span }: Operation, engine: Engine, asked: readonly string[]): Code | null {
  const read = texts.map((text) => ({ text, ...engine.parse(text) }));
  if (read.some(({ statements, problems }) => problems.length > 0 || statements.length !== 1)) return null;
  const ran = read.map(({ text, statements }) => ({ text, made: statements.flatMap(({ operations }) => operations) }));
  const doing = ran.filter(({ made }) => made.some((operation) => operation.kind !== "other" || !operation.harmless));
  const operations = ran.flatMap(({ text, made }) => {
    const isAskedFor = made.some((operation) => asked.some((question) => asksFor(question, operation)));
    // Unless another of the texts does something, too.
    const settled = texts.length > 1 && doing.length === 1 && isAskedFor;
    return made.map((operation) =>
      Object.freeze({
        operation: Object.freeze({ ...operation, span }),
        statement: text,
        repeated: false,
        conditional: texts.length > 1,
        ...(settled ? { settled } : {}),
      }),
    );
  });
  return Object.freeze({ language: "sql", span, operations, unknown: Object.freeze([]) });
}

/** What the texts are behind an operation. @param written its statement */
function note(operation: Operation, written: string, session: Session): void {
  const { prepared } = session;
  const detail = detailOf(operation);
  const own = preparedOf(operation);
  if (detail?.kind === "set-variables") {
    noteSettings(detail.settings, session);
    return;
  }
  if (own !== null && own.name !== null && operation.kind === "other" && operation.harmless) {
    const texts = textsOf(own.text, session);
    if (texts === null) prepared.delete(keyOf(own.name));
    else prepared.set(keyOf(own.name), texts);
    return;
  }
  // A query may give variables others values, and so may whatever runs unseen, or fires a trigger.
  const plain = operation.kind === "other" && operation.harmless && !written.includes(":=");
  if (plain && detail?.kind === "query" && detail.gives !== undefined) noteGiven(detail.gives, session);
  else if (!plain || (detail?.kind === "query" && detail.into !== null)) forget(session);
}

/** Where there is no row, a variable keeps what it had. */
function noteGiven(gives: DetailOf<"query">["gives"] = [], session: Session): void {
  for (const { name, text, always } of gives) {
    const { variables, untold } = session;
    const before = always === true || (!untold && !variables.has(name)) ? [] : (variables.get(name) ?? null);
    const texts = textsOf(text, session);
    variables.set(name, before === null || texts === null ? null : few([...before, ...texts]));
  }
}

function noteSettings(settings: readonly Setting[], session: Session): void {
  if (settings.some(({ value }) => value?.includes(":="))) forget(session);
  for (const { scope, name, text } of settings) {
    if (scope !== "variable") continue;
    const texts = textsOf(text, session);
    session.variables.set(name, texts);
  }
}

function forget(session: Session): void {
  session.variables.clear();
  session.untold = true;
}

/** All that a text may be; null where that is not told. */
function textsOf(value: TextValue | undefined, session: Session): readonly string[] | null {
  switch (value?.kind) {
    case undefined:
      return null;
    case "text":
      return [value.text];
    case "variable":
      return session.variables.get(value.name) ?? null;
    case "either": {
      const all = value.of.map((one) => textsOf(one, session));
      return all.includes(null) ? null : few(all.flatMap((texts) => texts ?? []));
    }
    case "joined":
      return value.of.reduce<readonly string[] | null>(
        (begun, one) => {
          const next = textsOf(one, session);
          if (begun === null || next === null) return null;
          return few(begun.flatMap((head) => next.map((tail) => head + tail)));
        },
        [""],
      );
  }
}

function few(texts: readonly string[]): readonly string[] | null {
  const each = [...new Set(texts)];
  return each.length > MOST_TEXTS ? null : each;
}
