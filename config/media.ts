import { join } from 'node:path';
import { filesInBucket } from '../gateway/media/bucket.ts';
import { filesIn } from '../gateway/media/files.ts';
import type { MediaOptions } from '../gateway/media/media.ts';
import { clamdScan } from '../gateway/media/scan.ts';
import type { Settings } from './settings.ts';

const MEGABYTE = 1024 * 1024;

/** Where files are kept, how large they may be, and who scans them, as the settings say. */
export function mediaOptions({
  media: { s3, scan, maxMegabytes, perDay },
  dataDir,
}: Settings): Pick<MediaOptions, 'files' | 'maxBytes' | 'scan' | 'bounds'> {
  return {
    files: s3.endpoint === '' ? filesIn(join(dataDir, 'media')) : filesInBucket(s3),
    maxBytes: maxMegabytes * MEGABYTE,
    bounds: {
      senderBytes: perDay.senderMegabytes * MEGABYTE,
      channelBytes: perDay.channelMegabytes * MEGABYTE,
    },
    ...(scan.address !== '' && { scan: { ask: clamdScan(scan.address), whenAway: scan.whenAway } }),
  };
}
