import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { allRows } from '../../src/engine/allRows.ts';
import type { Cell } from '../../src/engine/cells.ts';
import type { Ground } from '../../src/engine/engine.ts';
import { ProcessEngine, type ProcessEngineOptions } from '../../src/engine/process/processEngine.ts';
import { projectFolder } from './project.ts';

/** The module that tests start without a build. */
export const engineChild = path.join(projectFolder, 'src', 'engine', 'process', 'child.ts');

export const NOWHERE: Ground = { files: [], views: [] };

/** An engine with a folder of its own, and what tests do with both. */
export interface TestEngine {
  engine: ProcessEngine;
  folder: string;
  /** A path in the folder. */
  at(name: string): string;
  /** Writes the answer to some SQL as a file of the folder. */
  make(name: string, sql: string): Promise<string>;
  rows(sql: string, ground?: Ground): Promise<Cell[][]>;
  close(): Promise<void>;
}

export async function startEngine(options: Partial<ProcessEngineOptions> = {}): Promise<TestEngine> {
  const folder = await mkdtemp(path.join(tmpdir(), 'azure-billing-engine-'));
  const engine = new ProcessEngine({
    childModule: engineChild,
    scratch: path.join(folder, 'scratch'),
    memoryLimit: 512,
    ...options,
  });
  const at = (name: string) => path.join(folder, name);
  return {
    engine,
    folder,
    at,
    async make(name, sql) {
      const format = name.endsWith('.parquet') ? 'parquet' : 'csv';
      await engine.write({ sql, ground: NOWHERE }, { file: at(name), format });
      return at(name);
    },
    rows: (sql, ground = NOWHERE) => allRows(engine, { sql, ground }),
    async close() {
      await engine.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
