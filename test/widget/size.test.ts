import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { builtPages } from '../fixtures/built.ts';

let built: string;
beforeAll(async () => {
  built = await builtPages('widget');
});

async function gzipped(path: string): Promise<number> {
  return gzipSync(await readFile(path)).length;
}

describe('the built widget', () => {
  it('costs a bank’s page at most 5 KB before it is opened', async () => {
    const bytes = await gzipped(join(built, 'widget.js'));
    expect(bytes).toBeGreaterThan(1_000);
    expect(bytes).toBeLessThanOrEqual(5 * 1024);
  });

  it('costs at most 60 KB more when it is opened', async () => {
    const assets = await readdir(join(built, 'assets'));
    expect(assets.some((name) => name.endsWith('.js'))).toBe(true);
    const files = ['frame.html', ...assets.map((name) => join('assets', name))];
    const sizes = await Promise.all(files.map((file) => gzipped(join(built, file))));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(60 * 1024);
  });

  it('leaves no name of its own in the bank’s page, and nothing inline in the frame', async () => {
    expect(await readFile(join(built, 'widget.js'), 'utf8')).toMatch(/^\(function\(\)\{/);
    const html = await readFile(join(built, 'frame.html'), 'utf8');
    expect(html).not.toMatch(/<style|style=|<script(?![^>]*\ssrc=)|\son\w+=/);
  });
});
