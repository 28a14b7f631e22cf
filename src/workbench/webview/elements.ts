/** An element with a class and content. Text is always set as text: names come from the service and may look like markup. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className: string,
  ...content: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  if (className !== '') {
    made.className = className;
  }
  made.append(...content);
  return made;
}

/** A name from the service, whose direction must not reach what stands beside it. */
export function nameElement(name: string): HTMLElement {
  const made = element('bdi', '', name);
  made.title = name;
  return made;
}

export function button(label: string, press: () => void): HTMLButtonElement {
  const made = element('button', '', label);
  made.type = 'button';
  made.addEventListener('click', press);
  return made;
}
