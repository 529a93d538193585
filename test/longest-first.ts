import type { TestSpecification } from 'vitest/node';
import { BaseSequencer } from 'vitest/node';

/** The files that take longest, longest first: none of them may begin when all other workers are about to end. */
const LONGEST = [
  'widget/widget',
  'chaos/storm',
  'chaos/nodes',
  'gateway/store/embedded',
  'config/start',
  'conformance/email',
  'widget/demo-page',
  'window/training',
  'window/hub',
  'window/looks',
  'window/sign-in',
  'gateway/hub',
  'conformance/telegram',
  'conformance/kannel',
  'conformance/max',
  'window/composer',
  'window/acts',
  'conformance/smpp',
  'gateway/store/change-log',
  'chaos/store',
  'conformance/whatsapp',
  'conformance/webhook',
];

/** Runs the longest files first, and the others in the order of their names: the same on every machine. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = LONGEST.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
      return place < 0 ? LONGEST.length : place;
    };
    return [...files].sort((a, b) => rank(a) - rank(b) || a.moduleId.localeCompare(b.moduleId));
  }
}
