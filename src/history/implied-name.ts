export { impliedName } from "../engines/postgres/implied-name.js";
