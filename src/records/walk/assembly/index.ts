/**
 * The record walk, in AssemblyScript (TypeScript's syntax, compiled to WebAssembly): what JavaScript cannot do is compare sixteen bytes at
 * once. src/records/walk/walker.ts owns the memory and calls what is exported here.
 */
export { writeCells } from './cells';
export { forget } from './members';
export {
  CELLS,
  ENDS,
  MARGIN,
  MAX_SLOTS,
  OBJECTS,
  PAGE,
  STARTS,
  UNKNOWN,
  UNKNOWN_SIZE,
} from './memory';
export { emptyUnknown, readRecord, recordFacts, setSlots } from './record';
export { setPageEnd } from './values';
