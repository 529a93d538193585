import { createHash } from 'node:crypto';
import type { InboundContent } from './connectors/inbound.ts';
import { type Content, isMedia } from './model/content.ts';
import type { ChannelId, MediaId } from './model/ids.ts';
import type { AnnouncedMedia } from './store/media.ts';

/** Content as the log keeps it, and the media that are to be fetched for it. */
export interface Taken {
  readonly content: readonly Content[];
  readonly media: readonly AnnouncedMedia[];
}

/** Gives media their ids and leaves their sources out of the log. Pure: the same source in a thread has one id. */
export function takeMedia(
  channel: ChannelId,
  externalThread: string,
  content: readonly InboundContent[],
): Taken {
  const media: AnnouncedMedia[] = [];
  const taken = content.map((part): Content => {
    if (!isMedia(part)) return part;
    const { source, kept, type = kept?.type, size = kept?.size, ...rest } = part;
    const id = mediaIdOf(channel, externalThread, source);
    media.push({
      id,
      channel,
      kind: part.kind,
      source,
      ...(part.name !== undefined && { name: part.name }),
      ...(kept && { kept }),
    });
    return {
      ...rest,
      media: { id, ...(type !== undefined && { type }), ...(size !== undefined && { size }) },
    };
  });
  return { content: taken, media };
}

/** A UUID v8 (RFC 9562, 5.8) of a hash. */
function mediaIdOf(channel: ChannelId, externalThread: string, source: string): MediaId {
  const bytes = createHash('sha256')
    .update(JSON.stringify([channel, externalThread, source]))
    .digest();
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}` as MediaId;
}
