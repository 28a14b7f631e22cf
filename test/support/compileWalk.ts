import path from 'node:path';
import asc from 'assemblyscript/asc';
import { projectFolder } from './project.ts';

/** The record walk as WebAssembly, where the source looks for it. The build copies it beside the code that loads it. */
export const walkFile = path.join(projectFolder, 'src', 'records', 'walk', 'walk.wasm');

/**
 * Compiles src/records/walk/assembly.
 *
 * @throws Error with what the compiler says
 */
export async function compileWalk(): Promise<void> {
  const { error, stderr } = await asc.main([
    ...[path.join(projectFolder, 'src', 'records', 'walk', 'assembly', 'index.ts'), '--outFile', walkFile],
    // No allocator and no collector: the module lays out its memory itself.
    ...['--runtime', 'stub', '--enable', 'simd', '--initialMemory', '3', '-O3', '--noAssert'],
  ]);
  if (error !== null) {
    throw new Error(`The record walk does not compile.\n${stderr.toString()}`, { cause: error });
  }
}

if (import.meta.main) {
  await compileWalk();
}
