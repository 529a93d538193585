import { expect, test } from 'vitest';
import { authentic } from '../../gateway/connectors/authentic.ts';
import { fileName } from '../../gateway/file-name.ts';

test.each([
  ['договор.pdf', 'договор.pdf'],
  ['C:\\Users\\a\\scan.png', 'scan.png'],
  ['../../etc/passwd', 'passwd'],
  ['photo\u202Egnp.exe', 'photognp.exe'],
  ['a\u0000b\r\nc\u2028.txt', 'abc.txt'],
  ['\u2066x\u2069\u200F.doc', 'x.doc'],
  ['семья 👨‍👩‍👧.jpg', 'семья 👨‍👩‍👧.jpg'],
  ['  \u202E ', 'file'],
  ['', 'file'],
])('%j is kept and shown as %j', (given, shown) => {
  expect(fileName(given)).toBe(shown);
});

test('no name is longer than a file system takes, and no character is cut in half', () => {
  expect(Array.from(fileName('😀'.repeat(300)))).toHaveLength(255);
});

test('what comes in is stored under such a name, whichever network brought it', () => {
  const { inbound } = authentic([
    {
      type: 'message',
      dedupeKey: 'k',
      sender: { externalUser: 'u', externalThread: 'u' },
      content: [{ kind: 'file', source: 's', name: 'cv\u202Efdp.exe' }],
    },
  ]);
  expect(inbound).toMatchObject([{ content: [{ name: 'cvfdp.exe' }] }]);
});
