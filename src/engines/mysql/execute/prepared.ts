import type { Blocker, ServerInfo, Session } from "../../engine.js";
import { endedBy, preparedBlocker } from "../../prepared-holder.js";
import { numberOf } from "./errors.js";
import { account } from "./preflight.js";

/** MySQL's answer to `XA RECOVER` of who may not. */
const XAER_RMERR = 1401;

/** A prepared XA transaction as `XA RECOVER` lists it: `data` is both of its texts, one behind the other. */
interface XaRow {
  readonly formatID: number | string;
  readonly gtrid_length: number | string;
  readonly data: string;
}

/** A part of an XA transaction's name as a statement takes it. */
function xidPart(hex: string): string {
  const text = Buffer.from(hex, "hex").toString("latin1");
  return /^[\w .:-]*$/.test(text) ? `'${text}'` : `X'${hex.toLowerCase()}'`;
}

/** `'a'`, or `'a',X'00ff',7`, of what MySQL's `XA RECOVER CONVERT XID` gives: MariaDB makes that itself. */
function mysqlXid({ formatID, gtrid_length, data }: XaRow): string {
  const hex = data.replace(/^0x/, "");
  const end = 2 * Number(gtrid_length);
  const [gtrid, bqual] = [xidPart(hex.slice(0, end)), xidPart(hex.slice(end))];
  return bqual === "''" && Number(formatID) === 1 ? gtrid : `${gtrid},${bqual},${formatID}`;
}

/** The XA transactions of the whole server that are prepared, each as `XA ROLLBACK` takes it; null without the right to see them. */
export async function preparedXids(session: Session, engine: ServerInfo["engine"]): Promise<readonly string[] | null> {
  if (engine === "mariadb") return (await session.query<XaRow>("XA RECOVER FORMAT='SQL'")).map(({ data }) => data);
  try {
    return (await session.query<XaRow>("XA RECOVER CONVERT XID")).map(mysqlXid);
  } catch (error) {
    if (numberOf(error) === XAER_RMERR) return null;
    throw error;
  }
}

/** The right that MySQL asks for of who wants to see prepared XA transactions, as GRANT takes it. */
export const grantOfXids = ({ user }: ServerInfo): string => `GRANT XA_RECOVER_ADMIN ON *.* TO ${account(user)}`;

/** `x` of `'x'`; what has more parts stays as it is. */
const nameOf = (xid: string): string => /^'([^',]*)'$/.exec(xid)?.[1] ?? xid;

/**
 * The prepared XA transactions that hold something, as holders. What tells of locks does not know their names, and `XA RECOVER`
 * tells no locks: of several, it may be each.
 *
 * @param ages of each that holds it, milliseconds; null where nobody says since when it is open
 */
export async function preparedHolders(
  session: Session,
  server: ServerInfo,
  ages: readonly (number | null)[],
): Promise<Blocker[]> {
  if (ages.length === 0) return [];
  const xids = await preparedXids(session, server.engine);
  const ageMs = ages.includes(null) ? null : Math.min(...ages.map(Number));
  const holder = (name: string, text: string) => preparedBlocker({ name, user: "", ageMs, text });
  if (xids === null)
    return [
      holder(
        "",
        `no session is in it; ${grantOfXids(server)} lets this user see its name, XA RECOVER CONVERT XID says it, and XA COMMIT or XA ROLLBACK ends it`,
      ),
    ];
  const which =
    xids.length <= ages.length
      ? ""
      : `it may be this one of ${xids.length} on the whole server, which does not say whose the lock is: find out before you end it; `;
  return xids.map((xid) => holder(nameOf(xid), `${which}${endedBy(`XA COMMIT ${xid}`, `XA ROLLBACK ${xid}`)}`));
}
