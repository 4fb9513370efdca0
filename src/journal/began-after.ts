import type { MigrationRecord } from "./records.js";

const moment = ({ startedAt }: MigrationRecord): number => startedAt?.getTime() ?? 0;

/** Whether a migration began, or began anew, behind another one: a file that is merged late does so behind later digits. */
export const beganAfter = (a: MigrationRecord, b: MigrationRecord): boolean =>
  moment(a) === moment(b) ? a.id > b.id : moment(a) > moment(b);
