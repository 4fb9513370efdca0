import { expect, it } from "vitest";
import { sizeOf } from "../../src/engines/table-size.js";

it.each([
  [{ rows: 1_200_000, bytes: 356_515_840 }, "about 1,200,000 rows, 340 MB"],
  [{ rows: 7, bytes: null }, "about 7 rows"],
  [{ rows: null, bytes: 0 }, "0 bytes"],
  [{ rows: null, bytes: 1_610_612_736 }, "1.5 GB"],
  [{ rows: null, bytes: null }, "its size is not known"],
  [null, "its size is not known"],
])("%j is %s", (table, text) => expect(sizeOf(table)).toBe(text));
