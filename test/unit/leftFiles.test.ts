import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { newHolder } from '../../src/disk/holder.ts';
import { removeLeft } from '../../src/disk/leftFiles.ts';

describe('what processes left', () => {
  it('goes, and nothing else', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'left-files-'));
    try {
      const own = `${newHolder()}.csv`;
      const dead = newHolder().replace(/^\d+/, '99999999');
      const others = [own, 'notes.csv', '.csv'].sort();
      for (const name of [...others, `${dead}.csv`]) {
        writeFileSync(path.join(folder, name), '');
      }
      mkdirSync(path.join(folder, dead, 'deep'), { recursive: true });
      await removeLeft(folder, (name) => name.replace('.csv', ''));
      assert.deepEqual(readdirSync(folder).sort(), others);
      await removeLeft(path.join(folder, 'nowhere'), (name) => name);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
