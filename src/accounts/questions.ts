import * as vscode from 'vscode';
import { plainText } from '../workbench/text.ts';

/** Where a question stands among the others; counts from 1. */
export interface QuestionPlace {
  title: string;
  step: number;
  total: number;
}

/** The person went back to the question before. */
export const BACK = Symbol('back');

export interface Choice<T> {
  label: string;
  description?: string;
  detail?: string;
  value: T;
}

interface ChoiceOptions<T> {
  /** What was chosen the last time: Enter takes it again. */
  given?: T | undefined;
  /** Choices that come later, before the others. */
  more?: Promise<readonly Choice<T>[]>;
}

/** One of some answers. @returns undefined when the person gave up */
export function choose<T>(
  place: QuestionPlace,
  placeholder: string,
  choices: readonly Choice<T>[],
  { given, more }: ChoiceOptions<T> = {},
): Promise<T | typeof BACK | undefined> {
  const pick = vscode.window.createQuickPick<vscode.QuickPickItem & { value: T }>();
  pick.placeholder = placeholder;
  pick.matchOnDescription = true;
  const show = (shown: readonly Choice<T>[]): void => {
    pick.items = shown.map(({ label, description, detail, value }) => ({
      label: plainText(label),
      ...(description === undefined ? {} : { description: plainText(description) }),
      ...(detail === undefined ? {} : { detail: plainText(detail) }),
      value,
    }));
    pick.activeItems = pick.items.filter(({ value }) => value === given);
  };
  show(choices);
  let open = true;
  if (more !== undefined) {
    pick.busy = true;
    void more
      .then((found) => open && show([...found, ...choices]))
      .finally(() => {
        if (open) {
          pick.busy = false;
        }
      });
  }
  return ask<T>(pick, place, (answer) => {
    pick.onDidAccept(() => {
      const [chosen] = pick.selectedItems;
      if (chosen !== undefined) {
        answer(chosen.value);
      }
    });
  }).finally(() => {
    open = false;
  });
}

export interface TextQuestion {
  prompt: string;
  value?: string | undefined;
  placeholder?: string;
  /** Typed text is hidden, and nothing of it is kept by the editor. */
  password?: boolean;
  /** Whether nothing can be said about a text before it is confirmed: a password that is half typed is not wrong yet. */
  late?: boolean;
  /** What is wrong with a text, in a sentence; undefined when it will do. */
  check(text: string): string | undefined;
}

/** A text. @returns undefined when the person gave up */
export function askText(
  place: QuestionPlace,
  { prompt, value = '', placeholder, password = false, late = false, check }: TextQuestion,
): Promise<string | typeof BACK | undefined> {
  const input = vscode.window.createInputBox();
  input.prompt = prompt;
  input.value = value;
  input.password = password;
  if (placeholder !== undefined) {
    input.placeholder = placeholder;
  }
  return ask<string>(input, place, (answer) => {
    input.onDidChangeValue((text) => {
      // Nobody is told off before they have typed anything.
      input.validationMessage = late || text === '' ? undefined : check(text);
    });
    input.onDidAccept(() => {
      input.validationMessage = check(input.value);
      if (input.validationMessage === undefined) {
        answer(input.value);
      }
    });
  });
}

type Input = vscode.QuickPick<vscode.QuickPickItem> | vscode.InputBox;

function ask<T>(
  input: Pick<
    Input,
    | 'title'
    | 'step'
    | 'totalSteps'
    | 'buttons'
    | 'ignoreFocusOut'
    | 'onDidTriggerButton'
    | 'onDidHide'
    | 'show'
    | 'dispose'
  >,
  { title, step, total }: QuestionPlace,
  listen: (answer: (value: T) => void) => void,
): Promise<T | typeof BACK | undefined> {
  input.title = title;
  if (total > 1) {
    input.step = step;
    input.totalSteps = total;
  }
  input.buttons = step > 1 ? [vscode.QuickInputButtons.Back] : [];
  // Ids and secrets are copied from other windows.
  input.ignoreFocusOut = true;
  return new Promise<T | typeof BACK | undefined>((resolve) => {
    listen(resolve);
    input.onDidTriggerButton((button) => {
      if (button === vscode.QuickInputButtons.Back) {
        resolve(BACK);
      }
    });
    input.onDidHide(() => resolve(undefined));
    input.show();
  }).finally(() => input.dispose());
}
