import { describe, expect, it } from 'vitest';
import { signal, whatsAppStage } from './whatsapp-stage.ts';

const stage = whatsAppStage();

describe('files and health', () => {
  it('fetches a file in two steps, and no more of it than it may', async () => {
    stage.fake.files.set('27548', { bytes: Buffer.from('jpeg'), type: 'image/jpeg' });
    const download = (id: string, maxBytes: number) => stage.connector.download?.(id, { maxBytes }, signal());
    expect(await download('27548', 10)).toEqual({
      outcome: 'file',
      bytes: Buffer.from('jpeg'),
      type: 'image/jpeg',
    });
    expect(await download('27548', 3)).toEqual({ outcome: 'refused', reason: 'too-large' });
    expect(await download('nothing', 10)).toEqual({ outcome: 'refused', reason: 'whatsapp-100' });
  });

  it('says who we are and what Meta says is wrong', async () => {
    expect(await stage.connector.health?.(signal())).toEqual({ findings: [], account: '+7 495 000-00-00' });
    stage.fake.number = { status: 'RESTRICTED', quality_rating: 'RED' };
    expect(await stage.connector.health?.(signal())).toEqual({
      findings: [
        { problem: 'forbidden', detail: 'RESTRICTED' },
        { problem: 'limited', detail: 'quality RED' },
      ],
    });
    expect(await stage.connect('revoked').health?.(signal())).toEqual({
      findings: [{ problem: 'unauthorized' }],
    });
    const away = stage.connect(stage.fake.token, 'http://127.0.0.1:1/v24.0');
    expect(await away.health?.(signal())).toMatchObject({ findings: [{ problem: 'unreachable' }] });
  });
});
