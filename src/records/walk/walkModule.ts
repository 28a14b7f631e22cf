import { readFileSync } from 'node:fs';

interface WasmMemory {
  /** Another one once it grew. */
  readonly buffer: ArrayBuffer;
  /** By blocks of 64 KB. @throws RangeError when there is no more */
  grow(blocks: number): number;
}

interface WasmNumber {
  readonly value: number;
}

/** The part of WebAssembly that is used here: the types of Node have none, those of browsers bring all of the page along. */
interface WebAssemblyEngine {
  Module: new (code: Uint8Array) => object;
  Instance: new (module: object, imports: Record<string, Record<string, unknown>>) => { exports: unknown };
}

/** What src/records/walk/assembly/index.ts exports. Addresses are bytes of the memory. */
export interface WalkExports {
  memory: WasmMemory;
  STARTS: WasmNumber;
  ENDS: WasmNumber;
  OBJECTS: WasmNumber;
  CELLS: WasmNumber;
  CHANGED: WasmNumber;
  ESCAPED: WasmNumber;
  UNKNOWN: WasmNumber;
  UNKNOWN_SIZE: WasmNumber;
  SUM: WasmNumber;
  RUN: WasmNumber;
  HEAD: WasmNumber;
  MAX_HEAD: WasmNumber;
  TAIL: WasmNumber;
  MAX_TAIL: WasmNumber;
  PAGE: WasmNumber;
  MARGIN: WasmNumber;
  MAX_SLOTS: WasmNumber;
  TABLE_SLOTS: WasmNumber;
  TABLE_KINDS: WasmNumber;
  TABLE_STAGES: WasmNumber;
  STAGE_ENDS: WasmNumber;
  STAGE_SIZE: WasmNumber;
  STAGES: WasmNumber;
  forget(): void;
  forgetRecord(): void;
  setSlots(count: number): void;
  setPageEnd(end: number): void;
  readRecord(at: number): number;
  recordFacts(): number;
  emptyUnknown(): number;
  writeCells(count: number, guard: number, out: number): number;
  setCosts(amount: number, currency: number, day: number): void;
  keepSum(): void;
  setRun(kind: number, cells: number, guard: number, head: number, tail: number): void;
  setTable(columns: number): void;
  forgetValues(): void;
  emptyStages(count: number): void;
  readRun(at: number, stop: number, out: number, limit: number): void;
}

/** What the module asks of its host, see src/records/walk/assembly/host.ts. */
export interface WalkHost {
  fail(failure: number, at: number): void;
  slotOf(level: number, keyStart: number, keyEnd: number): number;
  takeUnknown(): void;
  guardedCell(start: number, end: number, out: number): number;
}

let compiled: object | undefined;

/** A memory of its own with the walk in it. The file stands beside this one; the build compiles it. */
export function instantiateWalk(host: WalkHost): WalkExports {
  const { Module, Instance } = Reflect.get(globalThis, 'WebAssembly') as WebAssemblyEngine;
  compiled ??= new Module(readFileSync(new URL('./walk.wasm', import.meta.url)));
  return new Instance(compiled, { host: { ...host } }).exports as WalkExports;
}
