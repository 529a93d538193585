import {
  answerId,
  CONFIRM,
  choicesOf,
  goChoice,
  type Move,
  onward,
  peopleChoice,
  plain,
  put,
  type Run,
  say,
  sayCommon,
  scriptOf,
  yesNoChoices,
} from '../run.ts';
import type { Step } from '../script.ts';
import type { Frame } from '../state.ts';

/** Puts a question, unless its slot is already filled. A confirmation is always asked. */
export function ask(step: Step<'ask'>, run: Run, frame: Frame): Move {
  if (step.ask !== CONFIRM && frame.slots[step.ask] !== undefined) return onward(step.go);
  run.state.question += 1;
  frame.asked = true;
  frame.changing = false;
  const text = frame.tries > 0 && step.again ? step.again : step.text;
  const choices = step.ask === CONFIRM ? yesNoChoices(run) : choicesOf(run, frame, step.choices, step.ask);
  put(run, say(run, frame, text), choices, step.ask, digitsOf(step, run, frame));
  return { to: 'park' };
}

/** The client wrote something in which no code stands: what can be done without it, and the question stays open. */
export function askWithHelp(step: Step<'ask'>, run: Run, frame: Frame): void {
  run.state.question += 1;
  frame.asked = true;
  const choices = (step.help?.choices ?? []).map((choice, at) =>
    'go' in choice
      ? goChoice(run, choice.go, choice.text)
      : { id: answerId(run, `help.${at}`), text: plain(run, choice.text) },
  );
  put(
    run,
    say(run, frame, step.help?.text ?? step.again ?? step.text),
    choices,
    step.ask,
    digitsOf(step, run, frame),
  );
}

/** The second time that an answer was not understood: what may have been meant, the possible answers, a person. */
export function askWithChoices(step: Step<'ask'>, run: Run, frame: Frame): void {
  run.state.question += 1;
  frame.asked = true;
  frame.changing = false;
  const own = step.ask === CONFIRM ? yesNoChoices(run) : choicesOf(run, frame, 'values', step.ask);
  run.lead = [sayCommon(run, 'choose')];
  const others =
    run.likely.length > 0 && own.length === 0 ? choicesOf(run, frame, 'likely') : [peopleChoice(run)];
  put(
    run,
    say(run, frame, step.again ?? step.text),
    [...own, ...others],
    step.ask,
    digitsOf(step, run, frame),
  );
}

function digitsOf({ ask: name }: Step<'ask'>, run: Run, frame: Frame): number | undefined {
  return scriptOf(run, frame)?.slots[name]?.digits;
}
