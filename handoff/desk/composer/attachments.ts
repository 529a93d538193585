import { useCallback, useRef, useState } from 'react';
import { Problem } from '../../../gateway/web/problem.ts';
import type { DeskApi } from '../desk-api.ts';

/** A file that is to go with a reply. */
export interface Attachment {
  /** Made here. */
  readonly key: string;
  readonly name: string;
  readonly size: number;
  readonly state: 'uploading' | 'ready' | 'failed';
  /** What the hub knows it by, once it is ready. */
  readonly id?: string;
  readonly problem?: unknown;
}

/** The API takes no more with one message. */
const MAX_FILES = 10;

export interface Attachments {
  readonly files: readonly Attachment[];
  add(files: readonly File[]): void;
  remove(key: string): void;
  /** Takes those that are ready out of the box. */
  take(): readonly { readonly id: string; readonly name: string }[];
}

/** Files of the reply that is being written; each is uploaded as soon as it is chosen. */
export function useAttachments(api: Pick<DeskApi, 'upload'>): Attachments {
  const [files, setFiles] = useState<readonly Attachment[]>([]);
  const uploads = useRef(new Map<string, AbortController>());

  const upload = useCallback(
    async (key: string, file: File) => {
      const stop = new AbortController();
      uploads.current.set(key, stop);
      const settle = (after: Partial<Attachment>) =>
        setFiles((before) => before.map((one) => (one.key === key ? { ...one, ...after } : one)));
      try {
        const { id } = await api.upload(file, stop.signal);
        settle({ state: 'ready', id });
      } catch (problem) {
        if (!stop.signal.aborted) settle({ state: 'failed', problem });
      } finally {
        uploads.current.delete(key);
      }
    },
    [api],
  );

  return {
    files,
    add(chosen) {
      const room = MAX_FILES - files.length;
      const added = chosen.map((file, index): Attachment & { file: File } => ({
        file,
        key: crypto.randomUUID(),
        name: file.name,
        size: file.size,
        ...(index < room
          ? { state: 'uploading' }
          : { state: 'failed', problem: new Problem('too-many-files', 0) }),
      }));
      setFiles((before) => [...before, ...added.map(({ file: _, ...one }) => one)]);
      for (const { key, file, state } of added) if (state === 'uploading') void upload(key, file);
    },
    remove(key) {
      uploads.current.get(key)?.abort();
      setFiles((before) => before.filter((one) => one.key !== key));
    },
    take() {
      const ready = files.flatMap(({ id, name }) => (id === undefined ? [] : [{ id, name }]));
      setFiles((before) => before.filter(({ id }) => id === undefined));
      return ready;
    },
  };
}
