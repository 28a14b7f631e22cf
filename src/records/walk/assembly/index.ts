/**
 * The record walk, in AssemblyScript (TypeScript's syntax, compiled to WebAssembly): what JavaScript cannot do is compare sixteen bytes at
 * once. src/records/walk/walker.ts owns the memory and calls what is exported here.
 */
export { writeCells } from './cells';
export { keepSum, setCosts } from './costs';
export { forgetRecord } from './lastRecord';
export { forget } from './members';
export {
  CELLS,
  CHANGED,
  ENDS,
  ESCAPED,
  HEAD,
  MARGIN,
  MAX_HEAD,
  MAX_SLOTS,
  MAX_TAIL,
  OBJECTS,
  PAGE,
  RUN,
  STAGE_ENDS,
  STAGE_SIZE,
  STAGES,
  STARTS,
  SUM,
  TABLE_KINDS,
  TABLE_SLOTS,
  TABLE_STAGES,
  TAIL,
  UNKNOWN,
  UNKNOWN_SIZE,
} from './memory';
export { emptyUnknown, readRecord, recordFacts, setSlots } from './record';
export { readRun, setRun } from './run';
export { emptyStages, forgetValues, setTable } from './table';
export { setPageEnd } from './values';
