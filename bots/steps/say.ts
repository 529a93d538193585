import type { TemplateUse } from '../../gateway/model/content.ts';
import { choicesOf, type Move, onward, type Run, tell, say as textOf } from '../run.ts';
import type { Step } from '../script.ts';
import type { Frame } from '../state.ts';

/** Says a text and goes on. */
export function say(step: Step<'say'>, run: Run, frame: Frame): Move {
  tell(run, textOf(run, frame, step.say), choicesOf(run, frame, step.choices), templateOf(step, run, frame));
  return onward(step.go);
}

function templateOf({ template }: Step<'say'>, run: Run, frame: Frame): TemplateUse | undefined {
  return (
    template && {
      name: template.name,
      language: run.locale,
      parameters: template.with.map((one) => textOf(run, frame, { ru: one, en: one })),
    }
  );
}
