import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { filesIn } from '../../../gateway/media/files.ts';

test('keeps bytes under their hash in a folder, and nothing outside it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'okno-media-'));
  try {
    const files = filesIn(folder);
    const hash = 'b'.repeat(64);
    expect(await files.get(hash)).toBeUndefined();
    await files.put(hash, Buffer.from('bytes'));
    await files.put(hash, Buffer.from('bytes'));
    expect(Buffer.from((await files.get(hash)) ?? []).toString()).toBe('bytes');
    expect(readdirSync(join(folder, 'bb'))).toEqual([hash]);
    await files.remove(hash);
    await files.remove(hash);
    expect(await files.get(hash)).toBeUndefined();
    await expect(files.get('../../etc/passwd')).rejects.toThrow('64 hexadecimal');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
