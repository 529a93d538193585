import { fileTypeFromBuffer } from 'file-type';
import type { MediaKind } from '../model/content.ts';

export type Inspected =
  | { readonly outcome: 'good'; readonly bytes: Uint8Array; readonly type: string }
  | { readonly outcome: 'refused'; readonly reason: string };

/** What a decoder may unfold: a picture of 50 megapixels takes 200 MB of memory. */
const MAX_PIXELS = 50_000_000;

/** Pictures that are shown in the page, by their true type; each is made anew, so that nothing but pixels is left. */
const PICTURES = {
  'image/jpeg': 'jpeg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/gif': 'gif',
} as const;
type Picture = keyof typeof PICTURES;

const PLAYED: ReadonlySet<string> = new Set([
  'audio/mpeg',
  'audio/mp4',
  'audio/ogg',
  'audio/wav',
  'audio/x-m4a',
  'audio/aac',
  'video/mp4',
  'video/webm',
]);

/**
 * The true type of bytes, told by themselves and never by their sender. What is to be shown as a picture is decoded
 * and encoded anew, without its metadata; what is sent as a file stays as it is, and is only ever downloaded.
 */
export async function inspect(bytes: Uint8Array, kind: MediaKind): Promise<Inspected> {
  if (bytes.length === 0) return { outcome: 'refused', reason: 'empty' };
  const type = await typeOf(bytes);
  if ((kind === 'image' || kind === 'sticker') && isPicture(type)) return repaint(bytes, type);
  return { outcome: 'good', bytes, type };
}

/** True where a page may show it in place; everything else is a download, whatever it claims to be. */
export function isShownInPlace(kind: MediaKind, type: string): boolean {
  if (kind === 'image' || kind === 'sticker') return isPicture(type) || PLAYED.has(type);
  return (kind === 'audio' || kind === 'video') && PLAYED.has(type);
}

function isPicture(type: string): type is Picture {
  return Object.hasOwn(PICTURES, type);
}

async function typeOf(bytes: Uint8Array): Promise<string> {
  const found = await fileTypeFromBuffer(bytes);
  // Types that have parameters are rare; a header takes the essence.
  return found?.mime.split(';')[0] ?? 'application/octet-stream';
}

async function repaint(bytes: Uint8Array, type: Picture): Promise<Inspected> {
  // Loaded with the first picture: a start need not wait for it.
  const { default: sharp } = await import('sharp');
  try {
    const image = sharp(bytes, { limitInputPixels: MAX_PIXELS, animated: type !== 'image/jpeg' });
    // Turned as its metadata says, since that goes.
    const repainted = await image.autoOrient().toFormat(PICTURES[type]).toBuffer();
    return { outcome: 'good', bytes: repainted, type };
  } catch (error) {
    const isTooLarge = error instanceof Error && /pixel limit/i.test(error.message);
    return { outcome: 'refused', reason: isTooLarge ? 'too-many-pixels' : 'broken-image' };
  }
}
