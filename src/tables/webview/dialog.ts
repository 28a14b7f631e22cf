import { button, element } from '../../workbench/webview/elements.ts';

/** A dialog that is open. */
export interface Dialog {
  close(): void;
}

/**
 * Opens a dialog over the page. Escape closes it; Enter in a field does what its first button does.
 *
 * @param actions buttons at its end; the first is the main one. A dialog stays open when an action returns false
 * @param closed called at its end, however it ends
 */
export function openDialog(
  title: string,
  content: readonly Node[],
  actions: readonly { label: string; press(): boolean | undefined }[],
  closed: () => void,
): Dialog {
  const heading = element('h2', '', title);
  heading.id = 'dialog-title';
  const made = element('dialog', '', heading, element('div', 'content', ...content));
  made.setAttribute('aria-labelledby', heading.id);
  const press = (action: (typeof actions)[number]) => {
    if (action.press() !== false) {
      made.close();
    }
  };
  const buttons = actions.map((action, index) => {
    const one = button(action.label, () => press(action));
    one.className = index === 0 ? '' : 'secondary';
    return one;
  });
  const leave = button('Cancel', () => made.close());
  leave.className = 'secondary';
  made.append(element('div', 'actions', ...buttons, leave));
  made.addEventListener('keydown', (event) => {
    // Keys of the page behind it, and of the editor, are none here.
    event.stopPropagation();
    const [first] = actions;
    if (event.key === 'Enter' && event.target instanceof HTMLInputElement && first !== undefined) {
      event.preventDefault();
      press(first);
    }
  });
  made.addEventListener('close', () => {
    made.remove();
    closed();
  });
  // At its end the browser would give the focus back to an element that may stand for another cell by then.
  if (document.activeElement instanceof HTMLElement) {
    document.activeElement.blur();
  }
  document.body.append(made);
  made.showModal();
  return { close: () => made.close() };
}

/** A control with its name before it. */
export function field(label: string, control: HTMLElement): HTMLElement {
  return element('label', 'field', element('span', '', label), control);
}

export function select(options: readonly { value: string; label: string }[], value: string): HTMLSelectElement {
  const made = element('select', '');
  for (const option of options) {
    const one = element('option', '', option.label);
    one.value = option.value;
    made.append(one);
  }
  made.value = value;
  return made;
}

export function textInput(label: string, value: string, type: 'text' | 'search' | 'number' = 'text'): HTMLInputElement {
  const made = element('input', '');
  made.type = type;
  made.value = value;
  made.spellcheck = false;
  made.setAttribute('aria-label', label);
  return made;
}

export function checkbox(label: string, checked: boolean, change: (checked: boolean) => void): HTMLElement {
  const box = element('input', '');
  box.type = 'checkbox';
  box.checked = checked;
  box.addEventListener('change', () => change(box.checked));
  return element('label', 'check', box, element('bdi', '', label));
}
