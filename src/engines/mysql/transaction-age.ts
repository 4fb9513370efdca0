/**
 * How long a row `t` of INNODB_TRX has been open, milliseconds. Measured: `trx_started` is in the time zone of the server's
 * system, whatever that of the session is.
 */
export const TRANSACTION_AGE_MS =
  "TIMESTAMPDIFF(SECOND, CONVERT_TZ(t.trx_started, 'SYSTEM', '+00:00'), UTC_TIMESTAMP()) * 1000";
